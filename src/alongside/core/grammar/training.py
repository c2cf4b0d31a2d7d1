"""Training as the record sees it: courses and how many completed their tracks, in bands; never a name."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.program import tells_ranges
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    Once,
    all_cited,
    band,
    cited,
    day,
    fail,
    number,
    one_of,
    slug,
)
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _


def course_is_new(entry: Entry, log: LogView) -> None:
    """Refuse to offer a course of a track twice."""
    track = entry.data["track"]
    if any(one.data["track"] == track for one in log.about(EntryKind.COURSE_OFFERED, entry.data["course"])):
        fail("this course of this track is on the public log already; offer it once.")


def courses_are_of_the_track(entry: Entry, log: LogView) -> None:
    """Refuse a count that rests on courses of another track."""
    if any(one.data["track"] != entry.data["track"] for one in all_cited(entry, "courses", log)):
        fail("the count cites a course of another track; cite the courses of this one.")


def term_is_over(entry: Entry, _log: LogView) -> None:
    """Refuse a count before its days are over: what changes day by day tells on single people."""
    if not entry.data["from"] <= entry.data["until"] < entry.date.isoformat():
        fail("a count is entered when its days are over; wait until the day after.")


def are_counted(data: Mapping[str, Any], log: LogView) -> bool:
    """Say whether the same people are counted on the record: two cohorts of one term are the same days."""
    same = ("who", "unit", "from", "until")
    told = log.about(EntryKind.TRAINING_COMPLETED, data["track"])
    return any(all(one.data.get(name) == data.get(name) for name in same) for one in told)


def is_counted_once(entry: Entry, log: LogView) -> None:
    """Refuse a second count of the same people, and counts of a unit's leads."""
    if entry.data["who"] == "leads" and "unit" in entry.data:
        fail("leads are counted together; leave out the bureau.")
    if "unit" in entry.data and entry.data["people"] == "fewer":
        fail("a bureau is named only where enough of its people completed the track; leave this count out.")
    if are_counted(entry.data, log):
        fail("these people are counted on the public log already; nothing more is needed.")


def is_the_course_offered(entry: Entry, log: LogView) -> None:
    """Let a course be worded anew only under its own name."""
    offered = cited(entry, "offered", log)
    if any(offered.data[name] != entry.data[name] for name in ("course", "track")):
        fail("these words are of another course; cite the course that they are of.")


def _of_whom(data: Mapping[str, Any], _on: date) -> str:
    """Name of whom a count is, in 40 letters however long the names are."""
    return sha256(f"{data['track']} {data['who']} {data.get('unit', '')}".encode()).hexdigest()[:40]


KINDS: tuple[Kind, ...] = (
    Kind(
        name=EntryKind.COURSE_OFFERED,
        heading=_("A course is open"),
        says="A course of a track is open: for leads, for staff or for both, with so many lessons to read alone.",
        pen="program",
        by=("steward",),
        data={
            "course": slug,
            "track": slug,
            "audience": one_of("leads", "staff", "both"),
            "lessons": number(0, 200),
            "sessions_needed": number(0, 200),
        },
        texts=("title", "about"),
        subject="course",
        rules=(course_is_new,),
    ),
    Kind(
        name=EntryKind.COURSE_REWORDED,
        heading=_("A course in other words"),
        says="A course that is open is called or described in other words, or needs another number of sessions.",
        pen="program",
        by=("steward",),
        data={"course": slug, "track": slug, "sessions_needed": number(0, 200)},
        cites={"offered": Cites((EntryKind.COURSE_OFFERED,))},
        texts=("title", "about"),
        subject="course",
        rules=(is_the_course_offered,),
    ),
    Kind(
        name=EntryKind.TRAINING_COMPLETED,
        heading=_("Who completed training, as a range"),
        sentence=_(
            "We tell as a range how many people completed training, so that no one can be picked out."
        ),
        once=Once("cohort", _of_whom),
        says="How many leads, or how many staff, completed a track in a cohort's term: a range, or that they are fewer than k.",
        pen="program",
        by=("clock",),
        data={"track": slug, "who": one_of("leads", "staff"), "people": band, "from": day, "until": day},
        may={"unit": slug},
        cites={
            "courses": Cites((EntryKind.COURSE_OFFERED,), 1, 60),
            "cohort": Cites((EntryKind.COHORT_SEATED,)),
        },
        subject="track",
        rules=(courses_are_of_the_track, term_is_over, is_counted_once, tells_ranges("people")),
    ),
)
