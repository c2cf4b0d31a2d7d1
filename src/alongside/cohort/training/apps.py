"""Says what comes back with entries that are taken back after a restore."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind


class TrainingConfig(AppConfig):
    """The app of training."""

    name = "alongside.cohort.training"

    def ready(self) -> None:
        """Know again what was counted on the record."""
        from alongside.cohort.training.actions import completed_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first

        returning.register(EntryKind.TRAINING_COMPLETED, completed_again)
