"""Voices as the public may see them: batches of seal marks, a band at the close, and what leads opened."""

from collections.abc import Iterator
from datetime import date, timedelta

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.engagements import ENGAGEMENT, holders_of, taken_down
from alongside.core.grammar.general import hides_single_people
from alongside.core.grammar.seats import former_leads_sat, one_sits_today
from alongside.core.grammar.shape import (
    SERVED,
    Cites,
    Kind,
    band,
    cited,
    fail,
    hex64,
    list_of,
    malformed,
    number,
    once_for,
    since,
)
from alongside.core.grammar.silence import Due, Owed
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _
from alongside.core.words import ngettext_noop as ngettext
from alongside.core.workflow.engagements import EngagementStage, course_at

READERS = 2
MOST_PUBLISHED, MOST_OPENED = 900, 800


def published_marks(promise: int, log: LogView) -> list[str]:
    """List the seal marks of an engagement that are on the record."""
    return [mark for one in log.citing(promise, EntryKind.VOICES_PUBLISHED) for mark in one.data["marks"]]


def holds_at_least_k(entry: Entry, log: LogView) -> None:
    """Refuse a batch of seal marks below the k that was promised, or one out of order."""
    promise = cited(entry, "engagement", log)
    marks = entry.data["marks"]
    if entry.data["part"] == 1 and len(marks) < promise.data["k"]:
        fail("a batch below {k} would point at people; wait until there are more.", k=promise.data["k"])
    if sorted(set(marks)) != marks:
        malformed("seal marks are entered once each, in sorted order, so that their order tells nothing.")
    if log.citing(entry.cites["engagement"][0], EntryKind.VOICES_CLOSED):
        fail("the last batch is out; no more voices are taken in. Open a new engagement to hear more.")


def batch_of(entry: Entry, log: LogView) -> Iterator[Entry]:
    """Give the parts of the batch or list that this entry ends, the last one first: they stand one after the other."""
    yield entry
    part: Entry | None = entry
    while part is not None and part.data["part"] > 1:
        part = log.get(part.index - 1)
        if part is None or (part.kind, part.date, part.by, part.cites.get("engagement")) != (
            entry.kind,
            entry.date,
            entry.by,
            entry.cites["engagement"],
        ):
            return
        yield part


def goes_on_from_a_full_part(entry: Entry, log: LogView) -> None:
    """Refuse a further part that does not go on from a full one: a small batch could else go out as "part 2"."""
    most = MOST_PUBLISHED if entry.kind == EntryKind.VOICES_PUBLISHED else MOST_OPENED
    parts = list(batch_of(entry, log))[::-1]
    whole = [one.data["part"] for one in parts] == list(range(1, entry.data["part"] + 1))
    full = all(len(one.data["marks"]) == most for one in parts[:-1])
    if not whole or not full:
        malformed("a further part comes right after a full one of the same batch; begin with part 1.")
    listed = [mark for one in parts for mark in one.data["marks"]]
    if sorted(set(listed)) != listed:
        malformed("the parts of a batch go on in sorted order, and hold each mark once.")


def marks_are_new(entry: Entry, log: LogView) -> None:
    """Refuse a seal mark that was published before, in this engagement or in another: one voice is one voice."""
    marks = set(entry.data["marks"])
    if not all(marks.isdisjoint(one.data["marks"]) for one in log.every(EntryKind.VOICES_PUBLISHED)):
        fail("a seal mark is on the public log already; each voice is published once.")


def tells_what_can_be_counted(entry: Entry, log: LogView) -> None:
    """Let the intake end after its last day, and tell as many voices as marks were published: anyone can count those."""
    promise = entry.cites["engagement"][0]
    course, count = course_at(promise, log), len(published_marks(promise, log))
    if course.is_taking(entry.date):
        fail("people can speak to {day}; the intake ends the day after.", day=course.closes)
    told = {"low": count, "high": count} if count else "fewer"
    if entry.data["voices"] != told:
        fail(
            "{count} seal marks are on the public log; tell that number, or fewer where there is none.",
            count=count,
        )
    hides_single_people(entry.data["withdrawn"], course.promise.data["k"])


def opened_what_was_published(entry: Entry, log: LogView) -> None:
    """Let holders of the key open marks of this engagement, at least k; what was not opened, anyone can count."""
    promise = cited(entry, "engagement", log)
    if not set(entry.data["marks"]) <= set(published_marks(promise.index, log)):
        fail("some of these voices are not on the public log; wait until their batch is out.")
    if entry.data["part"] == 1 and len(entry.data["marks"]) < promise.data["k"]:
        fail("a list below {k} would point at people; wait until there are more.", k=promise.data["k"])
    if not set(entry.seats) <= holders_of(promise.cites["key"][0], log):
        fail("only leads who can open the key of this engagement sign what was opened; ask one of them.")
    if "not_opened" in entry.data:
        malformed("how many were not opened can be counted; leave it out.")


def ends_owed(log: LogView) -> list[Owed]:
    """List the intakes that have not ended on the record, by their last day; where one is paused for good, the end of that.

    And the report-backs that lack, or of which words were taken down, and the keys that are not destroyed, by their promised days.
    """
    found = []
    for promise in log.every(EntryKind.ENGAGEMENT_PROMISED):
        course = course_at(promise.index, log)
        days: dict[Due, date] = {}
        if course.state(course.closes + timedelta(days=1)) == EngagementStage.PAUSED:
            days[Due.PAUSE] = course.closes
        elif not course.ended:
            days[Due.INTAKE] = course.closes
        told = log.citing(promise.index, EntryKind.REPORT_PUBLISHED)
        if all(taken_down(one, log) for one in told):
            days[Due.REPORT] = course.report_back
        if course.kept_until and not course.key_destroyed:
            days[Due.KEY] = course.destroy_from
        found += [Owed(promise.index, on, (), on, what) for what, on in days.items()]
    return found


closes_once = once_for(
    "the intake of this engagement is closed already; nothing more is needed.",
    "engagement",
    "Refuse a second close of the intake.",
)


def two_leads_signed(entry: Entry, _log: LogView) -> None:
    """Refuse a list of opened receipts that fewer than two leads signed."""
    if len(set(entry.seats)) < READERS:
        fail("two leads sign the list of what was opened; ask a second lead.")
    if sorted(set(entry.data["marks"])) != entry.data["marks"]:
        malformed("seal marks are entered once each, in sorted order, so that their order tells nothing.")


KINDS = (
    Kind(
        name=EntryKind.VOICES_PUBLISHED,
        heading=_("A batch of voices"),
        counted=ngettext(
            "The marks of %(n)d locked voice are on the public log. A mark tells nobody what a voice says; a receipt finds its own.",
            "The marks of %(n)d locked voices are on the public log. A mark tells nobody what a voice says; a receipt finds its own.",
        ),
        says="A batch of seal marks, one batch behind and never fewer than k. The order tells nothing.",
        pen="community",
        by=("clock",),
        data={"marks": list_of(hex64, 1, MOST_PUBLISHED), "part": number(1, 1000)},
        cites=ENGAGEMENT,
        rules=(holds_at_least_k, since(2, goes_on_from_a_full_part), since(2, marks_are_new)),
    ),
    Kind(
        name=EntryKind.VOICES_CLOSED,
        heading=_("The last voices are in"),
        did=_("spoke"),
        sentence=_(
            "The last voices are in. We say how many were published, and give ranges where a number could point at someone."
        ),
        says="The intake has ended. Tells how many voices were published, and how many were withdrawn, in a range.",
        pen="community",
        by=("clock",),
        data={"voices": band, "withdrawn": band},
        cites=ENGAGEMENT,
        rules=(closes_once, since(2, tells_what_can_be_counted)),
    ),
    Kind(
        name=EntryKind.VOICES_OPENED,
        heading=_("The leads opened voices"),
        did=_("opened the voices"),
        counted=ngettext(
            "The leads opened %(n)d voice. Two leads signed the list.",
            "The leads opened %(n)d voices. Two leads signed the list.",
        ),
        says="The seal marks of the voices that the leads opened, signed by two leads.",
        pen="community",
        by=("seat",),
        data={"marks": list_of(hex64, 1, MOST_OPENED), "part": number(1, 1000)},
        may={"not_opened": band},
        cites={"engagement": Cites((EntryKind.ENGAGEMENT_PROMISED,))},
        rules=(
            two_leads_signed,
            since(2, one_sits_today),
            since(2, former_leads_sat),
            since(2, goes_on_from_a_full_part),
            since(2, opened_what_was_published),
        ),
        seats=SERVED,
        signed=5,
        apart=90,
    ),
)
