"""Seat a cohort and look after its seats: charter, profiles, moves, removals, goodbyes."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import (
    Alternate,
    CalendarKey,
    CharterDraft,
    Cohort,
    InReach,
    LastWords,
    PutOff,
    Reminded,
    Removal,
    RoleHeld,
    Seat,
    SecondAsked,
    Vacancy,
)
from alongside.cohort.seats.queries import charters, cohorts, goodbyes, seats, seconds
from alongside.core.clocks import appeal_due, local_date
from alongside.core.entries import Entry
from alongside.core.grammar.charter import CHARTER_TEXTS
from alongside.core.grammar.seat_removals import appeals_from
from alongside.core.grammar.seats import (
    left_on,
)
from alongside.core.grammar.ties import NOBODY, OUTSIDE, SERVED
from alongside.core.grammar.vacancies import VACANCIES, cohort_of, empty_since
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.words import as_seen, has_words
from alongside.core.workflow.seat_removals import APPEAL_DECIDED, Ruling
from alongside.core.workflow.seconds import WAIT_DAYS
from alongside.ground.people.actions import find_or_make_person, hide_profile, write_profile
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import note
from alongside.ground.programs.models import STEWARD, Did, Doer, Program, Unit
from alongside.ground.programs.queries import ever_ran, every_program, held_ever, pack_of, stewards_on
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.actions.words import renew_pages
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import erase_rows, translate_all
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart

#: For so long at most a step is put off.
LONGEST_PUT_OFF = timedelta(days=92)


@appends()
def save_charter(
    *,
    cohort: Cohort,
    words: Mapping[str, Mapping[str, str]],
    appeals_to: str,
    alarms_to: str,
    now: datetime,
) -> CharterDraft:
    """Keep a charter that is being written. `words` maps a language to its parts; the first is the original."""
    kept = {lang: dict(parts) for lang, parts in words.items()}
    values = {"words": kept, "appeals_to": appeals_to, "alarms_to": alarms_to, "saved_at": now}
    return CharterDraft.objects.update_or_create(cohort=cohort, defaults=values)[0]


@appends(EntryKind.CHARTER_ADOPTED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def adopt_charter(*, draft: CharterDraft, now: datetime) -> Entry:
    """Put the charter up to be signed; from here on its words cannot change. A later one replaces it."""
    cohort = draft.cohort
    lang = next(iter(draft.words), "en")
    first = draft.words.get(lang, {})
    if not all(has_words(first.get(name, "")) for name in CHARTER_TEXTS):
        raise Refused(_("A part of the group agreement has no words. Write every part first."))
    if not draft.appeals_to or not draft.alarms_to:
        raise Refused(_("Name who hears appeals, and who hears alarms."))
    before = charters.charter_now(cohort, lang)
    data = {"cohort": cohort.slug, "appeals_to": draft.appeals_to, "alarms_to": draft.alarms_to}
    cites = {"cohort": [cohort.entry], "replaces": [before.index] if before else []}
    texts = {name: Text(lang, first[name]) for name in CHARTER_TEXTS}
    entry = append(
        program=cohort.program,
        drafts=[Draft(kind=EntryKind.CHARTER_ADOPTED, by=["steward"], data=data, cites=cites, texts=texts)],
        now=now,
    )[0]
    translate_all(program=cohort.program, entry=entry.index, by="steward", words=draft.words, now=now)
    CharterDraft.objects.filter(pk=draft.pk).delete()
    return entry


@appends(EntryKind.CHARTER_SIGNED)
@transaction.atomic
def sign_charter(*, cohort: Cohort, by: str, read: str, now: datetime) -> Entry:
    """Sign the charter that stands. `read` is the hash of what the signer had before their eyes."""
    charter = charters.charter_now(cohort, "en")
    if charter is None or read != charter.hash:
        raise Refused(_("The group agreement is not the one you read. Read it again; then sign it."))
    if by in charter.signed:
        raise Refused(_("You have signed this group agreement; once is enough."))
    draft = Draft(
        kind=EntryKind.CHARTER_SIGNED, by=[by], data={"hash": read}, cites={"charter": [charter.index]}
    )
    return append(program=cohort.program, drafts=[draft], now=now)[0]


@appends()
@transaction.atomic
def say_last_words(
    *, seat: Seat, worked: str, did_not: str, again: str, readers: str, lang: str, now: datetime
) -> LastWords:
    """Keep what a lead says when they go. It is erased as messages are, counted from the end of the cohort's term."""
    pack = pack_of(seat.cohort.program)
    today = local_date(now, pack)
    last = max(today, seat.cohort.until_date)
    said = {
        "worked": worked,
        "did_not": did_not,
        "again": again,
        "readers": readers,
        "lang": lang,
        "said_on": today,
        "erase_on": last + timedelta(days=pack.charter.message_kept_days),
    }
    return LastWords.objects.update_or_create(seat=seat, defaults=said)[0]


@appends()
@transaction.atomic
def withdraw_last_words(*, seat: Seat, today: date) -> None:
    """Erase what a lead said when they went; under a legal hold nobody reads it from now on, and it goes once that is lifted."""
    said = LastWords.objects.filter(seat=seat)
    if not is_under_hold(seat.cohort.program):
        said.delete()
        return
    for one in said:
        one.erase_on = min(one.erase_on, max(today, one.said_on + timedelta(days=1)))
        one.save(update_fields=["erase_on"])


@appends()
@transaction.atomic
def stay_in_reach(
    *, person: Person, program: Program, name: str, reach: str, offers: str, until: date, now: datetime
) -> InReach:
    """Put someone on a list until a day, as they agreed today. A new consent takes the place of the one before."""
    agreed = {
        "reach": reach,
        "offers": offers,
        "until": until,
        "consented_on": local_date(now, pack_of(program)),
    }
    return InReach.objects.update_or_create(person=person, program=program, list=name, defaults=agreed)[0]


@appends()
@transaction.atomic
def withdraw(*, person: Person, program: Program) -> None:
    """Take someone off every list of a program, at once."""
    InReach.objects.filter(person=person, program=program).delete()


@appends()
@transaction.atomic
def erase_leaving(*, program: Program, today: date) -> int:
    """Erase last words and consents whose day has come, and the numbers and chosen names of who left for good; give how many went.

    Nothing where a legal hold stands.
    """
    words = LastWords.objects.filter(seat__cohort__program=program, erase_on__lte=today)
    lists = InReach.objects.filter(program=program, until__lt=today)
    gone = erase_rows(program=program, rows=[words, lists])
    left = [one for one in goodbyes.left_for_good(program, today) if not seats.is_profile_held(one)]
    return gone + Person.objects.filter(pk__in=left).update(text_number="", known_as="")


@appends(EntryKind.COHORT_SEATED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def seat_cohort(
    *, program: Program, slug: str, names: Mapping[str, str], from_date: date, until_date: date, now: datetime
) -> Cohort:
    """Begin a cohort's term. `names` maps a language to the cohort's name; the first is the original."""
    first = next(iter(names))
    draft = Draft(
        kind=EntryKind.COHORT_SEATED,
        by=["steward"],
        data={"cohort": slug, "from": from_date.isoformat(), "until": until_date.isoformat()},
        texts={"name": Text(first, names[first])},
    )
    entry = append(program=program, drafts=[draft], now=now)[0].index
    cohort = Cohort.objects.create(
        program=program, slug=slug, from_date=from_date, until_date=until_date, entry=entry
    )
    by_lang = {lang: {"name": name} for lang, name in names.items()}
    translate_all(program=program, entry=entry, by="steward", words=by_lang, now=now)
    return cohort


@appends(EntryKind.SEAT_TAKEN)
@transaction.atomic
def give_seat(
    *,
    cohort: Cohort,
    person: Person,
    paid_by: str,
    vacancy: Vacancy | None = None,
    from_date: date | None = None,
    now: datetime,
) -> Seat:
    """Seat a person until the term ends, from its first day or from another. The record hears a seat id, and who pays.

    `paid_by` is the slug of a unit, outside, nobody, or empty; who sits in a seat of which nobody said it cannot check. For whom the
    lead also works, they say themselves. `vacancy` is the empty seat that they step into. Raises Refused
    for who has a seat on any of these days, or can still get it back: one person has one seat at a time.
    """
    first = from_date or cohort.from_date
    if said := seats.second_seat(cohort.program, person, first, cohort.until_date):
        raise Refused(said)
    seat = Seat.objects.create(
        cohort=cohort,
        person=person,
        public_id=seats.free_id(cohort.program),
        from_date=first,
        until_date=cohort.until_date,
        **_paid(cohort.program, paid_by),
    )
    data = {
        "seat": seat.public_id,
        "cohort": cohort.slug,
        "from": seat.from_date.isoformat(),
        "until": seat.until_date.isoformat(),
        **({"paid_by": paid_by} if paid_by else {}),
    }
    cites = {"cohort": [cohort.entry], "vacancy": [vacancy.entry] if vacancy else []}
    draft = Draft(kind=EntryKind.SEAT_TAKEN, by=["steward"], data=data, cites=cites)
    append(program=cohort.program, drafts=[draft], now=now)
    if vacancy:
        today = local_date(now, pack_of(cohort.program))
        Vacancy.objects.filter(pk=vacancy.pk).update(filled_by=seat, filled_on=today)
    return seat


def _paid(program: Program, by: str) -> dict[str, Any]:
    """Give what a seat keeps of who pays it."""
    if by in {"", OUTSIDE, NOBODY}:
        return {"paid_by": None, "paid_otherwise": by}
    return {"paid_by": Unit.objects.get(program=program, slug=by), "paid_otherwise": ""}


@appends(EntryKind.SEAT_DECLARED)
@transaction.atomic
def declare_payer(*, seat: Seat, paid_by: str, now: datetime) -> None:
    """Say who pays a seat from now on, as the steward; what did not change is not told again."""
    if paid_by == seat.payer:
        return
    for name, value in _paid(seat.cohort.program, paid_by).items():
        setattr(seat, name, value)
    seat.save(update_fields=["paid_by", "paid_otherwise"])
    _enter(seat, EntryKind.SEAT_DECLARED, "steward", now, {"paid_by": paid_by})


@appends(EntryKind.SEAT_DECLARED)
@transaction.atomic
def declare_own(*, seat: Seat, works_for: str, paid_by: str = "", now: datetime) -> None:
    """Say as the lead of a seat for which unit they also work from now on, or for nobody, and who pays the seat, if they say it.

    What they said before is not told again. Who pays, as the steward says it, stands beside it.
    """
    was = seconds.said_of(seat)
    seat.works_for = Unit.objects.filter(program=seat.cohort.program, slug=works_for).first()
    seat.save(update_fields=["works_for"])
    told = {"works_for": works_for} if works_for != was.employer else {}
    told |= {"paid_by": paid_by} if paid_by not in ("", was.payer) else {}
    if told:
        _enter(seat, EntryKind.SEAT_DECLARED, seat.public_id, now, told)


@appends(EntryKind.SEAT_DECLARED)
@transaction.atomic
def declare_post(*, seat: Seat, served: str, now: datetime) -> None:
    """Say as the lead of a seat which unit they once held an office of, or "steward": others, or a community body, then check beside it."""
    _enter(seat, EntryKind.SEAT_DECLARED, seat.public_id, now, {SERVED: served})


def _enter(
    seat: Seat,
    kind: str,
    by: str,
    now: datetime,
    told: Mapping[str, str] | None = None,
    texts: Mapping[str, Text] | None = None,
) -> Entry:
    """Enter what becomes of one seat."""
    data = {"seat": seat.public_id, **(told or {})}
    draft = Draft(kind=kind, by=[by], data=data, texts=texts or {})
    return append(program=seat.cohort.program, drafts=[draft], now=now)[0]


@appends(EntryKind.SEAT_LEFT)
@transaction.atomic
def leave_seat(*, seat: Seat, on: date, reason: str, ground: str = "not-said", now: datetime) -> None:
    """Let a lead end their own seat before its term is over: `on` is its first empty day, `reason` is private, `ground` is public."""
    if not seat.from_date <= on <= seat.until_date:
        raise Refused(_("The day lies outside the term of this place; name a day within it."))
    entry = _enter(seat, EntryKind.SEAT_LEFT, seat.public_id, now, {"on": on.isoformat(), "ground": ground})
    left(seat=seat, reason=reason, entry=entry)


@appends()
def left(*, seat: Seat, reason: str, entry: Entry) -> None:
    """Let a seat be empty, and its roles end, on the day that the entry of a lead who goes names."""
    on = left_on(entry)
    empty = {"seat": seat, "from_date": on}
    Vacancy.objects.get_or_create(cohort=seat.cohort, entry=entry.index, defaults=empty)
    RoleHeld.objects.filter(seat=seat, until_date=None, from_date__lte=on).update(until_date=on)
    seat.left_on, seat.left_reason = on, reason
    seat.save(update_fields=["left_on", "left_reason"])


@appends(EntryKind.SEAT_SUSPENDED)
@transaction.atomic
def suspend_seat(*, seat: Seat, ground: str, now: datetime, lang: str = "en") -> None:
    """Suspend a seat for some weeks: its lead cannot act in it, and the record says so with the ground."""
    _enter(seat, EntryKind.SEAT_SUSPENDED, "steward", now, texts={"ground": Text(lang, ground)})


@appends(EntryKind.SEAT_RESTORED)
@transaction.atomic
def restore_seat(*, seat: Seat, now: datetime) -> None:
    """Let a suspended lead act again."""
    _enter(seat, EntryKind.SEAT_RESTORED, "steward", now)


@appends(EntryKind.VACANCY_OPENED)
@transaction.atomic
def open_vacancy(*, cohort: Cohort, on: date, now: datetime) -> Vacancy:
    """Say that a seat which nobody has taken is empty from a day on; its clock starts."""
    if not cohort.runs_on(on):
        raise Refused(_("The day lies outside the term of this cohort; name a day within it."))
    data = {"cohort": cohort.slug, "from": on.isoformat()}
    draft = Draft(kind=EntryKind.VACANCY_OPENED, by=["steward"], data=data, cites={"cohort": [cohort.entry]})
    entry = append(program=cohort.program, drafts=[draft], now=now)[0]
    return Vacancy.objects.create(cohort=cohort, from_date=on, entry=entry.index)


@appends()
@transaction.atomic
def add_alternate(*, cohort: Cohort, email: str, called: str, language: str, now: datetime) -> Alternate:
    """Put someone at the end of the list of alternates, or back where they waited before; they are told nothing and the record hears nothing."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    person = find_or_make_person(email=email, language=language, called=called)
    _note_of_the_list(cohort, Did.LISTED, now)
    before = Alternate.objects.filter(cohort=cohort, person=person, seat=None, stood_down_on__isnull=False)
    sits = Seat.objects.filter(cohort=cohort, person=person).exists()
    if not sits and before.update(stood_down_on=None):
        return Alternate.objects.get(cohort=cohort, person=person)
    last = Alternate.objects.filter(cohort=cohort).aggregate(last=Max("place"))["last"] or 0
    return make_alternate(cohort=cohort, person=person, place=last + 1)


@appends()
def make_alternate(*, cohort: Cohort, person: Person, place: int) -> Alternate:
    """Put a person in one place of the list of alternates, as a selection decided."""
    here = Seat.objects.filter(cohort=cohort, person=person).exists()
    if here or Alternate.objects.filter(cohort=cohort, person=person).exists():
        raise Refused(_("This person has a place, or waits for one, in this cohort already."))
    return Alternate.objects.create(cohort=cohort, person=person, place=place)


def _note_of_the_list(cohort: Cohort, did: Did, now: datetime) -> None:
    """Note what the steward did with the list, where leads read it."""
    note(program=cohort.program, by=Doer.STEWARD, did=did, on=local_date(now, pack_of(cohort.program)))


@appends()
@transaction.atomic
def stand_down(*, alternate: Alternate, now: datetime) -> None:
    """Take an alternate from the list; until somebody calls them up they can be put back.

    Raises Refused for one whom a selection chose: only they give their place in the line up, and nobody passes them over.
    """
    cohort = Cohort.objects.select_for_update().select_related("program").get(pk=alternate.cohort_id)
    line = cohorts.line_of(cohort)
    if alternate.pk in line.chosen:
        raise Refused(
            _(
                "A selection put this person on the list, so only they leave it. When a place is empty, ask them: they can "
                "say no on the page of their application, and if their last day passes, the site asks the next person."
            )
        )
    if alternate in line.waiting:
        Alternate.objects.filter(pk=alternate.pk).update(
            stood_down_on=local_date(now, pack_of(cohort.program))
        )
        _note_of_the_list(cohort, Did.UNLISTED, now)


@appends(EntryKind.SEAT_TAKEN)
@transaction.atomic
def call_up(*, alternate: Alternate, vacancy: Vacancy, paid_by: str, now: datetime) -> Seat:
    """Seat the alternate whose turn it is in an empty seat, from today to the end of the term. Raises Refused out of turn."""
    cohort, _line = refuse_out_of_turn(alternate=alternate, vacancy=vacancy, now=now)
    today = local_date(now, pack_of(cohort.program))
    seat = give_seat(
        cohort=cohort,
        person=alternate.person,
        paid_by=paid_by,
        vacancy=vacancy,
        from_date=max(today, vacancy.from_date),
        now=now,
    )
    Alternate.objects.filter(pk=alternate.pk).update(seat=seat, stood_down_on=today)
    return seat


def refuse_out_of_turn(
    *, alternate: Alternate, vacancy: Vacancy, now: datetime
) -> tuple[Cohort, cohorts.Line]:
    """Raise Refused for a seat that is not empty or that somebody is asked to take, and for anybody but who comes next.

    Give the cohort, locked, and its line: nobody else moves there before this is done.
    """
    cohort = Cohort.objects.select_for_update().select_related("program").get(pk=vacancy.cohort_id)
    _refuse_unless_empty(vacancy, local_date(now, pack_of(cohort.program)))
    line = cohorts.line_of(cohort)
    if last := line.asked.get(alternate.pk):
        raise Refused(
            _(
                "This person is asked whether they want a place, and can answer until {day} on the page of their application."
            ).format(day=day_in_words(last))
        )
    if alternate not in line.waiting:
        raise Refused(_("This person does not wait for a place any more. Open the page again."))
    if line.next != alternate:
        who = apart(line.next.person.called) if line.next else ""
        raise Refused(
            _("It is the turn of {who}. Ask them first: nobody on the list is passed over.").format(who=who)
        )
    return cohort, line


def _refuse_unless_empty(vacancy: Vacancy, today: date) -> None:
    """Refuse a vacancy that is filled or that somebody is asked to take, or a removal whose appeal is still possible or waits."""
    if not Vacancy.objects.filter(pk=vacancy.pk, filled_on=None).exists():
        raise Refused(_("Someone has this place; choose another one."))
    for last in cohorts.asked_for([vacancy.pk]).values():
        raise Refused(
            _(
                "Somebody is asked whether they want this place, and can answer until {day}. Wait for them."
            ).format(day=day_in_words(last))
        )
    removal = cohorts.kept_free(vacancy, today)
    if removal is None:
        return
    if removal.appealed_on is None:
        raise Refused(_("An appeal is still possible. Fill this place when its last day has passed."))
    raise Refused(_("An appeal waits for its decision. Fill this place when it is decided."))


@appends(EntryKind.ROLE_CHANGED)
@transaction.atomic
def change_role(*, seat: Seat, role: str, change: str, by: str, now: datetime) -> None:
    """Let a lead take a role ("takes"), or lay it down ("lays-down"), from today on."""
    today = local_date(now, pack_of(seat.cohort.program))
    held = RoleHeld.objects.filter(cohorts.still_holds(today), seat=seat, role=role)
    if (change == "takes") == held.exists():
        raise Refused(_("It is so already; there is nothing to change."))
    entry = _enter(seat, EntryKind.ROLE_CHANGED, by, now, {"role": role, "change": change})
    role_changed(seat=seat, entry=entry)


@appends()
def role_changed(*, seat: Seat, entry: Entry) -> None:
    """Keep that a lead holds a role from the day of an entry on, or holds it no more."""
    today, role = entry.date, entry.data["role"]
    if entry.data["change"] == "takes":
        leaves = Seat.objects.filter(pk=seat.pk, left_on__gt=today).values_list("left_on", flat=True).first()
        RoleHeld.objects.create(seat=seat, role=role, from_date=today, until_date=leaves)
    else:
        RoleHeld.objects.filter(cohorts.still_holds(today), seat=seat, role=role).update(until_date=today)


@appends()
@transaction.atomic
def show_profile(*, seat: Seat, **words: Any) -> None:
    """Show what a lead wrote of themselves, under the name they chose."""
    _refuse_the_name_of_another(seat, words["shown_name"], "shown_name")
    write_profile(person=seat.person, is_public=True, **words)
    _renew(seat.person)


def _refuse_the_name_of_another(seat: Seat, name: str, field: str) -> None:
    """Raise Refused where leads, staff or residents would take a lead of this name for somebody else."""
    if seats.reads_like_an_office(name, pack_of(seat.cohort.program)):
        raise Refused(
            _(
                "This reads like a bureau, an office, the program coordinator or the place of a lead. Choose another name."
            ),
            field,
        )
    if as_seen(name) in seats.names_of_others(seat):
        raise Refused(_("Another lead has this name. Add a letter or a second name."), field)


@appends()
@transaction.atomic
def take_down_profile(*, person: Person, erase: bool) -> None:
    """Show nothing of a person any more, in every program and from every kept page; erase the words too if asked.

    Under a legal hold in one of these programs the words stay, for the person alone.
    """
    hide_profile(person=person, erase=erase and not seats.is_profile_held(person.pk))
    _renew(person)


def _renew(person: Person) -> None:
    """Let no program in which the person sits or sat show a kept page."""
    for program in every_program():
        if program.cohorts.filter(seats__person=person).exists():
            renew_pages(program=program)


def hash_token(token: str) -> str:
    """Hash the token of a calendar address; the token itself is nowhere."""
    return hashlib.sha256(b"alongside/calendar/v1\n" + token.encode()).hexdigest()


@appends()
@transaction.atomic
def make_calendar_key(*, person: Person, program: Program, on: date) -> str:
    """Make the address of a person's calendar anew and give its token, once; an older address is dead."""
    CalendarKey.objects.filter(person=person, program=program).delete()
    token = secrets.token_urlsafe(24)
    CalendarKey.objects.create(person=person, program=program, token_hash=hash_token(token), made_on=on)
    return token


@appends()
def choose_name(*, seat: Seat, name: str) -> None:
    """Let a lead choose what leads and the steward call them, or choose none; two leads of a program have two names."""
    if not name.isprintable():
        raise Refused(_("Write the name with letters and signs that can be seen."), "name")
    _refuse_the_name_of_another(seat, name, "name")
    Person.objects.filter(pk=seat.person_id).update(known_as=name)


@appends()
def erase_name(*, person: Person) -> None:
    """Erase what leads and the steward call a person."""
    Person.objects.filter(pk=person.pk).update(known_as="")


@appends()
def put_off(*, person: Person, program: Program, step: str, until: date, today: date) -> None:
    """Put a step of somebody's desk off until a day; its clock runs on, and it waits for all others as before."""
    if until <= today:
        raise Refused(_("Choose a day after today."), "until")
    if until > today + LONGEST_PUT_OFF:
        raise Refused(_("Choose a day within the next three months."), "until")
    PutOff.objects.filter(person=person, program=program, until__lte=today).delete()
    PutOff.objects.update_or_create(person=person, program=program, step=step, defaults={"until": until})


@appends()
def put_back(*, person: Person, program: Program, step: str) -> None:
    """Let a step that was put off wait again."""
    PutOff.objects.filter(person=person, program=program, step=step).delete()


@appends()
def revoke_calendar_key(*, person: Person, program: Program) -> None:
    """Let the address of a person's calendar lead nowhere."""
    CalendarKey.objects.filter(person=person, program=program).delete()


@appends(EntryKind.SEAT_REMOVED)
@transaction.atomic
def remove_seat(
    *, seat: Seat, ground: str, reasons: str, appeal_to: str, by: Person, now: datetime
) -> Removal:
    """Remove a seat today, also where its lead gave notice for a later day. The lead can appeal to `appeal_to` within the days of the pack; the seat stays free so long."""
    today = local_date(now, pack_of(seat.cohort.program))
    if Seat.objects.filter(pk=seat.pk, left_on__lte=today).exists():
        raise Refused(_("This place has ended; there is nothing to remove."))
    rows = RowsLog.of(seat.cohort.program)
    appeal_by = appeal_due(appeals_from(rows, seat.public_id, today), pack_of(seat.cohort.program))
    told = {"ground": ground, "appeal_to": appeal_to, "appeal_by": appeal_by.isoformat()}
    entry = _enter(seat, EntryKind.SEAT_REMOVED, "steward", now, told)
    return removed(seat=seat, reasons=reasons, by=by, entry=entry)


@appends()
def removed(*, seat: Seat, reasons: str, by: Person, entry: Entry) -> Removal:
    """Let a seat end on the day of the entry that removes it, with its roles; it is empty, and its lead can appeal.

    Where it was filled for the later day of its lead's notice, that stands, and nobody else steps in.
    """
    today = entry.date
    seat.left_on = today
    seat.save(update_fields=["left_on"])
    empty = {"from_date": today, "entry": entry.index}
    later: dict[str, Any] = {"cohort": seat.cohort, "seat": seat, "from_date__gt": today}
    if not Vacancy.objects.filter(**later).exclude(filled_on=None).exists():
        Vacancy.objects.update_or_create(**later, defaults=empty)
    RoleHeld.objects.filter(cohorts.still_holds(today), seat=seat).update(until_date=today)
    return Removal.objects.create(
        seat=seat,
        ground=entry.data["ground"],
        reasons=reasons,
        removed_by=by,
        removed_on=today,
        appeal_to=entry.data["appeal_to"],
        appeal_by=date.fromisoformat(entry.data["appeal_by"]),
        entry=entry.index,
    )


@appends(EntryKind.REMOVAL_APPEALED)
@transaction.atomic
def appeal(*, removal: Removal, words: str, now: datetime) -> Removal:
    """Let the removed lead appeal, once and in time. Their words are for whoever decides."""
    program = removal.seat.cohort.program
    today = local_date(now, pack_of(program))
    if today > removal.appeal_by or Removal.objects.filter(pk=removal.pk, appealed_on__isnull=False).exists():
        raise Refused(_("The last day to appeal has passed, or your appeal is in. Ask who decides it."))
    draft = Draft(
        kind=EntryKind.REMOVAL_APPEALED, by=[removal.seat.public_id], cites={"removal": [removal.entry]}
    )
    entry = append(program=program, drafts=[draft], now=now)[0]
    return appealed(removal=removal, words=words, entry=entry)


@appends()
def appealed(*, removal: Removal, words: str, entry: Entry) -> Removal:
    """Let an appeal wait for its decision, as its entry says."""
    removal.appeal_words, removal.appealed_on, removal.appeal_entry = words, entry.date, entry.index
    removal.save(update_fields=["appeal_words", "appealed_on", "appeal_entry"])
    return removal


@appends(EntryKind.REMOVAL_DECIDED)
@transaction.atomic
def decide_appeal(*, removal: Removal, decision: str, reasons: str, by: Person, now: datetime) -> Removal:
    """Decide an appeal: the removal stands, or it is lifted and the lead has the seat back."""
    is_own = by.pk in (removal.removed_by_id, removal.seat.person_id)
    if is_own or ever_ran(removal.seat.cohort.program, by.pk):
        raise Refused(
            _(
                "You removed this place, it was yours, or you run the program or once did. Someone else decides the appeal."
            )
        )
    if not Removal.objects.filter(pk=removal.pk, decision="").exists():
        raise Refused(_("This appeal is decided. The decision stands on the public log."))
    entry = _tell_decision(removal, removal.appeal_to, decision, now)
    return decided(removal=removal, reasons=reasons, by=by, entry=entry)


def _tell_decision(removal: Removal, by: str, decision: str, now: datetime) -> Entry:
    cites = {"appeal": [removal.appeal_entry] if removal.appeal_entry else []}
    draft = Draft(kind=EntryKind.REMOVAL_DECIDED, by=[by], data={"decision": decision}, cites=cites)
    return append(program=removal.seat.cohort.program, drafts=[draft], now=now)[0]


@appends()
def decided(*, removal: Removal, reasons: str, by: Person | None, entry: Entry) -> Removal:
    """Keep how an appeal was decided, as its entry says; where the removal is lifted, the lead has the seat back."""
    if entry.data["decision"] == Ruling.LIFTED:
        _give_back(removal, entry.date)
    removal.decision, removal.decision_reasons, removal.decided_by = entry.data["decision"], reasons, by
    removal.decided_on, removal.decision_entry = entry.date, entry.index
    removal.save()
    return removal


def _give_back(removal: Removal, today: date) -> None:
    """Give a seat back; the lead's own notice for a later day stands again."""
    seat = removal.seat
    empty = Vacancy.objects.filter(cohort=seat.cohort, entry=removal.entry)
    empty.update(filled_by=seat, filled_on=today)
    notice = RowsLog.of(seat.cohort.program).about(EntryKind.SEAT_LEFT, seat.public_id)
    if notice:
        left(seat=seat, reason=seat.left_reason, entry=notice[-1])
        return
    seat.left_on = None
    seat.save(update_fields=["left_on"])


@appends(EntryKind.REMOVAL_DECIDED)
@transaction.atomic
def let_removals_fall(*, program: Program, now: datetime) -> int:
    """Give the seats back whose appeal nobody decided in time; give how many. The clock writes each."""
    today = local_date(now, pack_of(program))
    waits = Removal.objects.filter(seat__cohort__program=program, decision="")
    late = list(waits.filter(appealed_on__lt=today - APPEAL_DECIDED).select_related("seat__cohort__program"))
    for one in late:
        decided(removal=one, reasons="", by=None, entry=_tell_decision(one, "clock", Ruling.LIFTED, now))
    return len(late)


#: The kinds of which the rows are made again here.
MOVES = (
    EntryKind.REMOVAL_APPEALED,
    EntryKind.REMOVAL_DECIDED,
    EntryKind.ROLE_CHANGED,
    EntryKind.SEAT_LEFT,
    EntryKind.SEAT_REMOVED,
    EntryKind.SEAT_TAKEN,
    EntryKind.VACANCY_OPENED,
)


@appends()
@transaction.atomic
def moved_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Make the rows of these entries again, one after the other, where the backup holds the seat that they are about.

    That a seat is empty is kept also where nobody here knows whose it was.
    """
    for entry in entries:
        match entry.kind:
            case EntryKind.VACANCY_OPENED | EntryKind.SEAT_TAKEN:
                _place_again(program, entry)
            case EntryKind.REMOVAL_APPEALED:
                for removal in Removal.objects.filter(
                    seat__cohort__program=program, entry=entry.cites["removal"][0]
                ):
                    appealed(removal=removal, words=_lost(), entry=entry)
            case EntryKind.REMOVAL_DECIDED:
                for removal in Removal.objects.filter(
                    seat__cohort__program=program, appeal_entry=entry.cites["appeal"][0]
                ).select_related("seat__cohort__program"):
                    decided(removal=removal, reasons="", by=None, entry=entry)
            case _:
                found = Seat.objects.filter(cohort__program=program, public_id=entry.data["seat"])
                for seat in found.select_related("cohort__program"):
                    _seat_again(seat, entry)
                if not found:
                    _place_again(program, entry)


def _place_again(program: Program, entry: Entry) -> None:
    """Keep that somebody stepped into an empty seat, or that one is empty, unless an appeal gave it back."""
    stepped_into = entry.cites.get("vacancy", ())
    Vacancy.objects.filter(cohort__program=program, entry__in=stepped_into).update(filled_on=entry.date)
    if entry.kind not in VACANCIES:
        return
    log = RowsLog.of(program)
    appeals = [one.index for one in log.citing(entry.index, EntryKind.REMOVAL_APPEALED)]
    ruled = [told for one in appeals for told in log.citing(one, EntryKind.REMOVAL_DECIDED)]
    is_back = any(one.data["decision"] == Ruling.LIFTED for one in ruled)
    for cohort in Cohort.objects.filter(program=program, slug=cohort_of(entry, log) or ""):
        filled = {"filled_on": ruled[-1].date} if is_back else {}
        Vacancy.objects.create(cohort=cohort, from_date=empty_since(entry), entry=entry.index, **filled)


def _seat_again(seat: Seat, entry: Entry) -> None:
    if entry.kind == EntryKind.SEAT_LEFT:
        left(seat=seat, reason="", entry=entry)
    elif entry.kind == EntryKind.ROLE_CHANGED:
        role_changed(seat=seat, entry=entry)
    else:
        removed(seat=seat, reasons=_lost(), by=_remover(seat.cohort.program, entry), entry=entry)


def _remover(program: Program, entry: Entry) -> Person:
    """Give who ran the program on the day of a removal: the record says that much, and that person decides no appeal."""
    ran = [post.person for post in stewards_on(program, entry.date)]
    return ran[0] if ran else Person.objects.get(pk=max(held_ever(program, STEWARD, entry.date)))


def _lost() -> str:
    return _("These words were lost with the database. Ask whoever wrote them to tell you again.")


@appends()
def note_letter(*, program: Program, about: str, stage: str, on: date) -> bool:
    """Note that a letter about one thing goes out; False where it went before."""
    _row, is_new = Reminded.objects.get_or_create(
        program=program, about=about, stage=stage, defaults={"on": on}
    )
    return is_new


@appends()
def ask_second(*, program: Program, step: str, about: object, seat: Seat, today: date) -> None:
    """Ask for a second person, unless that was asked before."""
    SecondAsked.objects.get_or_create(
        program=program, step=step, about=str(about), defaults={"seat": seat, "asked_on": today}
    )


@appends()
def second_came(*, program: Program, step: str, about: object) -> None:
    """Note that a step was taken by two, or waits no longer."""
    SecondAsked.objects.filter(program=program, step=step, about=str(about)).delete()


def refuse_unless_second(*, program: Program, seat: Seat, step: str, about: object, today: date) -> None:
    """Raise Refused for a former lead before the step is for former leads, and for a lead whose seat is too new."""
    if first := seconds.new_until(program, seat.public_id, today):
        raise Refused(seats.too_new(first))
    if not seconds.may_be_second(program, seat, step, str(about), today):
        raise Refused(
            _(
                "Your place is over. Leads of today have {days} days to take this step; if none of them does, it is for former leads "
                "who agreed to step in."
            ).format(days=WAIT_DAYS)
        )


def refuse_former(*, seat: Seat, today: date) -> None:
    """Raise Refused for whoever is a lead no more."""
    if not seats.of_a_lead_today(seat, today):
        raise Refused(_("Your place is over. This is for leads of today."))


@appends(EntryKind.COHORT_SEATED, EntryKind.SEAT_TAKEN, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def seat_people(
    *,
    program: Program,
    slug: str,
    lang: str,
    name: str,
    from_date: date,
    until_date: date,
    people: Iterable[Mapping[str, str]],
    now: datetime,
) -> Cohort:
    """Begin a cohort's term and seat its people; whoever has an account keeps it. All of it, or nothing.

    Of each, `people` says what they are called, their email address or nothing, language, and who pays: a unit, outside or nobody.
    """
    cohort = seat_cohort(
        program=program, slug=slug, names={lang: name}, from_date=from_date, until_date=until_date, now=now
    )
    for one in people:
        person = find_or_make_person(email=one["email"], language=one["language"], called=one["called"])
        give_seat(cohort=cohort, person=person, paid_by=one["paid_by"], now=now)
    return cohort
