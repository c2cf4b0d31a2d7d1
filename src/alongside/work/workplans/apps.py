"""Lets the words of a draft go with those of its versions that are taken down."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind


class WorkplansConfig(AppConfig):
    """The app of workplans."""

    name = "alongside.work.workplans"

    def ready(self) -> None:
        """Name what goes with words that are taken down."""
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.workplans.actions import empty_copies  # noqa: PLC0415 -- as above

        returning.register(EntryKind.TEXT_ERASED, empty_copies)
