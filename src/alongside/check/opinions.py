"""`alongside map DIR`: compute an opinion map again from exported votes, and compare. Needs the extra `map`, no database and no network."""

import argparse
import json
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from alongside.check.verdict import complaint, for_terminal

HOLDS, BROKEN, UNREADABLE = 0, 1, 2
#: The salt of a map that nobody drew yet: it hides nothing, and the hash is compared with none.
NO_SALT = bytes(32)


def main(argv: Sequence[str]) -> int:
    """Compute a map from the files of a folder; 0 where it is the one in map.json or there is none, 1 where not, 2 for what cannot be read."""
    parser = argparse.ArgumentParser("alongside map", description=__doc__)
    parser.add_argument(
        "folder",
        type=Path,
        help="holds votes.csv and comments.csv, of Polis or of `alongside opinions export`",
    )
    parser.add_argument(
        "--k", type=int, default=10, help="the least count of people that is told, where there is no map.json"
    )
    parser.add_argument("--result", action="store_true", help="print what may be published of it")
    given = parser.parse_args(argv)
    try:
        old, made = _both(given.folder, given.k)
    except ModuleNotFoundError as error:
        sys.stderr.write(f"alongside: {error.name} is not installed. Install alongside[locked,map].\n")
        return UNREADABLE
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"alongside: {complaint(error)}\n")
        return UNREADABLE
    if given.result:
        sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    words, verdict = _told(old, made, _cited(given.folder))
    sys.stderr.write(f"{for_terminal(words)}\n")
    return verdict


def _cited(folder: Path) -> str:
    """Name both files by their hashes, so that whoever cites a conversation can be held to it."""
    files = ("votes.csv", "comments.csv")
    return " ".join(f"SHA-256 of {one}: {sha256((folder / one).read_bytes()).hexdigest()}." for one in files)


def _both(folder: Path, k: int) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Give the map of the folder, where it has one, and the map that its votes make."""
    from alongside.core.opinions.files import read  # noqa: PLC0415 -- numpy is an extra
    from alongside.core.opinions.maps import WITHOUT_LANGUAGES  # noqa: PLC0415 -- as above
    from alongside.core.opinions.published import computed  # noqa: PLC0415 -- as above

    votes, statements = (
        (folder / name).read_text(encoding="utf-8-sig") for name in ("votes.csv", "comments.csv")
    )
    kept, salted = folder / "map.json", folder / "salt.txt"
    old: dict[str, Any] | None = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None
    salt = bytes.fromhex(salted.read_text(encoding="utf-8").strip()) if salted.exists() else NO_SALT
    told: dict[str, Any] = (
        old["parameters"] if old else {"k": k, "bands": [20, 30, 40, 50, 75, 100, 150, 200]}
    )
    pack: Any = SimpleNamespace(k=told["k"], bands=tuple(told["bands"]))  # all that ranges ask of a pack
    cast = read(votes, statements).votes
    if old and old["computed_by"]["method"] == WITHOUT_LANGUAGES:
        cast = cast.unread()
    return old, computed(cast, pack, salt)


def _told(old: dict[str, Any] | None, made: dict[str, Any], cited: str) -> tuple[str, int]:
    """Say whether both are one map, and what differs; where nobody drew one, how to cite the files."""
    if old is None:
        return f"Computed. {cited} The hash of the result is {made['hash']}.", HOLDS
    other = [name for name in ("votes", "parameters", "computed_by", "hash") if old[name] != made[name]]
    if not other:
        return (
            f"This is the same map: votes, parameters and result. The hash of the result is {made['hash']}.",
            HOLDS,
        )
    if other == ["computed_by"]:
        return "The result is the same, by other releases of what computes it.", HOLDS
    methods = [one["computed_by"]["method"] for one in (old, made)]
    if methods[0] != methods[1] and "votes" not in other:
        return (
            f"Nothing can be compared: the map was drawn by {methods[0]}, and this is {methods[1]}. Use the release that drew it.",
            UNREADABLE,
        )
    return f"This does not hold: {', '.join(other)} differ from map.json.", BROKEN
