"""What the attacks on the promises share: direct entries, raw SQL, every address, every role, a planted violation."""

import dataclasses
import importlib
import itertools
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from alongside.cohort.seats.models import Seat
from alongside.core.entries import GrammarError
from alongside.core.grammar.versions import KINDS
from alongside.ground.people.models import Person
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.actions.entries import Draft, EntryRef, Text
from alongside.ground.record.models import LogEntry
from tests.support.pages import CheckingClient
from tests.support.remembering import this_hour
from tests.support.thread import Thread

BASE = "/riverbend/en"
NOT_FOR_YOU = {403, 404}


def today() -> datetime:
    """Give the time that views look at, as the clocks of the made-up city show it."""
    return this_hour()


def as_(person: Person | None) -> CheckingClient:
    """Give a browser in which a person is signed in, or nobody is."""
    client = CheckingClient()
    if person:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def city(thread: Thread) -> dict[str, Person]:
    """Name everyone who works for the city: a member of staff, the unit's manager, the steward."""
    return {"staff": thread.staff, "manager": thread.boss, "steward": thread.steward}


def read_by(person: Person) -> dict[str, str]:
    """Give what the form of milder rules sends along: what this person has read."""
    shown = as_(person).get(f"{BASE}/cohort-rules/").content.decode()
    return dict(re.findall(r'name="(read)" value="([^"]+)"', shown))


def agree(seat: Seat) -> None:
    """Read the milder rules as a lead, and agree to them."""
    as_(seat.person).post(f"{BASE}/cohort-rules/", read_by(seat.person))


def adopt(thread: Thread, text: str, folder: Path) -> None:
    """Adopt a pack by the command, as the steward does; milder rules wait for the leads then."""
    file = folder / "pack.toml"
    file.write_text(text)
    call_command("program", "adopt", thread.program.slug, file)


def without_the_unit(unit: str) -> str:
    """Give the neutral pack with a unit left out."""
    head, *units = re.split(r"(?m)^(?=\[\[units\]\])", shipped_pack("neutral"))
    kept = [one for one in units if f'slug = "{unit}"' not in one]
    assert len(kept) == len(units) - 1
    return "".join([head, *kept])


def translation(of: int | EntryRef, by: list[str], lang: str, texts: dict[str, str]) -> Draft:
    """Draft a translation as an entry that anyone may try to append."""
    data = {"lang": lang, "reviewed": True, "made_by": "person"}
    said = {name: Text(lang, words) for name, words in texts.items()}
    return Draft(kind="text.translated", by=by, data=data, cites={"of": [of]}, texts=said)


def size() -> int:
    """Count the entries of all records."""
    return LogEntry.objects.count()


def accepted(attempts: dict[str, Callable[[], Any]], *refusals: type[Exception]) -> list[str]:
    """Try each of these and list those that nobody refused; what a refused one wrote must be gone again."""
    passed = []
    for name, attempt in attempts.items():
        before = size()
        try:
            with transaction.atomic():
                attempt()
        except (GrammarError, *refusals):
            assert size() == before, name
        else:
            passed.append(name)
    return passed


def taken_by_sql(statements: list[str]) -> list[str]:
    """Run each statement as whoever holds the database's password could, and list those that went through."""
    went = []
    for sql in statements:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except DatabaseError:
            continue
        went.append(sql)
    return went


def without_rule(monkeypatch: Any, kind: str, rule: str) -> None:
    """Plant a violation: let one kind of entry pass without one of its rules."""
    rules = KINDS[kind].rules
    kept = tuple(one for one in rules if one.__name__ != rule)
    assert len(kept) == len(rules) - 1, f"{kind} has no rule {rule}; name one that it has."
    monkeypatch.setitem(KINDS, kind, dataclasses.replace(KINDS[kind], rules=kept))


def is_caught(
    says: str, test: Callable[..., None], *given: Any, by: type[Exception] = AssertionError
) -> None:
    """Run a test of a promise that was just broken; fail unless it goes red and says these words. Unbroken, it is green.

    It goes red by what it asserts or expects, or by the one error that is named: any other proves that the test is broken.
    """
    with pytest.raises((by, pytest.fail.Exception)) as red:
        test(*given)
    assert says in str(red.value), f"It goes red by {red.value}, not by {says}."


def appended_by_commands() -> set[str]:
    """Give every kind of entry that a command of the operator can append: those of the actions that commands import."""
    from django.core.management import get_commands

    names = [name for name, app in get_commands().items() if str(app).startswith("alongside")]
    found = [vars(importlib.import_module(f"alongside.site.management.commands.{name}")) for name in names]
    return {kind for one in found for each in one.values() for kind in getattr(each, "appends", ())}


VALUES: dict[str, tuple[str, ...]] = {
    "program": ("riverbend",),
    "lang": ("en",),
    "slug": ("library-computers",),
    "uuid": ("12345678-1234-5678-1234-567812345678",),
}


def patterns(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Walk every address pattern of the site, such as `/<program:program>/<lang:lang>/week/`."""
    for one in (resolver or get_resolver()).url_patterns:
        whole = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield whole
        else:
            yield from patterns(one, whole)


def addresses(numbers: tuple[int, ...]) -> list[str]:
    """Fill every pattern of a program with a real program, engagement, language, and each of these numbers."""
    found = []
    for pattern in patterns():
        if not pattern.startswith("/<program:program>/"):
            continue
        names = re.findall(r"<(?:(\w+):)?(\w+)>", pattern)
        choices = [VALUES.get(kind) or VALUES.get(name) or tuple(map(str, numbers)) for kind, name in names]
        for chosen in itertools.product(*choices):
            filled = iter(chosen)
            found.append(re.sub(r"<[^>]+>", lambda _: next(filled), pattern))
    return found


def knock(client: Client, method: str, address: str, body: Any = None, **headers: str) -> HttpResponse:
    """Ask for an address the way a page of the site would, with a JSON body or a form."""
    headers = {"Origin": "http://testserver", **headers}
    if method == "GET":
        return client.get(address, headers=headers)
    if isinstance(body, str | bytes):
        return client.post(address, body, "application/json", headers=headers)
    return client.post(address, body or {}, headers=headers)
