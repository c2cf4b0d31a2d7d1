"""A pack that names nobody who is there, or keeps words for no time, is refused with the key and the cure."""

import pytest

from alongside.core.policy.load import load_pack
from alongside.core.policy.words import PackError
from alongside.ground.programs.pack_files import shipped_pack

NEUTRAL = shipped_pack("neutral")


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('alarm_to = "city-manager/manager"', 'alarm_to = "city-manager/nobody"', "charter.alarm_to"),
        ("alarm_days = 10", "alarm_days = 0", "charter.alarm_days"),
        ("message_kept_days = 90", "message_kept_days = 0", "charter.message_kept_days"),
        ('email = "council@example.org"', 'email = "council"', "charter.alarm_body.email"),
        ("attorney_words =", 'attorney = "law/nobody"\nattorney_words =', "federal.attorney"),
    ],
)
def test_a_pack_that_names_nobody_is_refused(before, after, key):
    assert before in NEUTRAL

    with pytest.raises(PackError) as refused:
        load_pack(NEUTRAL.replace(before, after))

    assert refused.value.key == key


def test_a_pack_without_the_tables_has_defaults():
    pack = load_pack(NEUTRAL[: NEUTRAL.index("[charter]")])

    assert (pack.charter.alarm_to, pack.charter.alarm_body, pack.charter.message_kept_days) == (
        None,
        None,
        90,
    )
    assert pack.federal.says.say("es").startswith("No puedo ayudar con este pedido.")
    assert (pack.federal.exact_counts, pack.federal.shown) == (False, ())


def test_a_law_that_was_not_checked_is_not_shown():
    text = shipped_pack("portland")
    last = text.rstrip("\n") + "\nverified = false\n"

    assert [one.cites for one in load_pack(last).federal.shown] == ["ORS 181A.826(3)", "ORS 181A.826(1)-(2)"]
