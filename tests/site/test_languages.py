"""A language is offered once a person has read it; an operator brings one in a folder, and what is wrong with it is told by file and line."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.formats import number_format

from alongside.ground.programs import actions as programs
from alongside.ground.record.actions import rules
from alongside.ground.record.signing import make_key
from alongside.ground.ui.days import day_in_words
from alongside.site import catalogues
from alongside.site.languages import OUR_OWN, Tongue
from tests.support.house import ROOT
from tests.support.languages import DAY, bring, change, pack_that_speaks, said_in


@pytest.fixture
def folder(tmp_path, settings):
    """Give an operator's folder, as the configuration names it."""
    (tmp_path / "languages").mkdir()
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, languages=tmp_path / "languages")
    return tmp_path / "languages"


@pytest.fixture
def harbor(delta, clock):
    """Give a program with real people, on a pack that speaks Persian too."""
    program = programs.open_program(
        slug="harbor",
        origin="harbor.alongside.example/record",
        pack=pack_that_speaks("fa", "فارسی", "rtl"),
        is_demonstration=False,
        on=clock.date(),
    )
    rules.open_log(program=program, now=clock)
    make_key(program)
    return program


def offered_on(client, address):
    """Give the languages that a page leads to, and the names that stand beside a number."""
    html = client.get(address).content.decode()
    lead = re.findall(r'hreflang="([\w-]+)" href="', html.partition('class="languages')[2])
    named = re.search(r'<li>((?:<span lang="[\w-]+" dir="\w+">[^<]+</span>[^<]*)+)<a class="number"', html)
    return lead, re.findall(r'lang="([\w-]+)"', named.group(1)) if named else []


def led_to(client, program, header):
    """Give where the address without a language leads a browser."""
    return client.get(f"/{program.slug}/", headers={"accept-language": header})["Location"]


def test_only_a_demonstration_offers_what_no_person_has_read_and_it_says_so(delta, harbor, unread, client):
    assert offered_on(client, "/delta/en/") == ([*OUR_OWN], [])
    assert "translation not reviewed" not in client.get("/delta/en/").content.decode()
    with translation.override("es"):
        said = translation.gettext("No person has reviewed this translation yet.")
    assert said in client.get("/delta/es/").content.decode()

    assert offered_on(client, "/harbor/en/") == (["en"], ["es", "vi", "ar", "fa"])
    assert (led_to(client, delta, "es"), led_to(client, harbor, "es")) == ("/delta/es/", "/harbor/en/")


def test_a_browser_is_led_to_a_language_once_a_person_has_read_it(harbor, unread, client, folder, tmp_path):
    said_in(folder, "fa")
    bring(unread, folder, tmp_path)
    assert led_to(client, harbor, "fa") == "/harbor/en/"
    assert offered_on(client, "/harbor/en/") == (["en"], ["es", "vi", "ar", "fa"])

    call_command("languages", "read", "fa", "--by", "Two teachers", "--on", DAY)
    said_in(folder, "es")
    call_command("languages", "read", "es", "--by", "A library", "--on", DAY)
    bring(unread, folder, tmp_path)
    assert (led_to(client, harbor, "fa"), led_to(client, harbor, "es-MX")) == ("/harbor/fa/", "/harbor/es/")
    # With a query, because a page that is kept goes only with its process.
    assert offered_on(client, "/harbor/en/?anew=1") == (["en", "es", "fa"], ["vi", "ar"])
    assert '<html lang="fa" dir="rtl">' in client.get("/harbor/fa/").content.decode()


def test_a_word_that_changed_after_it_was_read_takes_the_language_back(folder, unread, tmp_path):
    path = said_in(folder, "fa")
    call_command("languages", "read", "fa", "--by", "Two teachers", "--on", DAY)
    assert bring(unread, folder, tmp_path)["fa"].is_ready
    change(path, "Accessibility", "دسترسی")

    found = bring(unread, folder, tmp_path)["fa"]
    assert (found.is_ready, found.is_read, found.percent, found.read_on) == (False, False, 100, DAY)


def test_a_language_of_which_some_is_missing_is_not_noted_as_read(folder, unread, tmp_path):
    said_in(folder, "so", share=40)
    with pytest.raises(CommandError, match="so: 40 percent is there. Translate all of it, then read it."):
        call_command("languages", "read", "so", "--by", "Somebody")
    assert (bring(unread, folder, tmp_path)["so"].percent, unread.OUR_LANGUAGES) == (40, OUR_OWN)


def test_a_release_with_a_few_new_sentences_takes_no_language_away_and_one_with_many_does():
    def ready(percent, *, is_read=True, faults=()):
        return Tongue("so", "Soomaali", rtl=False, percent=percent, is_read=is_read, faults=faults).is_ready

    assert [ready(percent) for percent in (94, 95, 100)] == [False, True, True]
    assert [ready(100, is_read=False), ready(100, faults=("a fault",))] == [False, False]


def test_a_message_without_a_translation_stands_in_english_and_says_so(
    harbor, unread, client, folder, tmp_path
):
    path = said_in(folder, "fa")
    change(path, "Accessibility", "")
    change(path, "Search", "جستجو")
    bring(unread, folder, tmp_path)

    html = client.get("/harbor/fa/about/accessibility/").content.decode()
    assert '<title lang="en" dir="ltr">Accessibility' in html
    assert '<h1><span lang="en" dir="ltr">Accessibility</span></h1>' in html
    assert ">جستجو</a>" in html
    assert "\U000e0001" not in html
    plain = client.get("/harbor/en/about/accessibility/").content.decode()
    assert '<span lang="en"' not in plain.partition("<main")[2]


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("Kol %(hier)s", "it has %(hier)s, which the message has not; take it out."),
        ("Kol", "it lost %(late)s; keep each as it is."),
    ],
)
def test_a_placeholder_that_was_lost_or_made_up_is_told_with_its_line(folder, said, cure, capsys):
    path = said_in(folder, "so")
    message = next(one for one in catalogues.wanted() if str(one.id).startswith("%(late)s, since"))
    change(path, message.id, said if said == "Kol" else f"{said} %(late)s %(day)s")
    line = catalogues.read(path)[message.id].lineno

    with pytest.raises(CommandError) as told:
        call_command("languages", "check")
    wrong = cure.replace("%(late)s;", "%(day)s, %(late)s;")
    assert str(told.value) == f"{path}:{line}: {message.id!r}: {wrong}"


@pytest.mark.parametrize(
    ("message", "said", "cure"),
    [
        ("Open to %(day)s", "Hasta el %(day)s, 100 % de todo", "where no value can be put in"),
        ("Open to %(day)s", "Hasta el %(day)r", "it has %(day)r, which the message has not"),
        ("Open to %(day)s", "Hasta el %(day)s %(day)x", "it has %(day)x, which the message has not"),
        ("Open to %(day)s", "Hasta el %(day)s %(nope)r", "it has %(nope)r, which the message has not"),
        ("ask until {day}", "hasta {day} {day.x}", "it has {day.x}, which the message has not"),
        ("ask until {day}", "hasta {day} {day!r}", "it has {day!r}, which the message has not"),
        ('See <a href="x">it</a>', 'Ver </a>esto<a href="x">', "keep each as it is"),
        ("<b>a</b> <i>b</i>", "<b>a <i>b</b></i>", "keep each as it is"),
        ("Open to %(day)s", "%(day)s <a href=https://evil.example/ ", "a browser could read as markup"),
        ("Open to %(day)s", "%(day)s <textarea", "a browser could read as markup"),
        ("Open", 'Abierto" onfocus="x', "a straight quote"),
        ("Open", "Abierto al 100 %", "where no value can be put in"),
        ("ask until {day}", "hasta {day} o {", "where no value can be put in"),
    ],
)
def test_a_sign_that_a_browser_or_a_value_would_stumble_over_is_told(message, said, cure):
    assert cure in catalogues.break_of(Message(message), said)


def test_words_with_the_signs_of_their_message_are_taken():
    for message, said in (
        ("100 %% of %(n)s", "el 100 %% de %(n)s"),
        ('The "old" way, <a href="%(at)s">here</a>', 'La "vieja", <a href="%(at)s">aquí</a>'),
        ("A map of {n}", "Un mapa de {n}"),
        ("<b>a</b> <i>b</i>", "<i>b</i> <b>a</b>"),
    ):
        assert catalogues.break_of(Message(message), said) == ""


@pytest.mark.parametrize("rule", ["1/(n-1)", "n", "n-1", "n > 200 ? 7 : 0"])
def test_a_rule_for_plurals_that_does_not_hold_for_every_number_is_told(folder, rule):
    path = said_in(folder, "so")
    head = f'"Plural-Forms: nplurals=2; plural=({rule});\\n"\n'
    path.write_text(re.sub(r'"Plural-Forms.*\n', lambda _found: head, path.read_text()))
    with pytest.raises(CommandError, match="Plural-Forms in its head cannot be read"):
        call_command("languages", "check")


def test_another_rule_for_plurals_is_something_else_than_what_a_person_read(folder, unread):
    path = said_in(folder, "so")
    call_command("languages", "read", "so", "--by", "Somebody", "--on", DAY)
    assert catalogues.tongue(folder, "so", catalogues.wanted()).is_read
    path.write_text(path.read_text().replace("plural=(n != 1)", "plural=(n == 1)"))
    assert not catalogues.tongue(folder, "so", catalogues.wanted()).is_read


def test_a_note_of_who_read_that_is_no_table_stops_nothing(folder, unread, tmp_path):
    said_in(folder, "so")
    (folder / "so" / catalogues.NOTES).write_text('read = "yes"\n')
    _into, found = catalogues.prepared(folder, tmp_path / "cache")
    assert "read in its language.toml is no table" in found["so"].faults[0]


def test_a_tag_that_was_lost_and_a_head_without_plurals_are_told(folder):
    path = said_in(folder, "so")
    message = next(one for one in catalogues.wanted() if "<a " in str(one.id))
    change(path, message.id, "Kol")
    path.write_text(
        re.sub(r'"Plural-Forms.*\n', '"Plural-Forms: nplurals=2; plural=is it;\\\\n"\n', path.read_text())
    )

    with pytest.raises(CommandError) as told:
        call_command("languages", "check")
    assert "Plural-Forms in its head cannot be read" in str(told.value)
    path.write_text(path.read_text().replace("plural=is it", "plural=(n != 1)"))
    with pytest.raises(CommandError) as told:
        call_command("languages", "check")
    assert "keep each as it is." in str(told.value)


def test_a_language_with_a_fault_is_left_out_with_a_warning_and_the_others_come(
    folder, unread, tmp_path, caplog
):
    path = said_in(folder, "so")
    said_in(folder, "fa")
    for code in ("so", "fa"):
        call_command("languages", "read", code, "--by", "Somebody", "--on", DAY)
    path.write_text(path.read_text() + '\nmsgid "open\n')

    found = bring(unread, folder, tmp_path)
    assert ([one for one in found if found[one].is_ready], unread.READY_LANGUAGES) == (["fa"], ("en", "fa"))
    assert [one.getMessage() for one in caplog.records if "left out" in one.getMessage()] == [
        f"The language so is left out. {found['so'].faults[0]}"
    ]
    assert found["so"].faults[0].startswith(f"{path}:")


def test_days_and_numbers_of_a_language_that_django_does_not_know_come_from_cldr(folder, unread, tmp_path):
    said_in(folder, "so", share=1)
    bring(unread, folder, tmp_path)
    with translation.override("so"):
        assert day_in_words("2026-03-02") == "Maarso 2, 2026"
        assert number_format(1234.5, force_grouping=True) == "1,234.5"


def test_what_is_compiled_is_in_the_data_folder_alone_and_made_once(folder, unread, tmp_path):
    said_in(folder, "fa")
    before = {path: path.stat().st_mtime_ns for path in catalogues.SHIPPED.rglob("*")}
    bring(unread, folder, tmp_path / "data")
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "data").rglob("*") if path.is_file()}
    bring(unread, folder, tmp_path / "data")

    assert sorted(path.name for path in made) == ["django.mo", "tongues.json"]
    assert {
        path: path.stat().st_mtime_ns for path in (tmp_path / "data").rglob("*") if path.is_file()
    } == made
    assert {path: path.stat().st_mtime_ns for path in catalogues.SHIPPED.rglob("*")} == before


def test_a_language_that_nobody_knows_needs_a_name(folder):
    with pytest.raises(CommandError, match="Write name and direction into its language.toml"):
        call_command("languages", "renew", "qaa")
    (folder / "qaa").mkdir()
    (folder / "qaa" / "language.toml").write_text('name = "Harborish"\ndirection = "rtl"\n')
    call_command("languages", "renew", "qaa")
    found = catalogues.tongue(folder, "qaa", catalogues.wanted())
    assert (found.name, found.rtl, found.percent) == ("Harborish", True, 0)


def test_what_renew_writes_names_no_tool_and_no_day_so_it_is_the_same_each_time(folder):
    call_command("languages", "renew", "fi")
    said = (folder / "fi/public.po").read_text("utf-8")
    head = said.partition("\nmsgid ")[2].partition("\nmsgid ")[0]
    assert "Plural-Forms" in head
    assert not re.search("Date|Generated|EMAIL@ADDRESS|LL@li.org", head)


def test_a_page_tells_of_each_language_how_much_is_there_and_who_read_it(
    harbor, unread, client, folder, tmp_path
):
    said_in(folder, "fa", share=40)
    said_in(folder, "es")
    call_command("languages", "read", "es", "--by", "A library & a school", "--on", DAY)
    vi = said_in(folder, "vi")
    call_command("languages", "read", "vi", "--by", "Two teachers", "--on", DAY)
    change(vi, "Accessibility", "Cho tất cả")
    bring(unread, folder, tmp_path)

    html = client.get("/harbor/en/about/languages/").content.decode()
    facts = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    told = [" ".join(re.sub(r"<[^>]*>", " ", f"{name}: {words}").split()) for name, words in facts]
    whole = catalogues.shipped("ar").percent
    assert told == [
        "English : Everything is written in this language first.",
        "Español : 100 percent of the words for the public are translated. Read by A library &amp; a school . February 20, 2026",
        "Tiếng Việt : 100 percent of the words for the public are translated. They changed after Two teachers read them. "
        "February 20, 2026 Not offered yet.",
        f"العربية : {whole} percent of the words for the public are translated. No person has read them yet. Not offered yet.",
        "فارسی : 40 percent of the words for the public are translated. No person has read them yet. Not offered yet.",
    ]
    assert '<a href="/harbor/en/about/languages/">Languages</a>' in html


@pytest.mark.parametrize("code", ["ru", "so"])
def test_the_examples_have_no_fault_and_say_that_nobody_has_read_them(code):
    found = catalogues.tongue(ROOT / "languages", code, catalogues.wanted())
    assert (found.faults, found.percent > 80, found.is_read, found.is_ready) == ((), True, False, False)
    head = (ROOT / "languages" / code / "public.po").read_text().splitlines()[:2]
    assert head[1] == "# A machine made it. No person has read it."


def test_weblate_is_told_of_files_that_are_there():
    parts = json.loads((ROOT / "deploy/weblate.json").read_text())
    assert [one["filemask"] for one in parts] == [f"languages/*/{part}.po" for part in catalogues.PARTS]
    assert [(ROOT / one["new_base"]).exists() for one in parts] == [True, True]


def test_a_site_starts_with_a_language_that_addresses_did_not_know(tmp_path):
    said_in(tmp_path / "languages", "ht", Languages="Lang yo")
    (tmp_path / "alongside.toml").write_text('languages = "languages"\n')
    asked = (
        "from django.conf import settings; from django.urls import resolve; from django.utils import translation as t; "
        "t.activate('ht'); print([dict(settings.LANGUAGES)['ht'], settings.UNREVIEWED_LANGUAGES, "
        "settings.READY_LANGUAGES, resolve('/harbor/ht/about/languages/').kwargs, t.gettext('Languages')])"
    )
    command = [Path(sys.executable).with_name("alongside"), "manage", "shell", "--no-imports", "-c", asked]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"ALONGSIDE_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == str(
        ["Kreyòl Ayisyen", (*OUR_OWN[1:], "ht"), ("en",), {"program": "harbor", "lang": "ht"}, "Lang yo"]
    )
