"""The register as rows for other programs: names that do not change, every fact, nothing that a spreadsheet runs."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import batched
from typing import Any

from alongside.core.grammar.facts import facts_of
from alongside.core.registers.cells import without_emails
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import Told, indexes_citing, told
from alongside.work.projects.models import Listing
from alongside.work.projects.queries.listing import Listed, Narrow, narrowed, show_lines
from alongside.work.projects.queries.wording import FACTS

AT_ONCE = 500
HEADINGS = (
    "project",
    "name",
    "unit",
    "body",
    "summary",
    *FACTS,
    "next_decision",
    "entry",
    "register",
    "row",
    "file",
    "license",
)

type Exported = dict[str, Any]


def exported(program: Program, lang: str, narrow: Narrow, today: date) -> Iterator[Exported]:
    """Give every line of the register that fits, a few hundred at a time, so that any length streams."""
    found = narrowed(program, narrow, today).order_by("is_imported", "-pk")
    keys = found.values_list("pk", flat=True).iterator(chunk_size=10_000)
    for some in batched(keys, AT_ONCE, strict=False):
        lines = Listing.objects.filter(pk__in=some).order_by("is_imported", "-pk")
        lines = lines.select_related("project", "row__register", "row__came_with")
        rows = list(lines.prefetch_related("touches"))
        shown = show_lines(program, lang, rows, today)
        facts = _facts(program, lang, rows)
        for one in shown:
            yield _line(one, facts.get(one.listing.pk, {}))


def _facts(program: Program, lang: str, rows: list[Listing]) -> dict[int, Exported]:
    """Give the facts that the record tells of these projects, by their lines. Three queries."""
    own = {one.project.entry: one.pk for one in rows if one.project}
    citing = indexes_citing(program, own, ["project.described"])
    words = told(program, [index for index, _kind, _cited in citing], lang)
    about: dict[int, list[Told]] = {}
    for index, _kind, cited in citing:
        about.setdefault(own[cited], []).append(words[index])
    return {pk: _told(entries) for pk, entries in about.items()}


def _told(entries: list[Told]) -> Exported:
    facts = facts_of(one.entry for one in entries)
    words = {one.index: one for one in entries}
    texts = {name: words[index].say(name) for name, index in facts.texts.items() if name != "summary"}
    return dict(facts.choices) | texts


def _line(one: Listed, told_facts: Mapping[str, Any]) -> Exported:
    listing, row = one.listing, one.listing.row
    facts = dict(told_facts) if listing.project else dict(one.row_facts)
    facts.setdefault("communities", [touch.community for touch in listing.touches.all()])
    line: Exported = {"project": one.slug, "name": one.title, "unit": listing.unit, "body": one.body}
    line |= {"summary": one.summary} | {name: facts.get(name, "") for name in FACTS}
    line["next_decision"] = one.decision.on.isoformat() if one.decision else ""
    line["entry"] = listing.project.entry if listing.project else ""
    if row and row.erased is None:
        line |= {"register": row.register.slug, "row": row.number, "file": row.came_with.sha256}
        line |= {"license": row.register.license, "as_imported": without_emails(row.cells)}
    return line
