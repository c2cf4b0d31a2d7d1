"""Tell whether something failed for want of room on a disk: the operator's to mend, and nobody's mistake on a page."""

import errno
import sqlite3

#: PostgreSQL's code for a full disk, and what the operating system says of a full disk or a used-up share of one.
DISK_FULL = "53100"
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_for_want_of_room(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that a disk is full."""
    while error is not None:
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL or getattr(error, "sqlstate", None) == DISK_FULL:
            return True
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            return True
        error = error.__cause__
    return False
