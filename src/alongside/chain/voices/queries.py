"""Read what intake, keys and readers need."""

import base64
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BinaryField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from alongside.chain.voices.models import (
    Batch,
    BatchMark,
    DestructionAsked,
    Device,
    EngagementKey,
    Intake,
    LeadKey,
    OpenedList,
    SealedNote,
    SetAside,
    Voice,
    Vouch,
    Withdrawal,
    Wrap,
)
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.cohorts import SeatShown, seats_shown
from alongside.cohort.seats.queries.seats import (
    acting,
    not_removed,
    of_a_lead_today,
    seat_as_seen,
    seat_today,
    sits,
    sitting,
    suspended,
)
from alongside.cohort.seats.queries.seconds import (
    SECONDS,
    Ties,
    awaits,
    destroyers,
    former_leads,
    seconds_awaited,
    ties_in,
    with_standing,
)
from alongside.core.entries import Entry
from alongside.core.grammar.keys import first_key, founding, signing_key
from alongside.core.grammar.seats import is_in_force, seated
from alongside.core.grammar.versions import VERSION
from alongside.core.kinds import EntryKind
from alongside.core.questions import OFFER, STATEMENTS, asks_for_statements, may_be_spoken
from alongside.core.refusals import Refused
from alongside.core.sealing.envelope import sealed_size
from alongside.core.sealing.leads import is_signed, vouch_statement
from alongside.core.sealing.marks import (
    SALT_BYTES,
    STEP,
    MarkState,
    answering,
    pack,
    pack_received,
    rows_of_the_day,
)
from alongside.core.sealing.saved import Saved
from alongside.core.sealing.voice import BUCKETS
from alongside.core.workflow.engagements import (
    CHANGES,
    EngagementStage,
    EngagementState,
    course_at,
    course_of,
    kept_until_at_most,
)
from alongside.core.workflow.open_steps import KEYHOLDERS, LEADS, SIGNERS
from alongside.ground.gate.presses import is_pressed
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, pack_of, serving, spoken
from alongside.ground.record.acts import still_signs
from alongside.ground.record.labels import days_to_hear
from alongside.ground.record.models import Citation, Head, Log, LogEntry, PublicText
from alongside.ground.record.queries import (
    Stand,
    entries_at,
    entry_views,
    head_at_least,
    is_cited,
    is_under_hold,
    latest_entry_views,
    stand_of,
    without_words,
)
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import asked_of, title_of
from alongside.work.engagements.queries.progress import progress_of
from alongside.work.engagements.queries.promises import frozen_form
from alongside.work.projects.queries import EngagementShown, courses_of, decision_days, worded_courses
from alongside.work.strategies.queries import key_entries

MOST = 60
ABOVE = EntryKind.RAISE_REPLIED
#: What opens the keyring of every demonstration lead. A real one is drawn in the reader and never sent.
PASSPHRASE = "demonstration words only never for real"  # noqa: S105 -- shown to every visitor of the demonstration


def answers_to_cite(program: Program, lang: str) -> list[tuple[int, str, str, bool]]:
    """List the newest answers: entry, what was asked, its language, whether the office above replied. Five queries at most."""
    given = latest_entry_views(program, lang, [EntryKind.ANSWER_GIVEN, ABOVE], MOST)
    raised = entries_at(program, [one.entry.cites["raise"][0] for one in given if one.entry.kind == ABOVE])
    asks = {
        one.index: (raised[one.entry.cites["raise"][0]] if one.entry.kind == ABOVE else one.entry).cites[
            "ask"
        ][0]
        for one in given
    }
    asked = entry_views(program, asks.values(), lang)
    rows = [(one.index, asked[asks[one.index]], one.entry.kind == ABOVE) for one in given]
    return [
        (index, ask.say("title"), ask.lang("title"), above) for index, ask, above in rows if ask.say("title")
    ]


@dataclass(frozen=True)
class Door:
    """An engagement as its intake sees it: the promise, and where it stands."""

    promise: Entry
    course: EngagementState

    def state(self, today: date) -> str:
        """Say whether it is `open`, `paused`, `ended` or `closed` on a day."""
        return self.course.state(today)


def door_of(program: Program, engagement: str, stand: Stand | None = None) -> Door | None:
    """Give the intake of an engagement, or None where nothing is promised. One small query while the log stands still.

    The door rests on nothing but the log, so it is kept until the log goes on. `stand` spares the query where the caller
    knows where the log stands now.
    """
    now = stand or stand_of(program)
    try:
        return _door_at(engagement, now) if now else None
    except LogEntry.DoesNotExist:
        return None


@lru_cache(maxsize=256)
def _door_at(engagement: str, stand: Stand) -> Door:
    """Read a door from a log that stands there. Raises LogEntry.DoesNotExist, so that what does not exist is never kept."""
    lines = LogEntry.objects.filter(
        log=stand.log, kind=EntryKind.ENGAGEMENT_PROMISED, subject=engagement, index__lt=stand.size
    )
    return _door(lines.order_by("index")[:1].get(), stand.size)


def may_be_spoken_to(program: Program, engagement: str, stand: Stand | None = None) -> bool:
    """Say whether people may answer an engagement by voice, as its promise froze it. Asked only where something large comes."""
    door = door_of(program, engagement, stand)
    if door is None:
        return False
    lang = door.promise.data["languages"][0]
    return may_be_spoken(frozen_form(entry_views(program, [door.promise.index], lang)[door.promise.index]))


def _door(line: LogEntry, size: int) -> Door:
    """Read the promise and what was changed since, as they are in the first `size` entries."""
    promise = line.parsed
    citing = Citation.objects.filter(
        log=line.log_id, cited=line.index, kind__in=CHANGES, citing__lt=size
    ).values("citing")
    lines = LogEntry.objects.filter(log=line.log_id, index__in=citing)
    return Door(promise, course_of(promise, [one.parsed for one in lines]))


#: Voices and withdrawals under a seal mark or an act hash. Written out, because every voice asks it.
USED = """
    SELECT program_id, mark, act_hash, sealed FROM voices_voice WHERE mark = %s OR act_hash = %s
    UNION ALL
    SELECT NULL, mark, act_hash, NULL FROM voices_withdrawal WHERE mark = %s OR act_hash = %s
"""


def used_before(mark: str, act: str) -> list[tuple[int | None, str, str, bytes]]:
    """List what was taken in or withdrawn under either hash: program (None where withdrawn), mark, act, bytes. One query."""
    with connection.cursor() as cursor:
        cursor.execute(USED, [mark, act, mark, act])
        rows = cursor.fetchall()
    return [(program, row_mark, row_act, bytes(sealed or b"")) for program, row_mark, row_act, sealed in rows]


def taken_in(program: Program, promise: int) -> int:
    """Count what came in for a promise, also what was taken back since, so that leads see a flood. Two queries."""
    here = {"program": program, "promise": promise}
    return Voice.objects.filter(**here).count() + Withdrawal.objects.filter(**here).count()


def open_doors(program: Program) -> list[Door]:
    """List the engagements whose intake has not ended on the record, oldest first."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.ENGAGEMENT_PROMISED)
    lines = lines.exclude(is_cited(program, "index", EntryKind.VOICES_CLOSED))
    size = Log.objects.get(program=program).size
    return [_door(line, size) for line in lines.order_by("index")]


def last_batches(intake: Intake) -> tuple[Batch | None, Batch | None]:
    """Give the last batch that was made, and the batch that is held back, if one is."""
    last = Batch.objects.filter(intake=intake).order_by("-pk").first()
    held = Batch.objects.filter(intake=intake, entry=None).order_by("-pk").first()
    return last, held


def pending_marks(intake: Intake, after: date | None, before: date) -> list[str]:
    """List the seal marks of whole days after the last batch, and before today, in sorted order."""
    voices = Voice.objects.filter(program=intake.program_id, promise=intake.promise, date__lt=before)
    if after is not None:
        voices = voices.filter(date__gt=after)
    return list(voices.order_by("mark").values_list("mark", flat=True))


def unbatched_marks(intake: Intake) -> list[str]:
    """List every seal mark that is in no batch yet, in sorted order; asked once, at closing."""
    voices = Voice.objects.filter(program=intake.program_id, promise=intake.promise)
    batched = BatchMark.objects.filter(batch__intake=intake).values("mark")
    return list(voices.exclude(mark__in=batched).order_by("mark").values_list("mark", flat=True))


def mark_list(program: Program) -> bytes:
    """Pack every public seal mark of a program as the receipt page downloads them (core.sealing.marks)."""
    kinds: dict[str, MarkState] = {
        EntryKind.VOICES_PUBLISHED: MarkState.PUBLISHED,
        EntryKind.VOICES_OPENED: MarkState.OPENED,
    }
    rows: list[tuple[MarkState, bytes, int]] = []
    lines = LogEntry.objects.filter(
        log__program=program, kind__in=[*kinds, EntryKind.VOICES_CLOSED]
    ).order_by("index")
    for line in lines.iterator():
        entry = line.parsed
        if entry.kind != EntryKind.VOICES_CLOSED:
            rows += [(kinds[entry.kind], bytes.fromhex(mark), entry.index) for mark in entry.data["marks"]]
        elif entry.data["voices"] == "fewer":
            rows.append((MarkState.FEWER, b"", entry.index))
    return pack(rows)


def received_list(program: Program, today: date) -> bytes:
    """Pack what is here and not yet published, so that only whoever has a receipt finds their own (core.sealing.marks).

    Its length tells neither how many wait nor when one comes: edges are of the server's secret and the day, and who took a
    voice back today still counts.
    """
    published = BatchMark.objects.filter(
        batch__intake__program=program, batch__entry__isnull=False, mark=OuterRef("mark")
    )
    waiting = Voice.objects.filter(~Exists(published), program=program)
    rows = list(waiting.values_list("act_hash", "promise", "date"))
    back = Withdrawal.objects.filter(~Exists(published), program=program, date=today).count()
    before = sum(on < today for _act, _promise, on in rows)

    def shift(edge: int) -> int:
        said = f"{program.slug} {today} {edge}"
        return int(salted_hmac("alongside/received/v1", said, algorithm="sha256").hexdigest(), 16) % STEP

    length = rows_of_the_day(before, len(rows) + back, shift)
    told = (answering(bytes.fromhex(act), promise) for act, promise, _on in rows)
    return pack_received(os.urandom(SALT_BYTES), told, pad_to=length)


def mark_lists(lang: str, today: date) -> list[dict[str, Any]]:
    """Say, for every program, where its seal marks are, where its threads are followed, what became of offered statements, and what people were asked."""
    return [
        {
            "program": program.slug,
            "marks": f"/{program.slug}/record/marks",
            "follow": f"/{program.slug}/{code}/follow/",
            "asked": _asked(program, code, today),
            "offers": f"/{program.slug}/{code}/offers.json",
        }
        for program in every_program()
        for code in [spoken(program, lang)]
    ]


def _asked(program: Program, lang: str, today: date) -> list[dict[str, Any]]:
    """Name every engagement of a program and say when its people hear back, and where statements are judged. Five queries."""
    promises = without_words(program, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    shown = worded_courses(program, courses_of(program, promises, today), lang)
    decided = decision_days(program, promises)
    with override(lang):
        return [
            {
                "promise": one.told.index,
                "title": one.told.say("title"),
                "lang": one.told.lang("title"),
                "days": " ".join(days_to_hear(one.course, decided.get(one.told.index), today)).strip(),
                **_judged_at(program, lang, one),
            }
            for one in shown
        ]


def _judged_at(program: Program, lang: str, one: EngagementShown) -> dict[str, Any]:
    """Give where statements of an engagement are judged, where their map is, and, where people offer some, where; nothing where it has none."""
    form, here = frozen_form(one.told), f"/{program.slug}/{lang}/engagements/{one.slug}/"
    if not form.get(STATEMENTS):
        return {}
    found: dict[str, Any] = {"map": f"{here}map/", "offers": asks_for_statements(form)}
    if one.state == EngagementStage.OPEN:
        found["judge"] = f"{here}statements/"
        found |= {"say": f"{here}#question-{OFFER}"} if found["offers"] else {}
    return found


def key_of_seat(seat: str, program: Program) -> LeadKey | None:
    """Give the key in force of a seat, by its public id, as its entry on the record tells it; or None."""
    rows = RowsLog.of(program)
    told = [*rows.about(EntryKind.KEY_FOUNDED, seat), *rows.about(EntryKind.KEY_CERTIFIED, seat)]
    if not told:
        return None
    last = max(told, key=lambda entry: entry.index)
    same = {"entry": last.index, "recipient": last.data["recipient"], "sign_key": last.data["sign_key"]}
    keys = LeadKey.objects.filter(seat__public_id=seat, seat__cohort__program=program, **same)
    return keys.select_related("seat").first()


def signs_in_with(seat: str, program: Program) -> LeadKey | None:
    """Give the key with which a seat signs in: the one on the record; before the set is founded also one that waits."""
    own = key_of_seat(seat, program)
    rows = RowsLog.of(program)
    if own or (founding(rows) and not first_key(rows)):
        return own
    return uncertified(program).filter(seat__public_id=seat).order_by("-pk").first()


def keys_in_force(program: Program) -> list[LeadKey]:
    """List the keys in force, one a seat, in the order in which they came on the record."""
    keys = LeadKey.objects.filter(seat__cohort__program=program).exclude(entry=None).order_by("entry")
    keys = keys.select_related("seat__cohort__program")
    return list({key.seat_id: key for key in keys}.values())


def uncertified(program: Program) -> QuerySet[LeadKey]:
    """Give the keyrings that wait for two leads."""
    return LeadKey.objects.filter(seat__cohort__program=program, entry=None)


def waiting_keys(program: Program) -> list[LeadKey]:
    """List the keyrings that wait for two leads, with who vouched so far."""
    return list(uncertified(program).select_related("seat").prefetch_related("vouches__seat").order_by("pk"))


def vouches_that_stand(rows: RowsLog, key: LeadKey) -> list[Vouch]:
    """List the vouches for a waiting key under keys that their leads have today, neither lost nor another since; at the founding all."""
    vouches = list(key.vouches.select_related("seat").order_by("pk"))
    if first_key(rows) or not vouches:
        return vouches
    named = {"seat": key.seat.public_id, "recipient": key.recipient, "sign_key": key.sign_key}
    statement = vouch_statement(origin=rows.origin, **named)
    owns = [(one, signing_key(rows, one.seat.public_id)) for one in vouches]
    return [one for one, own in owns if own and is_signed(own.data["sign_key"], statement, one.signature)]


def tests_of(key: EngagementKey) -> list[Entry]:
    """List the entries that say who opened the test voice of a key."""
    return list(RowsLog.of(key.program).citing(key.entry, EntryKind.KEY_TESTED))


def two_found(program: Program, seat: str) -> bool:
    """Say whether two other leads found the set just now: one brought the first key, and a second one waits to be compared with it."""
    first = first_key(RowsLog.of(program))
    waiting = {one.seat.public_id for one in waiting_keys(program)}
    return first is not None and bool(waiting - {seat, str(first.data["seat"])})


def keys_to_vouch_for(program: Program, viewer: Viewer, today: date) -> list[LeadKey]:
    """List the keyrings that wait for a lead, the newest of each seat: who has a key vouches once, at the founding the first founder.

    One query where none waits.
    """
    last = {one.seat_id: one for one in waiting_keys(program)}.values()
    if not last:
        return []
    rows = RowsLog.of(program)
    told = [(one, [one.seat, *(by.seat for by in vouches_that_stand(rows, one))]) for one in last]
    left = [one for one, seats in told if viewer.person_id not in {each.person_id for each in seats}]
    awaited = [one for one in seconds_awaited(program, today) if one.step == "vouch"]
    asked = {one.about for one in awaited if viewer.seat_id in {each.pk for each in one.leads}}
    first, own = first_key(rows), LeadKey.objects.filter(seat__person=viewer.person_id)
    can = first.data["seat"] == viewer.seat if first else own.exclude(entry=None).exists()
    return [one for one in left if can and str(one.pk) in asked]


def keyring_of(seat_id: int) -> LeadKey | None:
    """Give the newest keyring a seat made: the one in force, or one that still waits; None where there is none."""
    return LeadKey.objects.filter(seat=seat_id).order_by(F("entry").desc(nulls_last=True), "-pk").first()


def waiting_keyring(seat_id: int) -> LeadKey | None:
    """Give the newest keyring that a seat made, where two leads have yet to vouch for it."""
    newest = LeadKey.objects.filter(seat=seat_id).order_by("-pk").first()
    return newest if newest and newest.entry is None else None


@dataclass(frozen=True)
class WaitingKeyring:
    """A keyring that waits for two leads and opens nothing yet: its seat, who vouched, and which other leads still can."""

    held: LeadKey
    vouched: list[str]
    able: list[str]

    @property
    def sealed(self) -> str:
        """Give its sealed file, in base64."""
        return base64.b64encode(self.held.keyring).decode()


def keyring_that_waits(program: Program, seat: Seat, today: date) -> WaitingKeyring | None:
    """Give the newest keyring of a seat where two leads have yet to vouch for it; None where it signs in already, at the founding."""
    held = waiting_keyring(seat.pk)
    if held is None or held == signs_in_with(seat.public_id, program):
        return None
    vouched = {
        one.seat.public_id: one.seat.person_id for one in vouches_that_stand(RowsLog.of(program), held)
    }
    return WaitingKeyring(held, list(vouched), can_vouch(program, seat, today, vouched.values()))


def can_vouch(program: Program, seat: Seat, today: date, vouched: Iterable[int] = ()) -> list[str]:
    """List the seats of other leads who can vouch for a new key of a seat, but for the people who vouched already."""
    seats = Seat.objects.filter(public_id__in=may_sign_beside(program, {seat.public_id}, today))
    others = seats.exclude(person__in=[seat.person_id, *vouched])
    return sorted(others.values_list("public_id", flat=True))


def keyrings_today(program: Program, viewer: Viewer, today: date) -> list[tuple[Seat, LeadKey]]:
    """List the seats of a lead, the newest first, each with its keyring: also of earlier terms."""
    seats = Seat.objects.filter(cohort__program=program, person=viewer.person_id or 0)
    found = seats.select_related("cohort__program").order_by("-pk")
    made = [(one, keyring_of(one.pk)) for one in found if of_a_lead_today(one, today)]
    return [(seat, held) for seat, held in made if held]


def devices_of(rings: Iterable[LeadKey]) -> list[Device]:
    """List the devices that open these keyrings, the newest first. One query."""
    opened = {(one.seat_id, one.recipient) for one in rings}
    found = Device.objects.filter(seat__in=[seat for seat, _recipient in opened]).select_related("seat")
    return [one for one in found.order_by("-pk") if (one.seat_id, one.recipient) in opened]


def to_unlock(
    program: Program, rings: Sequence[tuple[Seat, LeadKey]], waits: WaitingKeyring | None = None
) -> dict[str, str]:
    """Give what a page needs so that a lead unlocks one of these keyrings on it: see islands/lib/leads/unlock.ts. One query.

    The one that waits for two leads is told apart: its words are right, and open nothing yet.
    """
    rings = [(seat, held) for seat, held in rings if waits is None or held != waits.held]
    devices = [
        {
            "seat": one.seat.public_id,
            "recipient": one.recipient,
            "passkey": one.passkey,
            "sealed": base64.b64encode(one.sealed).decode(),
        }
        for one in devices_of(held for _seat, held in rings)
    ]
    return {
        "keyrings": " ".join(base64.b64encode(held.keyring).decode() for _seat, held in rings),
        "seats": " ".join(seat.public_id for seat, _held in rings),
        "devices": json.dumps(devices),
        "waiting_ring": waits.sealed if waits else "",
        "six_words": PASSPHRASE if program.is_demonstration else "",
    }


def may_sign_beside(program: Program, lost: Iterable[str], today: date) -> list[str]:
    """List the seats that can sign today beside a lead who lost their key."""
    rows = RowsLog.of(program)
    able = [one for one in seated(rows, today) if is_in_force(rows, one, today)]
    return sorted(one for one in {*able}.difference(lost) if signing_key(rows, one))


def may_hold_keys(program: Program, today: date) -> list[str]:
    """List the seats to whose certified key one locks today: of leads who sit and hold no post, and of former ones who agreed.

    Of a lead who sits again it is the key of an earlier seat until their new one is certified.
    """
    every = [key.seat for key in keys_in_force(program)]
    serves = serving(program, {one.person_id for one in every}, today)
    keyed = [one for one in every if one.person_id not in serves]
    here = {one.person_id for one in keyed if sits(one, today)}
    agreed = {one.pk for one in former_leads(program, SECONDS, today)}
    again = {
        one.person_id: one.pk for one in keyed if one.person_id not in here and of_a_lead_today(one, today)
    }
    able = agreed | set(again.values())
    return sorted(one.public_id for one in keyed if sits(one, today) or one.pk in able)


def holders_shown(program: Program, lang: str, today: date) -> list[SeatShown]:
    """Show the seats to whose key one locks today, as everyone sees them: a lead who chooses them reads who pays each."""
    rows = Seat.objects.filter(cohort__program=program, public_id__in=may_hold_keys(program, today))
    loaded = rows.select_related("paid_by", "works_for", "person__profile").order_by("pk")
    return seats_shown(program, loaded, pack_of(program), lang, today)


def engagement_key(program: Program, engagement: str) -> EngagementKey | None:
    """Give the key of an engagement made last, or None."""
    keys = EngagementKey.objects.filter(program=program, engagement=engagement)
    return keys.select_related("program").order_by("-pk").first()


def held_by(program: Program, viewer: Viewer) -> set[str]:
    """Name the engagements whose key is locked to any seat of a lead. One query."""
    wraps = Wrap.objects.filter(key__program=program, seat__person=viewer.person_id or 0)
    return set(wraps.values_list("key__engagement", flat=True))


def _with_keys_in_force(program: Program) -> QuerySet[Wrap]:
    newest = LeadKey.objects.filter(seat=OuterRef("seat")).exclude(entry=None).order_by("-entry")
    wraps = Wrap.objects.filter(key__program=program, key__destroyed=None)
    return wraps.annotate(in_force=Subquery(newest.values("recipient")[:1]))


def shut_out(program: Program) -> QuerySet[Wrap]:
    """Give what is sealed to a key that another has taken the place of, and to no newer one: its lead opens it no more."""
    wraps = _with_keys_in_force(program).exclude(recipient=F("in_force"))
    return wraps.exclude(Exists(Wrap.objects.filter(key=OuterRef("key"), recipient=OuterRef("in_force"))))


@dataclass(frozen=True)
class NewKey:
    """A key that took the place of another: how many engagements it opens, and the keys of those that are left to share with it."""

    seat: Seat
    opened: int
    left: frozenset[int]

    @property
    def count(self) -> int:
        """Count the engagements that it opens or should."""
        return self.opened + len(self.left)


def new_keys(program: Program, **of: Any) -> list[NewKey]:
    """List the new keys with which leads have yet to share; `of` says of which seats. Some nine queries where there are any, else one.

    Nothing is left of an engagement whose bureau pays or employs the lead: the reader advises not to share it with them.
    """
    out = list(shut_out(program).filter(**of).select_related("seat", "key").order_by("seat__public_id"))
    if not out:
        return []
    asked = Engagement.objects.filter(program=program, slug__in={one.key.engagement for one in out})
    ties, size = ties_in(program, pack_of(program)), Log.objects.get(program=program).size
    left: dict[Seat, set[int]] = {}
    for course in asked.select_related("partner__unit"):
        for one in out:
            if one.key.engagement == course.slug and not _beside(course, [one.seat], ties, size):
                left.setdefault(one.seat, set()).add(one.key_id)
    opened = _with_keys_in_force(program).filter(recipient=F("in_force"), seat__in=left)
    count = Counter(seat for seat, _key in set(opened.values_list("seat", "key")))
    return [NewKey(seat, count[seat.pk], frozenset(keys)) for seat, keys in left.items()]


def _holding(program: Program, new: NewKey) -> QuerySet[Wrap]:
    """Give what opens, for other leads, what is left to share with a new key."""
    held = _with_keys_in_force(program).filter(recipient=F("in_force"), key__in=new.left)
    return held.exclude(seat__person=new.seat.person_id)


def keys_to_share_again(program: Program, viewer: Viewer, today: date) -> list[NewKey]:
    """List the new keys of other leads with which the viewer can share. Those queries of `new_keys`, and one for each."""
    own = viewer.person_id or 0
    out = new_keys(program, seat__public_id__in=may_hold_keys(program, today))
    return [one for one in out if _holding(program, one).filter(seat__person=own).exists()]


def can_share(program: Program, seat: Seat, today: date) -> tuple[NewKey, list[str]] | None:
    """Give the new key of a seat with which leads have yet to share, and the seats of those who can; None where nothing is left."""
    new = next(iter(new_keys(program, seat=seat)), None)
    if new is None:
        return None
    able = _holding(program, new).filter(seat__public_id__in=may_hold_keys(program, today))
    return new, sorted(set(able.values_list("seat__public_id", flat=True)))


def lists_signed(program: Program, promises: Collection[int]) -> dict[int, str]:
    """Give, by promise, the seat that signed the list of what was opened, where it waits for a second lead. One query."""
    lists = OpenedList.objects.filter(program=program, promise__in=promises, entry=None).order_by("pk")
    return dict(lists.values_list("promise", "seat__public_id"))


def keys_that_leave(program: Program, seat: Seat) -> list[str]:
    """Name the engagements whose key a lead holds, and nobody who has a seat for longer than theirs. One query.

    Each lead holds what is locked to any seat of theirs that was not removed, and goes on where they serve again.
    """
    seats = Seat.objects.filter(cohort__program=program)
    longer = seats.filter(Q(left_on=None) | Q(left_on__gt=seat.until_date), until_date__gt=seat.until_date)
    opens = Wrap.objects.filter(key=OuterRef("pk"), seat__in=seats.filter(not_removed()))
    held = EngagementKey.objects.filter(program=program, destroyed=None).order_by("pk")
    leaves = held.filter(
        Exists(opens.filter(seat__person=seat.person_id)),
        ~Exists(opens.filter(seat__person__in=longer.values("person"))),
    )
    return list(leaves.values_list("engagement", flat=True))


def wraps_for(key: EngagementKey, seat: str) -> list[Wrap]:
    """List an engagement's key as it is sealed to a seat: to the seat's key in force where any is, the last sealed first."""
    wraps = list(Wrap.objects.filter(key=key, seat__public_id=seat).order_by("-pk"))
    own = key_of_seat(seat, key.program)
    return [one for one in wraps if own and one.recipient == own.recipient] or wraps


def who_destroys(key: EngagementKey, today: date) -> list[Seat]:
    """List who may ask today that a key be destroyed: leads who sit and hold it; where none does, any lead who sits."""
    program = key.program
    seated = {
        one.public_id: one
        for one in Seat.objects.filter(sitting(today), cohort__program=program).select_related("person")
    }
    weigh = with_standing(program, today)
    able = [seated[one] for one in acting(program, list(seated), today) if one in weigh]
    held = set(Wrap.objects.filter(key=key).values_list("seat__public_id", flat=True))
    return destroyers(able, held) or able


def destruction_asked(key: EngagementKey) -> DestructionAsked | None:
    """Give who asked first that a key be destroyed, where it waits for a second lead."""
    return next(iter(who_asked(key)), None) if key.destroyed is None else None


def who_asked(key: EngagementKey) -> list[DestructionAsked]:
    """List who asked that a key be destroyed, as they pressed it, the first one first. One query."""
    asked = DestructionAsked.objects.filter(key=key).select_related("seat").order_by("pk")
    return [one for one in asked if is_pressed(one)]


def keys_kept_otherwise(*, program: Program, entries: Sequence[Entry]) -> set[int]:
    """Give the entries of keys that no entry destroyed, and that are destroyed here or lack a lead's wrap. Four queries."""
    log = RowsLog.of(program).read(EntryKind.ENGAGEMENT_PROMISED, EntryKind.KEY_DESTROYED)
    by_index = {one.index: one for one in entries}
    keys = EngagementKey.objects.filter(program=program, entry__in=by_index).prefetch_related("wraps__seat")
    wrong = set()
    for key in keys:
        promises = log.about(EntryKind.ENGAGEMENT_PROMISED, key.engagement)
        ends = {end.index for one in promises for end in log.citing(one.index, EntryKind.KEY_DESTROYED)}
        there = {one.seat.public_id for one in key.wraps.all()}
        lacks = not set(by_index[key.entry].data["wrapped_to"]) <= there
        if lacks if key.destroyed is None else key.destroyed not in ends:
            wrong.add(key.entry)
    return wrong


@dataclass(frozen=True)
class ToDestroy:
    """A key whose promised day to be destroyed has come, and the day on which another lead asked for it, where one did."""

    slug: str
    door: Door
    asked_on: date | None


def kept_long(program: Program, today: date) -> QuerySet[EngagementKey]:
    """Give the keys that are there, of engagements whose words were to be kept until about today or not so long."""
    kept = Engagement.objects.filter(program=program, voices_kept_until__lte=kept_until_at_most(today))
    return EngagementKey.objects.filter(program=program, destroyed=None, engagement__in=kept.values("slug"))


def keys_to_destroy(program: Program, viewer: Viewer, stand: Stand, today: date) -> list[ToDestroy]:
    """List the keys that a lead can ask to destroy today, as was promised, and has not; none while a legal hold stands.

    One query, and some for each key whose day has come.
    """
    keys = kept_long(program, today).select_related("program")
    last = {one.engagement: one for one in keys.order_by("pk")}
    doors = {slug: door for slug in last if (door := door_of(program, slug, stand))}
    ready = [slug for slug, door in doors.items() if door.course.is_to_be_destroyed(today)]
    if not ready or is_under_hold(program):
        return []
    found = []
    for slug in ready:
        may = who_destroys(last[slug], today)
        asked = [one for one in who_asked(last[slug]) if one.seat in may]
        if viewer.person_id in {one.person_id for one in may} - {one.seat.person_id for one in asked}:
            found.append(ToDestroy(slug, doors[slug], asked[0].asked_on if asked else None))
    return found


PAGE = 200
#: So many bytes of each voice are listed: all of one without sound, and the text of one with it.
BEGINNING = sealed_size(BUCKETS[-1])


def voices_page(
    program: Program, promise: int, after: str, size: int = PAGE, *, aside: bool = False
) -> list[tuple[str, bytes, bool]]:
    """List sealed voices in the order of their marks, after a mark: mark, sealed bytes, whether those are the beginning alone.

    No date: readers need none. What two leads set aside is listed only where `aside` asks for it.
    """
    voices = Voice.objects.filter(program=program, promise=promise, mark__gt=after).order_by("mark")
    if not aside:
        voices = voices.exclude(pk__in=left_out(program, promise))
    begins = Substr("sealed", 1, BEGINNING, output_field=BinaryField())
    rows = voices.values_list("mark", begins, "bucket")[:size]
    return [(mark, bytes(sealed), bucket > BUCKETS[-1]) for mark, sealed, bucket in rows]


def sealed_voice(program: Program, promise: int, mark: str) -> bytes:
    """Give one sealed voice, whole; nothing where none is here under this mark."""
    found = Voice.objects.filter(program=program, promise=promise, mark=mark).values_list("sealed", flat=True)
    return bytes(found.first() or b"")


def left_out(program: Program, promise: int) -> QuerySet[SetAside, Any]:
    """Give the voices of an engagement that two people set aside: people, not seats."""
    said = SetAside.objects.filter(voice__program=program, voice__promise=promise).order_by().values("voice")
    return said.annotate(people=Count("seat__person", distinct=True)).filter(people__gte=2).values("voice")


def notebook(program: Program, promise: int) -> list[SealedNote]:
    """List the leads' sealed notes on an engagement, as they were last saved first; nothing where there are none."""
    return list(SealedNote.objects.filter(program=program, promise=promise).order_by("-revision"))


def waiting_lists(program: Program, promise: int) -> list[OpenedList]:
    """List the lists of opened voices that wait for a second lead, as the first one signed them. Five queries for each."""
    rows = OpenedList.objects.filter(program=program, promise=promise, entry=None)
    lists = list(rows.select_related("seat", "program").order_by("pk"))
    rows_log = RowsLog.of(program)
    return [one for one in lists if is_pressed(one) and still_signs(rows_log, one.seat.public_id, one.signed)]


def reader_seat(program: Program, public_id: str, today: date) -> Seat | None:
    """Give a seat that may use the reader today, or None: it is taken, or was by who sits again, neither is suspended, and its lead holds no post.

    A former lead who agreed to be a second lead uses it while something waits for one.
    """
    found = Seat.objects.filter(cohort__program=program, public_id=public_id)
    seat = found.select_related("person", "cohort__program").first()
    if seat is None or not seat.person.is_active:
        return None
    if suspended(program, {public_id, seat_today(seat, today).public_id}, today):
        return None
    if serving(program, {seat.person_id}, today):
        return None
    return seat if of_a_lead_today(seat, today) or awaits(program, seat, today) else None


def desk_of(program: Program, lang: str, seat: Seat, today: date) -> list[dict[str, Any]]:
    """List every engagement as a lead's reader shows it: drafts that need a key, and those whose voices can be read."""
    engagements = Engagement.objects.filter(program=program).select_related("partner__unit").order_by("-pk")
    keys = keys_in_force(program)
    recipients = {one.seat_id: one.recipient for one in keys}
    made = {entry.index: entry for entry in RowsLog.of(program).every(EntryKind.KEY_MADE)}
    ties, size = ties_in(program, pack_of(program)), Log.objects.get(program=program).size
    return [
        _on_desk(program, one, lang, seat, today, recipients, made)
        | {"beside": _beside(one, [key.seat for key in keys], ties, size), "next": _next(one, lang, today)}
        for one in engagements
    ]


def _next(engagement: Engagement, lang: str, today: date) -> list[dict[str, Any]]:
    """Give what opens a draft next, each step with who takes it: seats, or the name of the unit that signs; nothing where any lead does."""
    if engagement.promise is not None:
        return []
    progress, partner = progress_of(engagement, today), engagement.partner
    unit = pack_of(engagement.program).unit_name(partner.unit.slug, lang) if partner else ""
    pools = {SIGNERS: [unit], LEADS: []}
    return [
        {
            "what": step.what,
            "who": progress.keyholders(step) if step.who == KEYHOLDERS else pools.get(step.who, [step.who]),
        }
        for step in progress.steps(today)
    ]


def _beside(engagement: Engagement, seats: Collection[Seat], ties: Ties, size: int) -> list[str]:
    """Name the seats of leads whom the bureau that is asked pays or employs, or did since it promised."""
    if engagement.partner is None:
        return []
    units, start = [engagement.partner.unit.slug], size if engagement.promise is None else engagement.promise
    return sorted(one.public_id for one in seats if ties.is_beside(one, units, start))


def _on_desk(
    program: Program,
    engagement: Engagement,
    lang: str,
    seat: Seat,
    today: date,
    recipients: Mapping[int, str],
    made: Mapping[int, Entry],
) -> dict[str, Any]:
    key = engagement_key(program, engagement.slug)
    tested = [one.seats[0] for one in tests_of(key)] if key else []
    wraps = list(Wrap.objects.filter(key=key).select_related("seat")) if key else []
    held = [one for one in wraps if one.recipient == recipients.get(one.seat_id, one.recipient)]
    door = door_of(program, engagement.slug)
    if door is None and not any(of_a_lead_today(one.seat, today) for one in held):
        key, held, tested = None, [], []  # Nobody of today can share it, so leads make another.
    course = course_at(door.promise.index, RowsLog.of(program)) if door else None
    asked = destruction_asked(key) if key else None
    return {
        "slug": engagement.slug,
        "title": title_of(engagement, lang)[0],
        "promise": engagement.promise,
        "recipient": key.recipient if key else None,
        "made": _as_sent(made[key.entry]) if key else None,
        "holders": sorted({one.seat.public_id for one in held}),
        "given": sorted({one.seat.public_id for one in held if one.by_id == seat.pk}),
        "destroy_from": course.destroy_from.isoformat() if course else None,
        "may_destroy": bool(course and today >= course.destroy_from and not course.is_taking(today)),
        "asked": _asked_to_destroy(asked, seat) if asked else None,
        "tested": sorted(tested),
        "taken": taken_in(program, door.promise.index) if door else 0,
        "cap": door.promise.data["cap"] if door else engagement.cap,
        "destroyed": bool(key and key.destroyed is not None),
        "until": last_day_to_speak(course, today) if course else "",
    }


def _asked_to_destroy(asked: DestructionAsked, seat: Seat) -> dict[str, Any]:
    """Give who asked that a key be destroyed, why, and what their reader signed of it."""
    kept = asked.signed
    signed = kept.get("signed", {}).get(asked.seat.public_id)
    part = {"v": VERSION, "nonce": kept["nonce"], "seed": kept["seed"], "signed": signed} if signed else None
    said = {"seat": seat_as_seen(asked.seat, seat), "ground": asked.ground, "lang": asked.lang}
    return said | {"by": asked.seat.public_id, "part": part}


def last_day_to_speak(course: EngagementState, today: date) -> str:
    """Give the last day to speak as people read it; nothing where nobody can speak any more."""
    return day_in_words(course.closes_if_resumed(today)) if course.is_taking(today) else ""


def _as_sent(made: Entry) -> dict[str, Any]:
    """Give the entry of a key as the reader judges it: who signed what."""
    return {"index": made.index, "by": list(made.by), "data": made.data}


def form_asked(program: Program, engagement: Engagement, door: Door) -> Mapping[str, Any]:
    """Give the form on the record. Where that was taken down, the one it was drafted in, so that leads can still tell what was answered.

    The reader compares its hash with the promise's and shows no other.
    """
    at = door.promise.index
    return frozen_form(entry_views(program, [at], door.promise.data["languages"][0])[at]) or asked_of(
        engagement
    )


def engagements_sealed_to(
    program: Program, rings: Sequence[tuple[Seat, LeadKey]], lang: str
) -> list[tuple[str, str]]:
    """List the engagements that are promised and whose key is there for one of these seats: slug and title, the newest first. Two queries."""
    seats = [seat for seat, _ring in rings]
    wraps = Wrap.objects.filter(key__program=program, key__destroyed=None, seat__in=seats)
    found = Engagement.objects.filter(program=program, slug__in=wraps.values("key__engagement"))
    return [(one.slug, title_of(one, lang)[0]) for one in found.exclude(promise=None).order_by("-promise")]


def sealed_to(program: Program, rings: Sequence[tuple[Seat, LeadKey]], slug: str) -> Saved | None:
    """Give the first line of the file of what people sealed, for the first of these seats that has its key; None where none does.

    Raises Refused while no signed head holds all that the file rests on.
    """
    door, key = door_of(program, slug), engagement_key(program, slug)
    held = [(seat, ring, wraps) for seat, ring in rings if key and (wraps := wraps_for(key, seat.public_id))]
    engagement = engagement_of(program, slug)
    if door is None or key is None or engagement is None or not held:
        return None
    seat, ring, wraps = held[0]
    at, act = door.promise.index, _act_of(door.promise)
    titled = PublicText.objects.filter(log__program=program, entry__in=act, about=at, name="title")
    titles = {
        one.entry: {"lang": one.lang, "salt": bytes(one.salt).hex(), "words": one.words}
        for one in titled.order_by("entry")
    }
    head, entries = _under_a_head(program, {*act, key.entry, *(one["index"] for one in key_entries(program))})
    return Saved(
        origin=program.origin,
        seat=seat.public_id,
        keyring=base64.b64encode(ring.keyring).decode(),
        wraps=[base64.b64encode(one.sealed).decode() for one in wraps],
        head=head.note,
        vkey=head.log.vkey,
        entries=entries,
        made=key.entry,
        promise=at,
        form=form_asked(program, engagement, door),
        title=titles.pop(at, {}),
        titles=[*titles.values()],
    )


def _act_of(entry: Entry) -> range:
    """Give the places of what leads signed together with an entry, which stands first among them."""
    return range(entry.index, entry.index + entry.act.get("of", 1))


def _under_a_head(program: Program, indices: Collection[int]) -> tuple[Head, list[dict[str, Any]]]:
    """Give entries of the log with the way from each to the root of a signed head, and that head; raise Refused while none holds them all."""
    head = head_at_least(program, max(indices))
    if head is None:
        raise Refused(
            _("The public log has not signed yet what this file is based on. Save it again in half an hour.")
        )
    rows = RowsLog.of(program)
    lines = LogEntry.objects.filter(log__program=program, index__in=indices).order_by("index")
    entries = [
        {
            "index": line.index,
            "entry": bytes(line.raw).decode(),
            "path": [step.hex() for step in rows.path(line.index, head.size)],
        }
        for line in lines
    ]
    return head, entries


def every_voice(program: Program, promise: int) -> Iterator[tuple[str, bytes]]:
    """Give each sealed voice, whole, in the order of their marks; not what two leads set aside. A file of them is written as it is read."""
    voices = Voice.objects.filter(program=program, promise=promise).order_by("mark")
    rows = voices.exclude(pk__in=left_out(program, promise)).values_list("mark", "sealed")
    for mark, sealed in rows.iterator(chunk_size=VOICES_AT_ONCE):
        yield mark, bytes(sealed)


#: One with sound has two megabytes.
VOICES_AT_ONCE = 20


def to_read(program: Program, engagement: Engagement, door: Door, lang: str, today: date) -> dict[str, Any]:
    """Give what a reader needs to open and judge the voices of one engagement; all of it is public, and what was promised stands in what leads signed."""
    pack = pack_of(program)
    act = _act_of(door.promise)
    lines = LogEntry.objects.filter(log__program=program, index__in=act).order_by("index")
    published = RowsLog.of(program).citing(door.promise.index, EntryKind.VOICES_PUBLISHED)
    return {
        "slug": engagement.slug,
        "promise": door.promise.index,
        "signed": [{"index": one.index, "entry": bytes(one.raw).decode()} for one in lines],
        "form": form_asked(program, engagement, door),
        "lang": lang,
        "bands": list(pack.bands),
        "until": last_day_to_speak(door.course, today),
        "waiting": Voice.objects.filter(program=program, promise=door.promise.index).count(),
        "aside": left_out(program, door.promise.index).count(),
        "published": [mark for entry in published for mark in entry.data["marks"]],
        "map": next(
            (one.index for one in RowsLog.of(program).citing(door.promise.index, EntryKind.MAP_DRAWN)), None
        ),
    }


def engagement_of(program: Program, slug: str) -> Engagement | None:
    """Give an engagement of a program by its slug, or None."""
    return Engagement.objects.filter(program=program, slug=slug).first()
