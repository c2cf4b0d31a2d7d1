"""Words: no city in the code, every sentence marked for translation, no script or style in a page."""

import ast
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.base import Lexer, TokenType

from tests.support.house import ROOT, SRC, modules, name_of, part_of, settle, templates, tree

CITY = re.compile("port" + "land", re.IGNORECASE)
ATTRIBUTES = {
    "alt",
    "title",
    "aria-label",
    "aria-description",
    "placeholder",
    "aria-roledescription",
    "aria-placeholder",
}
SILENT = {"script", "style", "code", "kbd", "samp", "pre", "title-code"}
# Names and signs that are the same in every language.
ALLOWED = {"Alongside", "QR", "CSV", "JSON", "iCalendar", "Atom", "Ed25519", "SHA-256"}
LETTERS = re.compile(r"[^\W\d_]{2,}")
BLOCKS = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans", "comment": "endcomment"}


def test_no_city_is_named_in_the_code():
    texts = [
        p
        for place in (SRC, ROOT / "islands")
        for p in place.rglob("*")
        if p.suffix in {".py", ".html", ".css", ".js", ".ts", ".txt", ".svg", ".toml", ".po"}
        and not {"dist", "node_modules"} & set(p.parts)
    ]
    found = [
        f"{path.relative_to(ROOT)}:{number} names a city; say it in a policy pack or in the demonstration."
        for path in texts
        if "packs" not in path.parts and "demo" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if CITY.search(line)
    ]
    assert found == []


def plain(source: str) -> str:
    """Take a template's own language out: marked sentences and comments go, variables become a dot."""
    kept, until = [], ""
    for token in Lexer(source).tokenize():
        newlines = "\n" * token.contents.count("\n")
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            until = "" if name == until else until or BLOCKS.get(name, "")
            kept.append(newlines)
        elif until or token.token_type == TokenType.COMMENT:
            kept.append(newlines)
        else:
            kept.append("·" if token.token_type == TokenType.VAR else token.contents)
    return "".join(kept)


class _Words(HTMLParser):
    """Collects what a person would read or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: list[str] = []
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT or dict(attrs).get("translate") == "no":
            self.silent.append(tag)
        for name, value in attrs:
            if name in ATTRIBUTES or (
                tag == "meta" and name == "content" and ("name", "description") in attrs
            ):
                self._keep(value or "")
            if tag == "input" and name == "value" and dict(attrs).get("type") in {"submit", "button"}:
                self._keep(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._keep(data)

    def _keep(self, words: str) -> None:
        rest = words
        for name in ALLOWED:
            rest = rest.replace(name, "")
        if LETTERS.search(rest):
            self.found.append((self.getpos()[0], " ".join(words.split())))


def unmarked(source: str) -> list[tuple[int, str]]:
    """List the sentences of a template that are not marked for translation, with their lines."""
    words = _Words()
    words.feed(plain(source))
    words.close()
    return words.found


def test_every_sentence_of_a_template_is_marked():
    found = {
        name_of(path): f"{name_of(path)}: "
        + "; ".join(f"line {line}: {words!r}" for line, words in lines)
        + ". Mark them with {% translate %}."
        for path in templates()
        if (lines := unmarked(path.read_text(encoding="utf-8")))
    }
    settle("unmarked_templates", found)


def test_no_line_begins_with_a_dot():
    found = {
        f"{name_of(path)}: a line can begin with its dot; write {{% dot %}}, without a space before it."
        for path in templates()
        if re.search(
            r"·|\s\{% dot %\}",
            re.sub(
                r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}",
                "words",
                path.read_text("utf-8"),
                flags=re.DOTALL,
            ),
        )
    }
    assert found == set()


def test_an_unmarked_sentence_is_told():
    planted = (
        "{% load i18n %}<h1>{% translate 'Marked' %}</h1>\n<p>{% blocktranslate trimmed %}Also {{ x }}{% endblocktranslate %}\n"
        "{# not read #}{% comment %}Nor this{% endcomment %}<img alt='A dog'>\n<code>alongside verify</code> {{ name }} Alongside\n<p>Plain {{ x }}"
    )

    assert unmarked(planted) == [(3, "A dog"), (5, "Plain ·")]


INLINE = {
    r"<style\b": "an inline style",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*type=.application/json)": "an inline script",
    r"<[a-z][^>]*\sstyle=": "a style attribute",
    r"<[a-z][^>]*\son[a-z]+=": "a script attribute",
    r"javascript:": "a script address",
}


def inline(source: str) -> list[str]:
    """List what the CSP would drop."""
    text = re.sub(r"\{[{%#].*?[}%#]\}", "", source, flags=re.DOTALL)
    return [what for pattern, what in INLINE.items() if re.search(pattern, text, re.IGNORECASE)]


def test_no_template_holds_a_script_or_a_style():
    found = {
        name_of(p): f"{name_of(p)} holds {' and '.join(held)}; use the stylesheet or an island."
        for p in templates()
        if (held := inline(p.read_text(encoding="utf-8")))
    }
    settle("inline_scripts_and_styles", found)


@pytest.mark.parametrize(
    "planted",
    [
        "<style>a{}</style>",
        "<script>x()</script>",
        "<b style='x'>",
        "<b onclick='x'>",
        "<a href='javascript:x'>",
    ],
)
def test_an_inline_script_or_style_is_told(planted):
    assert len(inline(planted)) == 1
    assert (
        inline(
            "<script src='{% static 'a.js' %}' defer></script><script type='application/json' id=a></script>"
        )
        == []
    )


SAID = {"label", "help_text", "empty_label", "description", "verbose_label"}
SAYING = {"ValidationError", "add_error", "success", "info", "warning", "error"}


def unmarked_code(module: ast.Module) -> list[str]:
    """List the words of forms and views that a person reads and that are not marked."""
    found = []
    for node in (n for n in ast.walk(module) if isinstance(n, ast.Call)):
        said: list[Any] = [k.value for k in node.keywords if k.arg in SAID]
        if ast.unparse(node.func).split(".")[-1] in SAYING and (
            "messages" in ast.unparse(node.func)
            or "Error" in ast.unparse(node.func)
            or "add_error" in ast.unparse(node.func)
        ):
            said += node.args
        for one in said:
            parts = one.values if isinstance(one, ast.JoinedStr) else [one]
            words = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            if " " in words.strip():
                found.append(f"{one.lineno}: {ast.unparse(one)}")
    return found


def test_every_sentence_of_a_form_or_a_view_is_marked():
    found = [
        f"{name_of(path)}:{words}; mark it with gettext."
        for path in modules()
        if part_of(path) in {"forms", "views"}
        for words in unmarked_code(tree(path))
    ]
    assert found == []


def test_an_unmarked_label_is_told():
    planted = ast.parse(
        "CharField(label='Your name', help_text=_('As you like'))\nraise ValidationError('Write a day')\nlogger.info('not read aloud')\n"
    )

    assert unmarked_code(planted) == ["1: 'Your name'", "2: 'Write a day'"]
