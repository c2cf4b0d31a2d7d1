"""Where people read what stands in the log: the page of what was asked, of an engagement or of another thing, beside the entry's own."""

from collections.abc import Callable, Mapping
from typing import Any

from alongside.core.entries import Entry
from alongside.core.grammar.asks import LEADS_BACK, ask_behind
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import is_ask
from alongside.ground.record.rows import RowsLog

#: Gives the address of a named page, as `to` of addresses does.
type Going = Callable[..., str]
#: What an entry cites that the address of its page is made of.
ABOVE = ("engagement", "project", "consultation")
#: Where in its thread an entry stands.
IN_THREAD = {EntryKind.FINDING_PUBLISHED: "#finding-{}", EntryKind.REPORT_PUBLISHED: "#report"}


def page_of_ask(go: Going, ask: Entry, briefs: Mapping[int, str], anchor: str = "") -> str:
    """Give the place where people read an ask and what came of it: in a thread, among the questions, or in a change list; empty where it has none.

    `briefs` names consultations by the entries that opened them; `anchor` is the place on that page, where it is not that of the ask.
    """
    anchor = anchor or f"ask-{ask.index}"
    for promise in ask.cites.get("engagement", ()):
        return f"{go('desks:thread', promise=promise)}#{anchor}"
    if ask.kind == EntryKind.ASK_QUESTIONED:
        return go("desks:question", ask=ask.index)
    for brief in ask.cites.get("consultation", ()):
        return f"{go('desks:changes', slug=briefs[brief])}#{anchor}" if brief in briefs else ""
    return ""


def page_of_thing(go: Going, entry: Entry, above: Mapping[str, Entry]) -> str:
    """Give the page of a thing that people look for by its name; empty where it has none. `above` is what it cites, by the role."""
    if is_ask(entry):
        return page_of_ask(go, entry, _named(above))
    if entry.kind == EntryKind.DECISION_SCHEDULED and "project" in above:
        slug = above["project"].data["project"]
        return go("projects:decision", slug=slug, decision=entry.data["decision"])
    if entry.kind == EntryKind.ASK_LISTED:
        return f"{go('desks:questions')}?list={entry.index}"
    pages: dict[EntryKind, tuple[str, str]] = {
        EntryKind.ENGAGEMENT_PROMISED: ("engagements:engagement", "engagement"),
        EntryKind.PROJECT_REGISTERED: ("projects:project", "project"),
        EntryKind.CONSULTATION_OPENED: ("consultations:consultation", "consultation"),
        EntryKind.WORKPLAN_PROPOSED: ("workplans:plan", "workplan"),
        EntryKind.INVITATION_MADE: ("invitations:invitation", "invitation"),
        EntryKind.CALL_PUBLISHED: ("calls:call", "call"),
        EntryKind.RECONSTRUCTED_PROMISE: ("desks:past", "thread"),
    }
    name, of = pages.get(EntryKind(entry.kind), ("", ""))
    return go(name, slug=entry.data[of]) if name else ""


def _named(above: Mapping[str, Entry]) -> dict[int, str]:
    brief: Any = above.get("consultation")
    return {brief.index: str(brief.data["consultation"])} if brief else {}


def asked_by(entry: Entry, log: RowsLog) -> Entry | None:
    """Give the ask that an entry is, or is about: an answer, a contest, a promise, what came of it; None for other entries."""
    belongs_elsewhere = any(role in entry.cites for role in ABOVE)  # it may look at an answer, too
    leads_back = any(role in entry.cites for role in LEADS_BACK)
    return ask_behind(log, entry) if is_ask(entry) or (leads_back and not belongs_elsewhere) else None


def read_at(go: Going, entry: Entry, log: RowsLog) -> str:
    """Give the page on which people read what an entry says, or what it is a part of; empty where only the log has it.

    One query for each step that it lies from its ask, and one for what that is on.
    """
    ask = asked_by(entry, log)
    of = ask or entry
    cited = {role: of.cites[role][0] for role in ABOVE if of.cites.get(role)}
    if ask is None and "engagement" in cited:
        there = IN_THREAD.get(EntryKind(entry.kind), "").format(entry.index)
        return go("desks:thread", promise=cited["engagement"]) + there
    found = log.some(cited.values())
    above = {role: found[index] for role, index in cited.items()}
    page = page_of_thing(go, of, above)
    if page or ask:
        return page
    for role, name in (("consultation", "consultations:consultation"), ("project", "projects:project")):
        if role in above:
            return go(name, slug=above[role].data[role])
    return ""
