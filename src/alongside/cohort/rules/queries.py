"""Read rules that are proposed to the leads, in words: what needs them, and everything else that differs."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.rules.models import OPEN_FOR, Proposal
from alongside.core.entries import STEWARD
from alongside.core.grammar.bureaus import bureaus_in
from alongside.core.grammar.program import TOLD_AFTER, clocks_told, needs_the_leads, policy, terms_of
from alongside.core.grammar.seats import is_in_force, majority_lacks, signs_rules_from
from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import Pack
from alongside.core.policy.parts import PARTS, lies_in
from alongside.ground.gate.presses import is_pressed
from alongside.ground.programs.comparing import AREAS, CLOCKS, Differs, compared
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_under
from alongside.ground.record.acts import still_signs
from alongside.ground.record.persons import who_sign_beside
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.languages import in_readers_words, listed


def agrees_from(program: Program, seat: str, today: date) -> date | None:
    """Give the day from which a seat agrees to milder rules, where it cannot today; None where it can."""
    return signs_rules_from(RowsLog.of(program), seat, today)


TELLING: Mapping[str, Promise] = {
    **{name: CLOCKS[name] for name in ("silence_days", *TOLD_AFTER)},
    **{name: AREAS[name] for name in ("time_zone", "bands", "k")},
    "working_days": gettext_lazy("Working days in the twelve months from the day of the rules"),
}


def _alarm_body(of: Pack, lang: str) -> str:
    body = of.charter.alarm_body
    return listed([body.name.say(lang), body.email]) if body else _("None")


#: What only a pack says, by what changes: what it is, and how it reads in a pack.
IN_PACKS: Mapping[str, tuple[Promise, Callable[[Pack, str], str]]] = {
    "body": (
        AREAS["community_body"],
        lambda of, lang: of.office_title(of.body, lang) or _("None"),
    ),
    "escalate_to": (
        AREAS["escalate_to"],
        lambda of, lang: of.office_title(of.escalate_to, lang),
    ),
    "alarms.to": (
        gettext_lazy("The office that hears alarms of leads where the group agreement names nobody"),
        lambda of, lang: of.office_title(of.charter.alarm_to or "", lang) or _("None"),
    ),
    "alarms.body": (gettext_lazy("The community body that hears alarms of leads"), _alarm_body),
    "alarms.alarm_days": (
        gettext_lazy("Days after which a closed alarm is erased"),
        lambda of, _lang: str(of.charter.alarm_kept_days),
    ),
    "alarms.message_days": (
        gettext_lazy("Days after which a message to leads is erased"),
        lambda of, _lang: str(of.charter.message_kept_days),
    ),
}


#: One thing that needs the leads: what it is, and how it reads before and after.
type Change = tuple[str | Promise, str, str]


@dataclass(frozen=True)
class Proposed:
    """Rules that wait: the proposal, its changes, the seats that agreed, how many more must, and what names all this.

    `changes` are what becomes milder, and `reworded` what people read in other words: both need the leads. `others` is all else that
    the two packs say otherwise, since the leads sign it too.
    """

    proposal: Proposal
    changes: tuple[Change, ...]
    reworded: list[Differs]
    others: list[Differs]
    agreed: frozenset[str]
    lacking: int
    read: str


def _last(program: Program) -> Proposal | None:
    return Proposal.objects.filter(program=program).order_by("-pk").first()


def to_read(program: Program, rows: RowsLog) -> str:
    """Name what a lead reads: the rules last proposed, and those on the record beside which they stand."""
    last = _last(program)
    return f"{last.sha256 if last else ''}.{policy(rows).index}"


#: So long a lead's word on milder rules counts; then they are asked again.
COUNTS = timedelta(days=30)


def who_agreed(proposal: Proposal, read: str, rows: RowsLog, today: date) -> frozenset[str]:
    """Name the seats that agreed lately to these very rules beside those in force, as `to_read` names both, by their own press and key."""
    found = proposal.consents.filter(read=read, on__gt=today - COUNTS).select_related("seat")
    pressed = {one.seat.public_id: one for one in found if is_pressed(one)}
    return frozenset(seat for seat, one in pressed.items() if still_signs(rows, seat, one.signed))


def who_sign(program: Program, rows: RowsLog, seats: Collection[str], today: date) -> list[str]:
    """Give those of these seats whose yes to milder rules counts today: in force, and of nobody who ever ran the program. Three queries."""
    able = [one for one in seats if is_in_force(rows, one, today)]
    able = [one for one in able if signs_rules_from(rows, one, today) is None]
    return who_sign_beside(program, able, {STEWARD}, rows, today)


def is_left_to_others(program: Program, seat: str, today: date) -> bool:
    """Say whether a seat agrees to no rules, since its person once ran the program or serves the City."""
    rows = RowsLog.of(program)
    return not who_sign_beside(program, [seat], {STEWARD}, rows, today)


def open_proposals(program: Program, today: date) -> QuerySet[Proposal]:
    """Give the rules to which leads could still agree, were they the last that were proposed."""
    return Proposal.objects.filter(program=program, entry=None, proposed_on__gte=today - OPEN_FOR)


def proposed_rules(program: Program, today: date, lang: str) -> Proposed | None:
    """Give the rules that wait for the leads of a program, or None where none do, or none did lately."""
    last = _last(program)
    if last is None or last.entry is not None or today > last.open_until:
        return None
    rows = RowsLog.of(program)
    pack, now = load_pack(last.text), policy(rows).data
    after = terms_of(pack, last.sha256, today)
    packs = pack_under(now["pack"]), pack
    differ, needed = compared(*packs), needs_the_leads(rows, after)
    parts = [one.removeprefix("part.") for one in needed if one.startswith("part.")]
    reworded = [one for one in differ if any(lies_in(part, one.path) for part in parts)]
    changes = [_change(one, now, after, packs, lang) for one in needed if not one.startswith("part.")]
    # The older rules do not tell these on the log, so that nobody can compare them there.
    untold = [part for part in parts if not any(lies_in(part, one.path) for one in differ)]
    changes += [
        (AREAS[area], _("Not on the public log"), _("The same words, on the public log"))
        for area in dict.fromkeys(PARTS[part][0].partition(".")[0] for part in untold)
    ]
    read = to_read(program, rows)
    agreed = who_agreed(last, read, rows, today)
    lacking = majority_lacks(rows, today, who_sign(program, rows, agreed, today))
    return Proposed(
        proposal=last,
        changes=tuple(changes),
        reworded=reworded,
        others=[one for one in differ if one not in reworded and _told_as(one.path).isdisjoint(needed)],
        agreed=agreed,
        lacking=sum(lacking.values()),
        read=read,
    )


def _told_as(path: str) -> set[str]:
    """Name what is told beside its own words where it needs the leads, so that it is not told twice."""
    return {path, path.removeprefix("clocks.")}


def _change(
    code: str, before: Mapping[str, Any], after: Mapping[str, Any], packs: tuple[Pack, Pack], lang: str
) -> Change:
    """Say in words what becomes milder, between the pack in force and the one that is proposed."""
    group, _dot, name = code.partition(".")
    if code in IN_PACKS:
        what, said = IN_PACKS[code]
        return what, said(packs[0], lang), said(packs[1], lang)
    if group in {"clocks", *TELLING}:
        return _of_terms(group, name, before, after)
    if group == "language":
        return _("A language"), in_readers_words(name), _("Changed or gone")
    if group == "topic":
        topic = next((one for one in packs[1].forbidden if one.id == name), None)
        words = topic.name.say(lang) if topic else name
        was_asked = all(one["id"] != name for one in before.get("topics", ()))
        now = _("Other words") if topic else _("May be asked")
        return _("A question that may not be asked"), words, _("May not be asked") if was_asked else now
    if group in {"office", "signing"}:
        return _of_an_office(group, name, packs, lang)
    called = {one.slug: one.name.say(lang) for of in packs for one in of.units}
    old, new = (bureaus_in(one).get(name, "") for one in (before, after))
    unit = _("The bureau above it: %(unit)s") % {"unit": called.get(name, name)}
    return unit, called.get(old, old) or _("None"), called.get(new, new)


def _of_terms(group: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """Say what becomes of a clock, or of another number of the terms."""
    if group == "clocks":
        return CLOCKS[name], str(clocks_told(before)[name]), str(clocks_told(after)[name])
    both = before.get(group, _("Not on the public log")), after[group]
    was, becomes = (", ".join(map(str, one)) if isinstance(one, list) else str(one) for one in both)
    return TELLING[group], was, becomes


def _of_an_office(group: str, name: str, packs: tuple[Pack, Pack], lang: str) -> Change:
    """Say what becomes of an office by its name, and whether it signs for its unit."""
    was, becomes = (of.office_title(name, lang) for of in packs)
    office = packs[1].office(name)
    if group == "office" or office is None:
        return _("An office"), was, becomes if office else _("Gone")
    signs = _("Signs for its bureau"), _("Does not sign for its bureau")
    return (becomes, *(signs if not office.is_manager else signs[::-1]))
