"""Which links stand at the top and the foot of a page, by the roles of whoever asks."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.ui.addresses import asker_of, to_if_there

type Place = tuple[str, str | Promise]

PUBLIC: tuple[Place, ...] = (
    ("engagements:open", _("Take part")),
    ("desks:follow", _("What came of it")),
    ("projects:projects", _("City projects")),
    ("record:entries", _("Public log")),
    ("desks:owed", _("Answers due")),
)
BY_ROLE: tuple[tuple[Role, tuple[Place, ...]], ...] = (
    (
        Role.LEAD,
        (
            ("desks:week", _("This week")),
            ("desks:listen", _("Listen")),
            ("desks:recommend", _("Recommend")),
            ("desks:plan", _("Plan")),
            ("desks:me", _("Me")),
        ),
    ),
    (Role.STAFF, (("desks:unit", _("Our desk")),)),
    (
        Role.STEWARD,
        (
            ("desks:steward", _("My desk")),
            ("desks:health", _("Overview")),
            ("desks:people", _("People")),
            ("pay:desk", _("Pay")),
            ("desks:tasks", _("All tasks")),
        ),
    ),
)
#: Who has places, the same on every page.
WITH_PLACES = (Role.LEAD, Role.STEWARD)
#: In which place of a lead or the steward the pages of an app stand, or one page; what everyone reads stands in none.
PLACE_OF: dict[Role, dict[str, str]] = {
    Role.LEAD: {
        **dict.fromkeys(
            ("engagements", "listening", "voices", "keys", "reader", "findings", "opinions", "reports"),
            "desks:listen",
        ),
        **dict.fromkeys(("asks", "answers", "commitments", "referrals"), "desks:recommend"),
        **dict.fromkeys(
            ("workplans", "projects", "consultations", "invitations", "meetings", "strategies"), "desks:plan"
        ),
        **dict.fromkeys(("pay", "messages", "training", "seats", "applications", "reviews"), "desks:me"),
        **dict.fromkeys(
            ("desks:engagement_room", "desks:engagement_say", "desks:engagement_show"), "desks:listen"
        ),
        **dict.fromkeys(
            (
                "desks:rooms",
                "desks:room",
                "desks:room_notes",
                "desks:room_owed",
                "desks:room_level",
                "desks:strategies",
                "desks:seconds",
            ),
            "desks:plan",
        ),
        **dict.fromkeys(("desks:portfolio", "desks:acts", "keys:keyring", "keys:lost"), "desks:me"),
    },
    Role.STEWARD: {
        **dict.fromkeys(("seats", "calls", "applications", "reviews", "lotteries"), "desks:people"),
        "pay": "pay:desk",
        **dict.fromkeys(
            ("projects", "registers", "workplans", "meetings", "training", "messages", "texts"), "desks:tasks"
        ),
    },
}
#: For whoever signed in and has no desk of those: readers from the community, helpers, witnesses.
OTHERS: Place = ("desks:others", _("What waits for you"))
#: So many of the public places stand beside a desk in the one line of a phone; all stand at the foot.
BESIDE = 2
#: What a place is called in the one line of a phone, where its own name is too long.
SHORT: dict[str, str | Promise] = {
    "desks:follow": _("Results"),
    "projects:projects": _("Projects"),
    "record:entries": _("Log"),
    "desks:owed": _("Answers"),
    "desks:tasks": _("Tasks"),
}
#: For whoever acts for the community body of the rules.
BODY: Place = ("commitments:checks", _("What waits for a check"))
#: For whoever was given a post, until they take it up.
APPOINTED: Place = ("seats:posts", _("Take up your post"))
FOOT: tuple[Place, ...] = (
    ("desks:questions", _("Questions to the City")),
    ("invitations:invitations", _("Invitations from bureaus")),
    ("workplans:plans", _("Workplans")),
    ("consultations:consultations", _("Advise on a project")),
    ("seats:cohort", _("The community leads")),
    ("desks:years", _("Each year, counted")),
    ("pay:public", _("What leads are paid")),
    ("desks:keeps", _("What this site keeps about you")),
    ("desks:promises", _("What we promise, and what we cannot")),
    ("desks:accessibility", _("Accessibility")),
    ("languages", _("Languages")),
    ("desks:software", _("This is free software")),
)


@dataclass(frozen=True)
class Link:
    """One link of a navigation: where it goes, its words, and whether it is this page."""

    href: str
    words: str
    current: str = ""
    #: The words for a phone, where those are too long.
    short: str = ""


def main(request: HttpRequest) -> list[Link]:
    """List the main links for the viewer's roles, their own desks first; pages of a program have no address outside one.

    Leads and the steward have places, the same on every page; what everyone finds at the top stands at the foot for them,
    and for whoever else has a desk.
    """
    viewer = asker_of(request)
    own = [place for role, places in BY_ROLE if viewer.has(role) for place in places]
    if _is_other(viewer):
        own = [BODY, OTHERS] if viewer.body else [OTHERS]
    if viewer.is_appointed:
        own = [APPOINTED, *own]
    if viewer.has(*WITH_PLACES):
        return _with_place(request, _links(request, tuple(own)))
    return _links(request, (*own, *PUBLIC[:BESIDE]) if own else PUBLIC)


def _is_other(viewer: Viewer) -> bool:
    """Say whether a person signed in and has none of the desks of BY_ROLE."""
    return viewer.has(Role.PERSON) and not any(viewer.has(role) for role, _places in BY_ROLE)


def _with_place(request: HttpRequest, links: list[Link]) -> list[Link]:
    """Mark the one place in which the page stands: itself, the nearest above it, else that of its app."""
    match = request.resolver_match
    places = next((found for role, found in PLACE_OF.items() if asker_of(request).has(role)), {})
    place = (places.get(match.view_name) or places.get(match.app_name)) if match else None
    nearest = max((one.href for one in links if one.current), key=len, default="")
    if place is None or nearest.count("/") > _DESK_DEPTH or request.path == nearest:
        return [one if one.href == nearest else replace(one, current="") for one in links]
    here = to_if_there(request, place)
    return [replace(one, current="true" if one.href == here else "") for one in links]


def desk_of(viewer: Viewer) -> str | None:
    """Name the page on which a person's work waits; None where they have no desk."""
    if viewer.is_appointed:
        return APPOINTED[0]
    others = (BODY if viewer.body else OTHERS)[0] if viewer.has(Role.PERSON) else None
    return next((places[0][0] for role, places in BY_ROLE if viewer.has(role)), others)


def foot(request: HttpRequest) -> list[Link]:
    """List the links at the foot of a page, those whose page exists."""
    viewer = asker_of(request)
    return _links(request, (*PUBLIC, *FOOT) if desk_of(viewer) else FOOT)


def _links(request: HttpRequest, places: tuple[Place, ...]) -> list[Link]:
    """Turn names of pages into links, leaving out the pages that do not exist."""
    found = [(to_if_there(request, name), words, SHORT.get(name, "")) for name, words in places]
    return [
        Link(href, str(words), _current(request.path, href), str(short))
        for href, words, short in found
        if href
    ]


def _current(path: str, href: str) -> str:
    """Give the value of aria-current: the page itself, or a page below it."""
    if path == href:
        return "page"
    return "true" if path.startswith(href) and href.count("/") > _HOME_DEPTH else ""


_HOME_DEPTH = 3  # /program/lang/ holds every page, so being below it says nothing
_DESK_DEPTH = 4  # and a desk, /program/lang/steward/, many pages of other places
