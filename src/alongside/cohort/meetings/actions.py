"""Plan meetings, move and cancel them, write and publish their minutes, stand beside them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from alongside.cohort.meetings.models import Attendance, Meeting, MinutesDraft
from alongside.cohort.meetings.queries import attendance_rule, erase_by
from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.clocks import local_date
from alongside.core.disclosure import band
from alongside.core.entries import Entry
from alongside.core.grammar.meetings import may_move
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.actions.words import renew_pages
from alongside.ground.record.declared import appends
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import erase_rows, translate_all


@appends(EntryKind.MEETING_PLANNED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def plan_meeting(
    *,
    cohort: Cohort,
    slug: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    words: Mapping[str, Mapping[str, str]],
    by: str,
    now: datetime,
) -> Meeting:
    """Plan a meeting. `words` maps a language to {title, agenda}; the record hears the day, not the hour or place."""
    lang = next(iter(words))
    on = local_date(starts_at, pack_of(cohort.program))
    draft = Draft(
        kind=EntryKind.MEETING_PLANNED,
        by=[by],
        data={"meeting": slug, "cohort": cohort.slug, "on": on.isoformat()},
        cites={"cohort": [cohort.entry]},
        texts={name: Text(lang, words[lang][name]) for name in ("title", "agenda")},
    )
    entry = append(program=cohort.program, drafts=[draft], now=now)[0].index
    translate_all(program=cohort.program, entry=entry, by=by, words=words, now=now)
    return Meeting.objects.create(
        cohort=cohort, slug=slug, starts_at=starts_at, ends_at=ends_at, place=place, entry=entry
    )


@appends(EntryKind.MEETING_CHANGED)
@transaction.atomic
def move_meeting(
    *, meeting: Meeting, starts_at: datetime, ends_at: datetime, place: str, by: str, now: datetime
) -> None:
    """Move a meeting; another hour or place on the same day is not on the record.

    Raises Refused where it is over, and for a lead who did not plan it.
    """
    _refuse_unless_theirs(meeting, by)
    pack = pack_of(meeting.cohort.program)
    before, after = local_date(meeting.starts_at, pack), local_date(starts_at, pack)
    moved = {"starts_at": starts_at, "ends_at": ends_at, "place": place, "moves": F("moves") + 1}
    Meeting.objects.filter(pk=meeting.pk).update(**moved)
    renew_pages(program=meeting.cohort.program)
    if before != after:
        _tell_change(meeting, by, now, change="moved", on=after.isoformat())


@appends(EntryKind.MEETING_CHANGED)
@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: str, now: datetime) -> None:
    """Cancel a meeting; calendars that follow it strike it out. Raises as moving it does."""
    _refuse_unless_theirs(meeting, by)
    today = local_date(now, pack_of(meeting.cohort.program))
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_on=today)
    _tell_change(meeting, by, now, change="cancelled")


def _tell_change(meeting: Meeting, by: str, now: datetime, **data: str) -> None:
    draft = Draft(kind=EntryKind.MEETING_CHANGED, by=[by], data=data, cites={"planned": [meeting.entry]})
    append(program=meeting.cohort.program, drafts=[draft], now=now)


def _refuse_if_over(meeting: Meeting) -> None:
    if not Meeting.objects.filter(pk=meeting.pk, minutes=None, cancelled_on=None).exists():
        raise Refused(_("This meeting was held or cancelled. Plan a new one."))


def _refuse_unless_theirs(meeting: Meeting, by: str) -> None:
    _refuse_if_over(meeting)
    planned = RowsLog.of(meeting.cohort.program).get(meeting.entry)
    if planned and not may_move(planned, [by]):
        raise Refused(
            _("Whoever planned this meeting moves or cancels it, or the program coordinator; ask there.")
        )


@appends()
@transaction.atomic
def save_minutes(
    *,
    meeting: Meeting,
    lang: str,
    minutes: str,
    decisions: Sequence[str],
    minority: Sequence[str],
    people: int,
    by: str,
    came: Sequence[Seat] = (),
    now: datetime,
) -> MinutesDraft:
    """Keep minutes that are being written. `came` names leads only where the pack's retention demands it.

    Raises Refused where it is over, and where the steward's pen takes a minority position away.
    """
    _refuse_if_over(meeting)
    saved = MinutesDraft.objects.filter(meeting=meeting).first()
    if by == "steward" and saved and not set(saved.minority).issubset(minority):
        raise Refused(
            _("Only leads change a minority position or take it away. Leave it as it was, or ask a lead.")
        )
    _keep_who_came(meeting, came)
    values = {
        "lang": lang,
        "minutes": minutes,
        "decisions": list(decisions),
        "minority": list(minority),
        "people": people,
        "saved_by": by,
        "saved_at": now,
    }
    return MinutesDraft.objects.update_or_create(meeting=meeting, defaults=values)[0]


def _keep_who_came(meeting: Meeting, came: Sequence[Seat]) -> None:
    """Keep the names of those who came, until their day, where a rule of the pack demands it; else refuse them."""
    pack = pack_of(meeting.cohort.program)
    rule = attendance_rule(pack)
    if came and rule is None:
        raise Refused(_("No rule of the program keeps the names of those who came. Count them."))
    Attendance.objects.filter(meeting=meeting).delete()
    if rule is not None:
        until = erase_by(local_date(meeting.starts_at, pack), rule)
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, seat=seat, rule=rule.id, erase_by=until) for seat in came
        )


@appends(EntryKind.MEETING_HELD)
@transaction.atomic
def publish_minutes(*, draft: MinutesDraft, seat: Seat, now: datetime) -> Entry:
    """Let a lead publish the minutes. The exact headcount goes with the draft; the record hears a range. Raises Refused."""
    meeting = draft.meeting
    program = meeting.cohort.program
    pack = pack_of(program)
    _refuse_if_over(meeting)
    on = local_date(meeting.starts_at, pack)
    if now < meeting.ends_at:
        raise Refused(_("This meeting is not over yet. Publish its minutes after it."))
    texts = {"minutes": Text(draft.lang, draft.minutes)}
    for name, many in (("decision", draft.decisions), ("minority", draft.minority)):
        texts |= {f"{name}-{number}": Text(draft.lang, one) for number, one in enumerate(many, 1)}
    data = {"on": on.isoformat(), "people": band(draft.people, pack).as_data()}
    cites, by = {"planned": [meeting.entry]}, [seat.public_id]
    held = Draft(kind=EntryKind.MEETING_HELD, by=by, data=data, cites=cites, texts=texts)
    entry = append(program=program, drafts=[held], now=now)[0]
    Meeting.objects.filter(pk=meeting.pk).update(minutes=entry.index)
    MinutesDraft.objects.filter(pk=draft.pk).delete()
    return entry


@appends(EntryKind.MEETING_DISSENTED)
def dissent(*, program: Program, minutes: int, seat: Seat, words: str, lang: str, now: datetime) -> Entry:
    """Let a lead say something beside published minutes."""
    draft = Draft(
        kind=EntryKind.MEETING_DISSENTED,
        by=[seat.public_id],
        cites={"held": [minutes]},
        texts={"position": Text(lang, words)},
    )
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.MEETING_CONFIRMED)
def confirm(*, program: Program, minutes: int, seat: Seat, now: datetime) -> Entry:
    """Let another lead of the cohort say that the minutes tell what was decided."""
    draft = Draft(kind=EntryKind.MEETING_CONFIRMED, by=[seat.public_id], cites={"held": [minutes]})
    return append(program=program, drafts=[draft], now=now)[0]


@appends()
def erase_attendance(*, program: Program, today: date) -> int:
    """Erase who came where the rule no longer demands it, unless a legal hold stands; give how many rows went."""
    old = Attendance.objects.filter(meeting__cohort__program=program, erase_by__lte=today)
    return erase_rows(program=program, rows=[old])


@appends()
def erase_cancelled(*, program: Program, today: date) -> int:
    """Erase minutes that were being written of a meeting that was cancelled, once their days are over, unless a legal hold stands; give how many."""
    late = today - timedelta(days=pack_of(program).charter.message_kept_days)
    left = MinutesDraft.objects.filter(meeting__cohort__program=program, meeting__cancelled_on__lte=late)
    return erase_rows(program=program, rows=[left])
