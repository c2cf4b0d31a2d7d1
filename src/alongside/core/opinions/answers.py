"""What a person can say of a statement, for those who keep votes: nothing here needs numpy, which only drawing does."""

import hashlib
from collections.abc import Mapping
from typing import Final

AGREE: Final = 1
PASS: Final = 0
DISAGREE: Final = -1
ANSWERS: Final = (AGREE, DISAGREE, PASS)
#: Each answer by its name.
NAMED: Final[Mapping[str, int]] = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}

#: Stands in a published result for the counts of groups from which a small count could be told.
WITHHELD: Final = "withheld"


def code_hash(code: bytes) -> str:
    """Give the hash, in hexadecimal digits, by which the votes under a code are kept."""
    return hashlib.sha256(b"alongside/vote-code/v1\n" + code).hexdigest()
