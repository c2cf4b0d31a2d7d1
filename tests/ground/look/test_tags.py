"""The tags write marks, words, days and addresses the way the look says."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from alongside.core.money import Money
from alongside.ground.ui.languages import TONGUES, apart


def drawn(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_mark_says_whose_pen_and_in_which_state():
    assert drawn("{% mark 'community' %}{% mark 'city' 'late' %}") == (
        '<span class="mark by-community"></span><span class="mark by-city is-late"></span>'
    )


def test_a_mark_of_an_unknown_party_is_refused_with_the_parties_there_are():
    with pytest.raises(TemplateSyntaxError) as refused:
        drawn("{% mark 'press' %}")

    assert str(refused.value) == (
        "There is no mark 'press '. Pens are community, city, both; states are owed, late, claimed, disputed or none."
    )


@pytest.mark.parametrize(
    "marks", ["city,both disputed", ["city", "both disputed"], [("city", ""), ("both", "disputed")]]
)
def test_a_tally_is_a_row_of_marks_however_it_is_given(marks):
    assert drawn("{% tally marks %}", marks=marks) == (
        '<span class="tally"><span class="mark by-city"></span><span class="mark by-both is-disputed"></span></span>'
    )


def test_what_someone_said_keeps_its_paragraphs_and_lines_and_no_markup():
    assert drawn("{% said words 'en' %}", words="One <b>\r\ntwo\n\n three ") == (
        '<p class="said">One &lt;b&gt;<br>two</p>\n<p class="said">three</p>'
    )


def test_what_was_said_in_another_language_names_it_and_its_direction():
    assert drawn("{% said 'سلام' 'ar' %}") == '<p class="said" lang="ar" dir="rtl">سلام</p>'
    assert drawn("<b{% in_words 'zh-hans' %}>") == '<b lang="zh-Hans" dir="ltr">'
    assert drawn("<div{% reads 'ar' %}>, <div{% reads 'en' %}>") == '<div dir="rtl">, <div>'
    with translation.override("ar"):
        assert drawn("{% said 'سلام' 'ar' %}") == '<p class="said">سلام</p>'


@pytest.mark.parametrize("day", [datetime.date(2026, 11, 24), "2026-11-24"])
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "November 24, 2026"), ("es", "24 de noviembre de 2026"), ("ar", "24 نوفمبر 2026")],
)
def test_a_day_is_written_with_its_month_as_a_word(day, lang, words):
    with translation.override(lang):
        assert drawn("{% when day %}", day=day) == f'<time datetime="2026-11-24">{words}</time>'


def test_a_day_may_leave_out_its_year_and_no_day_says_nothing():
    assert drawn("{% when '2026-11-24' 'day' %}|{% when day %}", day=None) == (
        '<time datetime="2026-11-24">November 24</time>|'
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (14, "14 days left"),
        (1, "1 day left"),
        (0, "due today"),
        (-1, "late by 1 day"),
        (-1017, "late by 1,017 days"),
    ],
)
def test_days_are_told_in_words(days, words):
    assert drawn("{% days_left days %}", days=days) == words


def test_the_counter_tells_days_past_the_date():
    assert drawn("{% counter -17 '2026-11-07' %}").strip() == (
        '<p class="counter"><b>17</b> <span>days past the date, <time datetime="2026-11-07">November 7, 2026</time>'
        "</span></p>"
    )


def test_a_time_is_told_by_its_day_where_the_program_is():
    late = datetime.datetime(2026, 3, 2, 3, 30, tzinfo=datetime.UTC)  # on March 1 it is evening there
    told = drawn("{% when day %}", day=late, pack=SimpleNamespace(time_zone="America/Los_Angeles"))

    assert told == '<time datetime="2026-03-01">March 1, 2026</time>'


def test_a_byline_says_who_did_what_and_when():
    assert drawn(
        "{% byline 'city' who='Signs Unit' did='answered' on='2026-10-06' more='day 28 of 60' %}"
    ).strip() == (
        '<p class="byline by-city"><span class="mark by-city"></span> <strong dir="auto">Signs Unit</strong> answered'
        '\xa0· <time datetime="2026-10-06">October 6, 2026</time>\xa0· day 28 of 60</p>'
    )


def test_facts_leave_out_what_is_empty():
    pairs = {"Owner": "Engineer", "Evidence": "", "Due": None, "Kept": 0}

    assert drawn("{% facts pairs %}", pairs=pairs).strip() == (
        '<dl class="facts"><dt>Owner</dt><dd>Engineer</dd><dt>Kept</dt><dd>0</dd></dl>'
    )


@pytest.mark.parametrize(
    ("state", "classes"),
    [
        ("", "by-city"),
        ("owed", "by-city is-owed is-open"),
        ("late", "by-city is-late is-open"),
        ("claimed", "by-city is-claimed"),
    ],
)
def test_a_knot_is_open_where_something_is_owed(state, classes):
    assert drawn("{% knot 'city' state anchor='a1' %}<p>x</p>{% endknot %}", state=state).startswith(
        f'<li class="knot {classes}" id="a1"><span class="mark '
    )
    assert f'<li class="knot {classes}">' in drawn("{% knot 'city' state %}{% endknot %}", state=state)


def test_a_gap_has_no_mark_because_nobody_owes_it():
    assert drawn("{% knot 'community' gap=True %}x{% endknot %}") == (
        '<li class="knot by-community is-open"><article class="sheet">x</article></li>'
    )


def test_a_translation_names_the_original_language_in_the_words_of_the_reader():
    assert "Translated from Spanish." in drawn("{% translated 'es' %}")
    assert "Translated from xx." in drawn("{% translated 'xx' %}")
    assert "By a machine." in drawn("{% translated 'es' by='machine' %}")


def test_a_translation_names_who_added_it_and_on_which_day():
    added = drawn("{% translated 'es' added_by='steward' on=day %}", day=datetime.date(2026, 3, 2))
    assert "Added by the program coordinator on March 2, 2026." in added


def test_every_language_that_a_program_may_choose_has_a_name_in_the_words_of_the_reader(settings):
    assert set(TONGUES) == {code for code, _own in settings.LANGUAGES}


def test_words_of_people_keep_their_own_direction_only_where_the_page_runs_the_other_way():
    said = {}
    for lang in ("en", "ar"):
        with translation.override(lang):
            said[lang] = apart("Which crossings?")

    assert said == {"en": "Which crossings?", "ar": "\u2068Which crossings?\u2069"}


def test_languages_are_named_in_the_readers_words_with_the_readers_comma():
    with translation.override("es"):
        assert drawn("{{ codes|language_names }}", codes=["en", "ar"]) == "inglés, árabe"


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("en", "24,000.50\u00a0USD"),
        ("ar", "\u2068\u200e24,000.50\u00a0USD\u2069"),
        ("vi", "24.000,50\u00a0USD"),
    ],
)
def test_a_sum_is_grouped_and_pointed_the_way_its_readers_do(lang, written):
    with translation.override(lang):
        assert drawn("{{ sum|money }}", sum=Money.of(Decimal("24000.50"), "USD")) == written


@pytest.mark.parametrize(("lang", "written"), [("en", "a; b"), ("ar", "a؛ b")])
def test_longer_parts_stand_apart_by_the_semicolon_of_the_page(lang, written):
    with translation.override(lang):
        assert drawn("a{% semicolon %}b") == written
