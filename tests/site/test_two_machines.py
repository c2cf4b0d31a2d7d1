"""Several machines serve one database, and one of them has the keys: it signs, and all of them give the public key."""

import dataclasses
import logging

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from alongside.core.ledger.keys import KeyKind, Signer
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.actions.rules import enter_policy
from alongside.ground.record.models import Head, Log
from alongside.ground.record.signing import (
    SigningKeyError,
    make_key,
    read_high_water,
    read_key,
    vkey,
    write_safely,
)
from alongside.site import ticking
from alongside.site.children import tick_once
from tests.site.conftest import opened


@pytest.fixture
def keys(delta, clock, settings):
    """Open two programs, sign them, and give a switch between the machine with the keys and the one without."""
    epsilon = opened("epsilon", clock)
    for one in (delta, epsilon):
        sign_head(program=one, now=clock)
        enter_policy(program=one, now=clock)
    with_keys = settings.ALONGSIDE

    def use(folder: str) -> None:
        settings.ALONGSIDE = dataclasses.replace(with_keys, keys=with_keys.keys.parent / folder)

    ticking._say_unsigned.cache_clear()
    return use


def sizes() -> list[tuple[str, int]]:
    """List the signed heads by program."""
    return list(Head.objects.order_by("pk").values_list("log__program__slug", "size"))


def another_key(program, settings) -> None:
    """Put a key of someone's own into the folder."""
    signer = Signer(program.origin, KeyKind.ED25519, bytes(range(32)))
    settings.ALONGSIDE.keys.mkdir(exist_ok=True)
    write_safely(settings.ALONGSIDE.keys / f"{program.slug}.key", signer.secret.encode() + b"\n")


def test_a_machine_without_keys_ticks_every_program_says_so_once_and_signs_nothing(
    keys, clock, settings, tmp_path, caplog
):
    settings.DATA = tmp_path
    before = sizes()
    keys("no-keys")
    with caplog.at_level(logging.INFO, "alongside"):
        tick_once(clock)
        tick_once(clock)

    assert (tmp_path / "last-tick").exists()
    assert [one.getMessage().split(" on this")[0] for one in caplog.records] == [
        "No key of delta",
        "No key of epsilon",
    ]
    assert sizes() == before
    assert not settings.ALONGSIDE.keys.exists()
    keys("keys")
    tick_once(clock)
    assert sizes()[len(before) :] == [("delta", 4), ("epsilon", 4)]  # with the entry that names the scripts


def test_a_machine_without_keys_gives_the_public_key(keys, delta, client):
    here = client.get("/delta/record/vkey").content
    assert here.decode() == read_key(delta).verifier.vkey + "\n"
    keys("no-keys")
    reply = client.get("/delta/record/vkey")
    assert (reply.status_code, reply.content) == (200, here)


def test_no_machine_makes_a_second_key_for_a_log(keys, delta, settings):
    keys("no-keys")
    with pytest.raises(SigningKeyError, match="put the key back"):
        make_key(delta)
    assert not settings.ALONGSIDE.keys.exists()


@pytest.mark.parametrize("kept", [True, False], ids=["as it is kept", "as the last head is signed"])
def test_no_machine_signs_with_another_key(keys, delta, clock, settings, kept):
    before, right = sizes(), vkey(delta)
    if not kept:  # as before an upgrade
        Log.objects.filter(program=delta).update(vkey="")
    keys("no-keys")
    another_key(delta, settings)

    with pytest.raises(SigningKeyError, match="is not the one its record is signed with"):
        sign_head(program=delta, now=clock)

    assert (sizes(), read_high_water(delta)) == (before, None)
    keys("keys")
    sign_head(program=delta, now=clock)
    assert Log.objects.get(program=delta).vkey == right


def test_the_public_key_is_kept_after_an_upgrade_also_where_nothing_is_to_be_signed(delta, clock):
    sign_head(program=delta, now=clock)
    Log.objects.filter(program=delta).update(vkey="")

    assert sign_head(program=delta, now=clock) is None

    assert Log.objects.get().vkey == read_key(delta).verifier.vkey


def test_signing_by_command_goes_on_after_a_program_whose_key_is_not_here(keys, settings, capsys):
    (settings.ALONGSIDE.keys / "delta.key").unlink()
    with pytest.raises(CommandError, match="delta: No key to sign with"):
        call_command("record_sign")
    assert capsys.readouterr().out == "epsilon: signed up to entry 2.\n"
