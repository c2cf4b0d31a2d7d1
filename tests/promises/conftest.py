"""Every promise is attacked on a database and with signing keys of the test's own."""

import dataclasses

import pytest

from alongside.chain.voices import views as public
from alongside.ground.gate.limits import Doorman


@pytest.fixture(autouse=True)
def keys_of_its_own(settings, tmp_path):
    """Keep signing keys and high-water marks where no other test looks."""
    (tmp_path / "keys").mkdir()
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")


@pytest.fixture(autouse=True)
def a_rested_doorman(monkeypatch):
    """Let every test knock as if it were the first."""
    monkeypatch.setattr(public, "DOOR", Doorman(most=600))
