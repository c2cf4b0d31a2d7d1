"""Read policy packs from files, each whole: where it shares a topic or a purpose, with that put in."""

import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from alongside.core.policy.purpose import PURPOSES
from alongside.core.policy.words import PackError

#: Where a pack names something that packs share; what follows on the next line shows whether it is the last key of its table.
SHARES = re.compile(r'^(patterns|purpose) *= *"([^"\n]*)" *\n?(\w*)', re.MULTILINE)
#: By the key that names it: where that stands in a pack, what it is, and the folder of those that are shared.
SHARED: Mapping[str, tuple[str, str, Traversable]] = {
    "patterns": ("forbidden.patterns", "topic", files("alongside.core.policy") / "topics"),
    "purpose": ("purpose", "purpose", PURPOSES),
}


def read_pack(file: Traversable) -> str:
    """Return the TOML text of a pack as it is adopted, so that its hash covers what is shared and no release changes that.

    Raises PackError where it shares a topic or a purpose that there is not.
    """

    def whole(line: re.Match[str]) -> str:
        key, name, next_key = line.groups()
        where, what, folder = SHARED[key]
        shared = {one.name.removesuffix(".toml"): one for one in folder.iterdir()}
        if name not in shared:
            known = ", ".join(sorted(shared))
            raise PackError(where, f"is not a {what} that packs share; name one of {known}.")
        if next_key:
            raise PackError(where, f"is not the last line of {name}; move {next_key} above it.")
        return shared[name].read_text("utf-8")

    return SHARES.sub(whole, file.read_text("utf-8"))


def shipped_pack(name: str) -> str:
    """Return the text of a pack that ships with the program."""
    return read_pack(files("alongside.ground.programs") / "packs" / f"{name}.toml")
