"""Compare what a site gives to a browser with its public log: the scripts, the key that locks answers, the questions, statements and maps."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from alongside.check.log import RecordError
from alongside.check.record import Checked, verify_record
from alongside.check.source import MissingError, Source, SourceError, WebSource
from alongside.check.state import State
from alongside.check.texts import read_words
from alongside.check.verdict import count
from alongside.core.canonical import canonical
from alongside.core.entries import Entry
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import MemoryLog
from alongside.core.grammar.releases import READER, last_told
from alongside.core.grammar.sounds import standing_sound
from alongside.core.kinds import EntryKind
from alongside.core.ledger.policy import Policy
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.questions import CHOICES, STATEMENTS, number_of, read_questions
from alongside.core.workflow.engagements import EngagementStage, changes_of, course_of
from alongside.core.workflow.offered_statements import released

#: What a page may load and where it may send: nothing but this site's own, and no script that stands in the page itself.
EXACT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "connect-src": {"'self'"},
    "worker-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "require-trusted-types-for": {"'script'"},
}
#: What a policy may say besides; of what else it said nobody here would know what it lets a page do.
BESIDES = frozenset({"img-src", "font-src", "media-src", "manifest-src", "frame-ancestors", "trusted-types"})
#: A script as our pages write one. Browsers and parsers read other ways of writing it differently: a page that has one is refused.
SCRIPT = re.compile(rb'<script src="[^"<>\s]{1,200}"(?: type="module")?(?: defer)?></script>')
#: What no page of ours holds: comments, forms, and what brings in, runs or plays something in another way than ours.
MARKUP = re.compile(
    rb"<![^d]|<[?]|<(?:form|svg|math|i?frame|object|embed|base|applet|style|portal|source|video|track)\b",
    re.IGNORECASE,
)
#: What no page with questions holds: that, and what people may write of what came of it.
NEVER = re.compile(
    MARKUP.pattern + rb"|http-equiv|javascript:|\son[a-z]{1,20}\s{0,9}=",
    re.IGNORECASE,
)
#: What no page with statements holds: that, but for forms that send to the page itself.
NEVER_JUDGED = re.compile(
    NEVER.pattern.replace(rb"(?:form|", rb'(?:form(?!(?: class="form")? method="post">)|'), re.IGNORECASE
)
#: Pages are asked for as a browser does, so that no server knows by this who compares.
AS_A_BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip",
    "Accept-Language": "en-US,en;q=0.9",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
}


@dataclass
class _Question:
    """A question as a page shows it: its text, and the words of each answer to choose from by what is sent."""

    text: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    last: str = ""


#: What locks answers on a page: for who speaks, and for a lead who takes in what others say.
LOCKS = ("seal-voice", "take-in")


@dataclass
class Page(HTMLParser):
    """What a page loads, what locks the answers, the questions within, the statements that it lists, and what it plays, each behind the id of its question."""

    files: list[str] = field(default_factory=list)
    locks: list[dict[str, str | None]] = field(default_factory=list)
    asked: dict[str, _Question] = field(default_factory=dict)
    within: list[str] = field(default_factory=list)
    sounds: list[tuple[str, str]] = field(default_factory=list)
    now: _Question | None = None
    listed: list[tuple[str, str]] = field(default_factory=list)
    is_listing: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an element loads, locks, asks or plays."""
        given = dict(reversed(attrs))  # of two, browsers keep the first
        if tag == "script" or (tag == "link" and given.get("rel") == "stylesheet"):
            self.files.append(given.get("src") or given.get("href") or "")
        if tag == "audio" and given.get("src"):
            self.sounds.append((next(reversed(self.asked), ""), given["src"] or ""))
        if tag in {"template", "noscript", *LOCKS}:
            self.within.append(tag)
        if tag in LOCKS:
            self.locks.append(given | {"within": " ".join(self.within[:-1])})
        if not {*LOCKS}.isdisjoint(self.within) and (name := given.get("data-question")):
            self.now = self.asked.setdefault(name, _Question())
        if tag == "li":
            self.is_listing = bool(given.get("data-statement"))
            self.listed += [(given["data-statement"] or "", "")] if self.is_listing else []
        if tag == "input" and self.now is not None and given.get("type") in {"radio", "checkbox"}:
            self.now.last = given.get("value") or ""
            self.now.choices[self.now.last] = ""

    def handle_endtag(self, tag: str) -> None:
        """Leave what was entered; what comes after a lock is of no question."""
        if self.within and tag == self.within[-1]:
            self.within.pop()
        if tag in LOCKS:
            self.now = None
        if tag == "li":
            self.is_listing = False

    def handle_data(self, data: str) -> None:
        """Keep the words of a question and of its answers, or of a statement."""
        if self.is_listing:
            name, words = self.listed[-1]
            self.listed[-1] = (name, words + data)
        if self.now is not None:
            self.now.text += data
            if self.now.choices:
                self.now.choices[self.now.last] += data


def verify_site(
    source: WebSource, *, state: State, today: date, vkey: str | None = None, policy: Policy | None = None
) -> str:
    """Check the record, then each page on which people can speak or judge today or hear what came of it, in each language, and each last map; say what was compared.

    Raises RecordError with the first thing that differs from the record, SourceError where something cannot be read.
    """
    checked = verify_record(source, state=state, today=today, vkey=vkey, policy=policy)
    log, entries, told = entries_of(checked)
    size = len(entries)
    named = {one["sha256"] for entry in told for one in entry.data["files"]}
    hashes: dict[str, str] = {}
    pages, reported = list(_pages(log, source.address, today)), list(_reported(log, source.address))
    forms = {
        about.index: with_offers(form_of(source, about, entries, size), source, about, entries)
        for about, _lang, _url in pages
    }
    judged = {
        f"{url}statements/": (about, lang) for about, lang, url in pages if forms[about.index].get(STATEMENTS)
    }
    for about, lang, url in (*pages, *((*one, url) for url, one in judged.items()), *reported):
        is_asked = about.kind == EntryKind.ENGAGEMENT_PROMISED
        page = _page(source, url, NEVER_JUDGED if url in judged else NEVER if is_asked else MARKUP)
        if is_asked:
            compare = compare_statements if url in judged else _compare
            compare(page, about, forms[about.index], lang, url)
        _compare_sounds(source, page, log, about, lang, url)
        for file in (urljoin(url, one) for one in page.files):
            if file not in hashes:
                hashes[file] = sha256(source.fetch(file, AS_A_BROWSER).data).hexdigest()
            if hashes[file] not in named:
                raise RecordError(f"{url} loads {file}, which is no file that entry {told[-1].index} names.")
    taken_along, lacks = compare_reader(source, told)
    maps, gone = _compare_maps(source, log)
    lacking = _lacking(gone, list(_undrawn(source, log, entries, today)))
    compared = [
        f"{count(len(pages), 'page', 'pages')} on which people can speak",
        f"{count(len(reported), 'page', 'pages')} of what came of it",
        *([f"{count(len(judged), 'page', 'pages')} of statements to judge"] if judged else ()),
        *([count(maps, "last map", "last maps")] if maps else ()),
        *taken_along,
        f"and {count(len(hashes), 'script or style', 'scripts and styles')}",
    ]
    return f"{checked.says}\n\n{_says(', '.join(compared), told[-1], (JUDGING if judged else '') + lacking + lacks)}"


def _lacking(gone: Sequence[int], undrawn: Sequence[int]) -> str:
    """Say which maps the site does not give, and for which promises none was drawn."""
    said = f"Not given by the site: the map of entry {', '.join(map(str, gone))}. " if gone else ""
    if undrawn:
        said += (
            f"No map is on the record of what people judged for entry {', '.join(map(str, undrawn))}: "
            "fewer than its k did, or the site drew none. "
        )
    return said


#: Where the reader as one file is not on both sides.
NONE_NAMED = "The site gives {url}, and entry {last} names no reader: it was compared with nothing, so open no such file. "
NONE_GIVEN = "Entry {last} names a reader as one file, and the site does not give it at {url}. "
#: What nobody can ask for who does not judge.
JUDGING = (
    "Statements to judge are listed in the words of their promise, and those that people offered as leads released them; the pages behind the first press, which ask one at a time and keep what "
    "is pressed, were not compared. "
)


def _says(compared: str, told: Entry, judging: str) -> str:
    """Say what was compared, and what was not."""
    return (
        f"Compared with the site, as it answered here and now: {compared}. Each is one that entry "
        f"{told.index} names, of release {told.data['version']}; each page on which people can speak locks answers to the key of its promise, "
        f"and asks its questions in its words; what each plays are the recordings that the log names. {judging}What else a page says was not compared. "
        "What another person was given, or is given later, is not seen from here, and a server can guess who compares: let others compare, too, from other places."
    )


def compare_reader(source: WebSource, told: Sequence[Entry]) -> tuple[list[str], str]:
    """Refuse a site that gives another reader as one file than its last release names; say that it was compared, or why it was not."""
    named = {one["sha256"] for entry in told for one in entry.data["files"] if one["name"] == READER}
    url, last = f"{source.address}/{READER}", told[-1].index
    try:
        given = sha256(source.fetch(url, AS_A_BROWSER).data).hexdigest()
    except MissingError:
        return [], NONE_GIVEN.format(url=url, last=last) if named else ""
    if not named:
        return [], NONE_NAMED.format(url=url, last=last)
    if given not in named:
        raise RecordError(f"{url} is another reader than entry {last} names.")
    return ["the reader as one file"], ""


def entries_of(checked: Checked) -> tuple[MemoryLog, list[Entry], Sequence[Entry]]:
    """Give a checked record as a log, its entries, and those that name what its site loads; raise SourceError where none does."""
    log, entries = log_of(checked)
    told = last_told(log)
    if not told:
        raise SourceError("The record does not say which scripts the site gives; nothing can be compared.")
    return log, entries, told


def log_of(checked: Checked) -> tuple[MemoryLog, list[Entry]]:
    """Give a checked record as a log, and its entries."""
    log = MemoryLog(checked.log.head.origin)
    entries = [parse(index, raw) for index, raw in enumerate(checked.log.entries)]
    for one in entries:
        log.add(one)
    return log, entries


def _pages(log: MemoryLog, address: str, today: date) -> Iterator[tuple[Entry, str, str]]:
    for promise in log.every(EntryKind.ENGAGEMENT_PROMISED):
        if course_of(promise, changes_of(promise.index, log)).state(today) == EngagementStage.OPEN:
            for lang in promise.data["languages"]:
                yield (
                    promise,
                    lang,
                    urljoin(f"{address}/", f"../{lang}/engagements/{promise.data['engagement']}/"),
                )


def _compare_maps(source: WebSource, log: MemoryLog) -> tuple[int, list[int]]:
    """Refuse a last map that is another than its entry tells by hashes; give how many there are, and the entries whose map is not there.

    A restore can lose one, and it goes with the words of its form.
    """
    drawn = [
        (promise, entry)
        for promise in log.every(EntryKind.ENGAGEMENT_PROMISED)
        for entry in log.citing(promise.index, EntryKind.MAP_DRAWN)
    ]
    gone: list[int] = []
    for promise, entry in drawn:
        path = f"../{promise.data['languages'][0]}/engagements/{promise.data['engagement']}/map.json"
        url = urljoin(f"{source.address}/", path)
        try:
            data = source.fetch(url, AS_A_BROWSER).data
        except MissingError:
            gone.append(entry.index)
            continue
        try:
            given = json.loads(data)
            told = {name: given[name] for name in ("votes", "computed_by")}
            told |= {name: sha256(canonical(given[name])).hexdigest() for name in ("parameters", "result")}
        except (ValueError, LookupError, TypeError):
            raise RecordError(f"{url} does not give the map that entry {entry.index} tells.") from None
        if told != entry.data:
            raise RecordError(f"{url} gives another map than entry {entry.index} tells.")
    return len(drawn) - len(gone), gone


def _undrawn(source: Source, log: MemoryLog, entries: Sequence[Entry], today: date) -> Iterator[int]:
    """Give each promise with statements on which nobody can speak any more and of which no entry tells a map."""
    for promise in log.every(EntryKind.ENGAGEMENT_PROMISED):
        is_over = not course_of(promise, changes_of(promise.index, log)).is_taking(today)
        if not is_over or log.citing(promise.index, EntryKind.MAP_DRAWN):
            continue
        try:
            if form_of(source, promise, entries, len(entries)).get(STATEMENTS):
                yield promise.index
        except SourceError:  # its words were taken down, with what was asked
            continue


def _reported(log: MemoryLog, address: str) -> Iterator[tuple[Entry, str, str]]:
    """Give each report-back that stands, in each of its languages, and the page on which people read and hear it."""
    for promise in log.every(EntryKind.ENGAGEMENT_PROMISED):
        for report in log.citing(promise.index, EntryKind.REPORT_PUBLISHED)[-1:]:
            for lang in report.data["languages"]:
                yield report, lang, urljoin(f"{address}/", f"../{lang}/follow/{promise.index}/")


def _page(source: WebSource, url: str, never: re.Pattern[bytes]) -> Page:
    """Fetch a page as a browser does, and refuse one that could run what no entry names, or loads or plays what is not of this site."""
    reply, page = source.fetch(url, AS_A_BROWSER), Page()
    if (odd := never.search(reply.data)) or reply.data.lower().count(b"<script") != len(
        SCRIPT.findall(reply.data)
    ):
        what = odd[0].decode(errors="replace").strip() if odd else "a script written otherwise"
        raise RecordError(
            f"{url} holds {what}, which no page of this release does: it could run what no entry names."
        )
    page.feed(reply.data.decode(errors="replace"))
    if not any(_is_strict(one) for one in reply.policies):
        raise RecordError(
            f"{url} does not keep browsers from running other scripts, or from sending elsewhere."
        )
    for one in (urljoin(url, each) for each in (*page.files, *(sound for _question, sound in page.sounds))):
        if urlsplit(one)[:2] != urlsplit(url)[:2]:
            raise RecordError(f"{url} loads {one}, which is not of this site.")
    return page


def _compare_sounds(source: WebSource, page: Page, log: MemoryLog, about: Entry, lang: str, url: str) -> None:
    """Refuse a page that plays another sound than the recording of these words that the log names."""
    for question, sound in ((question, urljoin(url, one)) for question, one in page.sounds):
        given = standing_sound(log, about.index, lang, question)
        if (
            given is None
            or sha256(source.fetch(sound, AS_A_BROWSER).data).hexdigest() != given.data["sha256"]
        ):
            raise RecordError(f"{url} plays {sound}, which is not the recording that the log names.")


def _compare(page: Page, promise: Entry, form: Mapping[str, Any], lang: str, url: str) -> None:
    """Compare a page on which people can speak with its promise."""
    compare_lock(page, promise, url)
    compare_questions(page, form, lang, url, promise.index)


def compare_lock(page: Page, promise: Entry, name: str) -> None:
    """Refuse a page, called by its name, that locks to another key, for another promise, or not once."""
    lock = {
        "recipient": promise.data["recipient"],
        "engagement": promise.data["engagement"],
        "form-hash": promise.data["form"],
        "notice": entry_hash(promise),
        "within": "",
    }
    given = [{part: one.get(part) for part in lock} for one in page.locks]
    if given != [lock]:
        wrong = next((part for one in given for part in lock if one[part] != lock[part]), "form")
        raise RecordError(
            f"{name} does not lock answers as entry {promise.index} promised: its {wrong} is another."
        )


def compare_statements(page: Page, promise: Entry, form: Mapping[str, Any], lang: str, url: str) -> None:
    """Refuse a page that lists other statements than those of the promise, and those that leads released since."""
    promised = [
        (one["id"], _plain(one["words"].get(lang) or next(iter(one["words"].values()))))
        for one in form[STATEMENTS]
    ]
    if [(name, _plain(words)) for name, words in page.listed] != promised:
        raise RecordError(f"{url} lists other statements than entry {promise.index} promised.")


def compare_questions(page: Page, form: Mapping[str, Any], lang: str, url: str, entry: int) -> None:
    """Refuse a page that asks other questions than those of the promise, or offers other answers."""
    asked = form["questions"]
    if list(page.asked) != [one["id"] for one in asked]:
        raise RecordError(f"{url} does not ask the questions of entry {entry}, or in another order.")
    for one in asked:
        shown = page.asked[one["id"]]
        offered = {each["id"]: _plain(each["words"][lang]) for each in one.get("options", ())}
        parts = [one["words"][lang], *(each[lang] for each in one.get("ends", ()))]
        given = {value: _plain(words) for value, words in shown.choices.items() if value}
        is_so = all(_plain(part) in _plain(shown.text) for part in parts)
        if not is_so or (
            one["kind"] in CHOICES
            and any(not given.get(each, "").startswith(words) for each, words in offered.items())
        ):
            raise RecordError(f"{url} asks {one['id']} in other words than entry {entry} promised.")
        if one["kind"] in CHOICES and given.keys() != offered.keys():
            raise RecordError(f"{url} offers other answers to {one['id']} than entry {entry} promised.")


def _plain(words: str) -> str:
    return " ".join(words.split())


def form_of(source: Source, promise: Entry, entries: Sequence[Entry], size: int) -> Mapping[str, Any]:
    """Read the questions of a promise from the public words, each checked against its hash; raise SourceError where they are gone."""
    try:
        return read_questions(words_of(source, promise, entries, size)[promise.texts["form"]["sha256"]])
    except (MissingError, KeyError):
        raise SourceError(
            f"The questions of entry {promise.index} were taken down; its pages cannot be compared."
        ) from None


def words_of(source: Source, entry: Entry, entries: Sequence[Entry], size: int) -> Mapping[str, str]:
    """Read the public words around an entry by their hashes, each checked."""
    first = entry.index // TILE_WIDTH * TILE_WIDTH
    path = f"texts/{first}.json"
    return read_words(path, source.get(path), entries[first : first + TILE_WIDTH], size)


def with_offers(
    form: Mapping[str, Any], source: Source, promise: Entry, entries: Sequence[Entry]
) -> Mapping[str, Any]:
    """Give a form with the statements that people offered and leads released since, behind those that were promised; none whose words were taken down. Raises RecordError where their numbers do not follow on those, or one was merged into a statement that is none of these."""
    about = [one for one in entries if one.cites.get("engagement") == (promise.index,)]
    decided, found = [each for each in about if each.kind == EntryKind.OFFER_DECIDED], []
    promised = [one["id"] for one in form.get(STATEMENTS, ())]
    added = [one.data["statement"] for one in released(decided)]
    first = max(map(number_of, promised), default=0) + 1
    if [number_of(one) for one in added] != list(range(first, first + len(added))):
        raise RecordError(
            f"Leads released {', '.join(added)} in the engagement of entry {promise.index}, which do not follow on what was promised."
        )
    judged = {*promised, *added}
    for one in decided:
        if one.data.get("statement", "s1") not in judged:
            raise RecordError(
                f"Entry {one.index} puts an offered statement together with {one.data['statement']}, which people do not judge here."
            )
    for one in released(decided):
        words = words_of(source, one, entries, len(entries))
        said = {lang: words[text["sha256"]] for lang, text in one.texts.items() if text["sha256"] in words}
        if said:
            found.append({"id": one.data["statement"], "words": said})
    return {**form, STATEMENTS: [*form[STATEMENTS], *found]} if found else form


def _is_strict(policy: str) -> bool:
    parts = [one.split() for one in policy.split(";") if one.strip()]
    rules = {name: set(values) for name, *values in reversed(parts)}  # of two, browsers keep the first
    return (
        all(rules.get(name) == values for name, values in EXACT.items())
        and rules.keys() <= EXACT.keys() | BESIDES
    )
