"""Alternates under quotas: fixed on the list with their panel, chosen by a rule that witnesses count again, called by quota."""

import json
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from alongside.check.lottery import main
from alongside.core import quota_alternates, quota_sheets, quotas
from alongside.core import quota_sheets as core_quota_sheets
from alongside.core.quotas import Quota
from tests.core.test_quotas import FACTS, LISTED, PANELS, POOL, RULES, drawing, sheet


def swapped_well(panel, leaves, comes, facts, rules):
    after = [one for one in panel if one != leaves] + [comes]
    return not quotas.unmet(after, facts, rules)


def coverage(panel, chosen, facts, rules):
    return sum(any(swapped_well(panel, seat, one, facts, rules) for one in chosen) for seat in panel)


@st.composite
def panels(draw):
    """Make a small pool, a panel of it, and quotas that this panel meets."""
    values = {"a": ["x", "y"], "b": ["p", "q", "r"]}
    facts = {
        one: {name: draw(st.sampled_from(those)) for name, those in values.items()}
        for one in POOL[: draw(st.integers(4, 7))]
    }
    panel = list(facts)[: draw(st.integers(1, 3))]
    rules = []
    for name, those in values.items():
        for value in those:
            count = sum(facts[one][name] == value for one in panel)
            rules.append(
                Quota(name, value, draw(st.integers(0, count)), draw(st.integers(count, len(panel))))
            )
    return facts, rules, panel


@given(panels())
def test_the_first_alternate_can_take_as_many_seats_as_anyone_could(world):
    facts, rules, panel = world

    chosen = quota_alternates.choose_alternates(panel, facts, rules, 1, lambda those: those[-1])

    others = [one for one in facts if one not in panel]
    assert coverage(panel, chosen, facts, rules) == max(
        coverage(panel, [one], facts, rules) for one in others
    )
    assert quota_alternates.with_an_alternate(panel, chosen, facts, rules) == coverage(
        panel, chosen, facts, rules
    )


@given(panels())
def test_whatever_the_lot_the_alternates_follow_the_rule_and_stand_apart_from_the_panel(world):
    facts, rules, panel = world

    chosen = quota_alternates.choose_alternates(panel, facts, rules, 2, lambda those: those[-1])

    assert quota_alternates.are_chosen_so(panel, chosen, facts, rules)
    assert len({*panel, *chosen}) == len(panel) + min(2, len(facts) - len(panel))


@given(panels())
def test_someone_can_sit_beside_a_panel_with_one_seat_empty_exactly_where_the_whole_meets_every_quota(world):
    facts, rules, panel = world
    holders = [facts[one] for one in panel[1:]]

    for one in set(facts) - set(panel):
        fits = quota_alternates.can_sit(holders, facts[one], rules, len(panel))
        assert fits == swapped_well(panel, panel[0], one, facts, rules)


def test_a_seat_goes_to_the_first_who_keeps_the_quotas_and_where_none_does_to_the_first():
    north, south, rules = {"part": "north"}, {"part": "south"}, [Quota("part", "south", 1, 1)]

    assert quota_alternates.steps_in([north], [north, south, south], rules, 2) == 1
    assert quota_alternates.steps_in([south], [south, south], rules, 2) == 0


def test_alternates_that_were_not_on_the_list_are_found_out(tmp_path, capsys):
    value = json.loads(drawing())
    other = next(one for one in POOL if one not in value["panels"]["panel"] + value["panels"]["alternates"])
    value["panels"]["alternates"] = [value["panels"]["alternates"][0], other]
    path = tmp_path / "drawing.json"
    path.write_text(drawing(panels=value["panels"]))

    assert main(["rerun", str(path)]) == 1
    assert "This panel was not on the list" in capsys.readouterr().out


def test_the_alternates_of_the_panel_stand_in_the_order_of_the_seed():
    value = json.loads(drawing())

    assert sorted(value["result"]["alternates"]) == sorted(value["panels"]["alternates"])


def test_planted_alternates_that_leave_a_seat_without_a_stand_in_are_found_by_the_witnesses(tmp_path, capsys):
    rules = [Quota("part", "north", 1, 1), Quota("part", "south", 2, 2)]
    panels = [list(one) for one in combinations(POOL, 3) if not quotas.unmet(one, FACTS, rules)]
    listed = [
        quota_alternates.choose_alternates(one, FACTS, rules, 2, lambda those: those[0]) for one in panels
    ]
    south = [one for one in POOL if FACTS[one]["part"] == "south" and one not in panels[0]]
    planted = [south[:2], *listed[1:]]
    path = tmp_path / "sheet.json"

    found = []
    for rows in (listed, planted):
        value = json.loads(sheet(panels=panels, listed=rows))
        value["quotas"] = [vars(one) for one in rules]
        path.write_text(json.dumps(value))
        found.append(main(["panels", str(path)]))

    assert found == [0, 1]
    assert "On 1 panels the alternates do not follow the rule." in capsys.readouterr().out


def test_a_list_of_the_first_method_is_still_run_again_as_it_was():
    text = drawing(listed=None)
    found = core_quota_sheets.rerun(text)
    value = json.loads(text)

    assert (found.fits, value["method"]) == (True, "alongside/lottery/panels/v1")
    assert ("alternates" in value["panels"], len(found.result.alternates)) == (False, 2)
    checked = quota_sheets.check_sheet(sheet(listed=None))
    assert (checked.holds, checked.covered, checked.strays) == (True, None, 0)


def test_nobody_is_an_alternate_twice_or_of_their_own_panel():
    panel, (one, _other) = PANELS[0], LISTED[0]

    for planted in (panel[:2], [one, one]):
        assert quota_alternates.are_chosen_so(panel, planted, FACTS, RULES) is False
