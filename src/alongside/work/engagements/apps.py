"""Lets the database itself refuse to change an engagement whose promise is frozen."""

from django.apps import AppConfig

FROZEN = "the promise of an open engagement is frozen; write a dated correction instead"
DRAFT = "NOT EXISTS (SELECT 1 FROM engagements_opening WHERE engagements_opening.engagement_id = OLD.id)"


class EngagementsConfig(AppConfig):
    """The app of engagements."""

    name = "alongside.work.engagements"

    def ready(self) -> None:
        """Name the table of engagements as frozen once open: readers would read other questions than people were asked."""
        from alongside.ground.record.triggers import Table, register  # noqa: PLC0415 -- models must be loaded first

        register(Table("engagements_engagement", ('"id" = NEW."id"',), FROZEN, erased=DRAFT, changed=DRAFT))
