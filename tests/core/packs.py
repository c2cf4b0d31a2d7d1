"""The packs that tests of the core read."""

from functools import lru_cache
from importlib.resources import files

from alongside.core.policy import Pack, load_pack

PACKS = ("portland", "neutral")


@lru_cache
def pack_text(name: str) -> str:
    """Give the TOML text of a shipped pack."""
    return (files("alongside.ground.programs") / "packs" / f"{name}.toml").read_text("utf-8")


@lru_cache
def pack(name: str) -> Pack:
    """Give a shipped pack."""
    return load_pack(pack_text(name))
