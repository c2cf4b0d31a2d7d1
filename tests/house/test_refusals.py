"""Refusals: every sentence that says no is marked for translation, whole, and says what to do instead."""

import ast
import re
from string import Formatter

from tests.support.house import SRC, modules, name_of, part_of, settle, tree

ROOMS = ("ground/", "cohort/", "work/", "chain/", "desks/")
WORDS = re.compile(r"\w \w")
#: Errors of Python and Django, and of the grammar where only whoever checks a record reads the words.
NOT_SHOWN = {
    "KeyError",
    "LookupError",
    "MalformedError",
    "NoReverseMatch",
    "NotImplementedError",
    "RuntimeError",
    "TypeError",
    "ValueError",
}
MARK_IT = "a person reads this in their own language. Mark it: _(...), and values after it, % {...}"
TEMPLATE = 'give fail() its sentence as one piece of text with names in braces, and the values by name: fail("by {day}.", day=day)'
#: What says a sentence to people who are no verifiers: the rules that are made with one say it by `fail`.
SPOKEN = {"fail", "first_of", "once_for"}
IDS = {"office", "seat", "unit", "who"}
JARGON = re.compile(
    r"\b(bytes|data|entry|entries|field|fields|hash|hexadecimal|JSON|kind|None|pen|root|sha256)\b"
)


def marks(module: ast.Module) -> set[str]:
    """Name what marks words in a module: whatever comes from Django's translation."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }


def bare_words(node: ast.AST, marking: set[str]) -> bool:
    """Say whether an expression holds a piece of a sentence that nothing marks."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in marking:
        return False
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(WORDS.search(node.value))
    return any(bare_words(one, marking) for one in ast.iter_child_nodes(node))


def unmarked(module: ast.Module) -> list[str]:
    """List the refusals of a module that are not marked, with their lines."""
    marking, calls = marks(module), list[ast.Call]()
    for node in ast.walk(module):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = ast.unparse(node.exc.func).split(".")[-1]
            calls += [] if name in NOT_SHOWN else [node.exc]
        if isinstance(node, ast.ClassDef) and any(ast.unparse(one).endswith("Error") for one in node.bases):
            calls += [
                one
                for one in ast.walk(node)
                if isinstance(one, ast.Call) and ast.unparse(one.func) == "super().__init__"
            ]
    return [
        f"line {call.lineno}: {ast.unparse(call)}"
        for call in calls
        if any(bare_words(one, marking) for one in call.args)
    ]


def makers(core: list[ast.Module]) -> set[str]:
    """Name what refuses in the core with a template: `fail`, the rules that are made with one, Refused, and every error that is one."""
    classes = [node for module in core for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    return {
        *SPOKEN,
        "Refused",
        *(one.name for one in classes if "Refused" in [ast.unparse(base) for base in one.bases]),
    }


def values_of(call: ast.Call) -> dict[str, ast.expr]:
    """Give the values that a refusal of the core writes into its sentence: by keyword, or as a whole."""
    found = {}
    for one in call.keywords:
        whole = one.value if one.arg == "values" and isinstance(one.value, ast.Dict) else None
        pairs = zip(whole.keys, whole.values, strict=True) if whole else ()
        found |= {str(key.value): value for key, value in pairs} if whole else {str(one.arg): one.value}  # type: ignore[union-attr]  # a key is a word
    return found


def faults(call: ast.Call) -> list[str]:
    """Say what is wrong with one refusal of the core, each with its cure."""
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.Constant):
        passed_on = isinstance(first, ast.Name)
        return [] if passed_on else [TEMPLATE]
    words, values = str(first.value), values_of(call)
    told = set(values)
    named = {name for _text, name, _spec, _as in Formatter().parse(words) if name is not None}
    found = [f"its sentence names {sorted(named)}, and it is given {sorted(map(str, told))}"] * (
        named != told
    )
    found += [
        f"give the id of {name} as Named(...), so that a page can write the name in its place"
        for name, value in values.items()
        if name in IDS and not ast.unparse(value).startswith(("Named(", "[Named("))
    ]
    if not re.search(r"[;.:] \w", words) or not words.endswith("."):
        found.append("say what is so, and then what to do about it, and end with a full stop")
    if call.func.id in SPOKEN and (word := JARGON.search(words)):  # type: ignore[attr-defined]  # refusing() gives names alone
        found.append(f"{word.group()!r} says nothing to most people; use their words, or malformed()")
    return found


def refusing(module: ast.Module, names: set[str]) -> list[ast.Call]:
    """List the calls of a module that refuse with a template."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    return [one for one in calls if isinstance(one.func, ast.Name) and one.func.id in names]


def test_every_refusal_that_a_person_reads_is_marked():
    found = {
        f"{name_of(path)}::{refused.partition(': ')[2].partition('(')[0]}": f"{name_of(path)}: {refused}: {MARK_IT}."
        for path in modules()
        if name_of(path).startswith(ROOMS)
        for refused in unmarked(tree(path))
    }
    settle("unmarked_refusals", found)


def test_every_refusal_of_the_core_can_be_said_in_any_language_and_says_its_cure():
    core = {path: tree(path) for path in modules() if path.is_relative_to(SRC / "core")}
    names = makers(list(core.values()))
    found = [
        f"{name_of(path)}:{call.lineno}: {fault}."
        for path, module in core.items()
        for call in refusing(module, names)
        for fault in faults(call)
    ]
    assert found == []


def unsaid(module: ast.Module) -> list[int]:
    """List the lines on which a view shows a refusal as it was raised; to compare its words shows nobody anything."""
    found = set()
    for handler in (one for one in ast.walk(module) if isinstance(one, ast.ExceptHandler) and one.name):
        name = handler.name
        raw = (f"str({name})", f"{name}.message", f"getattr({name}, 'message'")
        compared = {
            id(part) for one in ast.walk(handler) if isinstance(one, ast.Compare) for part in ast.walk(one)
        }
        for node in ast.walk(handler):
            if isinstance(node, ast.Call | ast.Attribute) and id(node) not in compared:
                found |= {node.lineno} if ast.unparse(node).startswith(raw) else set()
    return sorted(found)


def test_every_view_says_a_refusal_and_shows_none_as_it_was_raised():
    found = [
        f"{name_of(path)}:{line}: say it with ground.ui.refusals.refusal_text(error, request.pack)."
        for path in modules()
        if name_of(path).startswith(ROOMS)
        and (part_of(path) == "views" or name_of(path).startswith("desks/"))
        for line in unsaid(tree(path))
    ]
    assert found == []


def test_a_refusal_that_is_shown_as_it_was_raised_is_told():
    planted = ast.parse(
        "try:\n    act()\nexcept GrammarError as wrong:\n    form.add_error(None, wrong.message)\n"
        "    form.add_error(None, str(wrong))\n    form.add_error(None, said(wrong))\n    log(str(form))\n"
        "    form.add_error(None, getattr(wrong, 'message', ''))\n    if 'x' in str(wrong):\n        raise\n"
    )

    assert unsaid(planted) == [4, 5, 8]


PLANTED = """
from django.utils.translation import gettext as _
class Late(ValueError):
    def __init__(self, day):
        super().__init__(f"It is too late since {day}.")
def act(day):
    raise Late(_("It was due by %(day)s; ask anew.") % {"day": day})
    raise Late("It is too late; ask anew.")
    raise actions.Late("field", f"It was due by {day}.")
    raise ValueError("only a programmer reads this")
    raise Late(day)
"""


def test_an_unmarked_refusal_is_told():
    assert [one.partition(":")[0] for one in unmarked(ast.parse(PLANTED))] == ["line 5", "line 8", "line 9"]


def test_a_refusal_of_the_core_that_cannot_be_translated_is_told():
    planted = ast.parse(
        'fail("it was due by {day}; ask anew.", day=day)\n'
        'fail(f"it was due by {day}; ask anew.")\n'
        'fail("a" if b else "c")\n'
        'fail("it was due by {day}; ask anew.")\n'
        'fail("too late.")\n'
        'fail("the hash is wrong; copy it again.")\n'
        "fail(template)\n"
        "fail('it is owed by {unit}; ask it.', unit=unit)\n"
        "fail('it is owed by {unit}; ask it.', unit=Named(unit))\n"
        "once_for('it was done already.', 'ask', 'Refuse to do it twice.')\n"
    )

    told = {call.lineno: faults(call) for call in refusing(planted, makers([planted]))}

    assert told == {
        1: [],
        2: [TEMPLATE],
        3: [TEMPLATE],
        4: ["its sentence names ['day'], and it is given []"],
        5: ["say what is so, and then what to do about it, and end with a full stop"],
        6: ["'hash' says nothing to most people; use their words, or malformed()"],
        7: [],
        8: ["give the id of unit as Named(...), so that a page can write the name in its place"],
        9: [],
        10: ["say what is so, and then what to do about it, and end with a full stop"],
    }
