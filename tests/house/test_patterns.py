"""No text that people send keeps a regular expression, or a pattern of a pack, busy: each takes 50 ms at most."""

import ast
import re
import string
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise, permutations, product
from pathlib import Path

import pytest
from django.forms import BaseForm

from alongside.core.grammar.versions import KINDS
from alongside.core.policy.folding import Folded, fold, ways_to_read
from alongside.core.policy.linter import lint_question
from alongside.core.policy.patterns import Pattern
from tests.core.packs import PACKS, pack
from tests.support.house import ROOT, SRC, name_of, tree

#: What one pattern may take, in seconds, of the longest text that a field takes.
AT_MOST = 0.05
#: The longest text in a field of a form, in characters: minutes of a meeting.
LONGEST = 20_000
#: The longest text that is read for forbidden topics: a part of a workplan, an answer of an application.
LONGEST_ASKED = 6_000
#: Characters to choose from: one for each that a pattern tells apart.
CHARACTERS = "a1 \n_-." + string.printable + "\u00e9\u0627\u4e00\u0301\u200b"
#: A part of a pattern that some characters are in and others are not.
CLASS = re.compile(r"\[(?:\\.|[^\]\\])+\]|\\?[^\w\s(){}\[\]\\|*+?^$]|\\[wWsSdD]")
ASKS = {"search", "sub", "subn", "split", "findall", "finditer"}
CALLS = ASKS | {"compile", "match", "fullmatch"}
#: Where a pattern is read out of what the grammar says of a kind.
FROM_KINDS = ("core/grammar/check.py", "kind.any_text")


def _sources() -> list[Path]:
    return [one for one in sorted(SRC.rglob("*.py")) if "migrations" not in one.parts]


def _of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in CALLS
    )


@cache
def _uses(path: Path) -> dict[str, set[str]]:
    """Give, for each name, how a file asks it: `NAME.search(text)`."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in CALLS:
            name = getattr(node.value, "id", None) or getattr(node.value, "attr", "")
            found.setdefault(name, set()).add(node.attr)
    return found


def _asked(path: Path, name: str) -> set[str]:
    """Say how a pattern is asked: by its own file, else by any; a name that nobody asks is searched with."""
    here = _uses(path).get(name)
    return here or {how for one in _sources() for how in _uses(one).get(name, ())} or {"search"}


def _names(path: Path) -> dict[int, str]:
    """Give the name that each pattern on a line of its own is bound to."""
    return {
        id(node.value): ast.unparse(node.targets[0])
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign) and _of_re(node.value)
    }


def _written() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes] | None, set[str]]]:
    """Give every regular expression of the package: where, itself (None: known only at run time), how it is asked."""
    for path in _sources():
        names, module = _names(path), ".".join(("alongside", *path.relative_to(SRC).with_suffix("").parts))
        for node in ast.walk(tree(path)):
            if not _of_re(node):
                continue
            where, how = f"{name_of(path)}:{node.lineno}", node.func.attr
            if (name_of(path), ast.unparse(node.args[0])) == FROM_KINDS:
                for each in sorted({one.any_text for one in KINDS.values() if one.any_text}):
                    yield f"{where} {each}", re.compile(each), {how}
                continue
            made = node if how == "compile" else ast.Call(node.func, node.args[:1], [])
            code = ast.Expression(ast.Call(ast.Name("__compile", ast.Load()), made.args, made.keywords))
            try:
                found = eval(
                    compile(ast.fix_missing_locations(code), where, "eval"),
                    {**vars(import_module(module)), "__compile": re.compile},
                )
            except NameError:
                found = None
            yield where, found, _asked(path, names.get(id(node), "")) if how == "compile" else {how}


@cache
def written() -> list[tuple[str, re.Pattern[str] | re.Pattern[bytes] | None, set[str]]]:
    """List them once, and not yet while the tests are gathered."""
    return list(_written())


def _told_apart(source: str) -> list[str]:
    """Choose one character for each lot that a pattern treats alike."""
    classes = [re.compile(one, re.DOTALL) for one in dict.fromkeys(CLASS.findall(source))]
    lots: dict[tuple[bool, ...], str] = {}
    for char in CHARACTERS:
        lots.setdefault(tuple(bool(one.fullmatch(char)) for one in classes), char)
    return list(lots.values())[:12]


def _hostile(source: str, *, anchored: bool) -> Iterator[str]:
    """Write what tires a pattern: its own characters and words again and again, in ones and twos, then one that ends it."""
    chars = _told_apart(source)
    words = list(dict.fromkeys(re.findall(r"[^\W\d_]{2,}", source)))[:4]
    for one in [*chars, *words]:
        yield one * (LONGEST // len(one)) + "\0"
    for one in permutations([*chars, *words], 2):
        both = "".join(one)
        yield both * (LONGEST // 3 // len(both)) + "\0"
    if anchored:
        for begins, one in product([*map("".join, permutations(chars, 2)), *words, *chars], chars):
            for ends in ("\0", " ", "@"):
                yield begins + one * (LONGEST // 3) + ends


def _took(ask: Callable[[], object]) -> float:
    """Time something by this thread's own clock; what took long is tried again, since a machine has other work."""
    times: list[float] = []
    while len(times) < 3 and (not times or min(times) > AT_MOST):
        began = time.thread_time()
        ask()
        times.append(time.thread_time() - began)
    return min(times)


def test_every_regular_expression_is_found():
    assert len(written()) > 60
    assert [where for where, found, _ in written() if found is None] == [], (
        "A regular expression is put together from what is known only at run time, so nobody can test it. "
        "Write it as a constant, or go through the text word by word."
    )


ROOMS = sorted({name_of(path).partition("/")[0] for path in _sources() if "re." in path.read_text("utf-8")})


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_tires_a_regular_expression(room):
    tired = []
    for where, found, how in written():
        if where.partition("/")[0] != room:
            continue
        assert found is not None, where
        is_bytes, searches = isinstance(found.pattern, bytes), bool(how & ASKS)
        source = found.pattern.decode("latin-1") if is_bytes else found.pattern
        for text in _hostile(source, anchored=not searches):
            given = text.encode() if is_bytes else text
            took = _took(lambda: sum(1 for _ in found.finditer(given)) if searches else found.match(given))
            if took > AT_MOST:
                tired.append(f"{where}: {took:.2f} s for {text[:12]!r}; bound it, or go word by word.")
    assert not tired, "\n" + "\n".join(tired)


def _patterns() -> list[Pattern]:
    topics = [topic for name in PACKS for topic in pack(name).forbidden]
    many = [
        one
        for topic in topics
        for by in (topic.patterns, topic.unless)
        for each in by.values()
        for one in each
    ]
    return list({one.text: one for one in many}.values())


def _as_read(text: str, most: int) -> Folded:
    text = text[:most]
    return Folded(text, tuple(range(len(text))))


def _tiring(pattern: Pattern) -> Iterator[str]:
    """Write what tires a pattern of a pack: its words again and again, alone, glued, underscored, and all but its last."""
    words = [one for one in re.split(r"[\W_]+", fold(pattern.text)) if one]
    for one in dict.fromkeys(words):
        yield one
        yield f"{one} "
    yield f"{' '.join(words[:-1])} "
    yield f"{' '.join(words)} "
    for one, other in pairwise(words):
        yield f"{one} _ "
        yield f"{one} {other}_"


def test_no_text_tires_a_pattern_of_a_pack():
    tired, by_text = (
        [],
        defaultdict(list),
    )  # many patterns are tired by one text, which is read once for all of them
    for pattern in _patterns():
        words = [one for one in re.split(r"[\W_]+", fold(pattern.text)) if one]
        texts = [one * (LONGEST_ASKED // len(one)) for one in _tiring(pattern)]
        texts += [f"{' '.join(words[:-1])} {one * LONGEST_ASKED}" for one in ("_", " ", "a_", "_ ", "a ")]
        for text in dict.fromkeys(texts):
            by_text[text].append(pattern)
    for text, patterns in by_text.items():
        # Four times the text takes 64 times as long where time grows with its cube; what grew faster would tire here.
        short = _as_read(text, LONGEST_ASKED // 4)
        doubtful = [one for one in patterns if _took(lambda: one.spans(short, (short,))) > AT_MOST / 64]
        read = _as_read(text, LONGEST_ASKED)
        for pattern in doubtful:
            took = _took(lambda: pattern.spans(read, (read,)))
            if took > AT_MOST:
                tired.append(f"{pattern.text}: {took:.2f} s for {text[:40]!r}")
    assert not tired, "\n" + "\n".join(tired)


@pytest.mark.parametrize(
    "one", ["_", "-", "1", "a", "a_", "_ ", "a ", "1_1 ", "where ", "a.b-\n", "@$1", "\u0323\u0301"]
)
def test_no_text_keeps_the_linter_busy(one):
    text = f"where were {one * LONGEST_ASKED}"[:LONGEST_ASKED]
    began = time.thread_time()
    ways_to_read(text)
    folded = time.thread_time() - began
    lint_question(text, pack("portland"))
    assert folded <= 3 * AT_MOST
    assert time.thread_time() - began <= 1


def test_the_islands_hold_no_pattern_that_a_text_tires():
    found = [
        (path.name, each[1])
        for path in sorted((ROOT / "islands").glob("*/*.ts"))
        for each in re.finditer(
            r"[(=,:&|!?]\s*/((?:[^/\n\\*]|\\.)(?:[^/\n\\]|\\.)*)/[a-z]*[.,)]", path.read_text("utf-8")
        )
    ]
    assert len(found) > 5
    for name, source in found:
        read = re.compile(source)
        for text in _hostile(source, anchored=False):
            took = _took(lambda: sum(1 for _ in read.finditer(text)))
            assert took <= AT_MOST, f"{name} {source}: {took:.2f} s for {text[:12]!r}"


#: Fields that take more, and are read line by line or cell by cell.
IN_PARTS = {
    "alongside.chain.asks.forms.ManyForm.questions",
    "alongside.cohort.pay.forms.BackForm.text",
    "alongside.cohort.seats.forms.SeatCohortForm.people",
    "alongside.work.consultations.forms.MaterialForm.page",
}


def test_no_field_of_a_form_takes_a_longer_text_than_is_tried_here():
    for path in _sources():
        if path.stem == "forms":
            import_module(".".join(path.with_suffix("").relative_to(SRC.parent).parts))
    longer = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in _below(BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if form.__module__.startswith("alongside.") and (getattr(field, "max_length", None) or 0) > LONGEST
    }
    assert longer == IN_PARTS


def _below(form: type) -> Iterator[type]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)
