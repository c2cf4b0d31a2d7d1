"""The packs that tests of the core read."""

from functools import lru_cache

from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import Pack
from alongside.ground.programs.pack_files import shipped_pack

PACKS = ("portland", "neutral")


@lru_cache
def pack(name: str) -> Pack:
    """Give a shipped pack."""
    return load_pack(shipped_pack(name))
