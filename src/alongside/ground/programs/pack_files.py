"""Read policy packs from files, each whole: where it shares a topic, with the topic's patterns put in."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

from alongside.core.policy.words import PackError

SHARES = re.compile(r'^patterns *= *"([^"\n]*)" *\n?(\w*)', re.MULTILINE)


def read_pack(file: Traversable) -> str:
    """Return the TOML text of a pack as it is adopted, so that its hash covers the patterns and no release changes them.

    Raises PackError where it shares a topic that there is not.
    """
    topics = {
        one.name.removesuffix(".toml"): one for one in (files("alongside.core.policy") / "topics").iterdir()
    }

    def with_patterns(line: re.Match[str]) -> str:
        name, next_key = line.groups()
        if name not in topics:
            known = ", ".join(sorted(topics))
            raise PackError("forbidden.patterns", f"is not a topic that packs share; name one of {known}.")
        if next_key:
            raise PackError(
                "forbidden.patterns", f"is not the last line of {name}; move {next_key} above it."
            )
        return topics[name].read_text("utf-8")

    return SHARES.sub(with_patterns, file.read_text("utf-8"))


def shipped_pack(name: str) -> str:
    """Return the text of a pack that ships with the program."""
    return read_pack(files("alongside.ground.programs") / "packs" / f"{name}.toml")
