"""The facts of a project line by line, from the record or from the row of a file; a gap is told as a gap."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alongside.core.policy import Pack
from alongside.ground.gate import Asker, Role
from alongside.ground.look.tongues import listed
from alongside.ground.record.queries import Packs
from alongside.work.projects.models import Row
from alongside.work.projects.queries.showing import DecisionShown, ProjectShown
from alongside.work.projects.queries.wording import CHOICES, FACTS, LISTS, choice

ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Part:
    """A piece of a fact: words, and where they lead if they do."""

    words: str
    href: str = ""


@dataclass(frozen=True)
class FactLine:
    """One fact: what it is called, and its parts; none where nobody told it."""

    label: str
    parts: tuple[Part, ...] = ()
    lang: str = ""


def fact_lines(shown: ProjectShown, pack: Pack, lang: str) -> list[FactLine]:
    """Give every fact of a project on the record. No queries."""
    return [_line(name, str(label), shown, pack, lang) for name, label in FACTS.items()]


def _line(name: str, label: str, shown: ProjectShown, pack: Pack, lang: str) -> FactLine:
    if name in shown.facts.texts:
        index = shown.facts.texts[name]
        words = shown.about[index].say(name)
        parts = tuple(parts_of(words)) if name in LISTS else (Part(words),) if words else ()
        return FactLine(label, parts, shown.about[index].lang(name))
    value = shown.facts.choices.get(name)
    if name == "asked" and any(one.engagements for one in shown.decisions):
        value = "asked"
    return FactLine(label, tuple(Part(one) for one in chosen(name, value, pack, lang)))


def chosen(name: str, value: Any, pack: Pack, lang: str) -> list[str]:
    """Give what was chosen for a fact, as people read it; nothing where nobody told it."""
    if not value:
        return []
    if name == "communities":
        called = {one.id: one.name.say(lang) for one in pack.communities}
        return [listed(called.get(one, one) for one in value)]
    return [choice(name, value)]


def parts_of(words: str) -> Iterable[Part]:
    """Read one thing a line; an address in a line is what its words lead to."""
    for line in filter(None, (one.strip() for one in words.splitlines())):
        found = ADDRESS.search(line)
        if found is None:
            yield Part(line)
        else:
            said = ADDRESS.sub("", line).strip(" |:-–—()")
            yield Part(said or found[0], found[0].rstrip(").,;"))


def row_lines(row: Row, pack: Pack, lang: str) -> list[FactLine]:
    """Give the facts that were read from the row of a file. No queries."""
    return [
        _row_line(name, str(label), row.facts, row.register.lang, pack, lang) for name, label in FACTS.items()
    ]


def _row_line(name: str, label: str, facts: Mapping[str, Any], its: str, pack: Pack, lang: str) -> FactLine:
    value = facts.get(name, "")
    if name in CHOICES or name == "communities":
        return FactLine(label, tuple(Part(one) for one in chosen(name, value, pack, lang)))
    parts = tuple(parts_of(str(value))) if name in LISTS else (Part(str(value)),) if value else ()
    return FactLine(label, parts, its)


def level_in_words(point: DecisionShown, pack: Pack, lang: str) -> str:
    """Give the level of participation that is promised on a decision, in the pack of that promise; empty where none is."""
    if point.level is None:
        return ""
    framework = pack.framework(point.level[0])
    level = next((one for one in framework.levels if one.id == point.level[1]), None) if framework else None
    return f"{framework.name.say(lang)}: {level.name.say(lang)}" if framework and level else point.level[1]


def page_of(shown: ProjectShown, packs: Packs, pack: Pack, lang: str, asker: Asker) -> dict[str, Any]:
    """Give what the page of a project shows, in words: of what was promised, those of its day. No queries."""
    harms = {one.id: one for one in pack.harms}
    called = {one.id: one.name.say(lang) for one in pack.communities}
    return {
        "project": shown,
        "lines": fact_lines(shown, pack, lang),
        "told_in": sorted(one.index for one in shown.about.values() if one.entry.kind == "project.described"),
        "points": [
            (
                one,
                packs.at(one.told.index).office_title(one.office, lang),
                level_in_words(one, packs.at(one.promise.index), lang),
                asked_in_words(one),
            )
            for one in shown.decisions
        ],
        "harms": [
            (
                one,
                [harms[each].name.say(lang) if each in harms else each for each in one.entry.data["harms"]],
                [called.get(each, each) for each in one.entry.data.get("communities", ())],
            )
            for one in shown.harms
        ],
        "works_here": asker.seat in {one.public_id for one in shown.seats},
        "is_lead": asker.has(Role.LEAD),
        "record_head": shown.head,
    }


def asked_in_words(point: DecisionShown) -> str:
    """Say whether the public was asked about a decision; empty where nobody says."""
    return choice("asked", point.asked) if point.asked else ""
