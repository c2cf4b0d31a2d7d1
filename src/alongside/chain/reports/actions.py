"""Write and publish a report-back, and close the engagement with it (promise 7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.reports.models import ReportDraft
from alongside.cohort.seats.models import Seat
from alongside.core.entries import Entry
from alongside.core.grammar.engagements import taken_down
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.words import has_words
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


def save_report(
    *, program: Program, promise: int, seat: Seat, words: Mapping[str, str], now: datetime
) -> ReportDraft:
    """Save the report-back as it is."""
    draft, _new = ReportDraft.objects.update_or_create(
        program=program, promise=promise, defaults={"words": dict(words), "saved_by": seat, "saved_at": now}
    )
    return draft


@appends(EntryKind.REPORT_PUBLISHED)
@transaction.atomic
def publish_report(*, draft: ReportDraft, seat: Seat, covers: Sequence[int], now: datetime) -> Entry:
    """Publish the report-back in every language of the engagement; raise ValidationError at those it lacks.

    Raises Refused where there is one of which no words were taken down; of two leads at one moment, the later sees the earlier's.
    """
    rows = RowsLog(Log.objects.select_for_update().get(program=draft.program))
    told = rows.citing(draft.promise, EntryKind.REPORT_PUBLISHED)
    if told and not taken_down(told[-1], rows):
        raise Refused(_("People have heard back already. Nothing more is needed."))
    promise = rows.get(draft.promise)
    languages = list(promise.data["languages"]) if promise else []
    words = {lang: draft.words.get(lang, "").strip() for lang in languages}
    lacking = [lang for lang, text in words.items() if not has_words(text)]
    if lacking:
        more = _("Write it in this language too: people were asked in it.")
        raise ValidationError({f"words_{lang}": more for lang in lacking})
    entry = Draft(
        kind=EntryKind.REPORT_PUBLISHED,
        by=[seat.public_id],
        data={"languages": languages},
        cites={"engagement": [draft.promise], "covers": list(covers)},
        texts={lang: Text(lang, text) for lang, text in words.items()},
    )
    program = draft.program
    draft.delete()
    return append(program=program, drafts=[entry], now=now)[0]


@appends(EntryKind.ENGAGEMENT_CLOSED)
@transaction.atomic
def close_engagement(*, program: Program, promise: int, seat: Seat, now: datetime) -> Entry:
    """Close an engagement; raise Refused before its report-back, GrammarError while people can speak."""
    rows = RowsLog.of(program)
    reports = rows.citing(promise, EntryKind.REPORT_PUBLISHED)
    if not reports:
        raise Refused(_("People have not heard back yet; publish the report-back first."))
    cites = {"engagement": [promise], "report": [reports[-1].index]}
    return append(
        program=program,
        drafts=[Draft(kind=EntryKind.ENGAGEMENT_CLOSED, by=[seat.public_id], cites=cites)],
        now=now,
    )[0]
