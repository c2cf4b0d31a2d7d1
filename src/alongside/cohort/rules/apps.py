"""Says what of rules comes back with entries that are taken back after a restore."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind


class RulesConfig(AppConfig):
    """The app of rules."""

    name = "alongside.cohort.rules"

    def ready(self) -> None:
        """Let the record ask here."""
        from alongside.cohort.rules.actions import adopted_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record import returning  # noqa: PLC0415 -- as above

        returning.register(EntryKind.POLICY_ADOPTED, adopted_again)
