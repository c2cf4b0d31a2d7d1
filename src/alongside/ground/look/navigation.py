"""Which links stand at the top and the foot of a page, by the roles of whoever asks."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.ground.gate import Asker, Role
from alongside.ground.look.addresses import asker_of, to_if_there

type Place = tuple[str, str | Promise]

PUBLIC: tuple[Place, ...] = (
    ("engagements:open", _("Take part")),
    ("desks:follow", _("Follow")),
    ("projects:projects", _("Projects")),
    ("record:entries", _("Record")),
    ("desks:owed", _("Owed")),
)
BY_ROLE: tuple[tuple[Role, tuple[Place, ...]], ...] = (
    (Role.LEAD, (("desks:week", _("This week")), ("voices:reader", _("Reader")))),
    (Role.STAFF, (("desks:unit", _("Our desk")),)),
    (Role.STEWARD, (("desks:steward", _("Steward’s desk")),)),
)
#: For whoever signed in and has no desk of those: readers from the community, helpers, witnesses.
OTHERS: Place = ("calls:desk", _("What waits for you"))
#: For whoever acts for the community body of the rules.
BODY: Place = ("commitments:checks", _("What waits for a check"))
#: For whoever was given a post, until they take it up.
APPOINTED: Place = ("seats:posts", _("Take up your post"))
FOOT: tuple[Place, ...] = (
    ("desks:search", _("Search")),
    ("desks:questions", _("Questions to the City")),
    ("invitations:invitations", _("What units ask leads to help with")),
    ("workplans:plans", _("Workplans")),
    ("consultations:consultations", _("Consultations")),
    ("seats:cohort", _("The community leads")),
    ("desks:years", _("Each year, counted")),
    ("pay:public", _("What leads are paid")),
    ("desks:keeps", _("What this site keeps about you")),
    ("desks:promises", _("What we promise, and what we cannot")),
    ("desks:accessibility", _("Accessibility")),
    ("desks:software", _("Free software: take it, run it")),
)


@dataclass(frozen=True)
class Link:
    """One link of a navigation: where it goes, its words, and whether it is this page."""

    href: str
    words: str
    current: str = ""


def main(request: HttpRequest) -> list[Link]:
    """List the main links for the asker's roles, their own desks first; pages of a program have no address outside one."""
    asker = asker_of(request)
    own = [place for role, places in BY_ROLE if asker.has(role) for place in places]
    if not own and asker.has(Role.PERSON):
        own = [BODY, OTHERS] if asker.body else [OTHERS]
    if asker.is_appointed:
        own = [APPOINTED, *own]
    return _links(request, (*own, *PUBLIC))


def desk_of(asker: Asker) -> str | None:
    """Name the page on which a person's work waits; None where they have no desk."""
    if asker.is_appointed:
        return APPOINTED[0]
    others = (BODY if asker.body else OTHERS)[0] if asker.has(Role.PERSON) else None
    return next((places[0][0] for role, places in BY_ROLE if asker.has(role)), others)


def foot(request: HttpRequest) -> list[Link]:
    """List the links at the foot of a page, those whose page exists."""
    return _links(request, FOOT)


def _links(request: HttpRequest, places: tuple[Place, ...]) -> list[Link]:
    """Turn names of pages into links, leaving out the pages that do not exist."""
    found = [(to_if_there(request, name), words) for name, words in places]
    return [Link(href, str(words), _current(request.path, href)) for href, words in found if href]


def _current(path: str, href: str) -> str:
    """Give the value of aria-current: the page itself, or a page below it."""
    if path == href:
        return "page"
    return "true" if path.startswith(href) and href.count("/") > _HOME_DEPTH else ""


_HOME_DEPTH = 3  # /program/lang/ holds every page, so being below it says nothing
