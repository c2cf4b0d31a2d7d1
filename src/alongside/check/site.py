"""Compare what a site gives to a browser with its public log: the scripts, the key that locks answers, and the questions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.source import SourceError, WebSource
from alongside.check.state import State
from alongside.check.verdict import count
from alongside.core.entries import Entry
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import MemoryLog
from alongside.core.kinds import EntryKind
from alongside.core.ledger.policy import Policy
from alongside.core.workflow.engagements import EngagementStage, changes_of, course_of

#: What a page may load and where it may send: nothing but this site's own, and no script that stands in the page itself.
ALLOWED = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
}
#: Tags that bring in what no script of the log is.
FOREIGN = frozenset({"base", "iframe", "frame", "object", "embed", "applet"})


@dataclass
class _Page(HTMLParser):
    """What a page loads, what stands in it that could run, and what locks the answers."""

    scripts: list[str] = field(default_factory=list)
    could_run: list[str] = field(default_factory=list)
    locks: list[dict[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            src = given.get("src")
            self.scripts += [src] if src else []
            self.could_run += [] if src else ["a script without an address"]
        if tag == "link" and "preload" in (given.get("rel") or ""):
            self.scripts += [given["href"] or ""] if given.get("as", "script") == "script" else []
        if tag in FOREIGN or (tag == "meta" and given.get("http-equiv")):
            self.could_run.append(f"<{tag}>")
        self.could_run += [name for name in given if name.startswith("on") and name != "on"]
        if tag == "seal-voice":
            self.locks.append(given)


def verify_site(
    source: WebSource, *, state: State, today: date, vkey: str | None = None, policy: Policy | None = None
) -> str:
    """Check the record, then each page on which people can speak today, in each language; say what was compared.

    Raises RecordError with the first thing that differs from the record, SourceError where something cannot be read.
    """
    checked = verify_record(source, state=state, today=today, vkey=vkey, policy=policy)
    log = MemoryLog(checked.log.head.origin)
    for index, raw in enumerate(checked.log.entries):
        log.add(parse(index, raw))
    told = log.every(EntryKind.SITE_RELEASED)
    if not told:
        raise SourceError("The record does not say which scripts the site gives; nothing can be compared.")
    named = {one["sha256"]: one["name"] for one in told[-1].data["files"]}
    hashes: dict[str, str] = {}
    pages = list(_pages(log, source.address, today))
    for promise, url in pages:
        for script in _compare(source, promise, url):
            if script not in hashes:
                hashes[script] = sha256(source.fetch(script).data).hexdigest()
            if hashes[script] not in named:
                raise RecordError(
                    f"{url} loads {script}, which is no script that entry {told[-1].index} names."
                )
    compared = f"{count(len(pages), 'page', 'pages')} on which people can speak, and {count(len(hashes), 'script', 'scripts')}"
    return (
        f"{checked.says}\n\nCompared with the site, as it answered here and now: {compared}. Each script is one that entry "
        f"{told[-1].index} names, of release {told[-1].data['version']}; each page locks answers to the key of its promise, "
        "and asks its questions. What another person was given, or is given later, is not seen from here: let others compare, too."
    )


def _pages(log: MemoryLog, address: str, today: date) -> Iterator[tuple[Entry, str]]:
    for promise in log.every(EntryKind.ENGAGEMENT_PROMISED):
        if course_of(promise, changes_of(promise.index, log)).state(today) == EngagementStage.OPEN:
            for lang in promise.data["languages"]:
                yield promise, urljoin(f"{address}/", f"../{lang}/engagements/{promise.data['engagement']}/")


def _compare(source: WebSource, promise: Entry, url: str) -> list[str]:
    """Compare a page with its promise; give the addresses of the scripts that it loads."""
    reply, page = source.fetch(url), _Page()
    page.feed(reply.data.decode(errors="replace"))
    if page.could_run:
        raise RecordError(f"{url} holds {page.could_run[0]}, which could run what no entry names.")
    if not any(_is_strict(one) for one in reply.policies):
        raise RecordError(
            f"{url} does not keep browsers from running other scripts, or from sending elsewhere."
        )
    lock = {
        "recipient": promise.data["recipient"],
        "engagement": promise.data["engagement"],
        "form-hash": promise.data["form"],
        "notice": entry_hash(promise),
    }
    given = [{name: one.get(name) for name in lock} for one in page.locks]
    if given != [lock]:
        wrong = next((name for one in given for name in lock if one[name] != lock[name]), "form")
        raise RecordError(
            f"{url} does not lock answers as entry {promise.index} promised: its {wrong} is another."
        )
    scripts = [urljoin(url, one) for one in page.scripts]
    for one in scripts:
        if urlsplit(one)[:2] != urlsplit(url)[:2]:
            raise RecordError(f"{url} loads {one}, which is not of this site.")
    return scripts


def _is_strict(policy: str) -> bool:
    parts = [one.split() for one in policy.split(";") if one.strip()]
    rules = {name: set(values) for name, *values in reversed(parts)}  # of two, browsers keep the first
    return all(rules.get(name) == values for name, values in ALLOWED.items())
