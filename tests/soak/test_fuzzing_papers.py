"""Recovery papers, and files of locked keys, are changed at random and joined as `alongside key recover` joins them: they give the one key, or a refusal.

A fifth of ALONGSIDE_SOAK_MUTANTS (200,000) are papers whose check digits and hashes are computed anew, so that nothing but the joining is left to
refuse them, another 50,000 are papers as people mistype them, and 50,000 files. ALONGSIDE_SOAK_SEED repeats a run.
"""

import base64
import contextlib
import io
import itertools
import json
import random
import unicodedata
from collections import Counter
from copy import deepcopy

import pytest

from alongside.check.recovery import recover
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.keys import identity_text, recipient_of
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.receipt import BETWEEN
from alongside.core.sealing.recovery_papers import (
    FEWEST,
    KEYS_FILE,
    ROWS,
    SHARE_BYTES,
    PaperError,
    check_of,
    rows,
    split,
)
from tests.soak.test_fuzzing import SEED, mutant
from tests.soak.test_fuzzing import share as rounds

pytestmark = pytest.mark.soak
REFUSALS = (PaperError, SealedError, KeyTextError, OSError)
#: What is said where enough papers were there to be joined; nothing where a key opened.
JOINED = (
    "",
    "These papers give another key",
    "These papers open no key in this file",
    "Type each paper once, each of them whole",
)
#: Zeros of other scripts, and letters that are taken for digits.
SCRIPTS, ALIKE = "٠०০０߀", "OolI|Sß²Ⅷ"


class Cut:
    """Papers of one recovery key, older ones of another, and a file of keys that names both and is locked to the first."""

    def __init__(self, draw, needed, papers):
        self.needed, secret, old = needed, draw.randbytes(32), draw.randbytes(32)
        self.own, self.key, other = (identity_text(draw.randbytes(32)) for _ in range(3))
        self.shares = split(secret, papers, needed, draw.randbytes)
        self.old = split(old, papers, needed, draw.randbytes)
        self.to, self.to_old = (recipient_of(identity_text(one)) for one in (secret, old))
        named = {"slug": "computers", "recipient": recipient_of(self.key)}
        named["wraps"] = [self.wrap(other, self.to), self.wrap(self.key, self.to)]
        others = {"slug": "parks", "recipient": recipient_of(other)}
        others["wraps"] = [self.wrap(other, recipient_of(self.own)), self.wrap(self.key, self.to_old)]
        made = [self.made(self.old, self.to_old), self.made(self.shares, self.to)]
        about = {"kind": KEYS_FILE, "origin": "riverbend.example/record"}
        self.told = {**about, "made": made, "keys": [named, others]}
        self.opens = f"# computers\n{self.key}\n"
        self.true = {digits_of("".join(rows(one))) for one in self.shares}
        self.keys = {self.key, other}

    def wrap(self, what, to):
        return {"recipient": to, "sealed": base64.b64encode(seal(what.encode(), to)).decode()}

    def made(self, shares, to, needed=0):
        return {"recipient": to, "needed": needed or self.needed, "papers": [check_of(one) for one in shares]}

    def naming(self, shares, **more):
        """Give the file as it would be if the papers of its key were these."""
        return {**self.told, "made": [self.told["made"][0], self.made(shares, self.to) | more]}

    def enough(self, draw):
        return draw.sample(self.shares, self.needed)

    def opened_right(self, opened):
        """Say whether nothing came out but keys that were locked to these papers."""
        keys = {line for line in opened.split("\n") if line and not line.startswith("#")}
        return bool(keys) and keys <= self.keys

    def is_enough(self, lines):
        """Say whether so many of the papers were typed, each as it is, that the key may open."""
        typed = {digits_of("".join(lines[at : at + ROWS])) for at in range(0, len(lines), ROWS)}
        return len(typed & self.true) >= self.needed


def digits_of(typed):
    """Read what is only digits, of any script; nothing where anything else is among them."""
    found = [unicodedata.decimal(one, None) for one in BETWEEN.sub("", typed)]
    return "" if None in found else "".join(map(str, found))


def mistyped(draw, cut):
    """Give papers as people mistype them, one to three mistakes: some are no mistake, and open."""
    texts = ["\n".join(rows(one)) for one in cut.enough(draw)]
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(texts))
        texts[at] = draw.choice(MISTAKES)(draw, texts[at]) or texts[at]
        way = draw.randrange(6)
        if way == 0:  # a group of three digits of one paper stands on another
            other = draw.randrange(len(texts))
            groups = [texts[at].split(" "), texts[other].split(" ")]
            place = draw.randrange(1, min(map(len, groups)) - 1) if min(map(len, groups)) > 2 else 0
            groups[0][place], groups[1][place] = groups[1][place], groups[0][place]
            texts[at], texts[other] = (" ".join(one) for one in groups)
        elif way == 1:  # an older paper
            texts[at] = "\n".join(rows(draw.choice(cut.old)))
        elif way == 2:  # too few
            del texts[at]
        elif way == 3:
            texts.append(texts[at])
        if not texts:
            break
    lines = [line for one in texts for line in one.split("\n")]
    return cut.told, lines, cut.is_enough(lines)


def another_digit(draw, text):
    at = draw.randrange(len(text))
    return text[:at] + draw.choice("0123456789") + text[at + 1 :]


def swapped(draw, text):
    one, other = sorted(draw.sample(range(len(text)), 2))
    return text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :]


def one_less(draw, text):
    at = draw.randrange(len(text))
    return text[:at] + text[at + 1 :]


def one_more(draw, text):
    at = draw.randrange(len(text))
    return text[:at] + draw.choice("0123456789 \n-") + text[at:]


def another_order(draw, text):
    lines = text.split("\n")
    draw.shuffle(lines)
    return "\n".join(lines)


def another_script(draw, text):
    """Write it in the digits of another script, which is no mistake."""
    zero = ord(draw.choice(SCRIPTS))
    return "".join(chr(zero + int(one)) if one in "0123456789" else one for one in text)


def alike(draw, text):
    at = draw.randrange(len(text))
    return text[:at] + draw.choice(ALIKE) + text[at + 1 :]


MISTAKES = (another_digit, swapped, one_less, one_more, another_order, another_script, alike)


def recomputed(draw, cut):
    """Give papers of which at least one is another, with check digits that are right, and a file that names them: only the joining is left.

    Few of them are the same key: in bits that X25519 leaves out, or because two papers give it under each other's places, too (4 and 5 beside 1).
    """
    shares, more = cut.enough(draw), {}
    at, other = draw.sample(range(cut.needed), 2)
    way = draw.randrange(9 if cut.needed > FEWEST else 8)
    if way == 0:
        shares[at] = flipped(draw, shares[at])
    elif way == 1:
        shares = [flipped(draw, one) for one in shares]
    elif way == 2:  # taken at another place: of no other paper, of another, or of none at all
        shares[at] = shares[at][:-1] + bytes([(shares[at][-1] + draw.randrange(1, 256)) % 256])
    elif way == 3:
        shares[at] = draw.randbytes(SHARE_BYTES)
    elif way == 4:  # of another key
        shares[at] = draw.choice(cut.old)
    elif way == 5:  # all of another key
        shares = draw.sample(cut.old, cut.needed)
    elif way == 6:  # two papers with each other's places
        one, two = shares[at], shares[other]
        shares[at], shares[other] = one[:-1] + two[-1:], two[:-1] + one[-1:]
    elif way == 7:  # true ones, and the file names another key
        more = {"recipient": draw.choice([cut.to_old, cut.told["keys"][0]["recipient"], "age1x"])}
    else:  # true ones, and by the file fewer are enough
        shares, more = shares[1:], {"needed": cut.needed - 1}
    return cut.naming(shares, **more), [row for one in shares for row in rows(one)], True


def flipped(draw, share):
    raw = bytearray(share)
    for at in draw.sample(range(SHARE_BYTES), draw.choice((1, 1, 2, 5))):
        raw[at] ^= 1 << draw.randrange(8)
    return bytes(raw)


JUNK = (
    None,
    True,
    0,
    1,
    -1,
    2**70,
    1.5,
    "",
    "x",
    "é",
    "\ud800",
    [],
    {},
    ["x"],
    [[]],
    [{}],
    {"x": []},
    "a\nAGE",
)


def another_file(draw, cut):
    """Give true papers, and a file of which something else was made: in its bytes, or by putting junk, or something else of the file, in a place."""
    lines = [row for one in cut.enough(draw) for row in rows(one)]
    if draw.random() < 0.2:
        return mutant(draw, json.dumps(cut.told).encode()), lines, True
    told = deepcopy(cut.told)
    holes = list(places(told))
    for _ in range(draw.randint(1, 2)):
        inside, name = draw.choice(holes)
        if draw.random() < 0.3:
            inside[name] = deepcopy(draw.choice(JUNK))
        elif isinstance(old := inside[name], list):
            inside[name] = draw.choice([old[::-1], old + old, old[1:], draw.sample(old, len(old))])
        else:
            same = [one[at] for one, at in holes if type(one[at]) is type(old)]
            inside[name] = deepcopy(draw.choice(same))
    return told, lines, True


def places(inside):
    """List all places of a file: what they are in, and by which name or number."""
    for name in list(inside) if isinstance(inside, dict) else range(len(inside)):
        yield inside, name
        if isinstance(inside[name], dict | list):
            yield from places(inside[name])


def joined(folder, cut, told, lines):
    """Type lines for a file, and nothing after them; give what is refused, else nothing and what came out."""
    file, where = folder / "locked.json", folder / "opened.age"
    file.write_bytes(told if isinstance(told, bytes) else json.dumps(told).encode())
    where.unlink(missing_ok=True)
    typed = itertools.chain(lines, itertools.repeat(""))
    try:
        recover(file, recipient_of(cut.own), where, lambda _words: next(typed))
    except REFUSALS as error:
        assert not where.exists()
        return str(error), ""
    return "", open_sealed(where.read_bytes(), [cut.own]).decode()


@pytest.mark.parametrize(
    ("way", "part", "least", "most"),
    [(recomputed, 0.2, 1, 0.01), (mistyped, 0.05, 0, 0.2), (another_file, 0.05, 0.2, 0.5)],
)
def test_changed_papers_give_the_one_key_or_none(tmp_path, way, part, least, most):
    draw, told = random.Random(SEED), Counter()
    cuts = [Cut(draw, *one) for one in ((2, 2), (2, 3), (3, 5), (4, 6), (8, 15))]
    often = [*cuts[:4] * 8, cuts[4]]  # eight papers take as long to join as ten times two
    for cut in cuts:
        assert (
            joined(tmp_path, cut, cut.told, [row for one in cut.shares for row in rows(one)])[1] == cut.opens
        )

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for turn in rounds(part):
            cut = often[turn % len(often)]
            file, lines, may_open = way(draw, cut)
            refused, opened = joined(tmp_path, cut, file, lines)
            told[refused.split(".")[0]] += 1
            assert refused or (may_open and cut.opened_right(opened)), (file, lines, opened)
    assert sum(count for words, count in told.items() if words in JOINED) >= least * told.total(), told
    assert told[""] <= most * told.total(), told
