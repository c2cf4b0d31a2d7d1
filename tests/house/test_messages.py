"""The catalogues: taken from the code, kept whole, and never broken by a translation."""

import importlib.util
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import ngettext

from alongside.desks.search import OWN_PAGES, PAGES_OF_LEADS
from tests.support.house import ROOT, table


def script():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def messages(tmp_path, monkeypatch):
    """Give scripts/messages.py, working on a small source of its own."""
    module = script()
    source = tmp_path / "src" / "alongside"
    (source / "templates").mkdir(parents=True)
    (source / "views.py").write_text(
        "from django.utils.translation import gettext as _\nPAGE = _('Hello %(name)s')\n"
    )
    (source / "templates" / "page.html").write_text(
        "{% load i18n %}{% translate 'Read <b>this</b>' %}{% translate 'May' context 'a month' %}"
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} voice\n{% plural %}\n  {{ n }} voices\n{% endblocktranslate %}"
    )
    monkeypatch.setattr(module, "SOURCE", source)
    return module


ALL = {"Hello %(name)s": "مرحبا %(name)s", "Read <b>this</b>": "اقرأ <b>هذا</b>", "a month|May": "مايو"}
FORMS = ["لا أصوات", "صوت واحد", "صوتان", "%(n)s أصوات", "%(n)s صوتًا", "%(n)s صوت"]


def test_every_message_of_code_and_templates_is_found_once(messages):
    assert sorted(json.loads(line)["key"] for line in messages.missing("es")) == [
        "%(n)s voice",
        "Hello %(name)s",
        "Read <b>this</b>",
        "a month|May",
    ]


def test_a_maker_of_messages_under_another_name_is_found_too(messages):
    (messages.SOURCE / "renamed.py").write_text(
        "from django.utils.translation import gettext_lazy as later\nWORD = later('Kept')\n"
    )

    assert "Kept" in [json.loads(line)["key"] for line in messages.missing("es")]


def test_what_the_core_refuses_is_found_too_and_nothing_else_that_is_called_the_same(messages):
    (messages.SOURCE / "core").mkdir()
    (messages.SOURCE / "core" / "rules.py").write_text(
        "class TooLate(Refused):\n    pass\n"
        "def rule(last):\n    fail('it was due by {last}; ask anew.', last=last)\n    raise TooLate('no day is left; ask.')\n"
        "    malformed('data.on must be a day.')\n"
        "is_new = first_of('it is there already; read it.', 'call', 'Refuse a second one.')\n"
    )
    (messages.SOURCE / "command.py").write_text("fail('only the operator reads this.')\n")

    found = [json.loads(line)["key"] for line in messages.missing("es") if "core/rules.py" in line]
    assert sorted(found) == [
        "it is there already; read it.",
        "it was due by {last}; ask anew.",
        "no day is left; ask.",
    ]
    assert "only the operator reads this." not in "".join(messages.missing("es"))


def test_a_whole_catalogue_has_no_fault_and_arabic_counts_as_django_does(messages, tmp_path, settings):
    assert messages.fill("ar", {**ALL, "%(n)s voice": FORMS}) == (4, [])
    assert messages.faults("ar", messages.gathered()) == []

    compile_to(tmp_path / "locale", messages.path_of("ar", "desk"))
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    translation.trans_real._translations.clear()
    with translation.override("ar"):
        told = [ngettext("%(n)s voice", "%(n)s voices", n) % {"n": n} for n in (0, 1, 2, 3, 11, 100)]
    translation.trans_real._translations.clear()
    assert told == [form % {"n": n} for form, n in zip(FORMS, (0, 1, 2, 3, 11, 100), strict=True)]


def compile_to(folder: Path, po: Path) -> None:
    target = folder / "ar" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with po.open("rb") as source, target.open("wb") as out:
        write_mo(out, read_po(source))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"Hello %(name)s": "Hola"}, "it lost %(name)s; keep each as it is"),
        ({"Hello %(name)s": "Hola %(nombre)s"}, "it has %(nombre)s, which the message has not; take it out"),
        (
            {"Read <b>this</b>": "Lea esto"},
            "its tags are [], the message's are ['<b>', '</b>']; keep each as it is",
        ),
        (
            {"Read <b>this</b>": 'Lea "<b>esto</b>"'},
            "it has a straight quote, which would end an attribute of a page; write “ and ”",
        ),
        ({"%(n)s voice": ["una voz"]}, "it needs 2 forms, not 1"),
        ({"May": "Mayo"}, "no such message is in the code; copy its key from --missing"),
    ],
)
def test_a_translation_that_would_break_a_page_is_refused(messages, broken, why):
    assert messages.fill("es", broken) == (0, [f"es: {next(iter(broken))!r}: {why}."])


def test_a_message_that_changed_is_missing_again_and_the_old_one_is_dropped(messages):
    messages.fill("es", {"Hello %(name)s": "Hola %(name)s"})
    (messages.SOURCE / "views.py").write_text(
        "from django.utils.translation import gettext as _\nPAGE = _('Hi %(name)s')\n"
    )

    faults = messages.faults("es", messages.gathered())
    messages.main([])

    assert faults[-1] == "es: the catalogue is not what the code says now; run ./dev messages."
    assert "Hola" not in messages.path_of("es", "desk").read_text()
    assert "Hi %(name)s" in [json.loads(line)["key"] for line in messages.missing("es")]


def test_a_message_is_with_the_public_where_people_without_an_account_read_it(messages):
    (messages.SOURCE / "desks" / "templates" / "desks").mkdir(parents=True)
    page = messages.SOURCE / "desks" / "templates" / "desks" / "home.html"
    page.write_text("{% load i18n %}{% translate 'Read <b>this</b>' %}{% translate 'Come in' %}")
    messages.fill("es", {"Read <b>this</b>": "Lea <b>esto</b>"})
    messages.main([])

    parts = {part: read_po(BytesIO(messages.path_of("es", part).read_bytes())) for part in messages.PARTS}
    assert {part: sorted(str(one.id) for one in said if one.id) for part, said in parts.items()} == {
        "public": ["Come in", "Read <b>this</b>"],
        "desk": ["('%(n)s voice', '%(n)s voices')", "Hello %(name)s", "May"],
    }
    assert parts["public"]["Read <b>this</b>"].string == "Lea <b>esto</b>"
    assert "Come in" in messages.template_of("public").read_text()
    assert [one for one in messages.faults("es", messages.gathered()) if "run ./dev messages." in one] == []


def test_each_place_of_the_public_is_there_and_its_words_are_a_fourth_at_most():
    module = script()
    names = [str(path.relative_to(module.SOURCE)) for path in module.sources()]
    gone = [one for one in module.PLACES if not any(re.fullmatch(one, name) for name in names)]
    catalog = [one for one in module.gathered() if one.id]
    assert gone == []
    assert 1000 < sum(map(module.is_public, catalog)) < len(catalog) / 4


#: What residents, applicants and whoever asks for help read; two pages of each kind are looked at.
READ_BY_RESIDENTS = re.compile(
    r"/riverbend/es/((engagements|follow|questions|calls|search|help|news)/((?!promised/)[\w-]+/)?|about/(keeps|promises|accessibility|languages)/)?"
)
NUMBER = re.compile(r"[0-9]+|[a-z0-9]+(?:-[a-z0-9]+)+")


def test_each_word_of_the_house_that_residents_read_is_in_the_public_catalogue(
    demonstration, client, settings, tmp_path
):
    module, catalog = script(), Catalog(locale="es", fuzzy=False)
    for one in filter(module.is_public, module.gathered()):
        words = module.words_of(one)
        catalog.add(one.id, (words, one.id[1]) if one.pluralizable else words, context=one.context)
    path = tmp_path / "es" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    settings.LOCALE_PATHS = [tmp_path]

    seen, waits, kinds, found = set(), ["/riverbend/es/"], Counter(), []
    while waits:
        address = waits.pop(0)
        kind = NUMBER.sub("#", address)
        if address in seen or kinds[kind] == 2 or not READ_BY_RESIDENTS.fullmatch(address):
            continue
        seen.add(address)
        kinds[kind] += 1
        html = client.get(address).content.decode()
        english = re.findall(r'<span lang="en" dir="ltr">(.*?)</span>', html.partition("<main")[2])
        found += [
            f"“{words}” of {address} is not the public's: add its file to PLACES."
            for words in english
            if words != "English"
        ]
        waits += re.findall(r'href="([^"#?]+)"', html)
    assert len(kinds) > 12
    assert sorted(set(found)) == []


def test_the_catalogue_says_that_nobody_has_reviewed_it(messages):
    messages.main([])

    assert messages.path_of("vi", "public").read_text().splitlines()[:3] == [
        "# Vietnamese words of Alongside.",
        "#",
        "# Not yet reviewed by a person who speaks the language.",
    ]


LANGUAGES = ("es", "vi", "ar")


def pattern_of(old: str, lang: str = "en") -> re.Pattern[str]:
    """Give what finds the words of one cell; "…" is up to four words of a sentence. Arabic writes "the" and "and" onto a word."""
    words = old.replace(", ", "|").replace("…", r"(?:[^\s.;:]+ ){0,3}[^\s.;:]+")
    return re.compile(words if lang == "ar" else rf"\b(?:{words})\b", re.IGNORECASE)


def retired(lang: str = "en") -> list[tuple[str, re.Pattern[str], str]]:
    """Give what docs/reference/words.md says instead of what in a language, and where the old words may stand."""
    rows = table("| say | not | except | not, in Spanish | not, in Vietnamese | not, in Arabic |")
    return [
        (say, pattern_of(old[lang], lang), apart.replace(", ", "|"))
        for say, english, apart, *others in rows
        if (old := dict(zip(("en", *LANGUAGES), (english, *others), strict=True)))[lang]
    ]


@cache
def gathered() -> list[tuple[str, set[str]]]:
    """List every sentence that a page can show, in English, and the files that say it."""
    found = script().gathered()
    return [
        (words, {name for name, _line in one.locations})
        for one in found
        for words in ([one.id] if isinstance(one.id, str) else one.id)
        if words
    ]


@cache
def searched() -> set[str]:
    """Give what a search takes for pages beside their titles, in English: no page shows it."""
    with translation.override("en"):
        return {str(also) for _name, _title, also in (*OWN_PAGES, *PAGES_OF_LEADS)}


def spoken() -> list[str]:
    """List every sentence that a page can show, in English."""
    return [words for words, _files in gathered() if words not in searched()]


def of_old_words(sentences: list[str], lang: str = "en") -> list[str]:
    return [
        f"“{old[0]}” stands in “{one}”; pages say: {say}."
        for one in sentences
        for say, pattern, apart in retired(lang)
        if (old := pattern.search(re.sub(r"%\(\w+\)s|\{\w+\}", "", re.sub(apart, "", one))))
    ]


def test_no_page_uses_a_word_that_pages_gave_up():
    assert len(retired()) > 10
    assert len(spoken()) > 5000
    assert of_old_words(spoken()) == []


#: Where residents read and speak; whoever asks "how do I know?" goes on from there.
RESIDENTS = re.compile(
    r"work/engagements/(queries\.py|templates/engagements/(engagement|open|paper|parts/(ask|front|keys|promise|questions|receipt|ways))\.html)"
    r"|chain/voices/templates/voices/follow\.html|desks/(outcomes|stage_words|thread_page)\.py|ground/directory/templates/directory/help\.html"
    r"|desks/templates/desks/(accessibility|changes|home|keeps|news|owed|past|poster|promised|promises|questions?|search|thread|what_came_of_it|years?)\.html"
)


def test_no_page_for_residents_uses_a_word_of_the_machine():
    old = [pattern_of(one) for _say, one in table("| say | not |")]
    read = [(words, files) for words, files in gathered() if any(map(RESIDENTS.fullmatch, files))]
    assert (len(old), len(read) > 500) == (3, True)
    assert [words for words, _files in read if any(one.search(words) for one in old)] == []


def told(value: object) -> Iterator[str]:
    """Give every English sentence of a file of words: of a scene, a lesson or a policy pack; laws and sources have their own names."""
    if isinstance(value, str) and " " in value:
        yield re.sub(r"\b[A-Z]\w+ Unit\b|reconstructed from the public record", "", value)
    elif isinstance(value, list):
        for one in value:
            yield from told(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from told(one) if name not in {"es", "vi", "ar", "statute", "source"} else ()


def told_in(value: object, lang: str) -> Iterator[str]:
    """Give every sentence of a file of words that stands there in this language beside the others."""
    for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from told_in(one, lang)
    if isinstance(value, dict) and lang in value:
        yield from told(value[lang])


PLACES_OF_WORDS = (
    "site/demo",
    "cohort/training/content",
    "core/policy/purposes",
    "ground/programs/packs",
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_translation_uses_a_word_that_its_language_gave_up(lang):
    shown = [one for one in script().read(lang) if one.id and one.id not in searched()]
    said = [form for one in shown for form in script().forms(one)]
    files = [one for place in PLACES_OF_WORDS for one in (ROOT / "src/alongside" / place).rglob("*.toml")]
    for path in files:
        if path.stem == "data-and-technology":  # stays as it is: see tests/core/test_purpose.py
            continue
        words = tomllib.loads(path.read_text(encoding="utf-8"))
        said += told(words) if path.stem == lang else told_in(words, lang)

    assert len(said) > 6500
    assert of_old_words(said, lang) == []


@pytest.mark.parametrize(("column", "lang"), [(1, "es"), (2, "vi"), (3, "ar")])
def test_a_place_has_the_name_of_the_table_in_every_language(column, lang):
    rows = table("| English | Spanish | Vietnamese | Arabic | in the one line of a phone |")
    phones = [row[-1].split(" / ") for row in rows if row[-1]]
    named = {row[0]: row[column] for row in rows} | {one[0]: one[column] for one in phones}
    catalog = script().read(lang)

    assert len(named) > 40
    assert {english: catalog.get(english).string for english in named} == named


@pytest.mark.parametrize("place", PLACES_OF_WORDS)
def test_no_scene_lesson_or_pack_uses_a_word_that_pages_gave_up(place):
    apart = {"es.toml", "vi.toml", "ar.toml", "translations.toml"}
    files = [one for one in (ROOT / "src/alongside" / place).rglob("*.toml") if one.name not in apart]
    said = [one for path in files for one in told(tomllib.loads(path.read_text(encoding="utf-8")))]
    assert len(said) > 50
    assert of_old_words(said) == []


def test_an_old_word_is_found_and_a_name_of_its_own_is_none():
    assert len(of_old_words(["Ask the steward who pays your seat."])) == 2
    assert len(of_old_words(["توقيع الميثاق", "مقعدك"], "ar")) == 2
    assert len(of_old_words(["Take this whole file back", "No open question fits."])) == 2
    assert of_old_words(["Reconstructed from the public record. It cannot be taken back. %(unit)s"]) == []


#: What begins with a capital letter, as pages hand it over: inside a sentence a message says "the City" itself (ground/ui/governments.py).
INSIDE = re.compile(r"(?<!\. )(?<!^)%\(government\)s")


def test_no_message_names_the_government_by_a_value_inside_a_sentence():
    assert INSIDE.search("None is for %(government)s.") and not INSIDE.search("Yes. %(government)s cannot.")
    assert [words for words, _files in gathered() if INSIDE.search(words)] == []


#: A preposition of Arabic that hangs on what follows it. A number may follow; a name that begins with its article would be misspelled.
HANGING = re.compile(r"\b[وف]?(?:لل?|ب|ك)ـ?[%{]\(?(?!(n|notice|rows)\b)\w+")


def test_no_preposition_hangs_on_a_name_in_arabic():
    said = [form for one in script().read("ar") if one.id for form in script().forms(one)]
    assert HANGING.search("ليست أي منها لـ%(office)s.") and not HANGING.search("لـ%(n)s شركاء")
    assert [one for one in said if HANGING.search(one)] == []
