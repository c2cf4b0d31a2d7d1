"""Lets the database itself refuse a change of a published call's draft, and of any rule once someone has applied."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, pre_migrate

from alongside.core.kinds import EntryKind
from alongside.ground.record.triggers import taken_down

APPLIED = "the rules of a call cannot change after its first application"
PUBLISHED = "a published call keeps its draft; only a correction changes its days and its seats"
#: What no correction changes once a call is published.
DRAFT = (
    "program_id",
    "slug",
    "entry",
    "languages",
    "questions",
    "rubric",
    "sought",
    "quotas",
    "selection",
    "pay_amount",
    "pay_currency",
    "pay_per",
    "hours_a_month",
    "term_from",
    "term_until",
    "budget",
    "not_to_exceed",
    "kept_days",
)
#: Its words change only where some of them were taken down.
REWORDED = f"(OLD.words IS DISTINCT FROM NEW.words AND NOT {taken_down('OLD.program_id', 'OLD.entry')})"
#: What a correction changes, until the first application.
CORRECTED = ("seats", "alternates", "opens", "closes", "decides_by")
#: How the selection ended: filled once, at any time after that.
ENDED = "a selection ends once, and stays as it ended"
ENDS = ("decided_on", "decided_entry")
TABLE = "calls_call"
#: Tables, as apps name them, whose first row of a call freezes its rules.
_freezing: list[str] = []


def frozen_by(table: str) -> None:
    """Let the app that takes applications name the table that freezes a call's rules."""
    _freezing.append(table)


def _changes(columns: Sequence[str]) -> str:
    """Say, in SQL about OLD and NEW, that a change touches one of these columns."""
    old, new = (", ".join(f"{row}.{one}" for one in columns) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


def _frozen(table: str) -> str:
    changes = f"({_changes(('id', *DRAFT, *CORRECTED))} OR {REWORDED})"
    return f"EXISTS (SELECT 1 FROM {table} WHERE call_id = OLD.id) AND {changes}"  # noqa: S608 -- our own names


def _guards() -> list[tuple[str, str, str, str]]:
    """List what is guarded: the trigger's name, the verb, when it refuses, and with which words."""
    return [
        *((f"calls_call_frozen_by_{one}", "UPDATE", _frozen(one), APPLIED) for one in _freezing),
        (
            "calls_call_published_update",
            "UPDATE",
            f"OLD.entry IS NOT NULL AND ({_changes(DRAFT)} OR {REWORDED})",
            PUBLISHED,
        ),
        ("calls_call_ended_update", "UPDATE", f"OLD.decided_on IS NOT NULL AND {_changes(ENDS)}", ENDED),
        ("calls_call_published_delete", "DELETE", "OLD.entry IS NOT NULL", PUBLISHED),
    ]


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} WHEN {when} BEGIN SELECT RAISE(ABORT, '{word}'); END"
        for name, verb, when, word in _guards()
    ]


def _postgresql() -> list[str]:
    made = []
    for name, verb, when, word in _guards():
        row = "OLD" if verb == "DELETE" else "NEW"
        made += [
            (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN IF {when} THEN RAISE EXCEPTION '{word}'; END IF; RETURN {row}; END $$"
            ),
            f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return made


def _made(vendor: str) -> list[str]:
    return _sqlite() if vendor == "sqlite" else _postgresql()


def drop_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the triggers away: one looks at another table, and no migration could remake that one under it."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    on = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name, _verb, _when, _word in _guards():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers anew. Safe to repeat."""
    connection = connections[using]
    if not {TABLE, "record_citation", "record_logentry", *_freezing} <= set(
        connection.introspection.table_names()
    ):
        return
    drop_triggers(using)
    with connection.cursor() as cursor:
        for statement in _made(connection.vendor):
            cursor.execute(statement)


class CallsConfig(AppConfig):
    """The app of calls."""

    name = "alongside.cohort.calls"

    def ready(self) -> None:
        """Reinstall the triggers after migrate: Django remakes SQLite tables and drops triggers silently."""
        from alongside.cohort.calls.actions import empty_copies  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record import returning, triggers  # noqa: PLC0415 -- as above

        triggers.watch(TABLE, _made)
        returning.register(EntryKind.TEXT_ERASED, empty_copies)

        def reinstall(using: str, **_kwargs: Any) -> None:
            install(using)

        def step_aside(using: str, **_kwargs: Any) -> None:
            drop_triggers(using)

        pre_migrate.connect(step_aside, sender=self, weak=False, dispatch_uid="calls.triggers")
        post_migrate.connect(reinstall, sender=self, weak=False, dispatch_uid="calls.triggers")
