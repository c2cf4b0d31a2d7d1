"""Words that were taken down stand nowhere: in no column of the database, on no public page."""

import html
import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.transaction import atomic
from django.test import Client

from alongside.core.entries import GrammarError
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.ground.programs.models import Program
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts.actions import erase_text
from tests.support.demonstration import Walk

pytestmark = pytest.mark.usefixtures("demonstration")
FEWEST = 20  # shorter words stand in other texts by chance


def longest(words: str) -> str:
    """Give the longest text in a form or a plan, which are JSON; of other words all."""
    if not words.startswith("{"):
        return words
    ahead, found = [json.loads(words)], [""]
    while ahead:
        one = ahead.pop()
        ahead += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
        found += [one] if isinstance(one, str) else []
    return max(found, key=len)


def take_down(program: Program, text: PublicText, pens: list[list[str]]) -> bool:
    """Take a text down by the first of these pens that may."""
    given: dict[str, Any] = {"program": program, "entry": text.entry, "sha256": text.sha256}
    for by in pens:
        with suppress(GrammarError, Refused), atomic():
            erase_text(**given, ground="Made up for a test", by=by, now=datetime.now(tz=UTC))
            return True
    return False


@pytest.fixture
def gone() -> dict[str, str]:
    """Take one text of each kind and name down, the newest whose words stand once on the record; give their words.

    What the program is called stands in the rules, which anybody reads whole.
    """
    program = Program.objects.get(slug="riverbend")
    lines = {one.index: one.parsed for one in LogEntry.objects.filter(log__program=program)}
    seats = sorted({by for one in lines.values() for by in one.by if by.startswith("seat-")})
    (signing,) = [one.data["signing"] for one in lines.values() if one.kind == EntryKind.POLICY_ADOPTED][-1:]
    pens = [["steward", seat, office] for office in signing for seat in seats]
    pens += [["steward", seat] for seat in seats]
    texts = PublicText.objects.filter(log__program=program)
    found: dict[str, str] = {}
    for text in texts.exclude(about=0).order_by("-entry"):
        of = f"{lines[text.about].kind} {text.name}{'' if text.is_original else ' translated'}"
        words = longest(text.words)
        is_alone = texts.filter(words__contains=words).count() == 1
        if of not in found and len(words) >= FEWEST and is_alone and take_down(program, text, pens):
            found[of] = words
    assert len(found) > 150
    return found


def columns() -> dict[str, str]:
    """Give everything that stands in each column, as one text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = cursor.fetchall()
            for place, (column, *_of) in enumerate(cursor.description):
                cells = [row[place] for row in rows if isinstance(row[place], str | bytes)]
                found[f"{table}.{column}"] = "\n".join(
                    one if isinstance(one, str) else one.decode("utf-8", "replace") for one in cells
                )
    return found


def test_words_that_were_taken_down_stand_in_no_column(gone):
    held = {
        f"{what}: {name}"
        for name, cells in columns().items()
        for what, words in gone.items()
        if any(one in cells for one in (words, json.dumps(words)[1:-1]))
    }

    assert held == {"engagement.promised form: engagements_engagement.form"}, (
        "leads read what people said beside the questions"
    )


def test_words_that_were_taken_down_stand_on_no_public_page(client: Client, gone):
    walk = Walk(client, "everyone", "en").go("/riverbend/en/")
    pages = {
        here: " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())
        for here, main in walk.mains.items()
    }

    assert walk.wrong == []
    assert len(pages) > 50
    shown = {
        f"{what}: {here}"
        for here, page in pages.items()
        for what, words in gone.items()
        if " ".join(words.split()) in page
    }
    assert shown == set()
