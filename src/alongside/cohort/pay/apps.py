"""Lets the database itself refuse to change or delete a row of pay, as it does for the record."""

from django.apps import AppConfig

WORD = "rows of pay are only added; write a new row instead"
ERASED = "EXISTS (SELECT 1 FROM pay_erased WHERE pay_erased.claim_id = OLD.claim_id)"


class PayConfig(AppConfig):
    """The app of pay."""

    name = "alongside.cohort.pay"

    def ready(self) -> None:
        """Name the tables of pay as insert-only. What a lead added in words or as a picture goes once its day is noted."""
        from alongside.cohort.pay.models import Bill, Note  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- models must be loaded first

        erasable = (Note, Bill)
        register(*(table_of(one, WORD, ERASED if one in erasable else "") for one in self.get_models()))
