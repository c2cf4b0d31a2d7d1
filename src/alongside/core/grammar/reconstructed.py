"""What is reconstructed from old sources: dated today, with the event's own date and source, without clocks."""

from datetime import date

from alongside.core.entries import STEWARD, Entry, LogView
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    event_date,
    fail,
    is_no_words,
    list_of,
    malformed,
    one_of,
    since,
    slug,
    words,
)
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _

HEADINGS = {
    "promise": _("From old sources: a promise"),
    "voices": _("From old sources: people spoke"),
    "finding": _("From old sources: what was heard"),
    "ask": _("From old sources: what was asked"),
    "answer": _("From old sources: an answer"),
    "commitment": _("From old sources: a commitment"),
    "delivery": _("From old sources: a delivery"),
    "report": _("From old sources: a report"),
    "gap": _("From old sources: nothing was found"),
}

#: Steps that are never the City's own: what people said, what was heard in it, and what was asked.
THE_COMMUNITYS = ("voices", "finding", "ask")


def happened_before(entry: Entry, _log: LogView) -> None:
    """Refuse a day that no calendar has, an event that is still to come, and an end before its beginning."""
    days = [entry.data[name] for name in ("event_date", "until") if name in entry.data]
    try:
        for one in days:
            date.fromisoformat(f"{one}-01-01"[:10] if len(one) == len("2021") else f"{one}-01"[:10])
    except ValueError:
        malformed("names a day that no calendar has; name one that it has.")
    today = entry.date.isoformat()
    if days[0] > today:
        fail("what is told from old sources has happened; name a day before today.")
    if days[-1] < days[0][: len(days[-1])]:
        fail("this ends before it began; swap the days.")


def happened_before_this_log(entry: Entry, log: LogView) -> None:
    """Refuse as an old event what happened, or may have, since the log began: that is told as what it is, with its clocks."""
    opened = log.get(0)
    last = entry.data.get("until", entry.data["event_date"])
    if opened is not None and last >= opened.date.isoformat()[: len(last)]:
        fail(
            "what is told from old sources happened before this log began on {opened}; name a day, or a month, before it.",
            opened=opened.date,
        )


def is_told_with_the_community(entry: Entry, log: LogView) -> None:
    """Refuse what the community is said to have said or done without a lead, once there are any (promise 3)."""
    if STEWARD not in entry.by:
        fail("the program coordinator tells it from old sources; sign it together.")
    is_citys = entry.data["whose"] == "city" and entry.kind.partition(".")[2] not in THE_COMMUNITYS
    if not is_citys and not entry.seats and log.every(EntryKind.SEAT_TAKEN):
        fail("a lead tells with the program coordinator what the community said; ask one to sign it too.")


KINDS = tuple(
    Kind(
        name=f"reconstructed.{step}",
        heading=heading,
        says=f"Reconstructed from the public record: a {step} from before this log, with its date and its source.",
        pen="program",
        by=("steward", "seat"),
        data={
            "thread": slug,
            "whose": one_of("community", "city", "both"),
            "event_date": event_date,
        },
        may={"until": event_date, "unit": slug},
        cites={"follows": Cites(tuple(f"reconstructed.{one}" for one in HEADINGS), 0, 20)},
        texts=("title", "statement", "sources"),
        since={"by.seat": 2, "texts.sources": 2},
        was={"data": {"sources": list_of(words(500), 1, 20)}},
        subject="thread",
        rules=(
            since(2, happened_before),
            since(2, happened_before_this_log),
            since(2, is_told_with_the_community),
            is_no_words("sources"),
        ),
        unsigned="past",
    )
    for step, heading in HEADINGS.items()
)
