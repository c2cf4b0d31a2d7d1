"""Which column is which fact, and what is made of a row by it."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from alongside.core.grammar.projects import FACT_TEXTS
from alongside.core.registers.cells import holds_emails, nothing, several
from alongside.core.registers.choices import CHOICES, folded, meant
from alongside.core.registers.rows import RawRow

#: What a column can be. `key` names a row again and again; `drop` is left out of everything.
KEY, DROP, KEEP = "key", "drop", ""
#: Communities of the policy pack by id, as many as a row names. No word of a file means one before a person or the pack says so.
COMMUNITIES = "communities"
#: A body of the file, and the bureau of the policy pack that it is, by its slug; only what a person or the pack says.
BODY, UNIT = "body", "unit"
#: What is chosen only where a person or the pack gave a word its meaning.
GIVEN = (COMMUNITIES, BODY)
FACTS = ("name", "body", "summary", *CHOICES, COMMUNITIES, *FACT_TEXTS)
ON_LINES = ("vendors", "datasets", "documents")
LONGEST_KEY = 100
#: What stands between communities that one cell names.
BETWEEN = re.compile(r"[;\n|]|,\s")
#: Headings that are known from registers, folded; the first that fits wins.
HEADINGS: dict[str, tuple[str, ...]] = {
    "key": ("use case id", "id", "identifier", "record id", "guid"),
    "name": ("use case name", "tool name", "name", "title", "project", "system", "tool"),
    "body": (
        "agency name",
        "publishing body",
        "department",
        "agency",
        "organization",
        "bureau",
        "body",
        "unit",
    ),
    "summary": ("problem solved", "summary", "description", "short description", "plain description"),
    "stage": ("development stage", "stage of development", "stage", "status", "phase"),
    "impact": ("is high impact", "impact", "risk category", "risk", "is the ai use case rights impacting"),
    "purpose": (
        "benefits",
        "purpose",
        "what is the intended purpose and expected benefits of the ai",
        "goal",
    ),
    "data_used": ("data description", "data used", "data", "source data"),
    "personal_data": ("has pii", "personal data", "pii"),
    "people_in_data": ("demographic features", "demographics", "which if any demographic variables"),
    "vendors": ("vendor name", "vendor", "supplier", "contractor"),
    "datasets": ("link to data", "datasets", "dataset"),
    "documents": ("pia url", "url", "link", "documents", "documentation"),
    "oversight": ("hi failsafe presence", "human oversight", "oversight"),
    "appeal": ("hi appeal process", "appeal", "objection procedure", "appeals and review"),
    "asked": ("hi public consultation", "public consultation", "public was asked"),
    "sort": ("kind", "type", "category"),
    COMMUNITIES: ("communities", "affected communities", "whom it touches", "who is affected", "populations"),
}


@dataclass(frozen=True)
class Plan:
    """A mapping: for each column what it is (a fact, `key`, `drop`, or empty to keep it as it came in).

    `values` says for a choice, and for communities, by folded value which one is meant where the known words do not say.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Make a mapping from what was kept of one."""
        return cls(dict(kept.get("columns", {})), {k: dict(v) for k, v in kept.get("values", {}).items()})

    def kept(self) -> dict[str, Any]:
        """Give what is kept of a mapping, as plain JSON."""
        return {"columns": dict(self.columns), "values": {k: dict(v) for k, v in self.values.items()}}

    def knowing(self, what: str, names: Mapping[str, str]) -> Self:
        """Let names (name to id) of communities, or of bureaus for bodies, mean them, unless a person gave one another meaning."""
        known = {folded(name): one for name, one in names.items()} | dict(self.values.get(what, {}))
        return replace(self, values={**self.values, what: known})

    def columns_for(self, what: str) -> list[str]:
        """List the columns that are mapped to a fact, in the order of the file."""
        return [name for name, one in self.columns.items() if one == what]

    def choose(self, name: str, value: str) -> str:
        """Give the choice that a value means."""
        said = self.values.get(name, {}).get(folded(value))
        if said is None:
            return "" if name in GIVEN else meant(name, value)
        return said


@dataclass(frozen=True)
class Read:
    """What was made of a row: its key, its facts, its cells without those that are left out; or why it stays out."""

    number: int
    key: str
    facts: Mapping[str, Any]
    cells: Mapping[str, str]
    why: str = ""


def guess(headings: Sequence[str], samples: Iterable[RawRow]) -> Plan:
    """Guess a mapping by headings; columns of email addresses are left out. A person looks at it before it is used."""
    rows = list(samples)
    columns = dict.fromkeys(headings, KEEP)
    for name in headings:
        if holds_emails(name, [one.cells.get(name, "") for one in rows]):
            columns[name] = DROP
    for what, known in HEADINGS.items():
        found = next((name for each in known for name in headings if folded(name) == each), None)
        found = found or next(
            (name for each in known if len(each) > 20 for name in headings if folded(name).startswith(each)),  # noqa: PLR2004 -- only a question in full
            None,
        )
        if found and columns[found] == KEEP:
            columns[found] = what
    return Plan(columns)


def unknown_values(plan: Plan, rows: Iterable[RawRow]) -> dict[str, dict[str, int]]:
    """Count, for each choice, for communities, and for bodies where bureaus are known, the values that mean nothing to us yet."""
    found: dict[str, dict[str, int]] = {}
    asked = (*CHOICES, COMMUNITIES, *((BODY,) if BODY in plan.values else ()))
    for row in rows:
        for name in asked:
            for value in _said(plan, row, name):
                if not plan.choose(name, value) and folded(value) not in plan.values.get(name, {}):
                    counts = found.setdefault(name, {})
                    counts[value] = counts.get(value, 0) + 1
    return found


def _said(plan: Plan, row: RawRow, what: str) -> list[str]:
    said = [one for name in plan.columns_for(what) for one in several(row.cells.get(name, ""))]
    if what != COMMUNITIES:
        return said
    cut = [[one] if plan.choose(what, one) else BETWEEN.split(one) for one in said]
    return [one.strip() for parts in cut for one in parts if not nothing(one)]


def read_row(plan: Plan, row: RawRow) -> Read:
    """Make facts of a row. A row without a name, or that was wrong in the file, says why and has no facts."""
    cells = {name: value for name, value in row.cells.items() if plan.columns.get(name) != DROP}
    facts = {name: value for name in FACTS if (value := _fact(plan, row, name))}
    bureaus = [one for value in _said(plan, row, BODY) if (one := plan.choose(BODY, value))]
    facts |= {UNIT: bureaus[0]} if bureaus else {}
    why = row.why or ("" if "name" in facts else "no-name")
    return Read(row.number, _key(plan, row, facts), {} if why else facts, cells, why)


def _fact(plan: Plan, row: RawRow, name: str) -> str | list[str]:
    if name in CHOICES or name == COMMUNITIES:
        chosen = [one for value in _said(plan, row, name) if (one := plan.choose(name, value))]
        if name == COMMUNITIES:
            return list(dict.fromkeys(chosen))
        return chosen[0] if chosen else ""
    if name == "name":
        said = [" ".join(one.split()) for one in _said(plan, row, name)]
        return ": ".join(said)[:300]
    if name == "body":
        return ", ".join(dict.fromkeys(" ".join(one.split()) for one in _said(plan, row, name)))[:300]
    columns = plan.columns_for(name)
    if name == "consultation" and not columns:
        columns = plan.columns_for("asked")  # how people were asked stands where it is said whether they were
    parts = [several(row.cells.get(column, "")) for column in columns]
    joined = ("\n" if name in ON_LINES else "; ").join
    return ("\n" if name in ON_LINES else "\n\n").join(joined(one) for one in parts if one)


def _key(plan: Plan, row: RawRow, facts: Mapping[str, Any]) -> str:
    """Give the name by which a row is known again: its own id, else one made from its name and body."""
    own = " ".join(
        row.cells.get(one, "").strip() for one in plan.columns_for(KEY) if not nothing(row.cells.get(one, ""))
    )
    return own[:LONGEST_KEY] or f"~{digest(facts)}"


def digest(facts: Mapping[str, Any]) -> str:
    """Give a short name made from what a thing is called and whose it is."""
    said = f"{folded(facts.get('name', ''))}\0{folded(facts.get('body', ''))}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
