"""What stands in a cell: nothing in its many spellings, a list written as one string, an email address."""

import json
import re
from collections.abc import Mapping

NOTHING = frozenset(
    {
        "",
        "[]",
        "{}",
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "-",
        "--",
        "–",
        "not applicable",
        "not available",
        "tbd",
    }
)
ITEM = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\[\]'"\s][^,\]]*)""", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": " ", "r": ""}
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}\Z")
EMAIL_HEADING = re.compile(r"\be-?mails?\b|correo|email|البريد", re.IGNORECASE)
MOST = 0.6


def clean(text: str) -> str:
    """Give a text that every database can keep: no zero, no half of a sign."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def nothing(cell: str) -> bool:
    """Say whether a cell holds nothing, however that is written."""
    return cell.strip().casefold() in NOTHING


def several(cell: str) -> tuple[str, ...]:
    """Give the items of a list that is written as one string, as "['a', 'b']"; the cell itself, stripped, if it is none.

    Items that say nothing are left out.
    """
    text = cell.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return () if nothing(text) else (text,)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        items = [_unescaped(match) for match in ITEM.finditer(text[1:-1])]
    else:
        items = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in read]
    return tuple(one.strip() for one in items if not nothing(one))


def _unescaped(match: re.Match[str]) -> str:
    found = next((one for one in match.groups() if one is not None), "")
    return ESCAPED.sub(lambda each: ESCAPES.get(each[1], each[1]), found)


def is_email(cell: str) -> bool:
    """Say whether a cell is an email address, or several."""
    parts = [one for one in re.split(r"[\s,;]+", cell.strip()) if one]
    return bool(parts) and all(EMAIL.match(one) for one in parts)


def holds_emails(heading: str, samples: list[str]) -> bool:
    """Say whether a column is about email addresses, by its heading or by most of what stands in it."""
    if EMAIL_HEADING.search(heading):
        return True
    told = [one for one in samples if not nothing(one)]
    return bool(told) and sum(map(is_email, told)) >= MOST * len(told)


def without_emails(cells: Mapping[str, str]) -> dict[str, str]:
    """Give the cells of a row without those that are email addresses, or that stand under such a heading."""
    return {
        name: cell for name, cell in cells.items() if not EMAIL_HEADING.search(name) and not is_email(cell)
    }
