"""Quotas: a pure rule says what they mean; the seed picks a panel that stood on a list before it; no public file tells a fact."""

import hashlib
import json
import re
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alongside.check.lottery import main
from alongside.core import quota_alternates, quota_sheets, quotas
from alongside.core import quota_sheets as core_quota_sheets
from alongside.core.lottery import LotteryError
from alongside.core.quotas import Quota

POOL = [hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest() for n in range(8)]
FACTS = {one: {"part": "north" if n % 2 else "south"} for n, one in enumerate(POOL)}
RULES = [Quota("part", "north", 1, 2), Quota("part", "south", 1, 2)]
SALT, LIST_SALT = "5a" * 32, "6b" * 32
PANELS = [list(one) for one in combinations(POOL, 3) if not quotas.unmet(one, FACTS, RULES)]
ENTRIES = {"announced": 4, "drawn": 7}


def first(those):
    return those[0]


LISTED = [quota_alternates.choose_alternates(one, FACTS, RULES, 2, first) for one in PANELS]


def drawing(seed="07 14 22", listed=LISTED, **other):
    text = core_quota_sheets.drawing_file(
        POOL,
        salt=SALT,
        seed=seed,
        panels=PANELS,
        panels_salt=LIST_SALT,
        listed=listed,
        alternates=2,
        entries=ENTRIES,
    )
    return json.dumps({**json.loads(text), **other})


def sheet(facts=FACTS, panels=PANELS, listed=LISTED):
    salts = {one: hashlib.sha256(one.encode()).hexdigest() for one in POOL}
    leaves = {one: quotas.facts_leaf(one, FACTS[one], salts[one]) for one in POOL}
    return quota_sheets.sheet_file(
        seats=3,
        quotas=RULES,
        facts=facts,
        salts=salts,
        leaves=leaves,
        pool_salt=SALT,
        panels=panels,
        panels_salt=LIST_SALT,
        listed=listed,
        entries=ENTRIES,
    )


@st.composite
def worlds(draw):
    """Make a small pool with two categories, quotas on both, and a number of seats."""
    values = {"a": ["x", "y"], "b": ["p", "q", "r"]}
    facts = {
        one: {name: draw(st.sampled_from(those)) for name, those in values.items()}
        for one in POOL[: draw(st.integers(3, 7))]
    }
    rules = []
    for name, those in values.items():
        for value in those:
            least = draw(st.integers(0, 2))
            rules.append(Quota(name, value, least, draw(st.integers(least, 4))))
    return facts, rules, draw(st.integers(1, 3))


def possible(facts, rules, seats):
    return any(not quotas.unmet(one, facts, rules) for one in combinations(facts, seats))


@given(worlds())
def test_what_is_refused_as_impossible_is_impossible(world):
    facts, rules, seats = world
    assume(quotas.contradictions(rules, seats) or quotas.short_of(rules, facts, seats))

    assert not possible(facts, rules, seats)


@given(worlds())
def test_with_one_category_nothing_impossible_gets_through(world):
    facts, rules, seats = world
    one = [rule for rule in rules if rule.category == "a"]
    assume(not quotas.contradictions(one, seats) and not quotas.short_of(one, facts, seats))

    assert possible(facts, one, seats)


@given(worlds())
def test_a_panel_meets_a_quota_exactly_where_a_plain_count_says_so(world):
    facts, rules, seats = world
    panel = list(facts)[:seats]

    told = quotas.unmet(panel, facts, rules)

    for rule in rules:
        count = sum(facts[one][rule.category] == rule.value for one in panel)
        assert (rule in told) == (count < rule.least or count > rule.most)


@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_a_stranger_finds_the_panel_of_any_seed_on_the_list(seed):
    found = core_quota_sheets.rerun(drawing(seed))

    assert (found.fits, len(found.result.seats), len(found.result.alternates)) == (True, 3, 2)
    assert sorted(found.result.seats) == sorted(PANELS[found.place])
    assert not set(found.result.seats) & set(found.result.alternates)


def test_every_panel_is_picked_about_as_often_as_any_other():
    root = quotas.panels_tree(PANELS, LIST_SALT, LISTED).root().hex()
    picked = [quotas.place_of(str(n), root, len(PANELS)) for n in range(4000)]

    assert set(picked) == set(range(len(PANELS)))


def test_a_panel_that_was_not_on_the_list_is_found_out(tmp_path, capsys):
    value = json.loads(drawing())
    own = value["panels"]["alternates"]
    other = next(one for one in PANELS if sorted(one) != value["panels"]["panel"] and not {*one} & {*own})
    path = tmp_path / "drawing.json"
    path.write_text(drawing(panels={**value["panels"], "panel": other}))

    assert main(["rerun", str(path)]) == 1
    assert "This panel was not on the list" in capsys.readouterr().out


def test_another_place_on_the_list_than_the_seeds_is_found_out():
    value = json.loads(drawing())
    picked = quotas.pick(PANELS, salt=LIST_SALT, seed="another seed", alternates=LISTED)
    wrong = {"root": value["panels"]["root"], "count": len(PANELS), "alternates": picked.alternates}
    wrong |= {"place": picked.place, "panel": picked.panel}
    wrong |= {"salt": picked.salt, "proof": picked.proof}

    assert core_quota_sheets.rerun(drawing(panels=wrong)).fits is False


def test_the_drawing_file_tells_no_fact_and_one_panel_only():
    text = drawing()

    assert ["north" in text, "south" in text, LIST_SALT in text] == [False, False, False]
    assert len(json.loads(text)["panels"]["panel"]) == 3


def test_witnesses_check_every_panel_and_every_chance(tmp_path, capsys):
    path = tmp_path / "sheet.json"
    path.write_text(sheet())

    assert main(["panels", str(path)]) == 0
    told = capsys.readouterr().out
    counts = quotas.chances(PANELS, POOL)
    assert f"chances     from {min(counts.values())} to {max(counts.values())} in {len(PANELS)}" in told
    assert quotas.panels_tree(PANELS, LIST_SALT, LISTED).root().hex() in told
    assert "stand-ins   for at least 3 of 3 seats of every panel" in told


def test_a_list_of_one_panel_a_hundred_times_is_found_by_the_witnesses(tmp_path, capsys):
    path = tmp_path / "sheet.json"
    path.write_text(sheet(panels=[PANELS[0], PANELS[0][::-1]] * 50, listed=[LISTED[0]] * 100))

    assert main(["panels", str(path)]) == 1
    told = capsys.readouterr().out
    assert "1 different panels stand on the list. 5 of 8 tickets stand on none." in told
    assert "All panels are the same, though somebody else could take a place on it" in told


def test_a_list_of_one_panel_holds_where_nobody_else_could_take_a_place_on_it(tmp_path, capsys):
    both = [Quota("part", "east", 1, 1), Quota("part", "west", 1, 1), Quota("part", "north", 0, 0)]
    facts = {POOL[0]: {"part": "east"}, POOL[1]: {"part": "west"}, POOL[2]: {"part": "north"}}
    salts = {one: hashlib.sha256(one.encode()).hexdigest() for one in facts}
    leaves = {one: quotas.facts_leaf(one, facts[one], salts[one]) for one in facts}
    given = {"quotas": both, "facts": facts, "salts": salts, "leaves": leaves, "pool_salt": SALT}
    given |= {"panels_salt": LIST_SALT}
    path = tmp_path / "sheet.json"
    text = quota_sheets.sheet_file(seats=2, panels=[POOL[:2]] * 9, listed=[[]] * 9, entries=ENTRIES, **given)
    path.write_text(text)

    assert main(["panels", str(path)]) == 0
    assert (
        "with one other ticket on it, none that can be checked meets the quotas." in capsys.readouterr().out
    )


def test_whoever_runs_a_draw_again_reads_how_many_panels_there_were(tmp_path, capsys):
    path = tmp_path / "drawing.json"
    for panels in (PANELS, PANELS[:1]):
        given = {"panels": panels, "panels_salt": LIST_SALT, "listed": LISTED[: len(panels)], "alternates": 2}
        path.write_text(quota_sheets.drawing_file(POOL, salt=SALT, seed="07", entries=ENTRIES, **given))
        assert main(["rerun", str(path)]) == 0
        told = capsys.readouterr().out
        assert f"panels     {len(panels)}\n" in told
        assert ("The list holds one panel" in told) is (len(panels) == 1)


def test_a_planted_panel_that_misses_a_quota_is_found_by_the_witnesses(tmp_path, capsys):
    north = [one for one in POOL if FACTS[one]["part"] == "north"][:3]
    path = tmp_path / "sheet.json"
    path.write_text(sheet(panels=[*PANELS, north], listed=[*LISTED, LISTED[0]]))

    assert main(["panels", str(path)]) == 1
    assert "1 panels do not meet the quotas." in capsys.readouterr().out


@pytest.mark.parametrize("method", ["first", "own"])
def test_a_panel_that_names_a_ticket_twice_meets_no_quota_by_it(tmp_path, capsys, method):
    north, *south = POOL[1], *POOL[0:6:2]
    twice = [north, north, *south[:2]]  # three seats would go to two of the south and one of the north
    listed = None if method == "first" else [LISTED[0][:0]] * 2
    path = tmp_path / "sheet.json"
    path.write_text(sheet(panels=[twice, twice[1:]], listed=listed))

    assert main(["panels", str(path)]) == 1
    assert "1 panels do not meet the quotas." in capsys.readouterr().out


@pytest.mark.parametrize("seats", [3, 4])
@pytest.mark.parametrize("listed", [None, [[]]])
def test_a_draw_of_a_panel_that_names_a_ticket_twice_does_not_fit(tmp_path, capsys, listed, seats):
    given = {"panels": [[POOL[1], POOL[1], POOL[0], POOL[2]]], "panels_salt": LIST_SALT, "listed": listed}
    value = json.loads(
        quota_sheets.drawing_file(POOL, salt=SALT, seed="07", alternates=0, entries=ENTRIES, **given)
    )
    path = tmp_path / "drawing.json"
    path.write_text(json.dumps({**value, "seats": seats}))

    assert main(["rerun", str(path)]) == 1
    assert "The result in the file does not follow" in capsys.readouterr().out


def test_a_draw_of_alternates_that_name_a_ticket_twice_does_not_fit():
    given = {"panels": PANELS[:1], "panels_salt": LIST_SALT, "listed": [[LISTED[0][0]] * 2]}
    text = quota_sheets.drawing_file(POOL, salt=SALT, seed="07", alternates=1, entries=ENTRIES, **given)

    assert core_quota_sheets.rerun(text).fits is False


def test_erased_facts_leave_a_leaf_and_the_root_as_it_was():
    kept = {one: values for one, values in FACTS.items() if one != POOL[0]}

    before, after = quota_sheets.check_sheet(sheet()), quota_sheets.check_sheet(sheet(facts=kept))

    assert after.facts_root == before.facts_root
    rows = zip(PANELS, LISTED, strict=True)
    assert (before.unknown, after.unknown) == (0, sum(POOL[0] in [*panel, *own] for panel, own in rows))
    assert POOL[0] in sheet(facts=kept)


def test_the_leaf_of_a_fact_cannot_be_guessed_without_its_salt():
    leaf = quotas.facts_leaf(POOL[0], FACTS[POOL[0]], SALT)

    guessed = [quotas.facts_leaf(POOL[0], {"part": one}, LIST_SALT) for one in ("north", "south")]

    assert leaf not in guessed


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"method": "alongside/lottery/panels/v2"}'])
def test_a_file_that_is_none_is_refused_with_the_cure(text):
    for read in (core_quota_sheets.rerun, quota_sheets.check_sheet):
        with pytest.raises(LotteryError, match="download it again"):
            read(text)


@pytest.mark.parametrize("least", ['"two"', "1e999", "null"])
def test_a_sheet_whose_numbers_are_none_is_refused_with_the_cure(least):
    text = re.sub(r'"least": ?\d+', f'"least":{least}', sheet(), count=1)
    assert text != sheet()
    with pytest.raises(LotteryError, match="download it again"):
        quota_sheets.check_sheet(text)
