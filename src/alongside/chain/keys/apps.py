"""Which tables of keys only grow, and who looks at them."""

from django.apps import AppConfig

from alongside.core.kinds import EntryKind

KEPT = "a wrapped key is never changed or taken away; another is added beside it"
#: What the log must say before what opens an engagement's voices goes.
DESTROYED = (
    "EXISTS (SELECT 1 FROM keys_engagementkey AS made"
    " JOIN record_log AS log ON log.program_id = made.program_id"
    ' JOIN record_logentry AS line ON line.log_id = log.id AND line."index" = {destroyed}'
    ' JOIN record_citation AS cites ON cites.log_id = log.id AND cites.citing = line."index"'
    ' JOIN record_logentry AS promise ON promise.log_id = log.id AND promise."index" = cites.cited'
    " WHERE made.id = {key} AND line.kind = 'key.destroyed' AND cites.role = 'engagement'"
    " AND promise.kind = 'engagement.promised' AND promise.subject = made.engagement)"
)


class KeysConfig(AppConfig):
    """The app of keys."""

    name = "alongside.chain.keys"

    def ready(self) -> None:
        """Name the tables that only grow, what the night looks at, and what comes back with entries."""
        from alongside.chain.keys.actions import destroyed_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.chain.keys.models import EngagementKey, PaperWrap, Wrap  # noqa: PLC0415 -- as above
        from alongside.chain.keys.queries import keys_kept_otherwise  # noqa: PLC0415 -- as above
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.queries import register_look  # noqa: PLC0415 -- as above
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- as above

        gone = DESTROYED.format(destroyed="made.destroyed", key="OLD.key_id")
        ends = DESTROYED.format(destroyed="NEW.destroyed", key="NEW.id")
        register(
            table_of(Wrap, KEPT, gone),
            table_of(PaperWrap, KEPT, gone),
            table_of(EngagementKey, KEPT, changed=ends, once=(("destroyed",),)),
        )
        register_look(EntryKind.KEY_MADE, keys_kept_otherwise)
        returning.register(EntryKind.KEY_DESTROYED, destroyed_again)
