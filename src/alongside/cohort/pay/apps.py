"""Lets the database itself refuse to change or delete a row of pay, as it does for the record."""

from django.apps import AppConfig

WORD = "rows of pay are only added; write a new row instead"
ERASED = (
    "EXISTS (SELECT 1 FROM pay_claim WHERE pay_claim.id = OLD.claim_id AND pay_claim.erased_on IS NOT NULL)"
)


class PayConfig(AppConfig):
    """The app of pay."""

    name = "alongside.cohort.pay"

    def ready(self) -> None:
        """Name the tables of pay as insert-only. What a lead added in words or as a picture goes once its day is noted."""
        from alongside.cohort.pay.models import Attachment, Claim, Payment, StopAt  # noqa: PLC0415 -- models must be loaded first
        from alongside.cohort.pay.steps import before_leaving  # noqa: PLC0415 -- as above
        from alongside.cohort.seats.queries.goodbyes import leaving_is_told_by  # noqa: PLC0415 -- as above
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- models must be loaded first

        leaving_is_told_by(before_leaving)

        once: dict[object, tuple[tuple[str, ...], ...]] = {
            Claim: (
                ("verdict", "reason", "decided_by", "decided_on"),
                ("payment",),
                ("reminded_on",),
                ("erased_by", "erased_on"),
            ),
            Payment: (("file", "paid_on"), ("rejection", "rejected_by", "rejected_on")),
        }
        for one in set(self.get_models()) - {StopAt}:  # a lead's own wish, which they change and take away
            register(table_of(one, WORD, ERASED if one is Attachment else "", once=once.get(one, ())))
