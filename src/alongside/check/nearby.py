"""Say where a record is when it is not where someone looked: below a program's page, or below a site's front page."""

import re

from alongside.check.source import Source, SourceError

#: What a front page links to: the first part of an address is a program's name.
PROGRAM = re.compile(rb'href="(?:https?://[^/"]+)?/([a-z0-9][a-z0-9-]*)/')
MOST_PROGRAMS = 20


def is_record(source: Source) -> bool:
    """Say whether the address has a signed head, as every record has."""
    return _has(source, "checkpoint")


def no_record(source: Source) -> str:
    """Say that there is no record at an address, and name the records that are near it."""
    found = [f"{source.address}/{place}" for place in _places(source) if _has(source, f"{place}/checkpoint")]
    if found:
        return f"There is no record at {source.address}: it has no checkpoint. Name {' or '.join(found)}."
    return (
        f"There is no record at {source.address}: it has no checkpoint. "
        "The address of a record ends with /record, such as https://example.org/riverside/record."
    )


def _places(source: Source) -> list[str]:
    try:
        page = source.get("")
    except SourceError:
        page = b""
    programs = dict.fromkeys(one.decode() for one in PROGRAM.findall(page))
    return ["record", *[f"{one}/record" for one in programs][:MOST_PROGRAMS]]


def _has(source: Source, path: str) -> bool:
    try:
        return bool(source.get(path))
    except SourceError:
        return False
