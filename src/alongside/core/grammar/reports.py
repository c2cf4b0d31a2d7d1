"""The report-back: what came of it, for the people who spoke, in each language of the engagement."""

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.engagements import (
    ENGAGEMENT,
    intake_is_over,
    taken_down,
    who_promised,
)
from alongside.core.grammar.seats import leads_have_standing
from alongside.core.grammar.shape import (
    OLD_LANGUAGES,
    Cites,
    Kind,
    all_cited,
    cited,
    fail,
    languages,
    malformed,
    since,
)
from alongside.core.grammar.ties import leave_it_to_others
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Tongue
from alongside.core.words import gettext_noop as _


def has_every_language(entry: Entry, log: LogView) -> None:
    """Refuse a report-back whose texts do not match its languages, or that lacks a promised one (promise 7)."""
    if sorted(entry.texts) != sorted(set(entry.data["languages"])):
        fail(
            "each language of the report-back needs its own words; write those that lack, and leave others out."
        )
    promise = cited(entry, "engagement", log)
    lacking = sorted(set(promise.data["languages"]) - set(entry.texts))
    if lacking:
        fail(
            "the report-back lacks {languages}; write it in every language of the engagement.",
            languages=[Tongue(one) for one in lacking],
        )


def says_each_in_its_own_language(entry: Entry, _log: LogView) -> None:
    """Refuse words that stand under a language and are said to be in another one (promise 7)."""
    if any(text["lang"] != name for name, text in entry.texts.items()):
        malformed("a report-back says each language in that language.")


def covers_its_own(entry: Entry, log: LogView) -> None:
    """Let people hear back of what their own engagement led to, and anew only once words of that were taken down (promise 7)."""
    told = log.citing(entry.cites["engagement"][0], entry.kind)
    if told and not taken_down(told[-1], log):
        fail("people have heard back already; nothing more is needed.")
    for covered in all_cited(entry, "covers", log):
        own = covered.cites.get("engagement", entry.cites["engagement"])
        if own != entry.cites["engagement"]:
            fail("this report covers what is of another engagement; leave it out.")


def is_by_no_lead_of_its_unit(entry: Entry, log: LogView) -> None:
    """Leave the report-back to leads whom the bureau that promised neither pays nor employs, nor did since (promise 7)."""
    promise = cited(entry, "engagement", log)
    leave_it_to_others(entry, log, who_promised(promise, log), promise.index)


KINDS = (
    Kind(
        name=EntryKind.REPORT_PUBLISHED,
        heading=_("What came of it"),
        did=_("reported back"),
        says="What came of it, in every language of the engagement, on one page.",
        pen="community",
        by=("seat",),
        signed=4,
        data={"languages": languages},
        cites={
            **ENGAGEMENT,
            "covers": Cites(
                (EntryKind.ASK_RECOMMENDED, EntryKind.ASK_QUESTIONED, EntryKind.FINDING_PUBLISHED), 0, 200
            ),
        },
        any_text=r"[a-z]{2,3}(-[a-zA-Z]{2,4})?",
        was={"data": OLD_LANGUAGES},
        rules=(
            has_every_language,
            since(2, says_each_in_its_own_language),
            since(2, covers_its_own),
            since(2, intake_is_over),
            since(2, leads_have_standing),
            since(2, is_by_no_lead_of_its_unit),
        ),
        beside=who_promised,
    ),
)
