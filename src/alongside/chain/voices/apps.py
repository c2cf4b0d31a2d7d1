"""Lets the database itself refuse a change of a sealed voice, and says what comes back with entries that are taken back."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate

from alongside.core.kinds import EntryKind

WORD = "a voice cannot be changed after sealing; it can only be taken back with its receipt"
SQLITE = (
    "DROP TRIGGER IF EXISTS voices_voice_no_update",
    (
        "CREATE TRIGGER voices_voice_no_update BEFORE UPDATE ON voices_voice"
        f" BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
    ),
    "DROP TRIGGER IF EXISTS voices_voice_no_replace",
    (
        "CREATE TRIGGER voices_voice_no_replace BEFORE INSERT ON voices_voice WHEN EXISTS (SELECT 1 FROM voices_voice"  # noqa: S608 -- constants of this module
        " WHERE id = NEW.id OR mark = NEW.mark OR act_hash = NEW.act_hash)"
        f" BEGIN SELECT RAISE(ABORT, '{WORD}'); END"
    ),
)
POSTGRESQL = (
    (
        "CREATE OR REPLACE FUNCTION voices_stay_as_sealed() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{WORD}'; END $$"
    ),
    "DROP TRIGGER IF EXISTS voices_voice_no_update ON voices_voice",
    (
        "CREATE TRIGGER voices_voice_no_update BEFORE UPDATE ON voices_voice FOR EACH ROW"
        " EXECUTE FUNCTION voices_stay_as_sealed()"
    ),
)


KEPT = "a wrapped key is never changed or taken away; another is added beside it"
#: A key is destroyed only by an entry that destroys the key of its own engagement; its wraps go only then.
DESTROYED = (
    "EXISTS (SELECT 1 FROM voices_engagementkey AS made"
    " JOIN record_log AS log ON log.program_id = made.program_id"
    ' JOIN record_logentry AS line ON line.log_id = log.id AND line."index" = {destroyed}'
    ' JOIN record_citation AS cites ON cites.log_id = log.id AND cites.citing = line."index"'
    ' JOIN record_logentry AS promise ON promise.log_id = log.id AND promise."index" = cites.cited'
    " WHERE made.id = {key} AND line.kind = 'key.destroyed' AND cites.role = 'engagement'"
    " AND promise.kind = 'engagement.promised' AND promise.subject = made.engagement)"
)


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers anew. Safe to repeat."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)


class VoicesConfig(AppConfig):
    """The app of voices."""

    name = "alongside.chain.voices"

    def ready(self) -> None:
        """Reinstall the triggers after migrate: Django remakes SQLite tables and drops triggers silently."""
        from alongside.chain.voices.actions import batches_again, destroyed_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.chain.voices.models import EngagementKey, Wrap  # noqa: PLC0415 -- as above
        from alongside.chain.voices.queries import keys_kept_otherwise  # noqa: PLC0415 -- as above
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.queries import register_look  # noqa: PLC0415 -- as above
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- as above

        gone = DESTROYED.format(destroyed="made.destroyed", key="OLD.key_id")
        ends = DESTROYED.format(destroyed="NEW.destroyed", key="NEW.id")
        register(
            table_of(Wrap, KEPT, gone), table_of(EngagementKey, KEPT, changed=ends, once=(("destroyed",),))
        )
        register_look(EntryKind.KEY_MADE, keys_kept_otherwise)
        returning.register(EntryKind.VOICES_PUBLISHED, batches_again)
        returning.register(EntryKind.KEY_DESTROYED, destroyed_again)

        def reinstall(using: str, **_kwargs: Any) -> None:
            install(using)

        post_migrate.connect(reinstall, sender=self, weak=False, dispatch_uid="voices.triggers")
