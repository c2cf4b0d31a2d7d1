import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from alongside.core.policy.load import load_pack
from alongside.core.policy.reading import every
from alongside.core.policy.words import PackError, Words
from alongside.core.readability import grade
from alongside.ground.programs.pack_files import read_pack, shipped_pack
from tests.core.packs import PACKS, pack

FOUR = ("en", "es", "vi", "ar")


@pytest.mark.parametrize("name", PACKS)
def test_both_packs_are_complete_in_four_languages(name):
    here = pack(name)
    assert here.complete_languages == FOUR
    assert {tuple(code for code in FOUR if code in words.by_lang) for _key, words in every(Words, here)} == {
        FOUR
    }


@pytest.mark.parametrize("name", PACKS)
def test_arabic_is_written_in_arabic_and_the_others_are_not_english(name):
    for key, words in every(Words, pack(name)):
        if re.search(r"[A-Za-z]{4}", words.say("ar")):
            assert re.search(
                r"hotline|Equity Corps|Smart City PDX|IAP2|BPS|PIRC", words.say("ar"), re.IGNORECASE
            ), key
        if len(words.say("en").split()) > 6:
            assert len({words.say(code) for code in FOUR}) == 4, key


@pytest.mark.parametrize("name", PACKS)
def test_the_english_of_a_pack_can_be_read_in_eighth_grade(name):
    hard = {
        key: grade(words.say("en"), fewest=1)
        for key, words in every(Words, pack(name))
        if len(words.say("en").split()) > 12 and round(grade(words.say("en"), fewest=1)) > 9
    }
    assert hard == {}


@pytest.mark.parametrize("name", PACKS)
def test_no_words_shout_or_praise(name):
    assert [
        key
        for key, words in every(Words, pack(name))
        for text in words.by_lang.values()
        if "!" in text or "¡" in text
    ] == []


def test_the_suggested_slugs_differ():
    assert [pack(name).suggested_slug for name in PACKS] == ["portland", "riverbend"]


def test_the_neutral_pack_holds_no_word_of_portland_and_no_real_number():
    text = shipped_pack("neutral")
    assert re.findall(r"portland|oregon|multnomah|\bORS\b|\bOAR\b|\bPDX\b", text, re.IGNORECASE) == []
    assert {one[:-2] for one in re.findall(r'tel = "(.*?)"', text)} == {"+150355501"}


def test_the_neutral_pack_has_the_units_of_the_demonstration():
    assert [unit.name.say("en") for unit in pack("neutral").units[1:]] == [
        "Libraries and Halls Unit",
        "Permits Desk",
        "Streets and Signals Unit",
        "Signs and Markings Unit",
        "Open Data Unit",
    ]


def test_the_hotlines_are_those_that_were_published():
    lines = {line.slug: line for line in pack("portland").help_shown}
    assert {slug: line.tel for slug, line in lines.items()} == {
        "emergency": "911",
        "immigrant-rights": "+18886221510",
        "equity-corps": "+18882747292",
        "bias": "+18449242427",
        "sanctuary-promise": "+18449247829",
        "city-311": "+15038234000",
    }
    assert {line.checked_on for line in lines.values()} == {date(2026, 11, 24)}
    for slug in ("bias", "sanctuary-promise"):
        assert "must report abuse" in lines[slug].what_happens.say("en")


@pytest.mark.parametrize("name", PACKS)
def test_the_number_shown_is_the_number_dialed(name):
    for line in pack(name).help:
        shown = re.sub(r"\D", "", line.tel_shown.split(" or ")[0])
        assert line.tel.lstrip("+") in (shown, f"1{shown}"), line.slug


def test_what_was_not_seen_in_a_source_is_not_shown():
    portland = pack("portland")
    assert [line.slug for line in portland.help if line not in portland.help_shown] == ["state-civil-rights"]
    assert [level.id for level in portland.framework("ownership").shown] == [
        "consult",
        "involve",
        "collaborate",
    ]
    assert [one.id for one in portland.retention if not one.verified] == ["comments", "surveys"]
    assert all(route.demonstration for route in portland.routes)


@pytest.mark.parametrize("name", PACKS)
def test_every_topic_names_its_law_and_source(name):
    for topic in pack(name).forbidden:
        assert topic.statute
        assert topic.source.startswith("https://")
        assert set(topic.patterns) == set(FOUR)


def test_the_topics_are_the_same_in_both_packs():
    assert [[topic.id for topic in pack(name).forbidden] for name in PACKS] == [
        [
            "birthplace",
            "citizenship",
            "visa",
            "nationality",
            "address",
            "work",
            "school",
            "contact",
            "relatives",
            "appointments",
            "identity",
        ]
    ] * 2


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_is_read_with_the_patterns_of_the_topics_it_shares(name):
    text = shipped_pack(name)
    assert (text.count("[forbidden.patterns]"), text.count('patterns = "')) == (11, 0)


def test_a_pack_that_lists_its_own_patterns_is_read_as_it_stands(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(shipped_pack("neutral"), "utf-8")
    assert read_pack(file) == shipped_pack("neutral")


def shares(line: str, folder: Path) -> str:
    """Read a pack whose first topic has this line in place of its patterns."""
    head, _patterns, rest = shipped_pack("neutral").partition("[forbidden.patterns]\n")
    file = folder / "shares.toml"
    file.write_text(head + line + rest[rest.index("\n[[forbidden]]") :], "utf-8")
    return read_pack(file)


def test_a_pack_outside_the_house_shares_a_topic_by_its_name(tmp_path):
    assert shares('patterns = "birthplace"\n', tmp_path) == shipped_pack("neutral")
    visa = load_pack(shares('patterns = "visa"\n', tmp_path)).forbidden
    assert visa[0].sha256 == visa[2].sha256


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        (
            'patterns = "birth"\n',
            "is not a topic that packs share; name one of address, appointments, birthplace, citizenship, contact, "
            "identity, nationality, relatives, school, visa, work.",
        ),
        (
            'patterns = "birthplace"\nverified = false\n',
            "is not the last line of birthplace; move verified above it.",
        ),
    ],
)
def test_a_topic_that_cannot_be_put_in_is_refused_with_the_cure(line, cure, tmp_path):
    with pytest.raises(PackError) as refused:
        shares(line, tmp_path)
    assert str(refused.value) == f"forbidden.patterns: {cure}"


def test_no_pack_is_taken_before_its_patterns_are_put_in():
    text = (files("alongside.ground.programs") / "packs/neutral.toml").read_text("utf-8")
    with pytest.raises(PackError, match=r"^forbidden\[0\]\.patterns: is not a table"):
        load_pack(text)


def test_a_rule_of_keeping_that_is_said_in_words_is_said_in_every_complete_language():
    kept = next(one for one in pack("neutral").retention if one.id == "voices")
    assert [kept.rule_in(lang) for lang in ("en", "es", "vi", "ar", "so")] == [
        ("The promise itself", "en"),
        ("La promesa misma", "es"),
        ("Chính lời hứa đó", "vi"),
        ("الوعد نفسه", "ar"),
        ("The promise itself", "en"),
    ]


def test_a_rule_of_keeping_that_is_a_citation_is_the_same_in_every_language():
    kept = next(one for one in pack("portland").retention if one.id == "attendance")
    assert kept.rule_in("ar") == ("OAR 166-200-0235", "en")


@pytest.mark.parametrize(
    "rule", ["", 'rule = "Example rule 1"\nrule_words = {en = "x", es = "x", vi = "x", ar = "x"}']
)
def test_a_retention_class_has_one_rule(rule):
    text = shipped_pack("neutral").replace('rule = "Example rule 1"', rule, 1)
    with pytest.raises(PackError) as refused:
        load_pack(text)
    assert str(refused.value) == (
        "retention[1].rule: needs one of rule (a citation) and rule_words (what people read, in each language)."
    )


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('comments = "comments"', 'comments = "voices"', "kept.comments"),
        ('comments = "comments"', 'comments = "nothing"', "kept.comments"),
        ("strategy_days = 90", "strategy_days = 0", "kept.strategy_days"),
    ],
)
def test_what_leads_write_among_themselves_is_kept_until_a_day(before, after, key):
    with pytest.raises(PackError) as refused:
        load_pack(shipped_pack("neutral").replace(before, after, 1))
    assert refused.value.key == key
