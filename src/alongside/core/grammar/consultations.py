"""Consultations: the frozen brief, the versions of what is reviewed, and the advice of the leads."""

from datetime import date

from alongside.core.clocks import ANSWER_YEARS, latest_answer
from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.again import BEFORE, asks_again_with_a_reason
from alongside.core.grammar.bureaus import in_place_of
from alongside.core.grammar.program import is_an_office
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    all_cited,
    cited,
    day,
    fail,
    fields,
    first_of,
    flag,
    hex64,
    is_no_words,
    list_of,
    number,
    office,
    one_of,
    seat,
    since,
    slug,
    words,
)
from alongside.core.grammar.workplans import DRIVEN, DRIVES, answers_driving_questions
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _

BRIEF_TEXTS = ("title", "what", "decision", "can_change", "cannot_change")


def is_by_the_unit_of_the_brief(entry: Entry, log: LogView) -> None:
    """Let only the unit that will answer write the brief and bring the material; the office above takes back what a merged unit asked."""
    brief = cited(entry, "consultation", log) if "consultation" in entry.cites else entry
    unit = in_place_of(brief.data["unit"], entry, log)
    if any(unit_of(one) != unit for one in entry.offices):
        fail("only {unit}, the bureau that will answer, writes here; ask it.", unit=Named(unit))


def names_who_answers(entry: Entry, log: LogView) -> None:
    """Refuse a brief whose answering office does not exist or belongs to another unit."""
    is_an_office(entry.data["office"], log)
    if unit_of(entry.data["office"]) != entry.data["unit"]:
        fail("the office that will answer belongs to the bureau of the brief; name one of its offices.")


def days_come_in_order(entry: Entry, _log: LogView) -> None:
    """Refuse a brief whose days contradict one another."""
    if not entry.date.isoformat() <= entry.data["advice_by"] <= entry.data["answer_by"]:
        fail("the days must come in order: opened, advice by, answer by.")


def advice_is_near(entry: Entry, _log: LogView) -> None:
    """Refuse a brief whose advice is due so late that none of those who were asked is there any more."""
    if entry.data["advice_by"] > latest_answer(entry.date).isoformat():
        fail("advice is given within {years} years; name a nearer day.", years=ANSWER_YEARS)


def answers_are_near(entry: Entry, _log: LogView) -> None:
    """Refuse a brief whose answers come in a year that nobody lives to see: what leads say of it stays until then."""
    if entry.data["answer_by"] > latest_answer(date.fromisoformat(entry.data["advice_by"])).isoformat():
        fail("answers come within {years} years of the advice; name a nearer day.", years=ANSWER_YEARS)


is_opened_once = first_of(
    "this consultation has its brief, and a brief is frozen; open a new consultation instead.",
    "consultation",
    "Refuse a second brief for one consultation; a brief is frozen.",
)


def decides_on_its_project(entry: Entry, log: LogView) -> None:
    """Refuse a brief for a decision on another project."""
    for decision in all_cited(entry, "decision", log):
        if decision.cites["project"] != entry.cites["project"]:
            fail("the decision is on another project; cite a decision on the project of the brief.")


def is_under_way(entry: Entry, log: LogView) -> None:
    """Refuse to write in a consultation that the unit took back."""
    if log.citing(entry.cites["consultation"][0], EntryKind.CONSULTATION_WITHDRAWN):
        fail("the bureau withdrew this consultation; it stands as it is.")


def follows_its_version(entry: Entry, log: LogView) -> None:
    """Let versions of one material follow each other without a gap, each with its hash or its link."""
    data, said = entry.data, log.citing(entry.cites["consultation"][0], EntryKind.MATERIAL_ENTERED)
    before = [one for one in said if one.data["material"] == data["material"]]
    last = (before[-1].index,) if before else ()
    if entry.cites.get("before", ()) != last or data["version"] != len(before) + 1:
        fail("a version follows the one before it; cite that one and count one up.")
    has_link = "link" in data or "link" in entry.texts
    if has_link != (data["form"] == "link") or ("hash" in data) == (data["form"] == "link"):
        fail("a link has an address, and a file or a page has none; give one or the other.")


def is_the_leads_own_advice(entry: Entry, log: LogView) -> None:
    """Refuse advice that any office had a hand in (promise 3), or beside advice of another consultation."""
    if entry.offices:
        fail("advice is written by leads alone; no office may sign it.")
    for role in ("beside", "material"):
        for other in all_cited(entry, role, log):
            if other.cites["consultation"] != entry.cites["consultation"]:
                fail("advice cites what belongs to its own consultation; leave the other out.")


def quotes_what_it_cites(entry: Entry, log: LogView) -> None:
    """Let every comment that is cited be quoted, with the seat that wrote it and the version it is about."""
    for one in entry.data.get("comments", []):
        if one["id"] not in entry.texts:
            fail("{comment} is cited and not quoted; quote its words.", comment=one["id"])
        if "material" in one and one["material"] not in entry.cites.get("material", ()):
            fail("{comment} is about a version that the advice does not cite; cite it.", comment=one["id"])
        if not log.about(EntryKind.SEAT_TAKEN, one["seat"]):
            fail(
                "{seat} is not a place on the public log; ask the program coordinator to enter it.",
                seat=Named(one["seat"]),
            )
    cited = {one["id"] for one in entry.data.get("comments", [])}
    for name in entry.texts:
        if name.startswith("comment-") and name.removesuffix("-place") not in cited:
            fail("{comment} is quoted and not cited; say which place wrote it.", comment=name)


CONSULTATION = {"consultation": Cites((EntryKind.CONSULTATION_OPENED,))}

KINDS = (
    Kind(
        name=EntryKind.CONSULTATION_OPENED,
        heading=_("A consultation with its brief"),
        says="The brief, frozen: what leads are asked to review, for which decision, by when, what can change, who answers.",
        pen="city",
        by=("office",),
        data={
            "consultation": slug,
            "of": slug,
            "unit": slug,
            "office": office,
            "advice_by": day,
            "answer_by": day,
        },
        cites={
            "project": Cites((EntryKind.PROJECT_REGISTERED,)),
            "decision": Cites((EntryKind.DECISION_SCHEDULED,), 0, 1),
            **BEFORE,
        },
        texts=BRIEF_TEXTS,
        may_text=("asked_again",),
        subject="consultation",
        rules=(
            is_by_the_unit_of_the_brief,
            names_who_answers,
            days_come_in_order,
            since(2, advice_is_near),
            since(2, answers_are_near),
            is_opened_once,
            decides_on_its_project,
            asks_again_with_a_reason,
        ),
    ),
    Kind(
        name=EntryKind.MATERIAL_ENTERED,
        heading=_("Something to review"),
        says="A version of what is reviewed: a file or a page with the hash of a salt and its bytes, or a link.",
        pen="city",
        by=("office",),
        data={"material": slug, "version": number(1, 1000), "form": one_of("file", "page", "link")},
        may={"hash": hex64},
        cites={**CONSULTATION, "before": Cites((EntryKind.MATERIAL_ENTERED,), 0, 1)},
        texts=("title",),
        may_text=("changes", "link"),
        since={"texts.link": 2},
        was={"may": {"link": words(500)}},
        rules=(is_by_the_unit_of_the_brief, is_under_way, follows_its_version, is_no_words("link")),
    ),
    Kind(
        name=EntryKind.CONSULTATION_WITHDRAWN,
        heading=_("The bureau withdrew a consultation"),
        says="The unit takes a consultation back, with its reason. Leads may still give advice, and its clock runs.",
        pen="city",
        by=("office",),
        cites=CONSULTATION,
        texts=("reason",),
        rules=(is_by_the_unit_of_the_brief, is_under_way),
    ),
    Kind(
        name=EntryKind.ADVICE_PUBLISHED,
        heading=_("Advice of the leads"),
        did=_("advised"),
        says="What the leads say of a data product. Comments it rests on are quoted, each under the seat that wrote it.",
        pen="community",
        by=("seat",),
        signed=4,
        data={"smaller": flag},
        may={
            "comments": list_of(fields({"id": slug, "seat": seat}, {"material": number(0, 10**12)}), 1, 100),
            **DRIVEN,
        },
        cites={
            **CONSULTATION,
            "material": Cites((EntryKind.MATERIAL_ENTERED,), 0, 100),
            "beside": Cites((EntryKind.ADVICE_PUBLISHED,), 0, 20),
            "answer": Cites((EntryKind.ANSWER_GIVEN, EntryKind.RAISE_REPLIED), 0, 20),
            **DRIVES,
        },
        texts=("advice",),
        any_text=r"comment-[0-9]{1,9}(-place)?",
        rules=(is_the_leads_own_advice, quotes_what_it_cites, answers_driving_questions),
    ),
)
