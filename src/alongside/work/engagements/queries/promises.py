"""Read what was promised with a question, and what both sides corrected of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from alongside.core.entries import entry_at
from alongside.core.grammar.engagements import leads_who_correct
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.questions import STATEMENTS
from alongside.core.workflow.engagements import EngagementState, course_at
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import EntryView, without_words, worded
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.work.engagements.models import Correction, Engagement

#: For so long the other side can sign a correction; then it says what its writer wanted once.
WAITS = timedelta(days=14)


def promise_of(engagement: Engagement) -> int:
    """Give the entry of the promise of an open engagement."""
    if engagement.promise is None:
        raise LookupError(f"Engagement {engagement.slug} is not open.")
    return engagement.promise


def leads_to_correct(engagement: Engagement, today: date, log: RowsLog | None = None) -> set[str]:
    """Name the seats that correct an open engagement: who holds its key, else any lead. Four queries, two where the log is at hand."""
    rows = log or RowsLog.of(engagement.program).read(*ASKED)
    return leads_who_correct(entry_at(promise_of(engagement), rows), rows, today)


def is_by_ones_side(correction: Correction, by: str) -> bool:
    """Say whether a pen's own side wrote a correction; of a community engagement, that lead."""
    if correction.engagement.partner_id is None:
        return by == correction.by
    return ("/" in by) == ("/" in correction.by)


def told_by(engagement: Engagement, pack: Pack) -> Pack:
    """Give the pack by which counts of an engagement are told: once it is promised, with the k of its promise."""
    if engagement.promise is None:
        return pack
    return replace(pack, k=entry_at(engagement.promise, RowsLog.of(engagement.program)).data["k"])


def course_now(engagement: Engagement) -> EngagementState:
    """Say where an open engagement stands, from the record."""
    return course_at(promise_of(engagement), RowsLog.of(engagement.program))


def waiting_corrections(engagement: Engagement) -> list[Correction]:
    """List the corrections that wait for the other side, oldest first."""
    return list(Correction.objects.filter(engagement=engagement, entry=None).order_by("pk"))


def unsigned(pack: Pack, today: date) -> QuerySet[Correction]:
    """Give the corrections that wait for the other side, and are not older than WAITS."""
    since = datetime.combine(today - WAITS, time.min, ZoneInfo(pack.time_zone))
    return Correction.objects.filter(entry=None, proposed_at__gte=since)


def still_to_sign(log: RowsLog, pack: Pack, today: date, **which: Any) -> list[Correction]:
    """List the corrections that can be signed, oldest first: not older than WAITS, of a part not corrected since, and as their side pressed them.

    Whether it was corrected the record says, no row: what stands on it is entered no second time where its row waits again.
    Two queries at most.
    """
    rows = unsigned(pack, today).filter(**which).order_by("pk")
    found = list(rows.select_related("engagement__partner__unit", "post"))
    if found:
        log.read(EntryKind.ENGAGEMENT_CORRECTED)
    stands = [one for one in found if last_corrected(one.engagement, one.about, log) <= one.beside]
    return [one for one in stands if one.stands(today)]


def last_corrected(engagement: Engagement, about: str, log: RowsLog) -> int:
    """Give the last entry that corrects a part of a promise; 0 where it was never corrected."""
    told = log.citing(promise_of(engagement), EntryKind.ENGAGEMENT_CORRECTED)
    return max((one.index for one in told if one.data["about"] == about), default=0)


def is_entered(engagement: Engagement, pk: int) -> bool:
    """Say whether a correction of an engagement is on the record."""
    return Correction.objects.filter(engagement=engagement, pk=pk).exclude(entry=None).exists()


def correction_for(engagement: Engagement, pk: int) -> Correction | None:
    """Give a correction of an engagement that waits for the other side, or None."""
    rows = Correction.objects.filter(engagement=engagement, entry=None, pk=pk)
    return rows.select_related("engagement__program", "engagement__partner").first()


def cited_as(promise: EntryView, role: str, near: Mapping[int, EntryView]) -> list[EntryView]:
    """Give the entries that a promise cites in a role, of those that are near."""
    return [near[one] for one in promise.entry.cites.get(role, ()) if one in near]


def frozen_form(promise: EntryView) -> dict[str, Any]:
    """Give the form that was promised; an empty one where the words are not those whose hash is in the promise."""
    words = promise.say("form")
    if hashlib.sha256(words.encode()).hexdigest() != promise.entry.data["form"]:
        return {}
    form: dict[str, Any] = json.loads(words)
    return form


def has_statements(promise: EntryView) -> bool:
    """Say whether people judge statements under a promise, of an entry with its words."""
    return bool(frozen_form(promise).get(STATEMENTS))


def promised_questions(program: Program, slug: str) -> tuple[dict[str, Any], list[str], str] | None:
    """Give the form that was promised, its languages and its title in the first one; None where nothing is promised. Two queries."""
    told = without_words(program, kinds=[EntryKind.ENGAGEMENT_PROMISED], subject=slug)[:1]
    for promise in worded(program, told, told[0].entry.data["languages"][0] if told else ""):
        return frozen_form(promise), promise.entry.data["languages"], promise.say("title") or slug
    return None
