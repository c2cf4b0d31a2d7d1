"""The meetings of a cohort as the record sees them."""

from collections.abc import Sequence

from alongside.core.entries import Entry, LogView, entry_at
from alongside.core.grammar.general import is_near
from alongside.core.grammar.program import tells_ranges
from alongside.core.grammar.seats import one_sat_before, sits_in
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    band,
    cited,
    day,
    fail,
    first_of,
    one_of,
    since,
    slug,
)
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _

meeting_is_new = first_of(
    "a meeting of this name is on the public log; choose another name.",
    "meeting",
    "Refuse to plan two meetings under one name.",
)


def is_planned_for_its_own_cohort(entry: Entry, log: LogView) -> None:
    """Refuse a lead who plans a meeting of a cohort that is not theirs: they could not publish its minutes."""
    for one in entry.seats:
        sits_in(one, entry.data["cohort"], entry, log)


def meeting_still_stands(entry: Entry, log: LogView) -> None:
    """Refuse to move, cancel or hold a meeting that was held or cancelled; a moved one needs its day."""
    planned = entry.cites["planned"][0]
    if log.citing(planned, EntryKind.MEETING_HELD):
        fail("this meeting was held; what was said there stands. Plan a new one for more.")
    if any(one.data["change"] == "cancelled" for one in log.citing(planned, EntryKind.MEETING_CHANGED)):
        fail("this meeting was cancelled; plan a new one.")
    if entry.kind == EntryKind.MEETING_CHANGED and (entry.data["change"] == "moved") != ("on" in entry.data):
        fail("a moved meeting needs its new day, a cancelled one has none; write the day, or leave it out.")


def may_move(planned: Entry, by: Sequence[str]) -> bool:
    """Say whether a pen moves or cancels a meeting that was planned so."""
    return list(by) in (["steward"], list(planned.by))


def is_changed_by_who_planned_it(entry: Entry, log: LogView) -> None:
    """Let whoever planned a meeting move or cancel it, or the steward: no lead cancels what others planned."""
    planned = cited(entry, "planned", log)
    if not may_move(planned, entry.by):
        fail("whoever planned this meeting moves or cancels it, or the program coordinator; ask there.")


def has_been_held_by_then(entry: Entry, _log: LogView) -> None:
    """Refuse minutes of a day that has not come."""
    if entry.data["on"] > entry.date.isoformat():
        fail("the day of this meeting has not come; publish its minutes after it.")


def writers_sit_in_its_cohort(entry: Entry, log: LogView) -> None:
    """Let only leads of the meeting's own cohort publish what was said there."""
    held = cited(entry, "held", log) if "held" in entry.cites else entry
    planned = cited(held, "planned", log)
    for one in entry.seats:
        taken = log.about(EntryKind.SEAT_TAKEN, one)
        if not taken or taken[-1].data["cohort"] != planned.data["cohort"]:
            fail(
                "{seat} is in another cohort; the leads of this cohort publish its minutes.",
                seat=Named(one),
            )


def one_of_its_cohort_sat_before(entry: Entry, log: LogView) -> None:
    """Leave what was said at a meeting to leads who sat in its cohort before: it is told once (promise 3)."""
    held = cited(entry, "held", log) if "held" in entry.cites else entry
    one_sat_before(entry, log, cited(held, "planned", log).data["cohort"])


def who_published(entry: Entry, log: LogView) -> tuple[str, ...]:
    """Give the leads who published the minutes, or confirmed them before: one lead's word is not that of two."""
    held = entry.cites["held"][0]
    told = [entry_at(held, log), *log.citing(held, EntryKind.MEETING_CONFIRMED)]
    return tuple(seat for one in told for seat in one.seats)


def is_of_another_lead(entry: Entry, log: LogView) -> None:
    """Let a lead confirm minutes once, and never their own: what one lead wrote, another was at (promise 3)."""
    for one in entry.seats:
        if one in who_published(entry, log):
            fail("{seat} has signed these minutes; another lead confirms them.", seat=Named(one))


KINDS = (
    Kind(
        name=EntryKind.MEETING_PLANNED,
        heading=_("A meeting is planned"),
        says="A meeting of a cohort, with its day and agenda. Hour and place are not on the record.",
        pen="program",
        by=("steward", "seat"),
        data={"meeting": slug, "cohort": slug, "on": day},
        cites={"cohort": Cites((EntryKind.COHORT_SEATED,))},
        texts=("title", "agenda"),
        subject="meeting",
        rules=(meeting_is_new, is_near("on"), since(2, is_planned_for_its_own_cohort)),
        unsigned="plans",
    ),
    Kind(
        name=EntryKind.MEETING_CHANGED,
        heading=_("A meeting was moved or cancelled"),
        sentence=_("A meeting was moved to another day, or cancelled."),
        says="A meeting was moved to another day, or cancelled.",
        pen="program",
        by=("steward", "seat"),
        data={"change": one_of("moved", "cancelled")},
        may={"on": day},
        cites={"planned": Cites((EntryKind.MEETING_PLANNED,))},
        rules=(meeting_still_stands, is_near("on"), since(2, is_changed_by_who_planned_it)),
        unsigned="plans",
    ),
    Kind(
        name=EntryKind.MEETING_HELD,
        heading=_("Minutes of a meeting"),
        says="What was said and decided at a meeting, as one lead writes and publishes it. People in a range only. Decisions are that lead's word until another lead of the cohort confirms the minutes.",
        pen="community",
        by=("seat",),
        data={"on": day, "people": band},
        cites={"planned": Cites((EntryKind.MEETING_PLANNED,))},
        texts=("minutes",),
        any_text=r"(decision|minority)-[1-9][0-9]?",
        rules=(
            meeting_still_stands,
            has_been_held_by_then,
            writers_sit_in_its_cohort,
            since(2, one_of_its_cohort_sat_before),
            tells_ranges("people"),
        ),
        signed=5,
    ),
    Kind(
        name=EntryKind.MEETING_DISSENTED,
        heading=_("A lead’s words on minutes"),
        says="A lead says something beside published minutes: that it was otherwise, or what they hold. Nobody else's leave is needed.",
        pen="community",
        by=("seat",),
        cites={"held": Cites((EntryKind.MEETING_HELD,))},
        texts=("position",),
        rules=(writers_sit_in_its_cohort,),
        signed=5,
    ),
    Kind(
        name=EntryKind.MEETING_CONFIRMED,
        heading=_("Another lead confirms the minutes"),
        sentence=_("Another lead says that the minutes tell what was said and decided."),
        says="A lead of the cohort who did not publish the minutes confirms them. From then on what they tell as decided is the word of two leads.",
        pen="community",
        by=("seat",),
        cites={"held": Cites((EntryKind.MEETING_HELD,))},
        rules=(writers_sit_in_its_cohort, one_of_its_cohort_sat_before, is_of_another_lead),
        beside=who_published,
        first=3,
        signed=5,
    ),
)
