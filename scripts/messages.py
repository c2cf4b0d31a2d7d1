"""The catalogues of what people read, without gettext's programs.

./dev messages                         take every message from the code and the templates into the catalogues
./dev messages --check                 say what is missing, unsure, outdated or broken; change nothing
./dev messages --missing LANG          print each untranslated message as one line of JSON
./dev messages --fill LANG FILE.json   put in translations: {"message": "translation" or ["one form", ...]}

A message with a context is named "context|message" in FILE.json, as `key` in the lines of --missing says.
"""

import argparse
import contextlib
import fcntl
import json
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "alongside"
LANGUAGES = ("es", "vi", "ar")
# Babel numbers Arabic's forms in another order than Django does, so these are set by hand.
PLURALS = {
    "es": (2, "(n != 1)"),
    "vi": (1, "0"),
    "ar": (
        6,
        "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)",
    ),
}
HEADER = "# {name} words of Alongside.\n#\n# Not yet reviewed by a person who speaks the language.\n#"
NAMES = {"es": "Spanish", "vi": "Vietnamese", "ar": "Arabic"}
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# The core knows no gettext: what it refuses in a sentence that people read is a template, given to one of these.
SPOKEN = re.compile(r"^class (\w+)\(Refused\)", re.MULTILINE)
ALIAS = re.compile(r"from django\.utils\.translation import (\w*gettext\w*) as (\w+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class BadTranslationError(Exception):
    """A translation would break its page; the message says how to mend it."""


def sources() -> Iterator[Path]:
    """Give every file that may hold messages."""
    for path in sorted(SOURCE.rglob("*")):
        if (
            path.suffix in {".py", ".html", ".txt", ".xml"}
            and "migrations" not in path.parts
            and "dist" not in path.parts
        ):
            yield path


def refusing() -> dict[str, None]:
    """Give the makers of refusals in the core: `fail`, and every error that is a Refused."""
    found = [
        name for path in (SOURCE / "core").rglob("*.py") for name in SPOKEN.findall(path.read_text("utf-8"))
    ]
    return dict.fromkeys(("fail", *sorted(found)))


def gathered() -> Catalog:
    """Take every message out of the code and the templates."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    catalog, core = Catalog(fuzzy=False), refusing()
    for path in sources():
        name = str(path.relative_to(SOURCE))
        text = path.read_text(encoding="utf-8")
        code = text if path.suffix == ".py" else templatize(text, origin=name)
        for line, words, comments, context in extract(
            "python",
            BytesIO(code.encode()),
            KEYWORDS
            | (core if name.startswith("core/") else {})
            | {alias: KEYWORDS[maker] for maker, alias in ALIAS.findall(text)},
            comment_tags=["Translators"],
            options={"encoding": "utf-8"},
        ):
            if words:
                catalog.add(words, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def path_of(lang: str) -> Path:
    """Give the place of a language's catalogue."""
    return SOURCE / "locale" / lang / "LC_MESSAGES" / "django.po"


def read(lang: str) -> Catalog:
    """Read a catalogue, or begin one, with the plural forms we set by hand."""
    path = path_of(lang)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=lang)
    else:
        catalog = Catalog(locale=lang, fuzzy=False)
    catalog._num_plurals, catalog._plural_expr = PLURALS[lang]
    return catalog


def merged(lang: str, fresh: Catalog) -> Catalog:
    """Give a language's catalogue with exactly the fresh messages and every translation it had for them."""
    catalog = read(lang)
    catalog.update(fresh, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = HEADER.format(name=NAMES[lang])
    catalog.project, catalog.version = "Alongside", "1"
    for message in catalog:
        if message.id and message.pluralizable:
            had = message.string if isinstance(message.string, tuple | list) else (message.string,)
            message.string = (tuple(had) + ("",) * PLURALS[lang][0])[: PLURALS[lang][0]]
    return catalog


def written(catalog: Catalog) -> bytes:
    """Give a catalogue as a file: sorted, without line numbers, dates or the names of tools."""
    out = BytesIO()
    write_po(out, catalog, sort_by_file=True, width=100, include_lineno=False, ignore_obsolete=True)
    kept = [
        line
        for line in out.getvalue().decode().splitlines(keepends=True)
        if not re.match(
            r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team)',
            line,
        )
    ]
    return "".join(kept).encode()


def key(message: Message) -> str:
    """Name a message in JSON."""
    words = message.id[0] if message.pluralizable else message.id
    return f"{message.context}|{words}" if message.context else words


def forms(message: Message) -> list[str]:
    """Give a message's translations, one for each plural form."""
    return list(message.string) if message.pluralizable else [message.string or ""]


def break_of(message: Message, translation: str) -> str:
    """Say what a translation would break; empty if nothing."""
    first = message.id[0] if message.pluralizable else message.id
    wanted, given = set(PLACEHOLDER.findall(first)), set(PLACEHOLDER.findall(translation))
    if message.pluralizable:
        wanted |= set(PLACEHOLDER.findall(message.id[1]))
    lost, added = sorted(wanted - given), sorted(given - wanted)
    if added:
        return f"it has {', '.join(added)}, which the message has not; take it out"
    if len(lost) > message.pluralizable:  # "one voice" may leave out its number, nothing else may go
        return f"it lost {', '.join(lost)}; keep each as it is"
    if sorted(TAG.findall(first)) != sorted(TAG.findall(translation)):
        return f"its tags are {TAG.findall(translation)}, the message's are {TAG.findall(first)}; keep each as it is"
    if first[:1] == "\n" != translation[:1] or first[-1:] == "\n" != translation[-1:]:
        return "it begins or ends with another line break; keep them"
    return ""


def faults(lang: str, fresh: Catalog) -> list[str]:
    """List what is wrong with a language's catalogue, each with its cure."""
    catalog = merged(lang, fresh)
    found, bare = [], []
    for message in catalog:
        if not message.id:
            continue
        where = f"{lang}: {key(message)!r} ({', '.join(sorted({name for name, _ in message.locations}))})"
        if not all(forms(message)):
            bare.append(key(message))
        elif message.fuzzy:
            found.append(f"{where} is marked fuzzy; settle it and take the mark out.")
        else:
            broken = [b for b in (break_of(message, form) for form in forms(message)) if b]
            found += [f"{where}: {b}." for b in broken]
    if bare:
        cure = f"run ./dev messages --missing {lang}, then --fill"
        found.append(f"{lang}: {len(bare)} messages have no translation, as {bare[0]!r}; {cure}.")
    if not path_of(lang).exists() or path_of(lang).read_bytes() != written(catalog):
        found.append(f"{lang}: the catalogue is not what the code says now; run ./dev messages.")
    return found


def fill(lang: str, translations: dict[str, str | list[str]]) -> tuple[int, list[str]]:
    """Put translations into a language's catalogue; give how many went in and what was refused."""
    catalog = merged(lang, gathered())
    by_key = {key(message): message for message in catalog if message.id}
    refused, count = [], 0
    for name, given in translations.items():
        message = by_key.get(name)
        try:
            if message is None:
                raise BadTranslationError("no such message is in the code; copy its key from --missing")
            strings = [given] if isinstance(given, str) else given
            wanted = PLURALS[lang][0] if message.pluralizable else 1
            if len(strings) != wanted or not all(strings):
                raise BadTranslationError(f"it needs {wanted} forms, not {len(strings)}")
            for string in strings:
                if broken := break_of(message, string):
                    raise BadTranslationError(broken)
        except BadTranslationError as error:
            refused.append(f"{lang}: {name!r}: {error}.")
            continue
        message.string = tuple(strings) if message.pluralizable else strings[0]
        message.flags.discard("fuzzy")
        count += 1
    save(lang, catalog)
    return count, refused


def save(lang: str, catalog: Catalog) -> None:
    """Write a language's catalogue if it changed."""
    path = path_of(lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != written(catalog):
        path.write_bytes(written(catalog))


def missing(lang: str) -> Iterator[str]:
    """Give one line of JSON for each message without a whole translation."""
    for message in merged(lang, gathered()):
        if message.id and (message.fuzzy or not all(forms(message))):
            line = {"key": key(message), "pages": sorted({name for name, _ in message.locations})}
            if message.pluralizable:
                line |= {"plural": message.id[1], "forms": PLURALS[lang][0]}
            if message.auto_comments:
                line |= {"comment": " ".join(message.auto_comments)}
            yield json.dumps(line, ensure_ascii=False)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one change of the catalogues happen at a time."""
    folder = SOURCE.parents[1] / ".dev"
    folder.mkdir(exist_ok=True)
    with (folder / "messages.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Do what the command line asks; 0 if all is well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--missing", choices=LANGUAGES)
    parser.add_argument("--fill", nargs=2, metavar=("LANG", "FILE.json"))
    asked = parser.parse_args(arguments)
    if asked.missing:
        for line in missing(asked.missing):
            print(line)
        return 0
    if asked.fill:
        lang, file = asked.fill
        if lang not in LANGUAGES:
            parser.error(f"LANG is one of {', '.join(LANGUAGES)}")
        with alone():
            count, refused = fill(lang, json.loads(Path(file).read_text(encoding="utf-8")))
        print(f"{lang}: {count} filled", *refused, sep="\n")
        return 1 if refused else 0
    fresh = gathered()
    if asked.check:
        found = [fault for lang in LANGUAGES for fault in faults(lang, fresh)]
        print(*found[:60], *([f"... and {len(found) - 60} more"] if len(found) > 60 else []), sep="\n")
        return 1 if found else 0
    with alone():
        for lang in LANGUAGES:
            catalog = merged(lang, fresh)
            save(lang, catalog)
            todo = sum(1 for message in catalog if message.id and not all(forms(message)))
            print(f"{lang}: {len(catalog)} messages, {todo} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
