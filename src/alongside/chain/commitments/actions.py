"""Claim a delivery; check a claim. Kept means that two leads whom its bureau neither pays nor employs, nor did since, say so (promise 5)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.commitments.models import Check
from alongside.chain.commitments.queries import (
    checkers_for,
    checks_of,
    may_check_claim,
    nobody_checks,
    unchecked,
)
from alongside.cohort.seats.actions import ask_second, second_came
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting, of_a_lead_today, sits, too_new
from alongside.cohort.seats.queries.seconds import body_is_second, new_until, ties_in
from alongside.core.clocks import local_date, silence_stages
from alongside.core.entries import Entry
from alongside.core.grammar.commitments import (
    ALSO_LOOKED,
    CHECKERS,
    LOOKED,
    lowest,
    stakes_in,
    who_could_check,
)
from alongside.core.grammar.seats import was_held_briefly
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.core.workflow.commitments import KEPT
from alongside.ground.gate.presses import mark_of
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, posts_of
from alongside.ground.record.actions.entries import Draft, Text, append, next_day, sign_ahead, tell_once
from alongside.ground.record.acts import OutdatedSignatureError, Part, nonce_about, still_signs
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log, MilestoneStanding
from alongside.ground.record.persons import refuse_city_people
from alongside.ground.record.queries import entries_at, texts_going
from alongside.ground.record.rows import RowsLog


@appends(EntryKind.COMMITMENT_LATE)
@transaction.atomic
def tell_delay(*, program: Program, commitment: int, milestone: str, now: datetime) -> int:
    """Tell that a milestone is late, unless that was told; give how much was told.

    Each night, and before a delivery is claimed after its day (promise 4). After missed runs of the clock one entry tells
    the delay as it is today, at the latest stage that is due.
    """
    log = Log.objects.select_for_update().get(program=program)
    today = next_day(program, now)
    rows = MilestoneStanding.objects.filter(log=log, commitment=commitment, milestone=milestone)
    standing = rows.first()
    draft = delay(standing, today, pack_of(program)) if standing else None
    return int(draft is not None and tell_once(program=program, draft=draft, now=now) is not None)


@appends(EntryKind.COMMITMENT_LATE)
def delay(standing: MilestoneStanding, today: date, pack: Pack) -> Draft | None:
    """Say how late a milestone is, at the latest stage that has come; None where it is not late."""
    stages = silence_stages(standing.due, pack, today) if standing.is_late(today) else []
    if not stages:
        return None
    label, days = stages[-1].label, (today - standing.due).days
    data = {"milestone": standing.milestone, "office": standing.office, "days": days, "stage": label}
    cites = {"commitment": [standing.commitment]}
    return Draft(kind=EntryKind.COMMITMENT_LATE, by=["clock"], data=data, cites=cites)


@appends(EntryKind.DELIVERY_CLAIMED, EntryKind.COMMITMENT_LATE)
@transaction.atomic
def claim_delivery(
    *,
    program: Program,
    commitment: int,
    milestone: str,
    office: str,
    words: str,
    lang: str,
    links: Sequence[str] = (),
    now: datetime,
) -> Entry:
    """Say that a milestone is done, and show it with words and links. Leads will look."""
    tell_delay(program=program, commitment=commitment, milestone=milestone, now=now)
    texts = {"claim": Text(lang, words)} | ({"links": Text(NO_LANGUAGE, "\n".join(links))} if links else {})
    draft = Draft(
        kind=EntryKind.DELIVERY_CLAIMED,
        by=[office],
        data={"milestone": milestone},
        cites={"commitment": [commitment]},
        texts=texts,
    )
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED)
@transaction.atomic
def check_delivery(
    *,
    program: Program,
    claim: int,
    seat: Seat,
    completion: str,
    words: str,
    lang: str,
    now: datetime,
) -> Entry | None:
    """Keep a lead's check of a claim; when a second lead agrees whether it is kept, enter it on the record.

    Gives the entry, or None while a second lead is awaited. The completion entered is the lower of the two. Raises
    Refused for a lead whom the bureau that promised pays or employs, or did since, or where the claim is checked already.
    """
    today = local_date(now, pack_of(program))
    kept = completion in KEPT
    standing = refuse_unless_checkable(program, claim, seat, today, kept=kept)
    said = {"completion": completion, "words": words, "lang": lang, "checked_on": today}
    # What somebody said in an earlier place is replaced: nobody speaks twice, and nobody's first word outlives the second.
    earlier = Check.objects.filter(program=program, claim=claim, seat__person=seat.person_id)
    earlier.exclude(seat=seat).delete()
    part = _part_of(program, standing, seat, completion, lang, words, now)
    said["signed"] = part.kept
    check, _new = Check.objects.update_or_create(program=program, claim=claim, seat=seat, defaults=said)
    check.mark = mark_of(check)
    check.save(update_fields=["mark"])
    if entry := _enter_what_suffices(program, standing, today, now, kept=kept, signer=part):
        return entry
    part.wait()
    ask_second(program=program, step="check", about=claim, seat=seat, today=today)
    return None


@appends(EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED)
@transaction.atomic
def enter_where_two_agree(*, program: Program, claim: int, now: datetime) -> int:
    """Enter what leads saw where two agree by now, though nobody presses: one was suspended, or another took back what they saw.

    Gives how much was entered. Where two agree on each side, it is not kept.
    """
    today, standing = local_date(now, pack_of(program)), _unchecked(program, claim)
    try:
        with transaction.atomic():
            return int(
                any(_enter_what_suffices(program, standing, today, now, kept=kept) for kept in (False, True))
            )
    except OutdatedSignatureError:  # it waits until they confirm it again
        return 0


def _part_of(
    program: Program,
    standing: MilestoneStanding,
    seat: Seat,
    completion: str,
    lang: str,
    words: str,
    now: datetime,
) -> Part:
    """Give what a lead signs of what they saw, whoever else looked."""
    return sign_ahead(
        program=program,
        drafts=[_checked(standing, [(seat.public_id, completion, lang, words)])],
        nonce=nonce_about("check", program.origin, standing.claim),
        now=now,
    )


def _enter_what_suffices(
    program: Program,
    standing: MilestoneStanding,
    today: date,
    now: datetime,
    *,
    kept: bool,
    signer: Part | None = None,
) -> Entry | None:
    """Enter the checks of two who say the same; None where they are too few, or another lead of today must settle it."""
    counts = _of_different_people(program, standing, today)
    same = _those_who_suffice(program, standing, counts, today, kept=kept)
    if len(same) < CHECKERS:
        return None
    looked = [(one.seat.public_id, one.completion, one.lang, one.words) for one in same[:CHECKERS]]
    parts = {one.seat.public_id: one.signed for one in same[:CHECKERS]}
    return _enter(program, standing, looked, now, parts, signer)


def _those_who_suffice(
    program: Program, standing: MilestoneStanding, counts: Sequence[Check], today: date, *, kept: bool
) -> list[Check]:
    """List the checks that say the same, those of leads of today first; none that another lead of today must still settle.

    Where two leads of today could look, one of them is among those who do, and nobody else takes the place of one who saw
    it otherwise.
    """
    of_today = [one for one in counts if sits(one.seat, today)]
    same = [one for one in of_today if one.is_kept == kept]
    if len(same) >= CHECKERS:
        return same
    looked = _within_ties(program, standing)  # also who was suspended since
    if any(one.is_kept != kept and of_a_lead_today(one.seat, today) for one in looked):
        return []
    others = [one for one in counts if one not in of_today and one.is_kept == kept]
    rows = RowsLog.of(program)
    claim, made = rows.get(standing.claim or 0), rows.get(standing.commitment)
    units = stakes_in(claim, made, rows, bound=True) if claim and made else standing.bound
    could = who_could_check(rows, today, standing.commitment, units)  # as the record counts them
    return same + others if same or len(could) < CHECKERS else []


@appends()
@transaction.atomic
def take_back_check(*, program: Program, claim: int, person: Person) -> None:
    """Take back what a lead saw, for as long as it waits for a second one; another lead's check stands."""
    _unchecked(program, claim)
    Check.objects.filter(program=program, claim=claim, seat__person=person).delete()
    second_came(program=program, step="check", about=claim)
    for one in checks_of(program, claim=claim)[:1]:
        ask_second(program=program, step="check", about=claim, seat=one.seat, today=one.checked_on)


@appends(EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED)
@transaction.atomic
def check_as_body(
    *,
    program: Program,
    claim: int,
    body: str,
    completion: str,
    words: str,
    lang: str,
    now: datetime,
) -> Entry:
    """Enter the check of the community body beside that of the lead who looked, or alone where nobody else can check.

    Raises Refused while leads or former leads can check it, and where the lead who looked saw it otherwise.
    """
    today, standing = local_date(now, pack_of(program)), _unchecked(program, claim)
    looked, kept = [(body, completion, lang, words)], completion in KEPT
    parts: dict[str, Any] = {}
    counts = _of_different_people(program, standing, today)
    theirs_first = Refused(
        _(
            "As far as the public log tells, leads can check this, so it is theirs first. It is yours when one has looked and no "
            "second can, or when all leads have said on the log why they cannot."
        )
    )
    if counts and body_is_second(program, body, "check", str(claim), today):
        same = _those_who_suffice(program, standing, counts, today, kept=kept)
        if not same and all(one.is_kept == kept for one in counts):
            raise theirs_first
        if not same:
            raise Refused(
                _("The lead who looked saw it otherwise. It counts only when two agree; look at it together.")
            )
        first = same[0]
        looked.insert(0, (first.seat.public_id, first.completion, first.lang, first.words))
        parts = {first.seat.public_id: first.signed}
    elif body != pack_of(program).body or not nobody_checks(program, standing, today):
        raise theirs_first
    return _enter(program, standing, looked, now, parts)


def _enter(
    program: Program,
    standing: MilestoneStanding,
    looked: Sequence[tuple[str, str, str, str]],
    now: datetime,
    parts: Mapping[str, Mapping[str, Any]],
    signer: Part | None = None,
) -> Entry:
    """Enter a check by these actors, each with how complete it is, a language and words; `parts` are what leads signed of it, by seat."""
    second_came(program=program, step="check", about=standing.claim or 0)
    draft = _checked(standing, looked)
    entry = append(program=program, drafts=[draft], now=now, kept=parts, signer=signer)[0]
    Check.objects.filter(program=program, claim=standing.claim or 0).update(signed={})
    return entry


def _checked(standing: MilestoneStanding, looked: Sequence[tuple[str, str, str, str]]) -> Draft:
    """Write the entry of a check; the lower completion counts."""
    saw = {actor: completion for actor, completion, _lang, _words in looked}
    counts = lowest(saw.values())
    return Draft(
        kind=EntryKind.DELIVERY_VERIFIED if counts in KEPT else EntryKind.DELIVERY_DISPUTED,
        by=[actor for actor, _completion, _lang, _words in looked],
        data={"milestone": standing.milestone, "completion": counts, "saw": saw},
        cites={"claim": [standing.claim or 0]},
        texts={
            name: Text(lang, words)
            for name, (_by, _completion, lang, words) in zip((LOOKED, ALSO_LOOKED), looked, strict=False)
        },
    )


@appends()
def empty_copies(*, program: Program, entries: Sequence[Entry]) -> None:
    """Empty our copy of what a lead saw, where these entries take it down; the record holds how it was judged."""
    gone = {(one.about, one.words) for one in texts_going(program, entries)}
    told = entries_at(program, {about for about, _words in gone})
    for about, words in gone:
        if claim := told[about].cites.get("claim"):
            Check.objects.filter(program=program, claim=claim[0], words=words).update(words="", signed={})


def _of_different_people(program: Program, standing: MilestoneStanding, today: date) -> list[Check]:
    """List the checks that count today, one a person, their last: whoever sat in two cohorts counts once.

    Each stands under the place in which its lead sits today, where they could check in that one.
    """
    found = {one.seat.public_id: one for one in reversed(_within_ties(program, standing))}
    rows = RowsLog.of(program)
    last = [found[seat] for seat in acting(program, list(found), today, after_term=True)]
    last = [one for one in last if not was_held_briefly(rows, one.seat.public_id, today)]
    for one in (one for one in last if not sits(one.seat, today)):
        able = checkers_for(program, standing, today, kept=one.is_kept)
        one.seat = next((seat for seat in able if seat.person_id == one.seat.person_id), one.seat)
    last = [one for one in last if still_signs(rows, one.seat.public_id, one.signed)]
    return sorted(last, key=lambda one: one.pk)


def _within_ties(program: Program, standing: MilestoneStanding) -> list[Check]:
    """List the checks of a claim, but of no lead who was said after they looked to be paid or employed by the bureau.

    Unless the steward alone said so and the lead saw that it was not kept.
    """
    ties = ties_in(program, pack_of(program))
    looked = checks_of(program, claim=standing.claim or 0)
    return [one for one in looked if ties.may_check(one.seat, standing, kept=one.is_kept)]


def _refuse_ties(program: Program, seat: Seat, standing: MilestoneStanding, *, kept: bool) -> None:
    """Raise Refused for a lead of whom it is not said who pays them, or whom the bureau that promised pays or employs."""
    ties = ties_in(program, pack_of(program))
    if not ties.is_payer_told(seat):
        raise Refused(
            _(
                "Nobody has said who pays your place, so you cannot check yet. Say it on the page “Who pays me”."
            )
        )
    if not ties.may_check(seat, standing, kept=kept):
        if ties.keeps(seat, standing) == "passed":
            raise Refused(
                _(
                    "For a time this was with a bureau that pays or employs you, or did, or the program coordinator says so. So you can say "
                    "that it is not done, and other leads must say that it is."
                )
            )
        if ties.may_look(seat, standing):
            raise Refused(
                _(
                    "The program coordinator said that the bureau that promised this pays you, or did at some time since. So you can say "
                    "that it is not done, and other leads must say that it is."
                )
            )
        raise Refused(
            _(
                "The bureau that promised this pays or employs you, or did, or you ran the program. So another lead must check it."
            )
        )


def _unchecked(program: Program, claim: int) -> MilestoneStanding:
    """Give where the milestone of a claim stands, or raise Refused where that claim waits for no check."""
    standing = unchecked(program).filter(claim=claim).first()
    if standing is None:
        raise Refused(_("This claim is checked, or a newer one stands in its place; look at the thread."))
    return standing


def refuse_unless_checkable(
    program: Program, claim: int, seat: Seat, today: date, *, kept: bool
) -> MilestoneStanding:
    """Raise Refused unless this seat may say now that this claim is kept, or is not; give where its milestone stands."""
    standing = _unchecked(program, claim)
    _refuse_ties(program, seat, standing, kept=kept)
    if first := new_until(program, seat.public_id, today):
        raise Refused(too_new(first))
    if any(post.unit_slug == standing.unit for post in posts_of(seat.person_id, program, today)):
        raise Refused(
            _("You hold an office in the bureau that promised this, so another lead must check it.")
        )
    refuse_city_people(program, {seat.public_id: seat.person_id}, today)
    rows = RowsLog.of(program)
    commitment = rows.get(standing.commitment)
    if commitment is None or not may_check_claim(seat, commitment.date, standing, today):
        raise Refused(
            _(
                "Your place is over. You can check what your cohort was promised if you agree to be asked: "
                "do it on the page “Goodbye, and thank you”. Else a lead of today checks it."
            )
        )
    if was_held_briefly(rows, seat.public_id, today):
        raise Refused(
            _("Your place was over within a month. Somebody who was a lead for longer checks this.")
        )
    if rows.get(claim) is None:
        raise Refused(_("This claim is not on the public log; open the thread again."))
    return standing
