"""Lets a recording go with the words that it says."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind


class ReportsConfig(AppConfig):
    """The app of report-backs."""

    name = "alongside.chain.reports"

    def ready(self) -> None:
        """Name what goes with words that are taken down."""
        from alongside.chain.reports.actions import take_away_with_words  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record import returning  # noqa: PLC0415 -- as above

        returning.register(EntryKind.TEXT_ERASED, take_away_with_words)
