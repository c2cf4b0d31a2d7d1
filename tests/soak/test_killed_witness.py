"""A witness is killed at random moments while it signs; ALONGSIDE_SOAK_KILLS is how often (200)."""

import os

import pytest

from tests.check.test_witness import kill_while_it_signs

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("ALONGSIDE_SOAK_KILLS", "200"))


def test_a_witness_that_is_killed_hundreds_of_times_never_signs_two_heads_of_one_size(tmp_path):
    kill_while_it_signs(tmp_path / "witness", KILLS)
