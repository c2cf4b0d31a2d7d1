from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.grammar.ties import NOBODY, OUTSIDE
from alongside.core.grammar.versions import KINDS
from alongside.core.policy.holidays import day_of_rule, days_off, is_rule
from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import NO_UNIT
from alongside.core.policy.shapes import Clocks, Holiday
from alongside.core.policy.words import PackError, Words
from alongside.core.workflow.workplans import COMMUNITY
from alongside.ground.programs.pack_files import shipped_pack
from tests.core.packs import pack

TEXT = shipped_pack("neutral")


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


REFUSED = [
    ('en = "Streets and Signals Unit"', 'en = "Libraries  and H\u0430lls unit"', "units"),
    ('es = "Oficina de Calles y Semáforos"', 'es = "Oficina de Bibliotecas y Salones"', "units"),
    ("version = 1", "version = 2", "version"),
    ("version = 1", "", "version"),
    ("version = 1", "version = 1\nslogan = 'x'", "slogan"),
    ("version = 1", "version = true", "version"),
    ("k = 10", "k = 1", "k"),
    ("k = 10", 'k = "10"', "k"),
    ("bands = [20, 30", "bands = [30, 20", "bands"),
    ("bands = [20, 30", "bands = [10, 30", "bands"),
    ('time_zone = "America/Chicago"', 'time_zone = "Mars/Olympus"', "time_zone"),
    ('time_zone = "America/Chicago"', 'time_zone = "../etc/passwd"', "time_zone"),
    ('leave_page = "https:', 'leave_page = "http:', "leave_page"),
    ('escalate_to = "city-manager/manager"', 'escalate_to = "city-manager/nobody"', "escalate_to"),
    ("answer_days = 60", "answer_days = 0", "clocks.answer_days"),
    ("answer_days = 60", "answer_days = 6.5", "clocks.answer_days"),
    ("appeal_days = 30", "appeal_days = 331", "clocks.appeal_days"),
    (
        "invitation_business_days = 10",
        "invitation_business_days = 201",
        "clocks.invitation_business_days",
    ),
    ("answer_days = 60", "answer_weeks = 8", "clocks.answer_weeks"),
    ("silence_days = [1, 30, 60, 90]", "silence_days = [30, 1]", "clocks.silence_days"),
    ("silence_days = [1, 30, 60, 90]", "silence_days = 30", "clocks.silence_days"),
    ("silence_days = [1, 30, 60, 90]", "silence_days = [3650]", "clocks.silence_days"),
    ("silence_repeat_months = 3", "silence_repeat_months = 4", "clocks.silence_repeat_months"),
    ('direction = "rtl"', 'direction = "up"', "languages[3].direction"),
    ('code = "vi"', 'code = "es"', "languages"),
    ('code = "vi"', 'code = "Tiếng"', "languages[2].code"),
    ('code = "en"', 'code = "fr"', "languages"),
    ('rule = "third monday of january"', 'rule = "some monday of january"', "holidays[1].rule"),
    ('rule = "july 4"', 'rule = "february 29"', "holidays[5].rule"),
    (
        'rule = "july 4"',
        f"days = [{', '.join(f'2027-0{1 + n // 28}-{1 + n % 28:02}' for n in range(32))}]",
        "holidays",
    ),
    ('short = {en = "the City", ', 'short = {fr = "la Ville", en = "the City", ', "government.short.fr"),
    ('short = {en = "the City", ', "short = {", "government.short.en"),
    ('short = {en = "the City", es = "la Ciudad"', 'short = {en = "the City"', "government.short.es"),
    ('short = {en = "the City"', 'short = {en = ""', "government.short.en"),
    ('short = {en = "the City"', 'short = {en = " the City"', "government.short.en"),
    ('short = {en = "the City"', 'short = {en = "the City, lawyers excepted,"', "government.short.en"),
    ('short = {en = "the City"', 'short = {en = "<b>the City</b>"', "government.short.en"),
    ('short = {en = "the City"', 'short = {en = "the "', "government.short.en"),
    ('short = {en = "the City"', 'short = {en = "the leads"', "government.short.en"),
    ('short = {en = "the City"', 'short = {en = "Nobody but the City"', "government.short.en"),
    ('es = "la Ciudad"', 'es = "la comunidad"', "government.short.es"),
    (
        'short = {en = "the City"',
        'short = {en = "the City that asks and never answers anybody"',
        "government.short.en",
    ),
    ('parent = "streets-and-signals"', 'parent = "nowhere"', "units[4].parent"),
    ('parent = "streets-and-signals"', 'parent = "signs-and-markings"', "units[4].parent"),
    ('slug = "permits-desk"', 'slug = "Permits Desk"', "units[2].slug"),
    ('slug = "permits-desk"', 'slug = "open-data"', "units"),
    ('slug = "permits-desk"', 'slug = "community"', "units[2].slug"),
    ('slug = "permits-desk"', 'slug = "outside"', "units[2].slug"),
    ('slug = "permits-desk"', 'slug = "nobody"', "units[2].slug"),
    ('slug = "permits-desk"', 'slug = "steward"', "units[2].slug"),
    ('slug = "permits-desk"', 'slug = "seat-1a2b3c4d"', "units[2].slug"),
    (
        "[[help]]",
        '[community_body]\noffice = "seat-1a2b3c4d/desk"\nname = {en = "A", es = "A", vi = "A", ar = "A"}\n[[help]]',
        "community_body.office",
    ),
    ("is_manager = true", "is_manager = false", "units[0].offices"),
    ("is_manager = true", 'is_manager = "yes"', "units[0].offices[0].is_manager"),
    ('id = "visa"', 'id = "address"', "forbidden"),
    ('"birthplace*"', '"birth(place"', "forbidden[0].patterns.en[0]"),
    ('tel = "+15035550101"', 'tel = "503-555-0101"', "help[0].tel"),
    ('kind = "urgent"', 'kind = "odd"', "help[0].kind"),
    ("checked_on = 2026-11-24", 'checked_on = "2026-11-24"', "help[0].checked_on"),
    ("checked_on = 2026-11-24", "checked_on = 2026-11-24T10:00:00", "help[0].checked_on"),
    ('kind = "phone"', 'kind = "pigeon"', "routes[0].kind"),
    ('tel_shown = "503-555-0142"', "", "routes[0].tel"),
    ('email = "leads@example.org"', 'email = "leads"', "routes[0].email"),
    (
        'tel_shown = "503-555-0143"',
        'tel_shown = "503-555-0143"\nemail = "leads@example.org"',
        "calls.ways[0].email",
    ),
    ("version = 1", "version = = 1", "(the file)"),
    ('id = "ownership"', 'id = "iap2"', "frameworks"),
]


@pytest.mark.parametrize(("old", "new", "key"), REFUSED)
def test_a_bad_pack_is_refused_with_its_key_and_a_cure(old, new, key):
    with pytest.raises(PackError) as refused:
        load_pack(changed(old, new))
    assert refused.value.key == key
    assert str(refused.value) == f"{key}: {refused.value.cure}"
    assert refused.value.cure.endswith(".")


def test_no_unit_is_called_by_a_word_that_the_record_has_for_somebody_else():
    words = {COMMUNITY, OUTSIDE, NOBODY, *(one for kind in KINDS.values() for one in kind.by)}
    assert words == NO_UNIT


@settings(max_examples=60)
@given(st.integers(0, len(TEXT)), st.integers(1, 60))
def test_a_torn_pack_is_refused_and_never_crashes(start, length):
    torn = TEXT[:start] + TEXT[start + length :]
    try:
        load_pack(torn)
    except PackError as refused:
        assert refused.cure


@given(st.text(max_size=80))
def test_what_is_not_a_pack_is_refused(text):
    with pytest.raises(PackError):
        load_pack(text)


def test_clocks_left_out_are_the_defaults():
    start, end = TEXT.index("[clocks]"), TEXT.index("[[holidays]]")
    assert load_pack(TEXT[:start] + TEXT[end:]).clocks == Clocks()


def test_the_default_clocks_are_those_that_were_promised():
    assert Clocks() == Clocks(
        acknowledge_business_days=5,
        answer_days=60,
        silence_days=(1, 30, 60, 90),
        silence_repeat_months=3,
        contest_days=30,
        reply_days=30,
        verify_days=90,
        monitor_years=5,
        vacancy_days=45,
        appeal_days=30,
        pay_business_days=10,
        invitation_business_days=10,
        invitation_notice_days=45,
        remind_days_before=(14, 3),
        escalate_days_after=7,
    )


def test_words_fall_back_from_region_to_language_to_english():
    words = Words({"en": "the City", "es": "la Ciudad"})
    assert [words.say(lang) for lang in ("es", "es-MX", "so", "en")] == [
        "la Ciudad",
        "la Ciudad",
        "the City",
        "the City",
    ]
    assert [words.lang_of(lang) for lang in ("es", "es-MX", "so")] == ["es", "es", "en"]


def test_words_are_found_by_a_dotted_path():
    neutral = pack("neutral")
    assert neutral.words("government.short", "es") == "la Ciudad"
    assert neutral.words("units.permits-desk.name", "en") == "Permits Desk"
    assert neutral.words("units.permits-desk.offices.manager.title", "es") == "Gerencia"
    assert neutral.words(neutral.government.name, "vi") == "Thành phố Mẫu"
    assert neutral.office_title("permits-desk/manager", "en") == "Permits Desk, Manager"
    assert neutral.office_title("gone/manager", "en") == "gone/manager"


@pytest.mark.parametrize(
    "path", ["nothing", "government.nothing", "units.nowhere.name", "k", "government", "__class__", ""]
)
def test_a_path_to_nothing_says_so(path):
    with pytest.raises(KeyError, match="see the pack for what is there|name a field of the pack"):
        pack("neutral").words(path, "en")


def test_nothing_in_a_pack_can_be_changed():
    def walk(value):
        if is_dataclass(value):
            with pytest.raises(FrozenInstanceError):
                setattr(value, fields(value)[0].name, None)
            for one in fields(value):
                walk(getattr(value, one.name))
        elif isinstance(value, tuple):
            for one in value:
                walk(one)

    walk(pack("neutral"))


def test_what_goes_on_the_record_when_a_pack_is_adopted():
    assert pack("portland").record_clocks() == {
        "acknowledge_business_days": 5,
        "answer_days": 60,
        "contest_days": 30,
        "reply_days": 30,
        "verify_days": 90,
        "monitor_years": 5,
    }


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("january 1", date(2026, 1, 1)),
        ("third monday of january", date(2026, 1, 19)),
        ("last monday of may", date(2026, 5, 25)),
        ("first monday of september", date(2026, 9, 7)),
        ("fourth thursday of november", date(2026, 11, 26)),
    ],
)
def test_a_rule_gives_its_day(rule, day):
    assert day_of_rule(rule, 2026) == day


def test_a_holiday_on_a_weekend_moves_also_over_the_new_year():
    new_year = (Holiday("New Year's Day", rule="january 1"),)
    assert days_off(new_year, 2021) == {date(2021, 1, 1), date(2021, 12, 31)}
    assert days_off(new_year, 2022) == frozenset()
    assert days_off(new_year, 2023) == {date(2023, 1, 2)}
    stays = (Holiday("New Year's Day", rule="january 1", moves_from_weekend=False),)
    assert days_off(stays, 2022) == {date(2022, 1, 1)}


def test_single_days_off_are_counted_in_their_year():
    one = (Holiday("A move of offices", days=(date(2026, 3, 4),)),)
    assert (days_off(one, 2026), days_off(one, 2027)) == ({date(2026, 3, 4)}, frozenset())


@given(
    st.sampled_from(["first", "second", "third", "fourth", "last"]),
    st.integers(0, 6),
    st.integers(1, 12),
    st.integers(1990, 2100),
)
def test_a_weekday_rule_gives_that_weekday_in_that_month(place, weekday, month, year):
    from alongside.core.policy.holidays import MONTHS, WEEKDAYS

    rule = f"{place} {WEEKDAYS[weekday]} of {MONTHS[month - 1]}"
    day = day_of_rule(rule, year)
    assert is_rule(rule)
    assert (day.weekday(), day.month, day.year) == (weekday, month, year)
    nth = {"first": 0, "second": 1, "third": 2, "fourth": 3}
    if place in nth:
        assert (day.day - 1) // 7 == nth[place]
    else:
        assert (day.toordinal() + 7) > day.replace(day=28).toordinal()


@pytest.mark.parametrize(("lang", "comma"), [("en", ", "), ("vi", ", "), ("ar", "، ")])
def test_an_office_is_named_after_its_unit_with_the_comma_of_the_language(lang: str, comma: str) -> None:
    told = load_pack(TEXT)
    unit, office = told.words("units.city-manager.name", lang), told.office("city-manager/manager")

    assert office is not None
    assert told.office_title("city-manager/manager", lang) == unit + comma + office.title.say(lang)
