"""Open programs, adopt packs, give people posts and end them. What the public may know is entered by ground.record."""

import hashlib
from collections.abc import Callable, Collection
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from alongside.core.entries import unit_of
from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import Pack
from alongside.core.policy.words import PackError
from alongside.core.refusals import Refused
from alongside.ground.people.actions import end_sessions, find_or_make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.models import STEWARD, Act, Did, Doer, Office, PackVersion, Post, Program, Unit
from alongside.ground.programs.queries import pack_of

type Sits = Callable[[Program, int, date], bool]

_sits: list[Sits] = []


def seats_are_told_by(sits: Sits) -> None:
    """Let a room say whether a person is a lead of a program on a day or after it, can become one, or agreed to step in for leads."""
    _sits.append(sits)


@transaction.atomic
def open_program(*, slug: str, origin: str, pack: str, is_demonstration: bool, on: date) -> Program:
    """Open a program on a policy pack (TOML text), with the pack's units and offices.

    Raises PackError where the pack is bad. Call record.actions.rules.open_log next.
    """
    load_pack(pack)
    program = Program.objects.create(
        slug=slug, origin=origin, is_demonstration=is_demonstration, opened_on=on
    )
    adopt_pack(program=program, text=pack, on=on)
    return program


@transaction.atomic
def adopt_pack(*, program: Program, text: str, on: date) -> PackVersion:
    """Adopt a policy pack from now on; make the units and offices it names, and end the posts in offices it drops."""
    pack = load_pack(text)
    refuse_a_body_that_was_within(program, pack)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    version = PackVersion.objects.create(program=program, sha256=sha256, text=text, adopted_on=on)
    _make_units(program, pack)
    _drop_offices(program, pack, on)
    return version


def _make_units(program: Program, pack: Pack) -> None:
    made: dict[str, Unit] = {}
    for unit in pack.units:
        made[unit.slug], _new = Unit.objects.get_or_create(program=program, slug=unit.slug)
        for office in unit.offices:
            Office.objects.update_or_create(
                unit=made[unit.slug], slug=office.slug, defaults={"signs": office.is_manager}
            )
    if pack.body:
        name, _slash, slug = pack.body.partition("/")
        theirs, _new = Unit.objects.get_or_create(program=program, slug=name, defaults={"outside": True})
        Office.objects.get_or_create(unit=theirs, slug=slug)
    for unit in pack.units:
        if unit.parent:
            Unit.objects.filter(pk=made[unit.slug].pk).update(parent=made[unit.parent])


def refuse_a_body_that_was_within(program: Program, pack: Pack) -> None:
    """Raise PackError where the community body was a unit of the government before, or a unit was the body."""
    slugs = [one.slug for one in pack.units]
    if Unit.objects.filter(program=program, outside=True, slug__in=slugs).exists():
        raise PackError(
            "units", "names what was the community body, outside the government; use another slug."
        )
    name = unit_of(pack.body)
    if name and Unit.objects.filter(program=program, outside=False, slug=name).exists():
        raise PackError("community_body.office", "was a unit of the government; name a body outside it.")


def _drop_offices(program: Program, pack: Pack, on: date) -> None:
    """End what is held in offices that the pack no longer names. Their rows stay for what cites them, and sign for nobody."""
    for office in Office.objects.filter(unit__program=program).select_related("unit"):
        if office.public_id not in (*pack.offices, pack.body):
            Office.objects.filter(pk=office.pk).update(signs=False)
            for post in _running(program, on).filter(office=office).select_related("person"):
                _end(post, on, on)


@transaction.atomic
def give_post(*, person: Person, program: Program, post: str, from_date: date) -> Post:
    """Give a person a post from a day on: an office, named as unit/office, or "steward". They hold it once they take it up.

    Raises Refused where the pack has no such office, Refused where the person holds it already, or where they are a
    lead then or later, can still become one, or agreed to step in for leads: a post bars a lead from signing, so nobody gives
    it to one who has not left the seat (promise 3). Nor does who was a lead, or holds an office, act for the community body.
    """
    office = None if post == STEWARD else _office(program, post)
    if _running(program, from_date).filter(person=person, office=office).exists():
        raise Refused(_("This person holds this post already. End that first, or choose another post."))
    if is_for_leads(program, person, from_date):
        raise Refused(
            _(
                "This person has a place in a cohort on that day or later, can still get one, or agreed to step in for leads. A "
                "post would bar them from signing as a lead. They give that up first; then give them the post."
            )
        )
    _keep_the_body_apart(program, person, office, from_date)
    return Post.objects.create(person=person, program=program, office=office, from_date=from_date)


def is_for_leads(program: Program, person: Person, day: date) -> bool:
    """Say whether somebody is a lead on a day or after it, can become one, or agreed to step in for leads."""
    return any(sits(program, person.pk, day) for sits in _sits)


def _keep_the_body_apart(program: Program, person: Person, office: Office | None, day: date) -> None:
    """Refuse to let one person act for the government and the community body, or for the body one who ever sat here."""
    is_body = bool(office and office.unit.outside)
    others = _running(program, day).filter(person=person).select_related("office__unit")
    if any(bool(one.office and one.office.unit.outside) is not is_body for one in others):
        raise Refused(
            _(
                "Nobody acts for the community body who holds an office or runs the program. End the other post of this person "
                "first, or choose someone else."
            )
        )
    if is_body and is_for_leads(program, person, date.min):
        raise Refused(_("Nobody acts for the community body who is or was a lead here. Choose someone else."))


@transaction.atomic
def take_up(*, post: Post, today: date) -> Post:
    """Let a person take up a post that they were given; they hold it from then on.

    Raises Refused where it has ended, or where they became a lead meanwhile, or agreed to step in for leads.
    """
    if not _running(post.program, today).filter(pk=post.pk, taken_on=None).exists():
        raise Refused(_("This post has ended, or you hold it already. Load the page again."))
    if is_for_leads(post.program, post.person, max(today, post.from_date)):
        raise Refused(
            _(
                "You have a place as a lead, can still get one, or agreed to step in for leads, and this post would bar you from "
                "signing for the community. You give that up first; then take up the post."
            )
        )
    post.taken_on = today
    post.save(update_fields=["taken_on"])
    return post


def note(*, program: Program, by: Doer, did: Did, post: str = "", on: date) -> None:
    """Add what somebody did about people to the list that leads and whoever runs the program read."""
    Act.objects.create(program=program, by=by, did=did, post=post, on=on)


@transaction.atomic
def appoint(
    *,
    program: Program,
    email: str,
    post: str,
    from_date: date,
    called: str = "",
    language: str = "en",
    by: Doer = Doer.STEWARD,
    today: date | None = None,
) -> Post:
    """Give a post to the person of an address, who is made here if there is none, and takes it up on their own page.

    `today` is the day on which it is done, where that is not the first day of the post.
    """
    person = find_or_make_person(email=email, called=called, language=language)
    given = give_post(person=person, program=program, post=post, from_date=from_date)
    note(program=program, by=by, did=Did.POST_GIVEN, post=given.public_id, on=today or from_date)
    return given


def give_office(*, person: Person, program: Program, office: str, from_date: date) -> Post:
    """Let a person hold an office, named as unit/office, from a day on, who takes it up that day."""
    return take_up(
        post=give_post(person=person, program=program, post=office, from_date=from_date), today=from_date
    )


def make_steward(*, person: Person, program: Program, from_date: date) -> Post:
    """Let a person run a program from a day on, who takes it up that day."""
    return take_up(
        post=give_post(person=person, program=program, post=STEWARD, from_date=from_date), today=from_date
    )


def _office(program: Program, public_id: str) -> Office:
    unit, _slash, slug = public_id.partition("/")
    found = Office.objects.filter(unit__program=program, unit__slug=unit, slug=slug).first()
    pack = pack_of(program)
    if found is None or public_id not in (*pack.offices, pack.body):
        raise Refused(f"The pack has no office {public_id}; add it to the pack and adopt it first.")
    return found


def is_of_the_community(person: Person) -> bool:
    """Say whether somebody ever was a lead here, can become one, agreed to step in for leads, or acts for a community body, in any program."""
    body = Post.objects.filter(person=person, office__unit__outside=True)
    return body.exists() or any(is_for_leads(one, person, date.min) for one in Program.objects.all())


@transaction.atomic
def follow_groups(*, person: Person, program: Program, posts: Collection[str], by: str, today: date) -> bool:
    """Let a person hold the posts, as unit/office or "steward", that groups of the provider `by` give today, and end what they gave before.

    Say whether one began or ended. What the steward or the operator gave stays. No group gives a post in the community body,
    nor one that the pack does not have. Who runs the program by a group runs it no more without the group, also where nobody else does.
    """
    is_changed = False
    running = _running(program, today).filter(person=person).select_related("person", "office__unit")
    held = {one.public_id: one for one in running}
    for name, post in held.items():
        if post.given_by == by and name not in posts:
            _end(post, today, today)
            note(program=program, by=Doer.PROVIDER, did=Did.POST_ENDED, post=name, on=today)
            is_changed = True
    known = {STEWARD, *pack_of(program).offices}
    for name in sorted(known.intersection(posts) - held.keys()):
        post = give_post(person=person, program=program, post=name, from_date=today)
        post.given_by = by
        post.save(update_fields=["given_by"])
        take_up(post=post, today=today)
        note(program=program, by=Doer.PROVIDER, did=Did.POST_GIVEN, post=name, on=today)
        is_changed = True
    return is_changed


@transaction.atomic
def end_post(*, post: Post, on: date, today: date, by: Doer = Doer.STEWARD) -> Post:
    """End a post: `on` is the first day without it, today or later. From that day its person must sign in again.

    Raises Refused where the day is past, where the post has ended, or where nobody would run the program.
    """
    Program.objects.select_for_update().get(
        pk=post.program_id
    )  # two stewards who end each other stand in line
    if on < today:
        raise Refused(_("This day is past. Choose today or a later day."))
    if not _running(post.program, today).filter(pk=post.pk).exists():
        raise Refused(_("This post has ended already."))
    if post.office_id is None and not _is_run_without(post, max(on, post.from_date)):
        raise Refused(
            _(
                "From this day on nobody would run the program. Appoint another program coordinator first, who takes the post up on their own page; then end this one."
            )
        )
    note(program=post.program, by=by, did=Did.POST_ENDED, post=post.public_id, on=today)
    return _end(post, on, today)


def _end(post: Post, on: date, today: date) -> Post:
    post.until_date = max(on, post.from_date)
    post.save(update_fields=["until_date"])
    if post.until_date <= today:
        end_sessions(person=post.person, today=today)
    return post


def _running(program: Program, today: date) -> QuerySet[Post]:
    """Give the posts of a program that have not ended, those that are still to begin among them."""
    return Post.objects.filter(Q(until_date=None) | Q(until_date__gt=today), program=program)


def _is_run_without(post: Post, day: date) -> bool:
    """Say whether others run the program on a day and ever after, one after the other if need be."""
    others = Post.objects.filter(program=post.program, office=None, person__is_active=True)
    others = others.exclude(pk=post.pk).exclude(taken_on=None)
    spans = [(start, until or date.max) for start, until in others.values_list("from_date", "until_date")]
    while day < date.max:
        ends = [until for start, until in spans if start <= day < until]
        if not ends:
            return False
        day = max(ends)
    return True


def end_posts_of_others(*, program: Program, providers: Collection[str], today: date) -> int:
    """End what groups of a provider gave that is none of these any more. Give how many posts."""
    others = (
        _running(program, today)
        .exclude(given_by__in=["", *providers])
        .select_related("person", "office__unit")
    )
    for post in others:
        _end(post, today, today)
        note(program=program, by=Doer.PROVIDER, did=Did.POST_ENDED, post=post.public_id, on=today)
    return len(others)


def end_sessions_with_posts(*, program: Program, today: date) -> int:
    """Sign out whoever held a post that has ended by today, once for each end. Give how many."""
    over = Post.objects.filter(program=program, until_date__lte=today)
    since = Q(person__sessions_ended_on=None) | Q(person__sessions_ended_on__lt=F("until_date"))
    people = {post.person_id: post.person for post in over.filter(since).select_related("person")}
    for person in people.values():
        end_sessions(person=person, today=today)
    return len(people)
