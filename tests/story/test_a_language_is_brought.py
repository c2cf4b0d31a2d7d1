"""An operator brings a language in a folder; a resident whose browser asks for it is led to it once a person has read it."""

import dataclasses
import re

import pytest
from django.core.management import call_command
from django.utils.translation import gettext, override

from alongside.ground.programs import actions as programs
from alongside.ground.record.actions import rules
from alongside.ground.record.signing import make_key
from tests.support.browsers import axe
from tests.support.languages import DAY, bring, pack_that_speaks, said_in

pytestmark = [pytest.mark.django_db, pytest.mark.story]


def open_harbor(now):
    program = programs.open_program(
        slug="harbor",
        origin="harbor.alongside.example/record",
        pack=pack_that_speaks("fa", "فارسی", "rtl"),
        is_demonstration=False,
        on=now.date(),
    )
    rules.open_log(program=program, now=now)
    make_key(program)


def test_a_resident_reads_a_language_that_an_operator_brought_once_a_person_has_read_it(
    browsing, unread, calendar, tmp_path
):
    # Given a program with real people, whose operator brings Persian in a folder, and nobody who has read it
    open_harbor(calendar.now())
    folder = tmp_path / "languages"
    folder.mkdir()
    unread.ALONGSIDE = dataclasses.replace(unread.ALONGSIDE, languages=folder)
    said_in(folder, "fa", Languages="زبان‌ها", Search="جستجو")
    bring(unread, folder, tmp_path / "data")
    shirin = browsing.person("the resident", phone=True, lang="fa", color_scheme="light")

    # When a resident comes whose browser asks for Persian, then she reads English, and finds her language with a number to call
    shirin.goto("/harbor/")
    assert shirin.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    shirin.locator("details.languages > summary").click()
    assert shirin.get_by_role("link", name="فارسی").count() == 0
    assert shirin.locator("details.languages li").filter(has_text="فارسی").get_by_role(
        "link"
    ).all_inner_texts() == ["503-555-0142"]
    assert axe(shirin) == []

    # And when a person has read it, and the site has started anew
    call_command("languages", "read", "fa", "--by", "Two teachers", "--on", DAY)
    bring(unread, folder, tmp_path / "data")
    shirin.goto("/harbor/")

    # Then she is led to Persian, and the page runs from right to left
    assert shirin.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["fa", "rtl"]
    assert shirin.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert axe(shirin) == []

    # And the page of languages says who read it, in her language
    shirin.get_by_role("link", name="زبان‌ها").click()
    shirin.get_by_role("heading", level=1, name="زبان‌ها").wait_for()
    with override("fa"):
        assert gettext("Languages") == "زبان‌ها"
    assert re.search("Two teachers", shirin.locator("main").inner_text())
    assert axe(shirin) == []
