"""Lets the database itself refuse a change of a sealed voice, and says what comes back with entries that are taken back."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind

WORD = "a voice cannot be changed after sealing; it can only be taken back with its receipt"
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


class VoicesConfig(AppConfig):
    """The app of voices."""

    name = "alongside.chain.voices"

    def ready(self) -> None:
        """Name the tables that only grow, what the night looks at, and what comes back with entries."""
        from alongside.chain.voices.actions.intake import batches_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.chain.voices.actions.keys import destroyed_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.chain.voices.models import EngagementKey, PaperWrap, Voice, Wrap  # noqa: PLC0415 -- as above
        from alongside.chain.voices.queries.keys import keys_kept_otherwise  # noqa: PLC0415 -- as above
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.queries import register_look  # noqa: PLC0415 -- as above
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- as above

        gone = DESTROYED.format(destroyed="made.destroyed", key="OLD.key_id")
        ends = DESTROYED.format(destroyed="NEW.destroyed", key="NEW.id")
        register(
            table_of(Voice, WORD, erased="TRUE"),
            table_of(Wrap, KEPT, gone),
            table_of(PaperWrap, KEPT, gone),
            table_of(EngagementKey, KEPT, changed=ends, once=(("destroyed",),)),
        )
        register_look(EntryKind.KEY_MADE, keys_kept_otherwise)
        returning.register(EntryKind.VOICES_PUBLISHED, batches_again)
        returning.register(EntryKind.KEY_DESTROYED, destroyed_again)
