"""Compare one file that was saved or handed on with a public log: of the field kit what runs in it, the key that locks, and the questions; the reader as a whole."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.site import NEVER, Page, compare_lock, compare_questions, entries_of, form_of, log_of
from alongside.check.source import Source, SourceError
from alongside.check.state import State
from alongside.check.verdict import count
from alongside.core.entries import Entry
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.releases import READER
from alongside.core.kinds import EntryKind
from alongside.core.ledger.policy import Policy
from alongside.core.sealing.leads import key_digits

#: The file as the site writes it: its policy, before all that it holds for; the style; what stands in `main`; and the script.
WHOLE = re.compile(
    rb'<!doctype html>\n<html lang="[A-Za-z-]+" dir="(?:ltr|rtl)">\n<head>\n<meta charset="utf-8">\n'
    rb'<meta http-equiv="Content-Security-Policy" content="([^"<>]*)">\n'
    rb'(?:<meta name="[a-z-]+" content="[^"<>]*">\n)*<title>[^<>]*</title>\n'
    rb"<style>(.*?)</style>\n</head>\n<body>\n<main id=\"main\">(.*)</main>\n<script>(.*?)</script>\n</body>\n</html>\n",
    re.DOTALL,
)
POLICY = "default-src 'none'; script-src '{}'; style-src '{}';{} base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
#: The script of a file, and whether it plays what it recorded; and the style.
SCRIPTS = {"dist/taking.js": "", "dist/hearing.js": " media-src blob:;"}
STYLE = "ui/alongside.css"
BODY = re.compile(rb'<template data-body="([A-Za-z-]{2,20})">')
#: How a page of the file begins to lock, as the site writes it; and each way in which one could.
TAKES = re.compile(rb'<take-in(?: [a-z-]+="[^"<>]*")+>')
ANY_LOCK = re.compile(rb"<(?:take-in|seal-voice)", re.IGNORECASE)
#: A longer file is none of ours: three languages are a tenth of it.
MOST_BYTES = 10_000_000


@dataclass
class _KitPage(Page):
    """A page of the file, with the questions from which a lead chooses what a note of a session answers."""

    chosen: dict[str, str] = field(default_factory=dict)
    of: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        given = dict(reversed(attrs))
        if tag == "select":
            self.of = "" if "data-about" in given else None
        if tag == "option" and self.of is not None:
            self.of = given.get("value") or ""
            self.chosen[self.of] = ""

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag == "select":
            self.of = None

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self.of:
            self.chosen[self.of] += data


def verify_kit(
    path: Path,
    source: Source,
    *,
    state: State,
    today: date,
    vkey: str | None = None,
    policy: Policy | None = None,
) -> str:
    """Check the record, then compare the file with it; say what was compared.

    Raises RecordError with the first thing that differs from the record, SourceError where something cannot be read.
    """
    given = _read(path)
    checked = verify_record(source, state=state, today=today, vkey=vkey, policy=policy)
    log, entries, told = entries_of(checked)
    pages = dict(_bodies(path, _main(path, given, told)))
    promise = _promise(path, pages, log.every(EntryKind.ENGAGEMENT_PROMISED))
    form = form_of(source, promise, entries, len(entries))
    for lang, page in pages.items():
        compare_lock(page, promise, str(path))
        compare_questions(page, form, lang, str(path), promise.index)
        asked = {one["id"]: one["words"][lang].split() for one in form["questions"] if one["kind"] == "text"}
        if any(asked.get(name) != words.split() for name, words in page.chosen.items()):
            raise RecordError(
                f"{path} lists a question for notes in other words than entry {promise.index} promised."
            )
    return (
        f"{checked.says}\n\nCompared with {path}, in {count(len(pages), 'language', 'languages')}: only the script and the style that "
        f"entry {told[-1].index} names run in it, it can send nothing, it locks answers to the key of entry {promise.index}, and asks its "
        f"questions in its words. The digits of that key: {key_digits(promise.data['recipient'])}. What else it says was not compared."
    )


def verify_reader(
    path: Path,
    source: Source,
    *,
    state: State,
    today: date,
    vkey: str | None = None,
    policy: Policy | None = None,
) -> str:
    """Check the record, then say which release of it names the reader that somebody saved or was handed; raise RecordError where none does."""
    own = sha256(_read(path)).hexdigest()
    checked = verify_record(source, state=state, today=today, vkey=vkey, policy=policy)
    log, _entries = log_of(checked)
    releases = log.every(EntryKind.SITE_RELEASED)
    named = [one for one in releases if {"name": READER, "sha256": own} in one.data["files"]]
    if not named:
        raise RecordError(f"{path} is no reader that an entry of this record names.")
    last = named[-1]
    since = "" if last is releases[-1] else " The site has given another one since."
    return f"{checked.says}\n\n{path} is the reader of release {last.data['version']}, as entry {last.index} of {last.date.isoformat()} names it.{since}"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from None


def _main(path: Path, given: bytes, told: Sequence[Entry]) -> bytes:
    """Give what the file shows, where it is built as the site builds it and runs only what the log names; else raise RecordError."""
    parts = WHOLE.fullmatch(given)
    if not parts:
        raise RecordError(
            f"{path} is not built as the site writes such a file: it could run what no entry names."
        )
    stated, style, main, script = parts.groups()
    named = {(one["name"], one["sha256"]) for entry in told for one in entry.data["files"]}
    ours = [name for name in SCRIPTS if (name, sha256(script).hexdigest()) in named]
    if not ours or (STYLE, sha256(style).hexdigest()) not in named:
        raise RecordError(
            f"{path} holds a script or a style that entry {told[-1].index} does not name. If the site was upgraded since, save the file anew."
        )
    if stated.decode() != POLICY.format(_as_a_policy(script), _as_a_policy(style), SCRIPTS[ours[0]]):
        raise RecordError(f"{path} does not keep browsers from running other scripts, or from sending.")
    if odd := NEVER.search(main) or re.search(rb"<script", main, re.IGNORECASE):
        what = odd[0].decode(errors="replace").strip()
        raise RecordError(f"{path} holds {what}, which no such file does: it could run what no entry names.")
    return main


def _bodies(path: Path, main: bytes) -> Iterator[tuple[str, _KitPage]]:
    """Give the page of each language, where each stands in a template of its own and locks once; else raise RecordError."""
    before, *rest = BODY.split(main)
    langs, bodies = [one.decode() for one in rest[::2]], [one.rstrip() for one in rest[1::2]]
    is_so = langs and len({*langs}) == len(langs) and b"<template" not in before.lower()
    if not is_so or not len(langs) == len(TAKES.findall(main)) == len(ANY_LOCK.findall(main)):
        raise RecordError(f"{path} does not hold one page for each language, as the site writes them.")
    for lang, body in zip(langs, bodies, strict=True):
        page, inside = _KitPage(), body.removesuffix(b"</template>")
        page.feed(inside.decode(errors="replace"))
        begun, ended = (inside.lower().count(one) for one in (b"<template", b"</template"))
        if inside == body or begun != ended or page.within or len(page.locks) != 1:
            raise RecordError(f"{path} does not hold one page for each language, as the site writes them.")
        yield lang, page


def _promise(path: Path, pages: Mapping[str, Page], promises: Sequence[Entry]) -> Entry:
    """Find the promise that the file names, and whether it has each of its languages; else raise RecordError."""
    named = {one.get("notice") for page in pages.values() for one in page.locks}
    found = [one for one in promises if named == {entry_hash(one)}]
    if not found:
        raise RecordError(f"{path} names a promise that the log does not hold.")
    if extra := sorted({*pages} - {*found[0].data["languages"]}):
        raise RecordError(
            f"{path} holds {', '.join(extra)}, a language in which entry {found[0].index} promised nothing."
        )
    return found[0]


def _as_a_policy(file: bytes) -> str:
    return f"sha256-{b64encode(sha256(file).digest()).decode()}"
