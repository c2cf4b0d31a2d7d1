"""Lets a recording go with the words that it says, and with its own place on the log."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind


class TextsConfig(AppConfig):
    """The app of public texts."""

    name = "alongside.ground.texts"

    def ready(self) -> None:
        """Name what goes with words that are taken down, and with a recording that another one replaced or a lead took away."""
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.texts.actions import drop_replaced, drop_with_words  # noqa: PLC0415 -- as above

        returning.register(EntryKind.TEXT_ERASED, drop_with_words)
        returning.register((EntryKind.SOUND_GIVEN, EntryKind.SOUND_WITHDRAWN), drop_replaced)
