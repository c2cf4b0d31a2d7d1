"""Read the keys of leads and of engagements: who has one, who vouches for it, what it opens, and who destroys it."""

import base64
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from alongside.chain.keys.models import DestructionAsked, Device, EngagementKey, LeadKey, Vouch, Wrap
from alongside.chain.voices.queries import Door, door_of
from alongside.cohort.seats.models import SECONDS, Seat
from alongside.cohort.seats.queries.cohorts import SeatShown, seats_shown
from alongside.cohort.seats.queries.seats import acting, not_removed, of_a_lead_today, sits, sitting
from alongside.cohort.seats.queries.seconds import (
    Ties,
    destroyers,
    former_leads,
    seconds_awaited,
    ties_in,
    with_standing,
)
from alongside.core.entries import Entry
from alongside.core.grammar.keys import first_key, founding, signing_key
from alongside.core.grammar.seats import is_in_force, seated
from alongside.core.kinds import EntryKind
from alongside.core.sealing.leads import is_signed, vouch_statement
from alongside.core.workflow.engagements import kept_until_at_most
from alongside.ground.gate.presses import is_pressed
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, serving
from alongside.ground.record.models import Log
from alongside.ground.record.queries import Stand, is_under_hold
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Engagement

#: What opens the keyring of every demonstration lead. A real one is drawn in the reader and never sent.
PASSPHRASE = "demonstration words only never for real"  # noqa: S105 -- shown to every visitor of the demonstration


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
    """A key that took the place of another: how many engagements it opens, the keys of those that are left to share with it, and what is left out.

    Left out is what the reader advises not to share: the bureau that is asked there pays or employs the lead.
    """

    seat: Seat
    opened: int
    left: frozenset[int]
    beside: tuple[Engagement, ...]

    @property
    def count(self) -> int:
        """Count the engagements that it opens, those that it should and those that are left out: all that leads opened before."""
        return self.opened + len(self.left) + len(self.beside)


def new_keys(program: Program, **of: Any) -> list[NewKey]:
    """List the new keys with which leads have yet to share; `of` says of which seats. Some nine queries where there are any, else one."""
    out = list(shut_out(program).filter(**of).select_related("seat", "key").order_by("seat__public_id"))
    if not out:
        return []
    asked = Engagement.objects.filter(program=program, slug__in={one.key.engagement for one in out})
    ties, size = ties_in(program, pack_of(program)), Log.objects.get(program=program).size
    left: dict[Seat, set[int]] = {}
    out_of: dict[Seat, dict[str, Engagement]] = {}
    for course in asked.select_related("partner__unit").order_by("pk"):
        for one in out:
            if one.key.engagement != course.slug:
                continue
            if beside(course, [one.seat], ties, size):
                out_of.setdefault(one.seat, {})[course.slug] = course
            else:
                left.setdefault(one.seat, set()).add(one.key_id)
    opened = _with_keys_in_force(program).filter(recipient=F("in_force"), seat__in=left)
    count = Counter(seat for seat, _key in set(opened.values_list("seat", "key")))
    return [
        NewKey(seat, count[seat.pk], frozenset(keys), tuple(out_of.get(seat, {}).values()))
        for seat, keys in left.items()
    ]


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


def beside(engagement: Engagement, seats: Collection[Seat], ties: Ties, size: int) -> list[str]:
    """Name the seats of leads whom the bureau that is asked pays or employs, or did since it promised."""
    if engagement.partner is None:
        return []
    units, start = [engagement.partner.unit.slug], size if engagement.promise is None else engagement.promise
    return sorted(one.public_id for one in seats if ties.is_beside(one, units, start))
