"""The catalogues of languages: read, checked, measured, and compiled for those that an operator brings in a folder."""

import gettext
import hashlib
import json
import logging
import re
import shutil
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel import __version__ as babel_version
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation import to_locale

from alongside.site import cldr
from alongside.site.config import BadConfigError
from alongside.site.languages import EXTRA, LANGUAGES, OUR_OWN, Tongue

log = logging.getLogger("alongside.languages")

#: Where the catalogues that come with Alongside are.
SHIPPED: Final = Path(__file__).resolve().parent.parent / "locale"
PARTS: Final = ("public", "desk")
PLACEHOLDER: Final = re.compile(r"%(?:\([^)]*\))?\S|\{[^{}]*\}")
TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
TAG_NAME: Final = re.compile(r"[a-zA-Z]+")
ALONE: Final = frozenset({"br", "img", "wbr"})
#: As many things are counted with the rule for plurals of a language, to see that it holds.
COUNTED: Final = 1000
FIELD: Final = re.compile(r"\{(\w+)\}")
CODE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
NOTES: Final = "language.toml"
WHOLE: Final = 100

type Key = tuple[str, str]
type Said = dict[Key, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file of a language; `line` is 0 where it is of the whole file."""

    file: Path
    line: int
    cure: str

    def __str__(self) -> str:
        """Write it as an editor reads it."""
        return f"{self.file}:{self.line}: {self.cure}" if self.line else f"{self.file}: {self.cure}"


def words_of(message: Message) -> str:
    """Give a message's words, of one where it counts."""
    return message.id if isinstance(message.id, str) else message.id[0]


def break_of(message: Message, translation: str) -> str:
    """Say what a translation would break; empty if nothing."""
    first = words_of(message)
    wanted, given = _placeholders(first), _placeholders(translation)
    if not isinstance(message.id, str):
        wanted |= _placeholders(message.id[1])
    lost, added = sorted(wanted - given), sorted(given - wanted)
    if added:
        return f"it has {', '.join(added)}, which the message has not; take it out"
    if len(lost) > message.pluralizable:  # "one voice" may leave out its number, nothing else may go
        return f"it lost {', '.join(lost)}; keep each as it is"
    if sorted(TAG.findall(first)) != sorted(TAG.findall(translation)) or _is_open(translation) > _is_open(
        first
    ):
        return f"its tags are {TAG.findall(translation)}, the message's are {TAG.findall(first)}; keep each as it is"
    if translation.count('"') > first.count('"'):
        return "it has a straight quote, which would end an attribute of a page; write “ and ”"
    if first[:1] == "\n" != translation[:1] or first[-1:] == "\n" != translation[-1:]:
        return "it begins or ends with another line break; keep them"
    return _strays(message, translation)


def _placeholders(words: str) -> set[str]:
    """Give all that values are put in for, as it is written."""
    return set(PLACEHOLDER.findall(words.replace("%%", "")))


def _is_open(words: str) -> bool:
    """Say whether a tag ends that did not begin, or does not end."""
    begun: list[str] = []
    for tag in TAG.findall(words):
        (name,) = TAG_NAME.findall(tag)[:1]
        if name in ALONE or tag.endswith("/>"):
            continue
        if not tag.startswith("</"):
            begun.append(name)
        elif not begun or begun.pop() != name:
            return True
    return bool(begun)


def _strays(message: Message, translation: str) -> str:
    """Say which sign of a translation a browser, or whatever puts values in, would take for its own."""
    first = words_of(message)
    if loose := sorted({"<", ">"} & (set(TAG.sub("", translation)) - set(TAG.sub("", first)))):
        return f"it has {' '.join(loose)}, which a browser could read as markup; take it out"
    if not _can_be_filled(message, translation):
        return "a % or a bracket in it stands where no value can be put in; write it in words"
    return ""


def _can_be_filled(message: Message, translation: str) -> bool:
    """Say whether values go into a translation wherever they go into its message."""
    first = words_of(message)
    ids = message.id if isinstance(message.id, str) else "".join(message.id)
    if "%" not in ids and "%" in translation:
        return False
    try:
        if "%(" in ids:
            translation % defaultdict(int)
        elif "{" in first or "{" in translation:
            translation.format(*[""] * first.count("{}"), **dict.fromkeys(FIELD.findall(first), "1"))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return False
    return True


def forms(message: Message) -> tuple[str, ...]:
    """Give a message's translations, one for each plural form."""
    said = message.string
    return tuple(said) if isinstance(said, tuple | list) else (said or "",)


def key_of(message: Message) -> Key:
    """Name a message by its context and its words."""
    return message.context or "", words_of(message)


def is_said(message: Message) -> bool:
    """Say whether a message has its whole translation, of which nobody is in doubt."""
    return bool(message.id) and not message.fuzzy and all(forms(message))


def read(path: Path) -> Catalog:
    """Read a catalogue. Raises BadConfigError with file and line."""
    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except PoFileError as error:
        line = (error.lineno or 0) + 1
        raise BadConfigError(str(Fault(path, line, f"this is no catalogue: {error}. Mend it."))) from None
    except UnicodeDecodeError:
        raise BadConfigError(str(Fault(path, 0, "it is not UTF-8; save it as UTF-8."))) from None
    except (ValueError, LookupError) as error:
        raise BadConfigError(str(Fault(path, 1, f"its head cannot be read: {error}. Mend it."))) from None


def wanted() -> list[Message]:
    """List the messages that people without an account read."""
    return [one for one in read(SHIPPED / "public.pot") if one.id]


def said_by(catalogs: Iterable[Catalog]) -> Said:
    """Give what catalogues say; what comes later wins."""
    return {key_of(one): forms(one) for catalog in catalogs for one in catalog if is_said(one)}


def faults_of(path: Path, catalog: Catalog) -> Iterator[Fault]:
    """List what is wrong with a catalogue, each with its line and its cure."""
    count = catalog.num_plurals
    head = str(dict(catalog.mime_headers).get("Plural-Forms", ""))
    try:
        rule = gettext.c2py(head.partition("plural=")[2].strip().rstrip(";"))
        is_fine = all(0 <= rule(n) < count for n in range(COUNTED))
    except (ValueError, ArithmeticError):
        is_fine = False
    if not is_fine:
        yield Fault(path, 1, f"Plural-Forms in its head cannot be read: {head!r}. Write one as gettext does.")
    for one in catalog:
        if not one.id or not any(forms(one)) or one.fuzzy:
            continue
        broken = [b for b in (break_of(one, form) for form in forms(one) if form) if b]
        if one.pluralizable and len(forms(one)) != count:
            broken.append(f"it needs {count} forms, not {len(forms(one))}")
        yield from (Fault(path, one.lineno or 0, f"{key_of(one)[1]!r}: {b}.") for b in broken)


def files_of(folder: Path, code: str) -> list[Path]:
    """List the catalogues that a folder has of a language, the public one first."""
    return [path for part in PARTS if (path := folder / code / f"{part}.po").exists()]


def codes_in(folder: Path) -> list[str]:
    """List the languages of a folder. Raises BadConfigError where a name in it is no language."""
    found = sorted(one.name for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
    if wrong := [one for one in found if not CODE.fullmatch(one)]:
        raise BadConfigError(
            f"{folder / wrong[0]}: this is not the code of a language. Name it as so, pt-br or zh-hant."
        )
    return found


def notes_of(folder: Path, code: str) -> dict[str, Any]:
    """Read what stands beside the catalogues: who read them and when, and a name that CLDR lacks."""
    path = folder / code / NOTES
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfigError(f"{path}: this is not TOML: {error}. Mend that line.") from None


def print_of(catalogs: Sequence[Catalog], public: Iterable[Message]) -> str:
    """Give the SHA-256 of what a language says to people without an account, and by which rule of plurals: what a person has read."""
    said = said_by(catalogs)
    told = sorted((*key, *said[key]) for key in map(key_of, public) if key in said)
    told += [("", *(one.plural_forms for one in catalogs))]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def name_of(code: str, notes: Mapping[str, Any]) -> tuple[str, bool]:
    """Give a language's own name and whether it runs from right to left. Raises BadConfigError where nobody knows it."""
    if "name" in notes:
        return str(notes["name"]), notes.get("direction") == "rtl"
    if code in EXTRA:
        return EXTRA[code][1], EXTRA[code][2]
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        raise BadConfigError(
            f"{code}: CLDR does not know it. Write name and direction into its {NOTES}."
        ) from None
    own = locale.get_display_name(locale) or locale.english_name or code
    return dict(LANGUAGES).get(code, own[:1].upper() + own[1:]), locale.text_direction == "rtl"


def catalogs_of(folder: Path | None, code: str) -> tuple[list[Catalog], list[str]]:
    """Give the catalogues of a language, the shipped one first, and what is wrong with those of the folder."""
    shipped = SHIPPED / to_locale(code) / "LC_MESSAGES" / "public.po"
    found, wrong = [read(shipped)] if code in OUR_OWN and shipped.exists() else [], []
    for path in files_of(folder, code) if folder else ():
        try:
            catalog = read(path)
        except BadConfigError as error:
            wrong.append(str(error))
            continue
        wrong += [str(one) for one in faults_of(path, catalog)]
        found.append(catalog)
    return found, wrong


def tongue(folder: Path | None, code: str, public: list[Message]) -> Tongue:
    """Measure a language: how much of it is there, whether a person read it, and what is wrong."""
    notes = notes_of(folder, code) if folder else {}
    name, rtl = name_of(code, notes)
    catalogs, wrong = catalogs_of(folder, code)
    said = said_by(catalogs)
    there = sum(key_of(one) in said for one in public)
    person = notes.get("read", {})
    if not isinstance(person, dict):
        raise BadConfigError(
            f"{code}: read in its {NOTES} is no table. `alongside languages read` writes it."
        )
    return Tongue(
        code=code,
        name=name,
        rtl=rtl,
        percent=there * WHOLE // len(public),
        read_on=str(person.get("on", "")),
        read_by=str(person.get("by", "")),
        is_read=bool(person) and person.get("words") == print_of(catalogs, public),
        faults=tuple(wrong),
        formats={} if code in OUR_OWN else cldr.formats(code),
    )


def brought(folder: Path, data: Path) -> tuple[list[Path], dict[str, Tongue]]:
    """Compile what an operator's folder has, into the data folder; give where it is and how far each language is."""
    compiled, found = prepared(folder, data / "catalogues")
    for one in found.values():
        if one.formats:
            cldr.teach_django(to_locale(one.code), one.formats)
    return [compiled], found


@cache
def shipped(code: str) -> Tongue:
    """Measure a language as it comes with Alongside: by no person read, for nobody notes that in a package."""
    return tongue(None, code, wanted()) if code in OUR_OWN else Tongue(code, code, rtl=False)


def prepared(folder: Path, cache: Path) -> tuple[Path, dict[str, Tongue]]:
    """Compile the languages of a folder into the cache, unless that was done; give where they are, and how far each is.

    A language with a fault is left out and a warning says why: one comma must not stop a site that speaks four others.
    """
    into = cache / _digest(folder)[:16]
    notes = into / "tongues.json"
    if not notes.exists():
        cache.mkdir(parents=True, exist_ok=True)
        begun = Path(tempfile.mkdtemp(dir=cache, prefix="begun-"))
        tongues = _compiled(folder, begun)
        (begun / "tongues.json").write_text(json.dumps([asdict(one) for one in tongues]), encoding="utf-8")
        try:
            begun.rename(
                into
            )  # whole before it has its name: of processes that start at once, the first one's stays
        except OSError:
            shutil.rmtree(begun)
    told = json.loads(notes.read_text(encoding="utf-8"))
    found = {one["code"]: Tongue(**one | {"faults": tuple(one["faults"])}) for one in told}
    for one in found.values():
        for fault in one.faults:
            log.warning("The language %s is left out. %s", one.code, fault)
    return into, found


def _digest(folder: Path) -> str:
    """Hash all that the languages of a folder are made of."""
    seen = hashlib.sha256(f"1 {babel_version}".encode())
    paths = [*SHIPPED.glob("*.pot"), *SHIPPED.glob("*/LC_MESSAGES/public.po")]
    paths += [one for one in folder.glob("*/*") if one.suffix in {".po", ".toml"}]
    for path in sorted(paths):
        seen.update(f"\0{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def _compiled(folder: Path, into: Path) -> list[Tongue]:
    """Compile each language that has no fault; give how far each is."""
    public, tongues = wanted(), []
    for code in codes_in(folder):
        try:
            one = tongue(folder, code, public)
        except BadConfigError as error:
            one = Tongue(code=code, name=code, rtl=False, faults=(str(error),))
        tongues.append(one)
        files = [] if one.faults else files_of(folder, code)
        if files:
            path = into / to_locale(code) / "LC_MESSAGES" / "django.mo"
            path.parent.mkdir(parents=True)
            with path.open("wb") as file:
                write_mo(file, _merged([read(each) for each in files], code))
    return tongues


def _merged(catalogs: Sequence[Catalog], code: str) -> Catalog:
    """Put catalogues of a language into one; the names of days and months come from CLDR where none of them says it."""
    merged, *others = catalogs
    for one in merged:
        if one.id and not is_said(one):
            one.string = ""  # Babel would write the English words of a plural as if they were translated
    for one in (each for other in others for each in other if is_said(each)):
        merged.add(one.id, one.string, context=one.context)
    for (context, words), own in ({} if code in OUR_OWN else cldr.names(code)).items():
        had = merged.get(words, context or None)
        if had is None or not had.string:
            merged.add(words, own, context=context or None)
    return merged


def _locale(code: str) -> Locale | None:
    """Give what CLDR knows of a language, or None."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def renew(folder: Path, code: str, part: str) -> tuple[Path, int]:
    """Bring a language's catalogue up to what is said now, or begin it; give its file and how many messages wait for words."""
    path = folder / code / f"{part}.po"
    fresh = read(SHIPPED / f"{part}.pot")
    if path.exists():
        catalog = read(path)
    else:
        catalog = Catalog(locale=_locale(code), fuzzy=False)
        catalog.header_comment = (
            f"# {name_of(code, notes_of(folder, code))[0]}: what Alongside says ({part})."
        )
        catalog.project, catalog.version = "Alongside", "1"
    catalog.update(fresh, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalog))
    return path, sum(1 for one in catalog if one.id and not is_said(one))


#: Lines of a head that change each time or name a tool.
CHANGING: Final = re.compile(
    r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team)'
)


def written(catalog: Catalog) -> bytes:
    """Give a catalogue as a file: sorted, without line numbers, dates or the names of tools."""
    out = BytesIO()
    write_po(out, catalog, sort_by_file=True, width=100, include_lineno=False, ignore_obsolete=True)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not CHANGING.match(line)).encode()


def read_by_person(folder: Path, code: str, by: str, day: str) -> Path:
    """Note that a person has read what a language says to people without an account. Raises BadConfigError where it is not whole."""
    public = wanted()
    one = tongue(folder, code, public)
    if one.faults:
        raise BadConfigError(one.faults[0])
    if one.percent < WHOLE:
        raise BadConfigError(f"{code}: {one.percent} percent is there. Translate all of it, then read it.")
    told = {key: value for key, value in notes_of(folder, code).items() if key in {"name", "direction"}}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    words = print_of(catalogs_of(folder, code)[0], public)
    lines += [
        "",
        "# Written by `alongside languages read`. It holds for exactly these words; who changes one reads it again.",
        "[read]",
        f"on = {day}",
        f"by = {json.dumps(by, ensure_ascii=False)}",
        f'words = "{words}"',
    ]
    path = folder / code / NOTES
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).lstrip() + "\n", encoding="utf-8")
    return path
