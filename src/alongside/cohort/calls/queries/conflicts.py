"""Who may not read what: by what the applicant declared, by the reader's own word, and by a shared organization."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alongside.cohort.calls.models import Application, Call, Invitee
from alongside.ground.people.models import Profile

SMALL = frozenset({"the", "inc", "llc", "org", "of", "and", "el", "la", "de", "los", "las"})
OWN, SAME, TIES = "own", "same-organization", "ties"


def plain_name(name: str) -> frozenset[str]:
    """Bring the name of an organization to its words, without case, accents, points and small words."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = "".join(one if one.isalnum() else " " for one in bare.casefold()).split()
    return frozenset(words) - SMALL


def same_organization(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two names may mean one organization: equal, or all of a longer name's words are in the other."""
    less, more = sorted((one, other), key=len)
    return bool(less) and (less == more or (len(less) > 1 and less <= more))


@dataclass(frozen=True)
class Facts:
    """What can pull apart a reader and an application."""

    organizations: tuple[frozenset[str], ...]
    has_ties: bool
    email: str


def _facts(one: Application) -> Facts:
    form, contact = getattr(one, "conflict_form", None), getattr(one, "contact", None)
    names = list(form.organizations) if form else []
    names += [contact.organization] if contact else []
    names += [one.assisted_for] if one.assisted_for else []  # type: ignore[attr-defined]  # annotated by with_ties
    ties = bool(form and (form.works_for_government or form.close_to_staff or form.earns_from_it))
    email = contact.email.casefold() if contact else ""
    return Facts(tuple(plain_name(name) for name in names if name), ties, email)


def facts_of(applications: Iterable[Application]) -> dict[object, Facts]:
    """Give by id what can pull apart; the applications come with_ties."""
    return {one.pk: _facts(one) for one in applications}


@dataclass(frozen=True)
class ReaderFacts:
    """A reader with what can pull apart."""

    reader: Invitee
    organizations: tuple[frozenset[str], ...]
    email: str


def readers_of(call: Call) -> list[ReaderFacts]:
    """List the readers of a call with their organizations, as typed and as in their profile. Two queries."""
    readers = list(call.invitees.readers().select_related("person").order_by("pk"))
    rows = Profile.objects.filter(person__in=[one.person_id for one in readers], organization__isnull=False)
    shown = dict(rows.values_list("person_id", "organization__name"))
    return [
        ReaderFacts(
            one,
            tuple(plain_name(name) for name in [*one.organizations, shown.get(one.person_id, "")] if name),
            (one.person.email or "").casefold(),
        )
        for one in readers
    ]


def conflict(reader: ReaderFacts, facts: Facts) -> str:
    """Give why this reader may not read this application: own, ties or same-organization; empty where nothing is wrong."""
    if reader.email and reader.email == facts.email:
        return OWN
    if facts.has_ties and reader.reader.kind == "staff":
        return TIES
    return SAME if shares(reader.organizations, facts.organizations) else ""


def shares(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> bool:
    """Say whether any organization is on both sides."""
    return any(same_organization(one, other) for one in ours for other in theirs)
