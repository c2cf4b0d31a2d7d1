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
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from alongside.site.catalogues import PARTS, break_of, words_of, written

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
#: Where people read who come with no account: residents, applicants, whoever asks for help, and who gets a letter or a sheet of paper.
#: A message that stands in one of these files is in `public.po`, each other one in `desk.po`; both are compiled to one catalogue.
PLACES = (
    # every page: its frame, its fields, how it says days and names
    r"ground/ui/(days|forms|languages|leads|links|press|refusals)\.py",
    r"ground/ui/templatetags/ui\.py",
    r"ground/ui/templates/(429|ui/.*)\.html",
    r"ground/record/labels\.py",
    r"ground/texts/templates/texts/parts/sound\.html",
    r"site/(pages|publishing)\.py",
    r"site/templates/site/(broken|front|halted|languages|no_room|no_turn|not_here|refused|refusal|stale|parts/typed)\.html",
    # residents: what is asked, speaking, the receipt, what came of it
    r"chain/opinions/(queries|views)\.py",
    r"chain/opinions/templates/opinions/.*\.html",
    r"chain/voices/(templates/voices/follow\.html|views\.py)",
    r"core/grammar/levels\.py",
    r"desks/(changes|news|outcomes|pdf|search|stage_words|thread_page|what_came_of_it)\.py",
    r"desks/templates/desks/(accessibility|changes|home|keeps|letters_off|news(_confirm|_stop)?|past|promised|promises|questions?|search|thread|what_came_of_it)\.html",
    r"desks/templates/desks/parts/(call_now|coming|knot|on_time|quote|changed|rules)\.html",
    r"work/engagements/(asking|queries/\w+)\.py",
    r"work/engagements/templates/engagements/(engagement|open|paper)\.html",
    r"work/engagements/templates/engagements/parts/"
    r"(ask|came|facts|front|has|heard|keys|kind|late|left|listed|paper_form|planned|problems|promise|promised_on|questions|receipt|record|sessions|state|was|ways|words)\.html",
    r"work/projects/templates/projects/parts/about\.html",
    # posters, flyers and words to send
    r"desks/(leaflets|posters)\.py",
    r"desks/templates/desks/poster\.html",
    # applicants
    r"cohort/applications/(forms|queries|tasks|views)\.py",
    r"cohort/applications/templates/applications/(code|read_back|sheet|slip|start|status|step|stopped|parts/(heading|sound))\.html",
    r"cohort/calls/queries\.py",
    r"cohort/calls/templates/calls/(call|calls|paper|parts/(pay|quotas|state|term))\.html",
    # whoever asks for help
    r"ground/directory/(forms|queries)\.py",
    r"ground/directory/templates/directory/(help|line|request|say|told)\.html",
    # letters
    r"ground/news/(forms|tasks)\.py",
    r"ground/ui/templates/account/email/.*\.txt",
    r"site/mail\.py",
)
PUBLIC = re.compile("|".join(PLACES))
#: What entries of the thread are called is the public's, too; what these modules refuse is read at desks.
CALLED = re.compile(r"core/grammar/(answers|asks|commitments|findings|projects|raising|reports|voices)\.py")


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
    """Give the makers of refusals in the core: `fail`, the rules that are made with a sentence, Refused, and every error that is one."""
    found = [
        name for path in (SOURCE / "core").rglob("*.py") for name in SPOKEN.findall(path.read_text("utf-8"))
    ]
    return dict.fromkeys(("fail", "first_of", "once_for", "Refused", *sorted(found)))


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


def path_of(lang: str, part: str) -> Path:
    """Give the place of a part of a language's catalogue."""
    return SOURCE / "locale" / lang / "LC_MESSAGES" / f"{part}.po"


def template_of(part: str) -> Path:
    """Give the place of the messages of a part, from which a language begins."""
    return SOURCE / "locale" / f"{part}.pot"


def is_public(message: Message) -> bool:
    """Say whether a message stands where people read who come with no account."""
    names = [name for name, _line in message.locations]
    if any(map(PUBLIC.fullmatch, names)):
        return True
    return any(CALLED.fullmatch(name) and words_of(message) in called(SOURCE / name) for name in names)


@cache
def called(path: Path) -> frozenset[str]:
    """Give the words that a module of the core declares, without those of its refusals."""
    code = path.read_text(encoding="utf-8")
    makers = KEYWORDS | {alias: KEYWORDS[maker] for maker, alias in ALIAS.findall(code)}
    found = extract("python", BytesIO(code.encode()), makers, options={"encoding": "utf-8"})
    return frozenset(words if isinstance(words, str) else words[0] for _, words, _, _ in found if words)


def part_of(catalog: Catalog, part: str) -> Catalog:
    """Give the messages of a catalogue that are of a part, under the same head."""
    apart = Catalog(locale=catalog.locale, fuzzy=False)
    apart.header_comment, apart.project, apart.version = catalog.header_comment, "Alongside", "1"
    if catalog.locale:
        apart._num_plurals, apart._plural_expr = catalog._num_plurals, catalog._plural_expr
    for message in catalog:
        if message.id and is_public(message) == (part == "public"):
            apart[message.id] = message
    return apart


def read(lang: str) -> Catalog:
    """Read a catalogue, or begin one, with the plural forms we set by hand."""
    catalog = Catalog(locale=lang, fuzzy=False)
    for path in (path_of(lang, part) for part in PARTS):
        if path.exists():
            with path.open("rb") as file:
                for message in read_po(file, locale=lang):
                    if message.id:
                        catalog[message.id] = message
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


def key(message: Message) -> str:
    """Name a message in JSON."""
    words = message.id[0] if message.pluralizable else message.id
    return f"{message.context}|{words}" if message.context else words


def forms(message: Message) -> list[str]:
    """Give a message's translations, one for each plural form."""
    return list(message.string) if message.pluralizable else [message.string or ""]


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
    if any(is_old(path, said) for path, said in files(lang, catalog)):
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
    save(files(lang, catalog))
    return count, refused


def files(lang: str, catalog: Catalog) -> list[tuple[Path, bytes]]:
    """Give each file of a language's catalogue with what it must say."""
    return [(path_of(lang, part), written(part_of(catalog, part))) for part in PARTS]


def templates(fresh: Catalog) -> list[tuple[Path, bytes]]:
    """Give each file from which a language begins with what it must say."""
    fresh.header_comment = "# What Alongside says; a language begins with a copy of this file."
    return [(template_of(part), written(part_of(fresh, part))) for part in PARTS]


def is_old(path: Path, said: bytes) -> bool:
    """Say whether a file says something else."""
    return not path.exists() or path.read_bytes() != said


def save(pairs: list[tuple[Path, bytes]]) -> None:
    """Write the files that changed."""
    for path, said in pairs:
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_old(path, said):
            path.write_bytes(said)


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
        if any(is_old(path, said) for path, said in templates(fresh)):
            found.append("The messages in locale/*.pot are not what the code says now; run ./dev messages.")
        print(*found[:60], *([f"... and {len(found) - 60} more"] if len(found) > 60 else []), sep="\n")
        return 1 if found else 0
    with alone():
        save(templates(fresh))
        for lang in LANGUAGES:
            catalog = merged(lang, fresh)
            save(files(lang, catalog))
            todo = sum(1 for message in catalog if message.id and not all(forms(message)))
            print(f"{lang}: {len(catalog)} messages, {todo} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
