"""Write, check and compare policy packs, `alongside pack`. Needs no configuration and no database."""

import argparse
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Any

from django.conf.locale import LANG_INFO

from alongside.core.policy.load import load_pack, made_up
from alongside.core.policy.parts import differences
from alongside.core.policy.purpose import PURPOSES, USUAL
from alongside.core.policy.reading import within
from alongside.core.policy.words import PackError
from alongside.ground.programs.pack_files import read_pack
from alongside.site.languages import LANGUAGES, teach_django

HEADING = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?\Z")
NAMED = re.compile(r"\s*([\w-]+)\s*=")
LAST = re.compile(r"(?:\.[^.\[]+|\[\d+\])\Z")
PACKS = files("alongside.ground.programs") / "packs"
#: What a new pack takes over from the made-up pack with its purpose: nothing in it is of one place.
TAKEN = ("clocks", "frameworks", "forbidden", "harms", "communities")
SHARED_PURPOSES = [one.name.removesuffix(".toml") for one in PURPOSES.iterdir()]
#: What is asked for a new pack: its name in the file, the question, and what stands where nothing is typed.
ASKED = (
    ("name", "What is the program called?", "Community Leads"),
    ("slug", "Its short name in addresses (small letters and hyphens)", "leads"),
    ("government", "The full name of the government or body that answers", "Example City"),
    ("short", "What pages call it, in words of that name", "the City"),
    ("purpose", f"What it is about ({', '.join(sorted(SHARED_PURPOSES))})", USUAL),
    ("time_zone", "Its time zone", "America/Los_Angeles"),
    ("languages", "Languages besides English, by code, with spaces between", ""),
    ("k", "Fewest people that a published count may show", "10"),
    ("top", "The unit whose manager hears when no answer comes", "Office of the City Manager"),
    ("units", "Other units that are asked, with semicolons between", "Libraries; Streets"),
    ("tel", "The number that people call to speak or for help, as +15035550142", ""),
    ("answers", "Who answers that number (a community body)", "Community leads"),
    ("leave", "Where the button to leave quickly leads", "https://www.wikipedia.org/"),
)


def lines_of(text: str) -> dict[str, int]:
    """Give the number of the line of each key of a TOML file, by its dotted path; tables of a list are counted from 0."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if heading := HEADING.match(line):
            table, names = "", heading[2].split(".")
            for place, name in enumerate(names, 1):
                table = within(table, name)
                if heading[1] == "[[" and place == len(names):
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    found.setdefault(table, number)
                    table = f"{table}[{counts[table]}]"
            found[table] = number
        elif named := NAMED.match(line):
            found.setdefault(within(table, named[1]), number)
    return found


def line_of(key: str, lines: Mapping[str, int]) -> int:
    """Give the line on which a key stands, or else what it lies in; 1 where nothing of it is there."""
    while key and key not in lines:
        key = LAST.sub("", key) if LAST.search(key) else ""
    return lines.get(key, 1)


def faults_of(file: Path) -> list[str]:
    """List all that is wrong with a pack, each with file, line and cure; nothing where it can be adopted."""
    lines = lines_of(file.read_text("utf-8"))
    try:
        load_pack(read_pack(file))
    except PackError as error:
        return [f"{file}:{line_of(one.key, lines)}: {one}" for one in error.every]
    return []


def check(file: Path) -> tuple[list[str], bool]:
    """Say all that is wrong with a pack; or what it holds, and what keeps a program with real people from adopting it."""
    if found := faults_of(file):
        return [*found, "Mend this, and run it again: what cannot be read may hide more."], False
    pack, lines = load_pack(read_pack(file)), lines_of(file.read_text("utf-8"))
    offices = sum(len(one.offices) for one in pack.units)
    said = [
        f"{pack.name}: {len(pack.units)} units, {offices} offices, k is {pack.k}.",
        f"Pages can be read in {', '.join(pack.complete_languages)}.",
    ]
    if held := [f"{file}:{line_of(one.key, lines)}: {one}" for one in made_up(pack)]:
        said += ["In production it is refused until this is mended:", *held]
    return said, True


def diff(before: Path, after: Path) -> tuple[list[str], bool]:
    """Say what two packs say otherwise, a line each."""
    found = differences(*(load_pack(read_pack(one)) for one in (before, after)))
    said = [f"{one.path}: {one.was or '(nothing)'} -> {one.now or '(nothing)'}" for one in found]
    return said or ["They say the same."], True


def new(file: Path, ask: Callable[[str], str] = input) -> tuple[list[str], bool]:
    """Ask a dozen questions and write a pack, with a remark where something is still to be written."""
    if file.exists():
        return [f"{file} is there already; name another file."], False
    said = {name: ask(f"{words} [{usual}]: ").strip() or usual for name, words, usual in ASKED}
    file.write_text(begun(said), encoding="utf-8")
    found = faults_of(file)
    then = f"{file} is written. Go through it; then run: alongside pack check {file}"
    return [*found, then], not found


def begun(said: Mapping[str, str]) -> str:
    """Give the text of a new pack from the answers to ASKED."""
    units = [said["top"], *(one.strip() for one in said["units"].split(";") if one.strip())]
    slugs = [slug_of(one) for one in units]
    parts = {name: _text(words) for name, words in said.items()} | {
        "k": said["k"],
        "languages": "\n".join(_language(code) for code in said["languages"].split()),
        "units": "\n".join(_unit(slug, name) for slug, name in zip(slugs, units, strict=True)),
        "escalate_to": _text(f"{slugs[0]}/manager"),
        "routes": _route(said) if said["tel"] else "",
        "no_routes": "" if said["tel"] else "routes = []  # how people speak by phone or on paper\n",
        "bands": ", ".join(str(int(said["k"]) * one) for one in (2, 3, 5, 10, 20, 50, 100))
        if said["k"].isdecimal()
        else "",
        "taken": taken(made_up_with(said["purpose"]).read_text("utf-8"), said["languages"].split()),
    }
    return Template((PACKS / "new.txt").read_text("utf-8")).substitute(parts)


def made_up_with(purpose: str) -> Traversable:
    """Give the pack of a made-up place that has a purpose; that of a city where none is so called."""
    found = PACKS / f"{purpose}.toml"
    return found if found.is_file() else PACKS / "neutral.toml"


def slug_of(name: str) -> str:
    """Give a short name for a unit, of small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "unit"


def taken(text: str, spoken: Sequence[str]) -> str:
    """Give those tables of a pack that another one can begin with, in these languages."""
    table = tomllib.loads(text)
    return "\n".join(line for name in TAKEN for line in _table(name, table[name], ("en", *spoken)))


def _table(name: str, value: Any, spoken: Sequence[str]) -> Iterator[str]:
    """Write a table, or each of a list of them, as TOML, with its words in the languages that are spoken."""
    for one in value if isinstance(value, list) else [value]:
        yield f"\n[[{name}]]" if isinstance(value, list) else f"\n[{name}]"
        below_it = {key: held for key, held in one.items() if _is_table(held)}
        yield from (f"{key} = {_said(held, spoken)}" for key, held in one.items() if key not in below_it)
        for key, held in below_it.items():
            yield from _table(f"{name}.{key}", held, spoken)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _said(value: Any, spoken: Sequence[str]) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{lang} = {_text(value[lang])}' for lang in spoken if lang in value)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_said(one, spoken) for one in value)}]"
    return (
        _text(value)
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _text(words: str) -> str:
    """Write words as a TOML string: JSON's strings are those of TOML, but for what JSON may leave as it is."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007F")


def _language(code: str) -> str:
    teach_django()
    direction = "rtl" if LANG_INFO.get(code, {}).get("bidi") else "ltr"
    return f"""[[languages]]
code = {_text(code)}
name = {_text(dict(LANGUAGES).get(code, code))}
direction = "{direction}"
complete = false  # true once every word here is in it, and a person has read them
"""


def _unit(slug: str, name: str) -> str:
    return f"""[[units]]
slug = {_text(slug)}
name = {{en = {_text(name)}}}
[[units.offices]]
slug = "manager"
title = {{en = "Manager"}}
is_manager = true
[[units.offices]]
slug = "staff"
title = {{en = "Project staff"}}
"""


def _route(said: Mapping[str, str]) -> str:
    return f"""[[routes]]
kind = "phone"
words = {{en = "Call and say your language. Someone writes down what you say, locks it, and reads your receipt to you."}}
answered_by = {{en = {_text(said["answers"])}}}
tel = {_text(said["tel"])}
tel_shown = {_text(said["tel"])}
"""


def main(words: Sequence[str]) -> int:
    """Do what the command line asks; 0 if all is well."""
    parser = argparse.ArgumentParser("alongside pack", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    for name, (_act, files_, text) in COMMANDS.items():
        one = commands.add_parser(name, help=text, description=text)
        for each in files_:
            one.add_argument(each, type=Path, help="a policy pack (TOML)")
    given = vars(parser.parse_args(words))
    act = COMMANDS[given.pop("what")][0]
    try:
        said, is_well = act(**given)
    except (OSError, PackError) as error:
        said, is_well = [str(error)], False
    print(*said, sep="\n")  # noqa: T201 -- a command speaks to the terminal
    return 0 if is_well else 1


#: What to do: the function, its files by name, and its help.
COMMANDS: Mapping[str, tuple[Callable[..., tuple[list[str], bool]], tuple[str, ...], str]] = {
    "new": (new, ("file",), "ask a dozen questions and write a pack"),
    "check": (check, ("file",), "say all that is wrong with a pack, with line and cure"),
    "diff": (diff, ("before", "after"), "say what two packs say otherwise"),
}
