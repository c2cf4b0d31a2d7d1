"""Which part of a file a player asks for (RFC 9110, section 14.2): one range of bytes and no more."""

import re

ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")


def span(asked: str, size: int) -> tuple[int, int] | None:
    """Give the first and last byte that a Range header asks for, or None to give the whole file.

    A first byte above the last one means that nothing can be given. More than one range is not read.
    """
    found = ONE.match(asked.strip())
    if found is None or found.group(1) == found.group(2) == "":
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size - 1)
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1
