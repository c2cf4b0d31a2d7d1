"""City projects: what a unit says of them and what of that stands, the dated decisions on them, who works on them, and imported registers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alongside.core.entries import Entry
from alongside.core.grammar.project_rules import (
    COUNTED,
    accounts_for_every_row,
    decision_is_new,
    follows_from_the_file_before,
    is_by_its_bureau,
    is_by_one_seat_that_sits,
    is_by_who_decides,
    is_decided_within_reason,
    is_moved_ahead,
    is_not_decided,
    is_of_its_project,
    is_of_the_bureau_of_its_file,
    is_signed_while_people_speak,
    joins_once,
    names_each_once,
    project_is_new,
    says_something,
    was_made_by_then,
    was_made_since,
    withdraws_the_file_before,
)
from alongside.core.grammar.shape import (
    Check,
    Cites,
    Kind,
    day,
    fields,
    her_words,
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
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _

STAGES = ("planned", "development", "pilot", "in_use", "retired")
IMPACTS = ("high", "limited")
YES_NO = ("yes", "no")
ASKED = ("asked", "planned", "not_asked")
#: What a unit says of a project in words. A text that is one dash says that there is none.
FACT_TEXTS = (
    "purpose",
    "data_used",
    "people_in_data",
    "vendors",
    "datasets",
    "documents",
    "oversight",
    "appeal",
    "consultation",
)
#: What a unit chooses of a project from a few words.
FACT_CHOICES: dict[str, Check] = {
    "sort": slug,
    "stage": one_of(*STAGES),
    "impact": one_of(*IMPACTS),
    "personal_data": one_of(*YES_NO),
    "asked": one_of(*ASKED),
    "communities": list_of(slug, 0, 40),
}
MOST_ROWS = 10_000_000
COUNTS = (*COUNTED, "gone")
CITY = ("office", "steward")
PROJECT = {"project": Cites((EntryKind.PROJECT_REGISTERED,))}
DECISION = {"decision": Cites((EntryKind.DECISION_SCHEDULED,))}
FINDING = (EntryKind.FINDING_PUBLISHED, EntryKind.RECONSTRUCTED_FINDING)

#: Who works on a project is who said so last.
ON_AND_OFF = her_words("project", EntryKind.PROJECT_JOINED, EntryKind.PROJECT_LEFT)

KINDS = (
    Kind(
        name=EntryKind.REGISTER_IMPORTED,
        heading=_("Projects came in from a file"),
        called={"withdraws": _("A file of projects was withdrawn")},
        says="Projects came in from a file, or a file was withdrawn and what stood before it is in force again. The root stands over every row of the register. Each row, and the hash of the file, has a salt of its own.",
        pen="city",
        by=CITY,
        data={
            "register": slug,
            "file": hex64,
            "mapping": hex64,
            "root": hex64,
            "rows": number(0, MOST_ROWS),
            "listed": number(0, MOST_ROWS),
            **{name: number(0, MOST_ROWS) for name in COUNTS},
        },
        may={"unit": slug},
        cites={
            "before": Cites((EntryKind.REGISTER_IMPORTED,), 0, 1),
            "withdraws": Cites((EntryKind.REGISTER_IMPORTED,), 0, 1),
        },
        texts=("title",),
        may_text=("source", "license"),
        since={"texts.source": 2, "texts.license": 2, "cites.withdraws": 3},
        was={"may": {"source": words(300), "license": words(120)}},
        subject="register",
        rules=(
            accounts_for_every_row,
            since(2, follows_from_the_file_before),
            withdraws_the_file_before,
            is_no_words("source", "license"),
        ),
    ),
    Kind(
        name=EntryKind.PROJECT_REGISTERED,
        heading=_("A city project"),
        says="A unit's policy, service or data product that is being decided.",
        pen="city",
        by=CITY,
        data={"project": slug, "unit": slug},
        cites={"import": Cites((EntryKind.REGISTER_IMPORTED,), 0, 1)},
        texts=("title", "summary"),
        subject="project",
        rules=(since(2, project_is_new), since(3, is_by_its_bureau), since(3, is_of_the_bureau_of_its_file)),
    ),
    Kind(
        name=EntryKind.PROJECT_DESCRIBED,
        heading=_("What the City says of a project"),
        sentence=_("A bureau told facts of its project."),
        says="Facts that a unit tells of its project. What is told here replaces what was told before; the rest stands.",
        pen="city",
        by=CITY,
        data={"project": slug},
        may=FACT_CHOICES,
        cites=PROJECT,
        may_text=("summary", *FACT_TEXTS),
        subject="project",
        rules=(says_something, is_of_its_project, since(3, is_by_its_bureau)),
    ),
    Kind(
        name=EntryKind.PROJECT_JOINED,
        heading=_("A lead works on a project"),
        sentence=_("A lead works on a project."),
        says="A lead works on this project.",
        pen="community",
        by=("seat",),
        data={"project": slug, "seat": seat},
        cites=PROJECT,
        subject="project",
        rules=(is_of_its_project, is_by_one_seat_that_sits, joins_once),
        before=ON_AND_OFF,
        signed=5,
        alone=True,
    ),
    Kind(
        name=EntryKind.PROJECT_LEFT,
        heading=_("A lead no longer works on a project"),
        sentence=_("A lead no longer works on a project."),
        says="A lead no longer works on this project.",
        pen="community",
        by=("seat",),
        data={"project": slug, "seat": seat},
        cites=PROJECT,
        subject="project",
        rules=(is_of_its_project, joins_once),
        before=ON_AND_OFF,
        signed=5,
        alone=True,
    ),
    Kind(
        name=EntryKind.HARM_NAMED,
        heading=_("Harm that a community sees"),
        says="Harm that a community sees in a project: kinds from the policy pack, and their own words.",
        pen="community",
        by=("seat",),
        signed=4,
        alone=True,
        data={"project": slug, "harms": list_of(slug, 1, 40)},
        may={"communities": list_of(slug, 1, 40)},
        cites=PROJECT | {"finding": Cites(FINDING, 0, 20)},
        texts=("words",),
        subject="project",
        rules=(is_of_its_project, is_by_one_seat_that_sits, names_each_once),
    ),
    Kind(
        name=EntryKind.DECISION_SCHEDULED,
        heading=_("A decision with a date"),
        says="A dated decision on a project: who decides and what is still open.",
        pen="city",
        by=CITY,
        data={"decision": slug, "on": day, "office": office},
        may={"level": fields({"framework": slug, "level": slug}), "asked": one_of(*ASKED)},
        cites=PROJECT,
        texts=("decision", "open"),
        subject="decision",
        rules=(since(2, decision_is_new), since(2, is_decided_within_reason), since(3, is_by_who_decides)),
    ),
    Kind(
        name=EntryKind.DECISION_MOVED,
        heading=_("A decision has another day"),
        says="A decision has another day, for a reason.",
        pen="city",
        by=CITY,
        data={"decision": slug, "on": day},
        cites=DECISION,
        texts=("reason",),
        subject="decision",
        rules=(
            is_not_decided,
            since(2, is_by_who_decides),
            since(2, is_moved_ahead),
            since(2, is_decided_within_reason),
            since(2, is_signed_while_people_speak),
        ),
    ),
    Kind(
        name=EntryKind.DECISION_MADE,
        heading=_("What was decided"),
        did=_("decided"),
        says="What was decided, and on which day.",
        pen="city",
        by=CITY,
        data={"decision": slug, "on": day},
        cites=DECISION,
        texts=("outcome",),
        subject="decision",
        rules=(
            is_not_decided,
            was_made_by_then,
            since(2, is_by_who_decides),
            since(2, was_made_since),
            since(2, is_signed_while_people_speak),
        ),
    ),
)


@dataclass(frozen=True)
class Facts:
    """The facts of a project: what was chosen, and for each text the entry that holds its last words."""

    choices: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, int] = field(default_factory=dict)


def facts_of(described: Iterable[Entry]) -> Facts:
    """Fold the project.described entries of one project, in any order, into what stands."""
    choices: dict[str, Any] = {}
    texts: dict[str, int] = {}
    for one in sorted(described, key=lambda each: each.index):
        choices |= {name: one.data[name] for name in FACT_CHOICES if name in one.data}
        texts |= dict.fromkeys(one.texts, one.index)
    return Facts(choices, texts)
