"""Lets the database itself refuse to change an engagement whose promise is frozen."""

from django.apps import AppConfig

FROZEN = "the promise of an open engagement is frozen; write a dated correction instead"
DRAFT = "OLD.promise IS NULL"


class EngagementsConfig(AppConfig):
    """The app of engagements."""

    name = "alongside.work.engagements"

    def ready(self) -> None:
        """Name the table of engagements as frozen once open: readers would read other questions than people were asked."""
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.engagements.models import Engagement  # noqa: PLC0415 -- as above

        register(table_of(Engagement, FROZEN, erased=DRAFT, changed=DRAFT))
