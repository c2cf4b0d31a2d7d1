"""Tells the record who sits in a seat, so that one person never counts as two and no post silences a lead.

Says what comes back with entries that are taken back after a restore, and keeps who stepped into which empty seat.
"""

from dataclasses import replace

from django.apps import AppConfig

from alongside.core.kinds import EntryKind

WORD = "an empty seat is filled once, and an alternate steps in once; that stays as it was"
#: In SQL about OLD and NEW: an alternate who stood down, and was not called up, waits again where they waited.
WAITS_AGAIN = 'OLD."seat_id" IS NULL AND OLD."stood_down_on" IS NOT NULL AND NEW."stood_down_on" IS NULL'


class SeatsConfig(AppConfig):
    """The app of seats."""

    name = "alongside.cohort.seats"

    def ready(self) -> None:
        """Let the record ask here."""
        from alongside.cohort.seats.actions import MOVES, moved_again  # noqa: PLC0415 -- models must be loaded first
        from alongside.cohort.seats.models import Alternate, Vacancy  # noqa: PLC0415 -- as above
        from alongside.cohort.seats.queries.seats import is_for_leads, sits_on_here, sitters  # noqa: PLC0415 -- as above
        from alongside.ground.programs import actions  # noqa: PLC0415 -- as above
        from alongside.ground.record import queries, returning, triggers  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.persons import seats_are_told_by  # noqa: PLC0415 -- as above

        seats_are_told_by(sitters)
        actions.seats_are_told_by(is_for_leads)
        returning.register(MOVES, moved_again)
        ends = triggers.table_of(Alternate, WORD, once=(("stood_down_on",), ("seat", "stood_down_on")))
        same = triggers.stays("id", "cohort_id", "person_id", "place", "seat_id")
        triggers.register(
            replace(ends, changed=f"({ends.changed}) OR ({WAITS_AGAIN} AND {same})"),
            triggers.table_of(Vacancy, WORD, changed='OLD."filled_on" IS NULL'),
        )
        for kind in (EntryKind.SEAT_LEFT, EntryKind.SEAT_REMOVED):
            queries.register_look(kind, sits_on_here)
