"""Lets the database itself refuse to change what was brought for review, and says what goes again and what is looked at."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind

WORD = "what was brought for review stays as it was; bring a new version instead"
#: A file goes only where an entry says that something of its entry was taken down; the nightly look tells another hash.
ERASED = (
    "length(NEW.data) = 0 AND length(NEW.salt) = 0"
    " AND EXISTS (SELECT 1 FROM record_citation JOIN record_log ON record_log.id = record_citation.log_id"
    " JOIN consultations_consultation AS its ON its.program_id = record_log.program_id"
    " WHERE its.id = OLD.consultation_id AND record_citation.cited = OLD.entry"
    " AND record_citation.kind = 'text.erased')"
)


class ConsultationsConfig(AppConfig):
    """The app of consultations."""

    name = "alongside.work.consultations"

    def ready(self) -> None:
        """Hold the versions; take a file down with the entry that says so; compare files with their entries each night."""
        from alongside.ground.record import queries, returning, triggers  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.consultations.actions import empty_copies, lose_files  # noqa: PLC0415 -- as above
        from alongside.work.consultations.models import Version  # noqa: PLC0415 -- as above
        from alongside.work.consultations.queries import changed_files  # noqa: PLC0415 -- as above

        kept = [str(one.column) for one in Version._meta.concrete_fields if one.name not in {"data", "salt"}]  # noqa: SLF001 -- the documented way to read a model
        triggers.register(triggers.table_of(Version, WORD, changed=f"{triggers.stays(*kept)} AND {ERASED}"))
        returning.register(EntryKind.TEXT_ERASED, lose_files)
        returning.register(EntryKind.TEXT_ERASED, empty_copies)
        queries.register_look(EntryKind.MATERIAL_ENTERED, changed_files)
