"""Which tables of voices only grow."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind

WORD = "a voice cannot be changed after sealing; it can only be taken back with its receipt"


class VoicesConfig(AppConfig):
    """The app of voices."""

    name = "alongside.chain.voices"

    def ready(self) -> None:
        """Name the table that only grows, and what comes back with entries."""
        from alongside.chain.voices.actions import batches_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.chain.voices.models import Voice  # noqa: PLC0415 -- as above
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- as above

        register(table_of(Voice, WORD, erased="TRUE"))
        returning.register(EntryKind.VOICES_PUBLISHED, batches_again)
