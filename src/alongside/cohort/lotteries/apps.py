"""Tells applicants what became of them and takes their answer; tells who is offered a seat, so that no post is given past them, and whose turn it is to step in."""

from django.apps import AppConfig

ANSWERED = "an offer stands as it was made, and is answered once"


class LotteriesConfig(AppConfig):
    """The app of lotteries."""

    name = "alongside.cohort.lotteries"

    def ready(self) -> None:
        """Name an offer as answered once, and let applications and programs ask here."""
        from alongside.cohort.applications.actions import leaving_is_told_to, offers_are_answered_by  # noqa: PLC0415 -- models must be loaded first
        from alongside.cohort.applications.queries import hope_is_told_by, results_are_told_by  # noqa: PLC0415 -- as above
        from alongside.cohort.lotteries.actions import accept, decline, let_go  # noqa: PLC0415 -- as above
        from alongside.cohort.lotteries.models import Offer  # noqa: PLC0415 -- as above
        from alongside.cohort.lotteries.queries import asked_for, has_open_offer, hopeful, line, result_of  # noqa: PLC0415 -- as above
        from alongside.cohort.seats.queries.cohorts import lines_are_told_by  # noqa: PLC0415 -- as above
        from alongside.ground.programs.actions import seats_are_told_by  # noqa: PLC0415 -- as above
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- as above

        register(table_of(Offer, ANSWERED, once=(("seat", "answered_on"), ("ground", "answered_on"))))
        results_are_told_by(result_of)
        offers_are_answered_by(accept=accept, decline=decline)
        leaving_is_told_to(let_go)
        hope_is_told_by(hopeful)
        seats_are_told_by(has_open_offer)
        lines_are_told_by(line, asked_for)
