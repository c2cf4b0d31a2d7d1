"""Read who runs the program, who has a seat and who holds an office."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from alongside.cohort.seats.models import Alternate, Removal, RoleHeld, Seat
from alongside.cohort.seats.queries.seats import removals_open, seated_today, second_seat
from alongside.core.policy.pack import Pack
from alongside.core.search_words import words_in
from alongside.ground.people.models import Person
from alongside.ground.people.queries import known_at
from alongside.ground.programs.models import Post, Program
from alongside.ground.programs.queries import held_by, posts_from
from alongside.ground.ui.languages import listed
from alongside.ground.ui.leads import lead_in_words


def known_of(program: Program, pack: Pack, lang: str, email: str, first: date, last: date) -> tuple[str, str]:
    """Say of an address why its person cannot be seated on these days, and which offices they hold or held. Three queries."""
    person = known_at(email)
    if person is None:
        return "", ""
    held = offices_held(person.pk, program, pack, lang)
    words = gettext(
        "This person holds or held an office: %(offices)s. They never sign or check beside it as a lead, and nothing while they hold one."
    )
    return second_seat(program, person, first, last), words % {"offices": held} if held else ""


def offices_held(person: int, program: Program, pack: Pack, lang: str) -> str:
    """Say which offices a person holds or held, or that they run or ran the program, in one line. One query."""
    return listed(dict.fromkeys(post_title(one, pack, lang) for one in held_by(person, program)))


@dataclass(frozen=True)
class SeatHeld:
    """A seat that somebody has today: their roles in it, until when it is suspended, and whether somebody said who pays it.

    `call` is how they were called up lately, and `told` the day on which a letter said so.
    """

    seat: Seat
    roles: Sequence[RoleHeld]
    is_suspended: bool
    until: date | None
    is_paid_by_nobody_knows_whom: bool
    call: Alternate | None
    told: date | None


@dataclass
class Someone:
    """A person as the steward's list shows them: what they are called, which seats they have and which posts they hold."""

    person: Person
    seats: list[str] = field(default_factory=list)
    held: list[SeatHeld] = field(default_factory=list)
    #: The removals of their seats that an appeal can still lift.
    removals: list[Removal] = field(default_factory=list)
    #: Until when they had a seat, where they have no address and get into what is still theirs by a printed code alone.
    sat_until: date | None = None
    #: Each post with its title, and whether it is to come.
    posts: list[tuple[Post, str, bool]] = field(default_factory=list)
    #: What they were invited to: in words, and the name and address of the page where it stands.
    invited: list[tuple[str, str, str]] = field(default_factory=list)
    #: For what they wait or are asked without a seat or a post: in words, and the name and address of the page where it stands.
    also: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Give what the steward calls the person, else their address."""
        return self.person.called or self.person.email or str(self.person.pk)

    @property
    def is_only_invited(self) -> bool:
        """Say whether they were invited to something and are nothing else here; then their codes are printed there."""
        return not (self.seats or self.removals or self.posts or self.sat_until or self.also)

    @property
    def is_lead_or_staff(self) -> bool:
        """Say whether the person has a seat or holds an office today."""
        return bool(self.seats) or any(post.office and not to_come for post, _title, to_come in self.posts)

    @property
    def does(self) -> str:
        """Say which seats and posts the person has today, in one line."""
        return listed([*self.seats, *(title for _post, title, to_come in self.posts if not to_come)])

    def fits(self, wanted: Sequence[str]) -> bool:
        """Say whether each of these words begins a word of their name, their address, their places, roles or offices."""
        roles = [str(role) for held in self.held for role in held.roles]
        titles = [title for _post, title, _to_come in self.posts]
        own = [self.called, self.person.email or "", *titles, *map(lead_in_words, self.seats), *roles]
        own += [one.removeprefix("seat-") for one in self.seats]
        own += [what for what, _name, _href in (*self.invited, *self.also)]
        known = [word for one in own for word in words_in(one)]
        return all(any(word.startswith(each) for word in known) for each in wanted)


def people_today(program: Program, pack: Pack, lang: str, today: date) -> list[Someone]:
    """List who runs the program, who has a seat or can still get one back, and who holds an office, today or from a later day.

    Leads of before stand there too where no code reaches them by email. Four queries.
    """
    posts = posts_from(program, today)
    posts.sort(key=lambda post: post.office_id is not None)
    found: dict[int, Someone] = {}

    def one(person: Person) -> Someone:
        return found.setdefault(person.pk, Someone(person))

    for post in posts:
        one(post.person).posts.append((post, post_title(post, pack, lang), post.from_date > today))
    for seat in seated_today(program, today):
        one(seat.person).seats.append(seat.public_id)
    for removal in removals_open(program, today):
        one(removal.seat.person).removals.append(removal)
    before = Seat.objects.filter(cohort__program=program, person__email=None, person__is_active=True)
    for seat in before.exclude(person__in=list(found)).select_related("person").order_by("until_date", "pk"):
        one(seat.person).sat_until = seat.left_on or seat.until_date
    return list(found.values())


def post_title(post: Post, pack: Pack, lang: str) -> str:
    """Say what a post is: the office as people read it, or the steward."""
    return pack.office_title(post.public_id, lang) if post.office else gettext("Program coordinator")
