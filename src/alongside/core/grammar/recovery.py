"""The leads' recovery papers: a key that two leads founded, cut into papers of which some together open what leads can open."""

from datetime import date

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
from alongside.core.grammar.seats import is_removed, leads_have_standing, sits_until
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    all_cited,
    cited,
    fail,
    hex64,
    list_of,
    malformed,
    number,
    seat,
    words,
)
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.sealing.leads import checked_statement, is_signed, joined_statement, papers_statement
from alongside.core.sealing.recovery_papers import FEWEST, MOST
from alongside.core.words import gettext_noop as _

#: What is read of the record to tell which papers count, and whether each was checked.
READS = (
    EntryKind.KEY_FOUNDED,
    EntryKind.KEY_CERTIFIED,
    EntryKind.KEY_LOST,
    EntryKind.SEAT_TAKEN,
    EntryKind.SEAT_LEFT,
    EntryKind.SEAT_REMOVED,
    EntryKind.REMOVAL_APPEALED,
    EntryKind.REMOVAL_DECIDED,
    EntryKind.RECOVERY_MADE,
    EntryKind.RECOVERY_CHECKED,
)


def recovery_of(log: LogView, on: date) -> Entry | None:
    """Give the recovery papers that count on a day: the last ones since the leads' keys were founded, while their maker's key and place stand."""
    two, made = founding(log), log.every(EntryKind.RECOVERY_MADE)
    if not two or not made or made[-1].index < two[-1].index:
        return None
    return None if is_maker_gone(made[-1], log, on) else made[-1]


def is_maker_gone(papers: Entry, log: LogView, on: date) -> bool:
    """Say whether the lead who made papers left or was removed, or has another key or none: that lead could have kept theirs."""
    maker = papers.data["maker"]
    own = signing_key(log, maker)
    has_other = own is None or own.index > papers.index
    return has_other or on >= sits_until(log, maker) or is_removed(log, maker, on)


def checks_of(papers: Entry, log: LogView) -> list[Entry]:
    """List the entries by which leads checked a paper of these."""
    return list(log.citing(papers.index, EntryKind.RECOVERY_CHECKED))


def unchecked(papers: Entry, checks: list[Entry]) -> list[int]:
    """Give the numbers of the papers that are still to be checked; whoever made them checks none."""
    told = {one.data["paper"] for one in checks}
    return [paper for paper in range(1, len(papers.data["papers"]) + 1) if paper not in told]


def two_leads_made_them(entry: Entry, log: LogView) -> None:
    """Refuse papers that their maker did not sign, and a second lead who joined some, each with their own key (promise 2)."""
    data = entry.data
    named = {name: data[name] for name in ("recipient", "needed", "papers")}
    signed = {one["seat"]: one["signature"] for one in data["certs"]}
    if set(signed) != set(entry.seats) or len(signed) != FOUNDERS or data["maker"] not in signed:
        fail("exactly two leads make the recovery papers; each of them signs.")
    for one, signature in sorted(signed.items()):
        own = signing_key(log, one)
        statement = (papers_statement if one == data["maker"] else joined_statement)(
            origin=log.origin, **named
        )
        if own is None or not is_signed(own.data["sign_key"], statement, signature):
            fail(
                "the signature of {seat} does not stand under this key; ask that lead to sign it.",
                seat=Named(one),
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
    """Let one lead who did not make them check one of the papers in force, and sign that: each of them once."""
    papers, now = cited(entry, "papers", log), recovery_of(log, entry.date)
    if now is None or papers.index != now.index:
        fail("these papers count no more; load the reader again.")
    paper = entry.data["paper"]
    if paper > len(papers.data["papers"]):
        fail("there is no such paper; look at its number.")
    checker, *others = entry.by
    if checker == papers.data["maker"]:
        fail("you made these papers; ask another lead to check them.")
    if any(checker in one.seats and one.data["paper"] == paper for one in checks_of(papers, log)):
        fail("you checked this paper before; nothing more is needed.")
    statement = checked_statement(
        origin=log.origin,
        recipient=papers.data["recipient"],
        paper=paper,
        known_by=papers.data["papers"][paper - 1],
    )
    own = signing_key(log, checker)
    if others or own is None or not is_signed(own.data["sign_key"], statement, entry.data["signature"]):
        fail(
            "the signature of {seat} does not stand under this key; ask that lead to sign it.",
            seat=Named(checker),
        )


def whose_papers(entry: Entry, log: LogView) -> set[str]:
    """Give the seat that made the papers: whoever sits in it checks none of them from another seat either."""
    return {str(papers.data["maker"]) for papers in all_cited(entry, "papers", log)}


PAPERS = Cites((EntryKind.RECOVERY_MADE,))
KINDS = (
    Kind(
        name=EntryKind.RECOVERY_MADE,
        heading=_("Recovery papers of the leads"),
        sentence=_(
            "Two leads made recovery papers. Some of them together open what the leads can open. None is for the City."
        ),
        says="A lead, the `maker`, made a recovery key and cut it into papers: `needed` of them together give it back. Each is known by a hash of its 33 random bytes. The device of a second lead joined `needed` of them, and found that every hash is of a paper of this key. Both leads signed.",
        pen="community",
        by=("seat",),
        data={
            "maker": seat,
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
        says="A lead who did not make the papers had one typed, and their device compared it. The lead signed.",
        pen="community",
        by=("seat",),
        data={"paper": number(1, MOST), "signature": words(200)},
        cites={"papers": PAPERS},
        rules=(each_has_a_key, is_a_paper_of_today),
        beside=whose_papers,
        first=5,
        unsigned="own",
    ),
)
