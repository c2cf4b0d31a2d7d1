"""Tells a lead who leaves what of theirs waits for a second one."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """The app of what offices are given."""

    name = "alongside.chain.referrals"

    def ready(self) -> None:
        """Tell who leaves."""
        from alongside.chain.referrals.steps import before_leaving  # noqa: PLC0415 -- models must be loaded first
        from alongside.cohort.seats.queries.goodbyes import leaving_is_told_by  # noqa: PLC0415 -- as above

        leaving_is_told_by(before_leaving)
