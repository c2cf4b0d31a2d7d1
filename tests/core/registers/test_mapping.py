"""Facts from rows by a mapping: what a column is, what a word means, and why a row stays out."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.registers.choices import CHOICES, KNOWN, meant
from alongside.core.registers.mapping import COMMUNITIES, FACTS, Plan, guess, read_row, unknown_values
from alongside.core.registers.rows import RawRow
from tests.core.registers.files import opened, real
from tests.core.registers.plans import FEDERAL_2025, REAL


def row(number: int = 1, **cells: str) -> RawRow:
    return RawRow(number, cells)


def test_two_columns_can_be_one_fact_and_lists_stand_on_lines():
    plan = Plan(
        {
            "Bureau": "body",
            "Agency": "body",
            "Tool": "name",
            "Links": "documents",
            "Why": "purpose",
            "For": "purpose",
        }
    )
    read = read_row(
        plan, row(Agency="Parks", Bureau="City", Tool=" A\n tool ", Links="['x', 'y']", Why="a", For="b")
    )

    assert read.facts == {"name": "A tool", "body": "City, Parks", "purpose": "a\n\nb", "documents": "x\ny"}


def test_a_row_without_a_name_stays_out_and_says_why():
    read = read_row(Plan({"Tool": "name", "Text": "summary"}), row(Tool="[]", Text="words"))

    assert (read.why, read.facts, dict(read.cells)) == ("no-name", {}, {"Tool": "[]", "Text": "words"})


def test_what_is_left_out_is_nowhere():
    read = read_row(Plan({"Tool": "name", "Mail": "drop"}), row(Tool="a", Mail="ann@city.example"))

    assert "ann@city.example" not in str(read)


def test_how_people_were_asked_stands_where_it_is_said_whether_they_were():
    read = read_row(
        FEDERAL_2025,
        row(use_case_name="a", hi_public_consultation="['b) General solicitations of comments']"),
    )

    assert (read.facts["asked"], read.facts["consultation"]) == (
        "asked",
        "b) General solicitations of comments",
    )


@pytest.mark.parametrize(
    ("name", "value", "choice"),
    [
        ("stage", "Pre-deployment", "development"),
        ("stage", "Deployed", "in_use"),
        ("stage", "Operation and Maintenance", "in_use"),
        ("stage", "Planned (not in production)", "planned"),
        ("stage", "Something else", ""),
        ("impact", "High-impact", "high"),
        ("impact", "Not High-impact", "limited"),
        ("impact", "Presumed High-Impact, but Not High-impact", "limited"),
        ("impact", "Rights-Impacting\n", "high"),
        ("impact", "Neither", "limited"),
        ("personal_data", "No", "no"),
        ("personal_data", "notes", ""),
        ("asked", "In-progress", "planned"),
        ("asked", "Usability Testing", ""),
    ],
)
def test_the_words_of_other_registers_mean_what_they_mean(name, value, choice):
    assert meant(name, value) == choice


def test_what_a_word_means_is_always_a_choice_we_have():
    assert [
        (name, choice)
        for name, known in KNOWN.items()
        for choice in known
        if choice and choice not in CHOICES[name]
    ] == []


def test_a_word_that_a_person_gave_a_meaning_means_that():
    plan = Plan({"Tool": "name", "State": "stage"}, {"stage": {"deployed": "pilot", "odd": ""}})
    rows = [
        row(n, Tool="a", State=state) for n, state in enumerate(["Deployed", "ODD", "New word", "New word"])
    ]

    assert [read_row(plan, one).facts.get("stage", "") for one in rows] == ["pilot", "", "", ""]
    assert unknown_values(plan, rows) == {"stage": {"New word": 2}}


def test_a_row_is_known_again_by_its_id_or_by_its_name_and_body():
    plan = Plan({"id": "key", "Tool": "name", "Agency": "body"})
    first = read_row(plan, row(id="A-1", Tool="a", Agency="b"))
    without = read_row(plan, row(id="", Tool="A ", Agency="B"))

    assert first.key == "A-1"
    assert without.key == read_row(plan, row(9, id="n/a", Tool="a", Agency="b")).key != "A-1"


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=6), st.data())
@settings(max_examples=50)
def test_no_row_and_no_mapping_breaks_the_reading(cells, data):
    what = st.sampled_from([*FACTS, "key", "drop", ""])
    plan = Plan({name: data.draw(what) for name in cells})
    read = read_row(Plan.read(plan.kept()), RawRow(1, cells))

    assert bool(read.why) is ("name" not in read.facts)
    assert 0 < len(read.key) <= 100
    assert set(read.facts) <= set(FACTS)


def test_a_mapping_is_guessed_from_headings_and_leaves_e_mail_out():
    found = opened(real("us_federal_2025_individual.csv").read_bytes(), 1 << 16)
    plan = guess(found.headings, [])

    wanted = {"id": "key", "use_case_name": "name", "contact_email": "drop", "development_stage": "stage"}
    assert {name: plan.columns[name] for name in wanted} == wanted


@pytest.mark.parametrize("name", REAL)
def test_a_real_register_comes_in_by_a_hand_made_mapping_with_every_row_accounted_for(name):
    plan, rows = REAL[name]
    found = opened(real(name).read_bytes(), 1 << 16)
    assert set(plan.columns) - set(found.headings) <= {"description"}, (
        "the CSV of the ATRS index has no description"
    )

    read = [read_row(plan, one) for one in found.rows]

    assert len(read) == rows
    wrong = Counter(one.why for one in read if one.why)
    assert wrong == WRONG.get(name, {})
    assert Counter(one.facts["stage"] for one in read if one.facts.get("stage")) == STAGES.get(name, {})


#: Counted by hand in the files: a row of 2025, in use, has no name; these are the stages that they tell.
WRONG = {"us_federal_2025_individual.csv": {"no-name": 1}}
STAGES = {
    "us_federal_2023.csv": {"planned": 81, "development": 87, "pilot": 53, "in_use": 158, "retired": 1},
    "us_federal_2024_v2.csv": {
        "planned": 399,
        "development": 404,
        "pilot": 287,
        "in_use": 892,
        "retired": 142,
    },
    "us_federal_2025_individual.csv": {"development": 1479, "pilot": 440, "in_use": 1039, "retired": 314},
}


def test_communities_are_known_by_their_names_in_any_language_or_by_what_a_person_says():
    plan = Plan(
        {"Tool": "name", "Who": "communities", "Also": "communities"},
        {"communities": {"tenants": "renters", "young people": ""}},
    ).knowing(COMMUNITIES, {"Young people": "young", "Jóvenes": "young", "Deaf, or hard of hearing": "deaf"})
    cells = [
        "JÓVENES; tenants",
        "['Deaf, or hard of hearing', 'Jóvenes']",
        "Young people",
        "Tenants, cats",
        "",
    ]
    rows = [row(n, Tool="a", Who=who, Also="n/a") for n, who in enumerate(cells)]

    assert [read_row(plan, one).facts.get("communities") for one in rows] == [
        ["young", "renters"],
        ["deaf", "young"],
        None,
        ["renters"],
        None,
    ]
    assert unknown_values(plan, rows) == {"communities": {"cats": 1}}
