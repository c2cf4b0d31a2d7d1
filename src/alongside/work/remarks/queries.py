"""Who is in the room of an engagement, what was said in it, and what leads show there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from alongside.cohort.seats.queries.seats import leads_today, suspended
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import answers_today, pack_of, posts_today
from alongside.work.engagements.models import Engagement, Version
from alongside.work.engagements.queries.drafts import parts_of_draft
from alongside.work.remarks.models import Remark, Shown, Unread

#: So many remarks stand in the room, the newest first.
MOST = 30


@dataclass(frozen=True)
class Here:
    """Somebody in a room: as whom, the account, and whether they sign for the partner."""

    actor: str
    person: Person
    signs: bool = False


def people_in(engagement: Engagement, today: date) -> list[Here]:
    """List who is in the room of an engagement: its leads, then the staff of its partner. Five queries at most."""
    program = engagement.program
    seated = leads_today(program, today)
    stopped = suspended(program, [one.public_id for one in seated], today)
    leads = [Here(one.public_id, one.person) for one in seated if one.public_id not in stopped]
    if engagement.partner is None:
        return leads
    unit = answers_today(pack_of(program), engagement.partner.unit.slug)
    staff = [
        Here(one.office.public_id, one.person, signs=one.office.signs)
        for one in posts_today(program, today)
        if one.office and one.office.unit.slug == unit
    ]
    return [*leads, *staff]


def told_of(
    engagement: Engagement, here: Iterable[Here], writer: int | None, shown: Shown | None = None
) -> list[Person]:
    """List for whom something said waits: the lead who began it, whoever signs for the partner, and whoever spoke of it."""
    rows = Remark.objects.filter(engagement=engagement, shown=shown)
    spoke = set(rows.values_list("writer", flat=True))
    first = shown.seat.public_id if shown else engagement.lead.public_id
    found = list(here)
    leads = [one for one in found if one.actor == first]
    if not leads:
        leads = [one for one in found if one.actor.startswith("seat-")]
    begun = {one.person.pk for one in leads}
    everyone = {one.person.pk: one.person for one in found if one.signs or one.person.pk in spoke | begun}
    return [person for pk, person in everyone.items() if pk != writer]


def remarks_on(engagement: Engagement, viewer: Viewer, today: date) -> list[Remark]:
    """List what was said of a draft, the newest first: to staff what was said while it named their bureau. One query."""
    rows = Remark.objects.filter(engagement=engagement, shown=None, erase_on__gt=today)
    if not viewer.has(Role.LEAD):
        own = Q(pk__in=[])
        for unit in viewer.answers_for:
            own |= Q(parts__office__startswith=f"{unit}/")
        drafts = Version.objects.filter(own, engagement=engagement).values("draft")
        rows = rows.filter(Q(draft="") | Q(draft__in=drafts))
    return list(rows.order_by("-pk")[:MOST])


def shown_in(engagement: Engagement, viewer: Viewer, today: date) -> list[Shown]:
    """List what leads show, the newest first: to leads all of it, to the partner what it can still read. Two queries."""
    rows = Shown.objects.filter(engagement=engagement, erase_on__gt=today)
    if not viewer.has(Role.LEAD):
        rows = rows.filter(until__gte=today, stopped_on=None)
    return list(rows.select_related("seat").prefetch_related("remarks").order_by("-pk"))


def unread(viewer: Viewer) -> QuerySet[Unread]:
    """Give what waits for the viewer in any room."""
    return Unread.objects.filter(person=viewer.person_id or 0)


def unread_by(program: Program, viewer: Viewer, today: date) -> list[Unread]:
    """List what waits for the viewer in rooms where they still are, oldest first. One query."""
    rows = unread(viewer).select_related(
        "remark__engagement__partner__unit", "shown__engagement__partner__unit"
    )
    return [one for one in rows.order_by("pk") if _is_open(one, program, viewer, today)]


def engagement_of(one: Unread) -> Engagement:
    """Give the engagement in whose room something waits."""
    about = one.remark or one.shown
    if about is None:
        raise LookupError("What is unread is a remark or something shown.")
    return about.engagement


def _is_open(one: Unread, program: Program, viewer: Viewer, today: date) -> bool:
    engagement = engagement_of(one)
    is_past = one.shown is not None and not one.shown.is_open(today)
    mine = viewer.has(Role.LEAD) or (
        engagement.partner is not None and engagement.partner.unit.slug in viewer.answers_for
    )
    return engagement.program_id == program.pk and mine and not is_past


@dataclass(frozen=True)
class Change:
    """A part of a draft that differs from what somebody read: its name, in which language, what stood there and what does."""

    name: str
    lang: str
    was: str
    now: str


def changes_since(engagement: Engagement, before: Mapping[str, str]) -> list[Change]:
    """List what changed in a draft since somebody read it, in the order of the draft."""
    now = parts_of_draft(engagement)
    differ = [
        one for one in [*now, *(one for one in before if one not in now)] if now.get(one) != before.get(one)
    ]
    return [Change(*_named(one), was=before.get(one, ""), now=now.get(one, "")) for one in differ]


def _named(key: str) -> tuple[str, str]:
    name, _colon, lang = key.partition(":")
    return name, lang


def versions_of(engagement: Engagement, drafts: Collection[str]) -> dict[str, dict[str, str]]:
    """Give the parts of a draft as it was read, by its hash. One query."""
    rows = Version.objects.filter(engagement=engagement, draft__in=drafts)
    return dict(rows.values_list("draft", "parts"))
