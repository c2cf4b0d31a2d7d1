"""Read the help lines of a pack, what to do with a paper, and the register of federal requests."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy.pack import Pack
from alongside.core.policy.shapes import HelpLine, Route
from alongside.core.search_words import holds_any
from alongside.ground.directory.models import FederalRequest
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program, Unit
from alongside.ground.programs.queries import holders_of
from alongside.ground.ui.addresses import site_of

COLUMNS = ("received", "unit", "agency", "came_by", "asked", "paper", "immigration", "outcome", "decided")


def is_counsel(viewer: Viewer, pack: Pack) -> bool:
    """Say whether the viewer holds the office of the government's lawyers, where the pack names one of its own."""
    return pack.federal.attorney is not None and pack.federal.attorney in viewer.offices


def may_clear(viewer: Viewer, pack: Pack) -> bool:
    """Say whether the viewer says what counsel cleared: counsel, or the steward where counsel has no office here."""
    return is_counsel(viewer, pack) or (pack.federal.attorney is None and viewer.has(Role.STEWARD))


def seen_by(program: Program, pack: Pack, viewer: Viewer) -> QuerySet[FederalRequest]:
    """Give the requests that this viewer may see."""
    found = FederalRequest.objects.filter(unit__program=program)
    sees_all = viewer.has(Role.STEWARD) or is_counsel(viewer, pack)
    return found if sees_all else found.filter(unit__slug__in=viewer.units)


def requests_for(program: Program, pack: Pack, viewer: Viewer) -> list[FederalRequest]:
    """List the requests that this viewer may see, the latest first, with their steps. Two queries."""
    found = seen_by(program, pack, viewer).select_related("unit__program").prefetch_related("steps")
    return list(found.order_by("-received_on", "-pk"))


def request_for(program: Program, pack: Pack, viewer: Viewer, key: str) -> FederalRequest | None:
    """Give one request to those who may see it, or None."""
    return next((one for one in requests_for(program, pack, viewer) if one.key == key), None)


def steps_of(one: FederalRequest) -> dict[str, date]:
    """Give the steps taken with their days. Asks nothing where they were fetched."""
    return {step.step: step.on for step in one.steps.all()}


#: What decides a request, and to whom each one is handed.
DECIDED, HANDED = frozenset({"declined", "followed"}), ("head", "attorney")


def undone(one: FederalRequest) -> list[str]:
    """List what is still to be done with a request: the decision, each that does not have it, and the leads who keep what it asks for.

    It waits until all of it is done: a request that was declined and handed to nobody is known to nobody.
    """
    taken = steps_of(one)
    left = [] if DECIDED & taken.keys() else ["decide"]
    left += [step for step in HANDED if step not in taken]
    return left + (["leads"] if "voices" in one.asked and "leads" not in taken else [])


def left_in_words(one: FederalRequest, viewer: Viewer) -> list[str]:
    """Say what is still to be done with a request, as this viewer does it. What a judge signed may be followed; all else is declined."""
    own = {"decide": JUDGE_SIGNED} if one.paper == "judicial" else {}
    own |= {"head": HEAD_TO_DO} if viewer.signs_for(one.unit.slug) else {}
    return [str((TO_DO | own)[step]) for step in undone(one)]


def steps_left(one: FederalRequest, pack: Pack, viewer: Viewer) -> list[str]:
    """List the steps that this viewer can take now. Only a paper signed by a judge can be followed."""
    taken = set(steps_of(one))
    left = []
    if viewer.works_for(one.unit.slug) or is_counsel(viewer, pack):
        if not taken & DECIDED:
            left += ["declined"]
            # Whoever works for the unit follows nothing before the lawyers have it.
            left += ["followed"] if one.paper == "judicial" and "attorney" in taken else []
        left += [step for step in HANDED if step not in taken]
    may_tell = viewer.works_for(one.unit.slug) or is_counsel(viewer, pack) or viewer.has(Role.STEWARD)
    if may_tell and "attorney" in taken and "leads" in undone(one):
        left.append("leads")
    if may_clear(viewer, pack) and "attorney" in taken and "cleared" not in taken:
        left.append("cleared")
    return left


def units_to_record(program: Program, viewer: Viewer) -> list[Unit]:
    """List the units for which this viewer records requests. One query."""
    return list(Unit.objects.filter(program=program, slug__in=viewer.units).order_by("slug"))


def is_reported(one: FederalRequest) -> bool:
    """Say whether a request belongs in the monthly file: immigration enforcement, and no paper signed by a judge."""
    return one.immigration != "no" and one.paper != "judicial"


def months(found: Sequence[FederalRequest]) -> list[str]:
    """List the months that need a file, as 2026-11, the latest first. A month without requests needs none."""
    return sorted({one.received_on.isoformat()[:7] for one in found if is_reported(one)}, reverse=True)


def month_rows(found: Sequence[FederalRequest], month: str) -> list[dict[str, str]]:
    """Give the lines of a month's file, oldest first; nothing in them points at a person."""
    chosen = [one for one in found if is_reported(one) and one.received_on.isoformat()[:7] == month]
    return [_line(one) for one in sorted(chosen, key=lambda one: (one.received_on, one.pk))]


def _line(one: FederalRequest) -> dict[str, str]:
    taken = steps_of(one)
    outcome = next((step for step in ("declined", "followed") if step in taken), "")
    cells = (
        one.received_on.isoformat(),
        one.unit.slug,
        one.agency,
        one.came_by,
        " ".join(one.asked),
        one.paper,
        one.immigration,
        outcome,
        taken[outcome].isoformat() if outcome else "",
    )
    return dict(zip(COLUMNS, cells, strict=True))


def public_years(
    program: Program, pack: Pack, opened: date, today: date
) -> list[tuple[int, int | Band | Fewer, int | Band | Fewer]]:
    """Count by year what counsel cleared, and what of it was declined, from the program's first year on. Two queries.

    Ranges, or numbers where the pack allows them; none looks the same as few.
    """
    cleared = FederalRequest.objects.filter(unit__program=program, steps__step="cleared")
    rows = list(cleared.prefetch_related("steps"))

    def told(found: Iterable[bool]) -> int | Band | Fewer:
        return sum(found) if pack.federal.exact_counts else band(sum(found), pack)

    return [
        (
            year,
            told(one.received_on.year == year for one in rows),
            told(one.received_on.year == year and "declined" in steps_of(one) for one in rows),
        )
        for year in range(today.year, opened.year - 1, -1)
    ]


def head_office(pack: Pack, unit: str) -> str:
    """Name the office that heads a unit: the one that signs for it; empty where the pack has none."""
    found = next((one for one in pack.units if one.slug == unit), None)
    office = next((one.slug for one in found.offices if one.is_manager), "") if found else ""
    return f"{unit}/{office}" if office else ""


def to_route(program: Program) -> list[FederalRequest]:
    """List the requests about which no letter went out. One query."""
    found = FederalRequest.objects.filter(unit__program=program, routed_on=None)
    return list(found.select_related("unit__program").order_by("pk"))


def routed_to(one: FederalRequest, pack: Pack, today: date) -> list[Person]:
    """List who hears of a request today: whoever heads its unit, and the lawyers where they hold an office here."""
    offices = [head_office(pack, one.unit.slug), pack.federal.attorney or ""]
    posts = [post for office in offices if office for post in holders_of(one.unit.program, office, today)]
    return list({post.person_id: post.person for post in posts}.values())


def waiting_for(program: Program, pack: Pack, viewer: Viewer) -> list[FederalRequest]:
    """List the requests with something to do that this viewer was written about: their unit's where they head it, all where they are counsel."""
    found = requests_for(program, pack, viewer) if viewer.manages or is_counsel(viewer, pack) else []
    mine = [one for one in found if viewer.signs_for(one.unit.slug) or is_counsel(viewer, pack)]
    return [one for one in mine if undone(one)]


#: The kinds of help in the order in which a page shows them, each with its heading.
KINDS: dict[str, str | Promise] = {
    "urgent": _("If it is happening now"),
    "legal": _("Free legal help"),
    "bias": _("Report hate or bias"),
    "sanctuary": _("Report that an office broke sanctuary rules"),
    "discrimination": _("Report unfair treatment"),
    "other": _("More help"),
}


def help_called(pack: Pack | None) -> str:
    """Give what the page of help is called; sanctuary is named only where the pack says something of it."""
    return str(_("Help and sanctuary") if pack is None or pack.sanctuary else _("Help"))


def help_of(pack: Pack, kinds: Iterable[str] = KINDS) -> list[tuple[str, str | Promise, list[HelpLine]]]:
    """Give the help lines of a pack by kind, each kind with its heading; what was not checked is left out."""
    found = [(kind, KINDS[kind], [one for one in pack.help_shown if one.kind == kind]) for kind in kinds]
    return [one for one in found if one[2]]


#: How many numbers to call stand on a page that is about something else; the page of help has all.
NUMBERS = 2


def about_questions(program: Program, pack: Pack) -> Route | None:
    """Give the way to call those who know the questions; in a demonstration whose help lines are real, its made-up number stands beside none of them."""
    is_real = not any(one.demonstration for one in pack.help_shown)
    return None if program.is_demonstration and is_real and pack.help_shown else pack.phone


def to_call_now(program: Program, pack: Pack) -> dict[str, object]:
    """Give the first numbers to call, whom to call about a question, and whether the page of help says what to do when agents are at the door."""
    lines = [line for _kind, _heading, lines in help_of(pack, ("urgent",)) for line in lines]
    return {
        "lines": lines[:NUMBERS],
        "about": about_questions(program, pack),
        "has_door": bool(pack.sanctuary and pack.sanctuary.door),
    }


def asks_for_help(pack: Pack, words: str) -> bool:
    """Say whether somebody looks for help, by the words that the pack lists."""
    found_by = pack.sanctuary.found_by if pack.sanctuary else ()
    return holds_any(words, found_by, [one.code for one in pack.languages])


def sources_of(pack: Pack) -> list[tuple[str, str]]:
    """List where the words about sanctuary were read: the address, and its title or else its site."""
    titles = {one.address: one.title for one in pack.sources}
    sources = pack.sanctuary.sources if pack.sanctuary else ()
    return [(one, titles.get(one) or site_of(one)) for one in sources]


type Names = dict[str, str | Promise]

AGENCIES: Names = {
    "immigration": _("An immigration agency"),
    "homeland": _("Another part of Homeland Security"),
    "justice": _("The Department of Justice or the FBI"),
    "delegated": _("Another office acting for an immigration agency"),
    "other": _("Another federal agency"),
    "unclear": _("They did not say"),
}
WAYS: Names = {
    "visit": _("In person"),
    "phone": _("By phone"),
    "mail": _("By mail or email"),
    "system": _("Through a data system"),
    "other": _("Another way"),
}
ASKED: Names = {
    "address": _("An address"),
    "contact": _("Phone, email or social media"),
    "work-school": _("Work or school"),
    "relatives": _("Relatives or people someone knows"),
    "appointments": _("Appointments or hearings"),
    "status": _("Immigration status or country of birth"),
    "voices": _("What people said, or the keys to it"),
    "data": _("A data set, camera or sensor"),
    "access": _("To enter a place that is not open to everyone"),
    "staff": _("Help from staff"),
    "other": _("Something else"),
}
PAPERS: Names = {
    "none": _("No paper"),
    "letter": _("A letter or a form without a signature of a judge"),
    "administrative": _("A subpoena or warrant signed by an agency"),
    "judicial": _("A subpoena, warrant or order signed by a judge"),
    "unclear": _("A paper; we do not know what it is"),
}
IMMIGRATION: Names = {
    "yes": _("Yes"),
    "unclear": _("We do not know"),
    "no": _("No"),
}
STEPS: Names = {
    "declined": _("Declined"),
    "head": _("Handed to the head of the bureau"),
    "attorney": _("Handed to the lawyers"),
    "followed": _("Followed, as the lawyers said a judge ordered"),
    "leads": _("The leads were told what the lawyers allow"),
    "cleared": _("The lawyers let it be counted in public"),
}
#: What someone presses who took a step: it is only noted here, and done elsewhere.
NOTES: Names = {
    "declined": _("I declined it: note this"),
    "head": _("I handed it to the head of the bureau: note this"),
    "attorney": _("I handed it to the lawyers: note this"),
    "followed": _("I followed it, as the lawyers said a judge ordered: note this"),
    "leads": _("I told the leads what the lawyers allow: note this"),
    "cleared": _("The lawyers let it be counted in public: note this"),
}
#: The same for whoever heads the bureau, of the step that hands it to them.
HEAD_KNOWS = _("I head this bureau and know of it: note this")
#: What is still to be done, as it follows "Still to do:".
TO_DO: Names = {
    "decide": _("decline it"),
    "head": _("hand it to the head of the bureau"),
    "attorney": _("hand it to the lawyers"),
    "leads": _("tell the leads what the lawyers allow"),
}
#: The decision about a paper that a judge signed.
JUDGE_SIGNED = _("hear from the lawyers, then follow it or decline it")
#: What whoever heads the bureau does, instead of handing it to themselves.
HEAD_TO_DO = _("note that you know of it")
