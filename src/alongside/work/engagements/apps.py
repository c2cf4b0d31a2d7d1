"""Lets the database itself refuse to change an engagement whose promise is frozen; its copy goes with words that are taken down."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind

FROZEN = "the promise of an open engagement is frozen; write a dated correction instead"
DRAFT = "OLD.promise IS NULL"


class EngagementsConfig(AppConfig):
    """The app of engagements."""

    name = "alongside.work.engagements"

    def ready(self) -> None:
        """Name the table of engagements as frozen once open: readers would read other questions than people were asked."""
        from alongside.ground.record import returning, triggers  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.engagements.actions import empty_copies  # noqa: PLC0415 -- as above
        from alongside.work.engagements.models import Engagement  # noqa: PLC0415 -- as above

        columns = [str(one.column) for one in Engagement._meta.concrete_fields]  # noqa: SLF001 -- the documented way to read a model
        kept, promised = ([one for one in columns if one != name] for name in ("words", "plan"))
        emptied = f"{triggers.stays(*kept)} AND {triggers.taken_down('OLD.program_id', 'OLD.promise')}"
        changed = f"{DRAFT} OR ({triggers.stays(*promised)}) OR ({emptied})"
        triggers.register(triggers.table_of(Engagement, FROZEN, erased=DRAFT, changed=changed))
        returning.register(EntryKind.TEXT_ERASED, empty_copies)
