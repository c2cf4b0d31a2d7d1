"""Lets our copy of what a lead saw go with the words that are taken down."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind


class CommitmentsConfig(AppConfig):
    """The app of commitments."""

    name = "alongside.chain.commitments"

    def ready(self) -> None:
        """Name what goes with words that are taken down."""
        from alongside.chain.commitments.actions import empty_copies  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record import returning  # noqa: PLC0415 -- as above

        returning.register(EntryKind.TEXT_ERASED, empty_copies)
