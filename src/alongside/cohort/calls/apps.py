"""Lets the database itself refuse a change of a call's rules after its first application; remade after every migrate."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, pre_migrate

WORD = "the rules of a call cannot change after its first application"
PUBLISHED = "a published call keeps its questions, its rubric, what it seeks and its quotas"
PARTS = ("calls_question", "calls_criterion", "calls_sought", "calls_quota")


def _guards() -> list[tuple[str, str, str, str, str]]:
    """List what is guarded: the trigger's name, the verb, the table, when it refuses, and with which words."""
    applied = "EXISTS (SELECT 1 FROM calls_application WHERE call_id = OLD.id)"
    found = [
        ("calls_call_frozen_update", "UPDATE", "calls_call", applied, WORD),
        ("calls_call_frozen_delete", "DELETE", "calls_call", applied, WORD),
    ]
    for table in PARTS:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            row = "NEW" if verb == "INSERT" else "OLD"
            when = f"EXISTS (SELECT 1 FROM calls_callpublished WHERE call_id = {row}.call_id)"  # noqa: S608 -- constants of this module
            found.append((f"{table}_frozen_{verb.lower()}", verb, table, when, PUBLISHED))
    return found


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{word}'); END"
        for name, verb, table, when, word in _guards()
    ]


def _postgresql() -> list[str]:
    made = []
    for name, verb, table, when, word in _guards():
        row = "OLD" if verb == "DELETE" else "NEW"
        made += [
            (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN IF {when} THEN RAISE EXCEPTION '{word}'; END IF; RETURN {row}; END $$"
            ),
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return made


def drop_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the triggers away: each looks at another table, and no migration could remake that one under them."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, _verb, table, _when, _word in _guards():
            if table in there:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers anew. Safe to repeat."""
    connection = connections[using]
    if "calls_application" not in connection.introspection.table_names():
        return
    drop_triggers(using)
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


class CallsConfig(AppConfig):
    """The app of calls."""

    name = "alongside.cohort.calls"

    def ready(self) -> None:
        """Reinstall the triggers after migrate: Django remakes SQLite tables and drops triggers silently.

        Also tell who is offered a seat, so that no post is given past them.
        """
        from alongside.cohort.calls.queries.results import has_open_offer  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.programs.actions import seats_are_told_by  # noqa: PLC0415 -- as above

        seats_are_told_by(has_open_offer)

        def reinstall(using: str, **_kwargs: Any) -> None:
            install(using)

        def step_aside(using: str, **_kwargs: Any) -> None:
            drop_triggers(using)

        pre_migrate.connect(step_aside, sender=self, weak=False, dispatch_uid="calls.triggers")
        post_migrate.connect(reinstall, sender=self, weak=False, dispatch_uid="calls.triggers")
