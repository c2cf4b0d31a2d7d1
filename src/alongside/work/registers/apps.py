"""Lets the database itself refuse to change a row that is on the record, and says what goes again and what is looked at."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind

WORD = "a row that is on the record stays as it came in; bring the next file instead"
LOOSE = (
    "OLD.state NOT IN ('new', 'changed')"
    " OR EXISTS (SELECT 1 FROM registers_import WHERE id = OLD.came_with_id AND entry IS NULL)"
)
#: The words go with the entry that says so; the key stops saying its own id after that.
ERASED = (
    "EXISTS (SELECT 1 FROM registers_register AS its JOIN record_log ON record_log.program_id = its.program_id"
    " JOIN record_logentry ON record_logentry.log_id = record_log.id"
    " WHERE its.id = OLD.register_id AND record_logentry.\"index\" = NEW.erased AND record_logentry.kind = 'row.erased')"
)


class RegistersConfig(AppConfig):
    """The app of registers."""

    name = "alongside.work.registers"

    def ready(self) -> None:
        """Hold the rows; take down again those that were taken down since the backup; look at all of them in turn."""
        from alongside.ground.record import queries, returning, triggers  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.registers.actions import empty_copies, rows_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.registers.queries import changed_rows  # noqa: PLC0415 -- models must be loaded first

        place = triggers.stays("id", "register_id", "came_with_id", "number", "state", "leaf")
        same = triggers.stays("key", "cells", "facts", "salt", "erased")
        triggers.register(
            triggers.Table(
                "registers_row",
                ('"id" = NEW."id"', triggers.same("came_with_id", "number")),
                WORD,
                erased=LOOSE,
                changed=f"({LOOSE}) OR ({place} AND (({same}) OR (NEW.erased IS NOT NULL AND {ERASED})))",
            )
        )
        returning.register(EntryKind.ROW_ERASED, rows_again)
        returning.register(EntryKind.TEXT_ERASED, empty_copies)
        queries.register_look(EntryKind.REGISTER_IMPORTED, changed_rows)
