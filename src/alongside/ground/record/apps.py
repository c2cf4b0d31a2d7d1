"""Reinstall the insert-only triggers after every migrate, and check that they exist."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class RecordConfig(AppConfig):
    """The record's app."""

    name = "alongside.ground.record"

    def ready(self) -> None:
        """Reinstall triggers after migrate: Django remakes SQLite tables and drops triggers silently."""
        from alongside.ground.record import search_tables, triggers  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.indexing import fill_search  # noqa: PLC0415 -- models must be loaded first

        def reinstall(using: str, **_kwargs: Any) -> None:
            triggers.install(using)
            if search_tables.install(using):
                fill_search()

        def drop_triggers(using: str, **_kwargs: Any) -> None:
            triggers.drop_triggers(using)

        triggers.watch(search_tables.TABLE, search_tables.triggers_on)
        pre_migrate.connect(drop_triggers, sender=self, weak=False, dispatch_uid="record.triggers")
        post_migrate.connect(reinstall, sender=self, weak=False, dispatch_uid="record.triggers")
        checks.register(checks.Tags.database)(triggers.check_triggers)
        checks.register(checks.Tags.database)(search_tables.check_search)
