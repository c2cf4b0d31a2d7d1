"""Days off that no rule of ours tells: Easter, lunar years and one-off days, put into a pack from calendars of the world."""

from datetime import date

import pytest

from alongside.core.policy.holidays import days_off
from alongside.core.policy.load import load_pack
from alongside.core.policy.words import PackError
from alongside.ground.programs.pack_files import days_of, read_pack, shipped_pack


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("DE: Good Friday, 2027-2029", "[2027-03-26, 2028-04-14, 2029-03-30]"),
        ("GR: Easter Monday, 2027-2028", "[2027-05-03, 2028-04-17]"),
        ("VN: Lunar New Year, 2027-2029", "[2027-02-06, 2028-01-26, 2029-02-13]"),
    ],
)
def test_days_that_a_calendar_knows_are_written_out(said, days):
    assert days_of(said) == days


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("Good Friday", 'write it as "DE: Good Friday, 2027-2036", 30 years at most'),
        ("DE: Good Friday, 2027-2099", "30 years at most"),
        ("DE: Good Friday, 2036-2027", "30 years at most"),
        ("ZZ: Good Friday, 2027-2028", "names ZZ, which has no calendar"),
        ("DE-XX: Good Friday, 2027-2028", "names DE-XX, which has no calendar"),
        ("IN: Diwali, 2027-2036", "has no Diwali in each of these years"),
        ("DE: Bad Friday, 2027-2028", "has no Bad Friday in each of these years; DE knows .*Good Friday"),
    ],
)
def test_a_day_that_no_calendar_knows_is_refused_with_its_cure(said, cure):
    with pytest.raises(PackError, match=cure):
        days_of(said)


def test_a_pack_is_adopted_with_the_days_themselves_so_that_no_release_moves_them(tmp_path):
    assert "VN: Lunar" not in shipped_pack("schools")
    off = days_off(load_pack(shipped_pack("schools")).holidays, 2027)
    assert {date(2027, 3, 26), date(2027, 2, 6), date(2027, 10, 29)} <= off
    file = tmp_path / "own.toml"
    text = shipped_pack("schools").replace('rule = "june 19"', "days = [2027-06-18]")
    file.write_text(text, "utf-8")
    assert read_pack(file) == text, "days that stand there are left as they are"
