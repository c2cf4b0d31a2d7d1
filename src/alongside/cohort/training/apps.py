"""Lets our copy of what a course is called go with the words that are taken down."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind


class TrainingConfig(AppConfig):
    """The app of training."""

    name = "alongside.cohort.training"

    def ready(self) -> None:
        """Name what goes with words that are taken down."""
        from alongside.cohort.training.actions import empty_copies  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record import returning  # noqa: PLC0415 -- as above

        returning.register(EntryKind.TEXT_ERASED, empty_copies)
