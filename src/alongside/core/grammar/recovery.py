"""The leads' recovery papers: a key that two leads founded, cut into papers of which some together open what leads can open."""

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.keys import (
    CERT,
    FOUNDERS,
    each_has_a_key,
    founding,
    founding_is_in_force,
    is_a_key,
    signing_key,
)
from alongside.core.grammar.seats import leads_have_standing
from alongside.core.grammar.shape import Cites, Kind, cited, fail, hex64, list_of, malformed, number, words
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.sealing.leads import checked_statement, is_signed, papers_statement
from alongside.core.sealing.papers import FEWEST, MOST
from alongside.core.words import gettext_noop as _

#: How many leads found the papers, and how many of them check at least one.
CHECKERS = 2


def recovery_of(log: LogView) -> Entry | None:
    """Give the recovery papers of today: the last ones that two leads made since their keys were founded."""
    two, made = founding(log), log.every(EntryKind.RECOVERY_MADE)
    return made[-1] if two and made and made[-1].index > two[-1].index else None


def checks_of(papers: Entry, log: LogView) -> list[Entry]:
    """List the entries by which leads checked a paper of these."""
    return list(log.citing(papers.index, EntryKind.RECOVERY_CHECKED))


def unchecked(papers: Entry, checks: list[Entry]) -> list[int]:
    """Give the numbers of the papers that are still to be checked: where one lead alone checked all, another one checks the last."""
    told = {one.data["paper"]: one.seats for one in reversed(checks)}
    left = [paper for paper in range(1, len(papers.data["papers"]) + 1) if paper not in told]
    if not left and len({one for each in checks for one in each.seats}) < CHECKERS:
        return [max(told)]
    return left


def two_leads_made_them(entry: Entry, log: LogView) -> None:
    """Refuse papers that two leads did not sign with their own keys: nobody puts a key of theirs in the place of the leads' (promise 2)."""
    data = entry.data
    named = {name: data[name] for name in ("recipient", "needed", "papers")}
    signed = {one["seat"]: one["signature"] for one in data["certs"]}
    if set(signed) != set(entry.seats) or len(signed) != FOUNDERS:
        fail("exactly two leads make the recovery papers; each of them signs.")
    for seat, signature in sorted(signed.items()):
        own = signing_key(log, seat)
        if own is None or not is_signed(
            own.data["sign_key"], papers_statement(origin=log.origin, **named), signature
        ):
            fail(
                "the signature of {seat} does not stand under this key; ask that lead to sign it.",
                seat=Named(seat),
            )


def are_papers_of_their_own(entry: Entry, log: LogView) -> None:
    """Refuse what is no key, one that is on the record for something else, fewer papers than open it, and one paper twice."""
    data = entry.data
    is_a_key(data["recipient"])
    kinds = (
        EntryKind.KEY_FOUNDED,
        EntryKind.KEY_CERTIFIED,
        EntryKind.KEY_MADE,
        EntryKind.RECOVERY_MADE,
    )
    if any(one.data["recipient"] == data["recipient"] for kind in kinds for one in log.every(kind)):
        fail("this key is on the public log already; make a new one.")
    if data["needed"] > len(data["papers"]):
        malformed("no more papers are needed than there are.")
    used = {paper for one in log.every(EntryKind.RECOVERY_MADE) for paper in one.data["papers"]}
    if len(set(data["papers"])) != len(data["papers"]) or used & set(data["papers"]):
        malformed("each recovery paper is another one.")


def is_a_paper_of_today(entry: Entry, log: LogView) -> None:
    """Let one lead check one of the papers in force, and sign that: each of them once."""
    papers, now = cited(entry, "papers", log), recovery_of(log)
    if now is None or papers.index != now.index:
        fail("other papers took the place of these; check those.")
    paper = entry.data["paper"]
    if paper > len(papers.data["papers"]):
        fail("there is no such paper; look at its number.")
    seat, *others = entry.by
    if any(seat in one.seats and one.data["paper"] == paper for one in checks_of(papers, log)):
        fail("you checked this paper before; nothing more is needed.")
    statement = checked_statement(
        origin=log.origin,
        recipient=papers.data["recipient"],
        paper=paper,
        known_by=papers.data["papers"][paper - 1],
    )
    own = signing_key(log, seat)
    if others or own is None or not is_signed(own.data["sign_key"], statement, entry.data["signature"]):
        fail(
            "the signature of {seat} does not stand under this key; ask that lead to sign it.",
            seat=Named(seat),
        )


PAPERS = Cites((EntryKind.RECOVERY_MADE,))
KINDS = (
    Kind(
        name=EntryKind.RECOVERY_MADE,
        heading=_("Recovery papers of the leads"),
        sentence=_(
            "Two leads made recovery papers. Some of them together open what the leads can open. None is for the City."
        ),
        says="Two leads founded a recovery key, cut it into papers and kept nothing else of it: `needed` of them together give it back. Each is known by a hash of its 33 random bytes. Both leads signed.",
        pen="community",
        by=("seat",),
        data={
            "recipient": words(80),
            "needed": number(FEWEST, MOST),
            "papers": list_of(hex64, FEWEST, MOST),
            "certs": list_of(CERT, FOUNDERS, FOUNDERS),
        },
        rules=(founding_is_in_force, leads_have_standing, two_leads_made_them, are_papers_of_their_own),
        first=5,
        unsigned="own",
    ),
    Kind(
        name=EntryKind.RECOVERY_CHECKED,
        heading=_("A recovery paper was checked"),
        sentence=_("A lead typed the digits of a recovery paper, and they are right."),
        says="Whoever holds a recovery paper showed or read it to a lead, whose device compared it. The lead signed.",
        pen="community",
        by=("seat",),
        data={"paper": number(1, MOST), "signature": words(200)},
        cites={"papers": PAPERS},
        rules=(each_has_a_key, is_a_paper_of_today),
        first=5,
        unsigned="own",
    ),
)
