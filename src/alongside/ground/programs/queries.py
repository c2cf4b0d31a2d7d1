"""Read programs, their packs, units and offices."""

import hashlib
from collections.abc import Collection
from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet

from alongside.core.entries import unit_of
from alongside.core.grammar.bureaus import who_answers
from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import STEWARD, Act, Office, PackVersion, Post, Program, Unit


@lru_cache(maxsize=64)
def pack_under(sha256: str) -> Pack:
    """Give the pack under a hash, read once a process. Raises RuntimeError where its text is another than the one adopted."""
    version = PackVersion.objects.filter(sha256=sha256).first()
    if version is None:
        raise PackVersion.DoesNotExist
    if hashlib.sha256(version.text.encode()).hexdigest() != sha256:
        raise RuntimeError(
            f"The policy pack {sha256} was changed in the database. Put its text back from a backup."
        )
    return load_pack(version.text)


def pack_version(program: Program) -> PackVersion:
    """Give the pack version in force: the last one adopted."""
    version = program.packs.order_by("-pk").first()
    if version is None:
        raise PackVersion.DoesNotExist
    return version


def has_adopted(program: Program, sha256: str) -> bool:
    """Say whether a program adopted the pack of this hash. One query."""
    return program.packs.filter(sha256=sha256).exists()


def pack_of(program: Program) -> Pack:
    """Give the policy pack in force. One small query; the parsed pack is kept."""
    sha256 = program.packs.order_by("-pk").values_list("sha256", flat=True).first()
    if sha256 is None:
        raise PackVersion.DoesNotExist
    return pack_under(sha256)


def spoken(program: Program, lang: str) -> str:
    """Give the language of a program's pages for whoever reads this one: this, or the first that the program speaks. One query."""
    codes = [one.code for one in pack_of(program).languages]
    return lang if lang in codes else codes[0]


def program_by_slug(slug: str) -> Program | None:
    """Give the program whose slug starts an address, or None."""
    return Program.objects.filter(slug=slug).first()


def every_program() -> list[Program]:
    """List all programs, oldest first."""
    return list(Program.objects.order_by("pk"))


def home_program() -> Program | None:
    """Give the program whose home is the first page: the only one, and of demonstrations the one that was built first."""
    programs = every_program()
    is_clear = len(programs) == 1 or all(one.is_demonstration for one in programs)
    return programs[0] if programs and is_clear else None


def signing_office(program: Program, unit: str) -> str | None:
    """Give the office that signs for a unit, or for the one that answers for it where it was merged away; or None."""
    mine = answers_today(pack_of(program), unit)
    office = (
        Office.objects.filter(unit__program=program, unit__slug=mine, signs=True)
        .select_related("unit")
        .first()
    )
    return office.public_id if office else None


def answers_today(pack: Pack, unit: str) -> str:
    """Give the unit that answers for a unit under a pack: itself, or that of the office above where it was merged away."""
    return who_answers(unit, pack.offices, pack.escalate_to)


def office_today(program: Program, office: str) -> str:
    """Give an office; where the rules have it no more, the one that signs for the unit that answers in its place."""
    if office in pack_of(program).offices:
        return office
    return signing_office(program, unit_of(office)) or office


def merged_into(program: Program, pack: Pack, units: Collection[str]) -> dict[str, str]:
    """Give the units that were merged away and for which one of these answers today, each with that one. One query at most."""
    if unit_of(pack.escalate_to) not in units:
        return {}
    ever = Unit.objects.filter(program=program, outside=False).values_list("slug", flat=True)
    found = {one: answers_today(pack, one) for one in ever}
    return {one: mine for one, mine in found.items() if mine != one}


def appointed_on(day: date) -> Q:
    """Say which posts are given for a day, whether or not their people took them up: begun, and not ended by then."""
    return Q(from_date__lte=day) & (Q(until_date=None) | Q(until_date__gt=day))


def held_on(day: date) -> Q:
    """Say which posts are held on a day: given for it, and taken up by then."""
    return appointed_on(day) & Q(taken_on__lte=day)


#: Posts that were taken up, however soon they ended: an hour is enough to sign for the City.
HELD_EVER = Q(taken_on__isnull=False)


def appointed(person_id: int, program: Program, today: date) -> list[Post]:
    """List the posts that a person was given for a day, whether or not they took them up. One query."""
    posts = Post.objects.filter(appointed_on(today), person=person_id, program=program)
    return list(posts.select_related("office__unit").order_by("pk"))


def to_take_up(person_id: int, program: Program, today: date) -> list[Post]:
    """List the posts that a person was given, and has not taken up. One query."""
    return [one for one in appointed(person_id, program, today) if one.taken_on is None]


def held_by(person_id: int, program: Program) -> list[Post]:
    """List the posts that a person holds or held, however short. One query."""
    posts = Post.objects.filter(HELD_EVER, person=person_id, program=program)
    return list(posts.select_related("office__unit").order_by("pk"))


def posts_of(person_id: int, program: Program, today: date) -> list[Post]:
    """List the offices of the government that a person holds in a program today. One query."""
    posts = Post.objects.filter(
        held_on(today), person=person_id, program=program, office__unit__outside=False
    )
    return list(posts.select_related("office__unit").order_by("pk"))


def stewards_on(program: Program, day: date) -> list[Post]:
    """List who runs a program on a day, with the person. One query."""
    posts = Post.objects.filter(held_on(day), program=program, office=None)
    return list(posts.select_related("person").order_by("pk"))


def holders_of(program: Program, office: str, today: date) -> list[Post]:
    """List who holds an office on a day, with the person. One query."""
    unit, slug = office.split("/", 1)
    posts = Post.objects.filter(held_on(today), program=program, office__unit__slug=unit, office__slug=slug)
    return list(posts.select_related("person"))


def signs_today(program: Program, unit: str, person: int, today: date) -> bool:
    """Say whether a person signs today for a unit, or for the one that answers for it. One query."""
    mine = answers_today(pack_of(program), unit)
    posts = Post.objects.filter(held_on(today), program=program, person=person)
    return posts.filter(office__unit__slug=mine, office__signs=True).exists()


def body_of(program: Program, today: date) -> str:
    """Give the community body for which somebody can act today, written as an office; else nothing. Two queries."""
    body = pack_of(program).body
    return body if body and holders_of(program, body, today) else ""


def held_ever(program: Program, held: str, today: date) -> set[int]:
    """Give who holds an office, named as unit/office, or runs the program ("steward"), today or did before. One query."""
    unit, _, slug = held.partition("/")
    office = Q(office=None) if held == STEWARD else Q(office__unit__slug=unit, office__slug=slug)
    posts = Post.objects.filter(office, HELD_EVER, program=program, from_date__lte=today, taken_on__lte=today)
    return set(posts.values_list("person", flat=True))


def ever_appointed(program: Program, person_id: int) -> bool:
    """Say whether a person was ever given an office of the government, or to run the program, taken up or not. One query."""
    return bool(appointed_ever(program, [person_id]))


def appointed_ever(program: Program, people: Collection[int]) -> set[int]:
    """Give those of these people who were ever given an office of the government, or to run the program, taken up or not. One query."""
    posts = Post.objects.filter(program=program, person__in=people)
    return set(posts.exclude(office__unit__outside=True).values_list("person", flat=True))


def ever_served(program: Program, people: Collection[int]) -> set[int]:
    """Give those of these people who ever took up an office of the government, or ran the program. One query."""
    posts = Post.objects.filter(HELD_EVER, program=program, person__in=people)
    return set(posts.exclude(office__unit__outside=True).values_list("person", flat=True))


def worked_in(program: Program, people: Collection[int]) -> dict[int, set[str]]:
    """Give the units in which each of these people ever took up an office, and "steward" where they ran the program. One query."""
    posts = Post.objects.filter(HELD_EVER, program=program, person__in=people)
    found: dict[int, set[str]] = {}
    for person, unit in posts.values_list("person", "office__unit__slug"):
        found.setdefault(person, set()).add(unit or STEWARD)
    return found


def ever_ran(program: Program, person_id: int | None) -> bool:
    """Say whether a person runs the program, or ever did. One query."""
    posts = Post.objects.filter(program=program, person=person_id, office=None)
    return posts.exclude(taken_on=None).exists()


def serving(program: Program, people: Collection[int], today: date) -> set[int]:
    """Give those of these people who hold any office of the government or run the program today. One query."""
    posts = posts_serving(program, today).filter(person__in=people)
    return set(posts.values_list("person", flat=True))


def posts_serving(program: Program, today: date) -> QuerySet[Post]:
    """Give the posts of today whose people are no leads meanwhile: every office of the government, and running the program."""
    return Post.objects.filter(held_on(today), program=program).exclude(office__unit__outside=True)


def posts_today(program: Program, today: date) -> list[Post]:
    """List who holds any office of the government in a program today, with the person. One query."""
    posts = Post.objects.filter(held_on(today), program=program, office__unit__outside=False)
    return list(posts.select_related("person", "office__unit").order_by("pk"))


def units_that_sign(program: Program, today: date) -> set[str]:
    """Name the units for which somebody can sign today. One query."""
    posts = posts_today(program, today)
    return {one.office.unit.slug for one in posts if one.office and one.office.signs}


def posts_from(program: Program, today: date) -> list[Post]:
    """List every post of a program that is held today or will be, stewards first, with the person. One query."""
    posts = Post.objects.filter(Q(until_date=None) | Q(until_date__gt=today), program=program)
    return list(
        posts.select_related("person", "office__unit").order_by("office__unit__slug", "office__slug", "pk")
    )


def acts_of(program: Program) -> QuerySet[Act]:
    """Give what was done about people in a program, the newest first."""
    return Act.objects.filter(program=program).order_by("-on", "-pk")
