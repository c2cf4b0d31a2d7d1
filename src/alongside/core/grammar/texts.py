"""Public texts: their translations, lawful erasure by two roles, and the legal hold that pauses it."""

from collections.abc import Sequence

from alongside.core.entries import SEAT, STEWARD, Entry, LogView, unit_of
from alongside.core.grammar.acts import OWN_PART
from alongside.core.grammar.bureaus import answers_for
from alongside.core.grammar.shape import (
    NO_LANGUAGE,
    Cites,
    Kind,
    cited,
    fail,
    flag,
    lang,
    malformed,
    one_of,
    since,
    words,
)
from alongside.core.grammar.ties import works_elsewhere
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.offered_statements import OfferDecision
from alongside.core.workflow.workplans import COMMUNITY, sides_of

#: Pens that leads hold, alone or together with the City.
LEADS_PENS = frozenset({"community", "both"})
#: What both sides sign in every language at once, so that nobody says it otherwise in one of them.
FROZEN = frozenset({EntryKind.ENGAGEMENT_PROMISED, EntryKind.ENGAGEMENT_CORRECTED})
#: What nobody says anew in another language later: promises, and calls, under whose words people apply.
STANDING = FROZEN | {EntryKind.CALL_PUBLISHED}
#: What an office is bound by: it does not say it anew in another language later.
BINDING = frozenset(
    {
        EntryKind.ANSWER_GIVEN,
        EntryKind.CONTEST_REPLIED,
        EntryKind.RAISE_REPLIED,
        EntryKind.COMMITMENT_MADE,
        EntryKind.DELIVERY_CLAIMED,
        EntryKind.CONSULTATION_OPENED,
    }
)
#: What signs the words of an earlier entry in its first language; what is said in another one later was not there to be signed.
SIGNATURES = (EntryKind.CHARTER_SIGNED, EntryKind.WORKPLAN_SIGNED)
#: What each side says for itself, though the pen of the kind is both: its words are that side's alone.
OF_ONE_SIDE = frozenset(
    {EntryKind.PROJECT_ASSESSED, EntryKind.WORKPLAN_ASSESSED, EntryKind.WORKPLAN_PROGRESSED}
)
#: The questions of an engagement: one text that holds every language.
FORM = "form"
#: What is brought for review, and the name by which its file is taken down.
BRINGS = EntryKind.MATERIAL_ENTERED
FILE = "file"


def whose_words(about: Entry) -> str:
    """Give whose words an entry holds: where each side says something for itself, that side's."""
    if about.kind in OF_ONE_SIDE and about.v >= 3:  # noqa: PLR2004 -- before grammar 3 they counted as the leads' too
        return "community" if about.seats else "city"
    return about.pen


def stands_beside_the_original(entry: Entry, log: LogView) -> None:
    """Refuse a translation that would take the place of what was first written, or of a pen that is not its own."""
    about = cited(entry, "of", log)
    originals = about.texts
    for name, text in entry.texts.items():
        if name not in originals:
            malformed(f"the cited entry holds no text {name} to translate; leave it out.")
        if text["lang"] == originals[name]["lang"] or text["lang"] != entry.data["lang"]:
            fail("a translation is in another language than the original; choose the language that it is in.")
    if entry.offices and whose_words(about) == "community":
        fail("the words are the community's; a lead or the program coordinator adds their translation.")


def may_translate(actor: str, about: Entry) -> bool:
    """Say whether a seat, an office or the steward translates an entry: the City's words its own unit, others no office.

    What is frozen in every language is nobody's to translate later; what an office is bound by, no office's.
    """
    if about.kind in STANDING or _is_judged(about):
        return False
    if SEAT.match(actor):
        return whose_words(about) != "city" or about.kind in BINDING
    units = sides_of(about) - {COMMUNITY}
    own = whose_words(about) == "city" and about.kind not in BINDING and unit_of(actor) in units
    return actor == STEWARD or own


def _is_judged(about: Entry) -> bool:
    """Say whether people judge these words, as two leads released them."""
    return about.kind == EntryKind.OFFER_DECIDED and about.data["decision"] == OfferDecision.RELEASED


def comes_from_its_own_side(entry: Entry, log: LogView) -> None:
    """Refuse a translation by an office of what leads wrote or signed or it is bound by, or by anyone else of what the City wrote."""
    about = cited(entry, "of", log)
    if about.kind in STANDING or all(may_translate(one, about) for one in entry.by):
        return
    if _is_judged(about):
        fail("leads released this statement in each language in which people judge it; it stands in those.")
    if about.kind in BINDING:
        if not _comes_with(entry, about, log):
            fail(
                "an office is bound by these words; a lead or the program coordinator adds their translation."
            )
        return
    if whose_words(about) == "city":
        fail("the City wrote this; the bureau that wrote it or the program coordinator adds its translation.")
    fail("these are no words of a City office; a lead or the program coordinator adds their translation.")


def is_said_as_it_is_published(entry: Entry, log: LogView) -> None:
    """Refuse to say a call in another language later: in its languages it is said as it is published, and stands."""
    about = cited(entry, "of", log)
    if about.kind != EntryKind.CALL_PUBLISHED:
        return
    if entry.data["lang"] not in about.data["languages"] or not _comes_with(entry, about, log):
        fail("people apply under the words of the call as it was published; write a dated correction.")


def _comes_with(entry: Entry, about: Entry, log: LogView) -> bool:
    """Say whether those who wrote a brief or a call say it in one more language as they open it, with nothing in between."""
    if about.kind not in {EntryKind.CONSULTATION_OPENED, EntryKind.CALL_PUBLISHED}:
        return False
    said = log.citing(about.index, entry.kind)
    at_once = entry.index == about.index + len(said) + 1 and entry.date == about.date
    return at_once and entry.by == about.by and all(one.data["lang"] != entry.data["lang"] for one in said)


def is_by_nobody_whom_its_unit_employs(entry: Entry, log: LogView) -> None:
    """Refuse a lead who works for the unit that is bound by what they would say in another language, or did since it was written."""
    works_elsewhere(entry, log, who_is_bound(entry, log), entry.cites["of"][0])


def who_is_bound(entry: Entry, log: LogView) -> frozenset[str]:
    """Give the units that are bound by what an entry would say in another language."""
    about = cited(entry, "of", log)
    return sides_of(about) if about.kind in BINDING else frozenset()


def is_of_what_was_first_written(entry: Entry, log: LogView) -> None:
    """Refuse a translation of a translation or of an address, and one beside words that a report has in that language."""
    about = cited(entry, "of", log)
    if about.kind == entry.kind:
        malformed("a translation is of words as first written; cite the entry that was first written.")
    if any(about.texts[name]["lang"] == NO_LANGUAGE for name in entry.texts if name in about.texts):
        malformed("addresses and sources are in no language; leave them as they are.")
    if about.kind == EntryKind.REPORT_PUBLISHED and entry.data["lang"] in about.texts:
        fail("the report has its own words in this language; read those, they stay.")


def is_signed_with_its_promise(entry: Entry, log: LogView) -> None:
    """Refuse other words of a promise or a correction than those both signed with it, in its languages, at once (promise 1)."""
    about, before = cited(entry, "of", log), log.get(entry.index - 1)
    if before is None or about.kind not in FROZEN:
        return
    follows = before.index == about.index or (
        before.kind == entry.kind and before.cites["of"][0] == about.index
    )
    same = set(entry.by) == set(about.by) and set(entry.texts) == set(about.texts) - {FORM}
    same = same and (entry.v < OWN_PART or entry.act.get("nonce") == about.act.get("nonce"))
    if not follows or not same or entry.data["lang"] not in unsaid_in(about, log):
        fail(
            "the words of a promise are frozen with it in every language; "
            "they change only by a correction that both sides sign."
        )


def unsaid_in(about: Entry, log: LogView) -> list[str]:
    """List the languages of its promise in which a promise or a correction has no words yet."""
    promise = about if about.kind == EntryKind.ENGAGEMENT_PROMISED else cited(about, "engagement", log)
    said = {text["lang"] for text in about.texts.values()}
    said |= {one.data["lang"] for one in log.citing(about.index, EntryKind.TEXT_TRANSLATED)}
    return [one for one in promise.data["languages"] if one not in said]


def awaited(before: Entry, log: LogView) -> tuple[int, Sequence[str]]:
    """Give the promise or correction that an entry leaves half said, and the languages that must follow; none of old ones."""
    about = cited(before, "of", log) if before.kind == EntryKind.TEXT_TRANSLATED else before
    if about.kind not in FROZEN or about.v < 2:  # noqa: PLR2004 -- grammar 1 let them follow later
        return before.index, ()
    return about.index, unsaid_in(about, log)


def is_a_leads(translation: Entry) -> bool:
    """Say whether a lead answers for the words of a translation: wrote them, or reviewed what a machine made."""
    return bool(translation.seats) and is_a_persons(translation)


def is_a_persons(translation: Entry) -> bool:
    """Say whether a person answers for the words of a translation: wrote them, or reviewed what a machine made."""
    told = translation.data
    return bool(told["reviewed"] or told["made_by"] == "person")


def leaves_a_leads_words(entry: Entry, log: LogView) -> None:
    """Refuse to put the steward's words in the place of a lead's translation, except of the City's words (promise 3)."""
    # A translation that was taken down counts too: otherwise two city roles could make room for the steward's words.
    about = cited(entry, "of", log)
    if entry.seats or whose_words(about) == "city":
        return
    there = [one for one in log.citing(about.index, entry.kind) if one.data["lang"] == entry.data["lang"]]
    stands = {name: one for one in there for name in one.texts}
    if any(name in stands and is_a_leads(stands[name]) for name in entry.texts):
        fail("a lead wrote or reviewed these words in this language; ask a lead to change them.")


def needs_a_lead(about: Entry, log: LogView) -> bool:
    """Say whether only leads change a translation that a person stands for: leads wrote or signed the words, or they bind an office."""
    return COMMUNITY in owners_of(about, log)


def leaves_what_needs_a_lead(entry: Entry, log: LogView) -> None:
    """Refuse other words of the steward for what leads wrote or signed or an office is bound by, where a person stands for them."""
    about = cited(entry, "of", log)
    if entry.seats or not needs_a_lead(about, log):
        return
    there = [one for one in log.citing(about.index, entry.kind) if one.data["lang"] == entry.data["lang"]]
    if any(is_a_persons(one) and set(one.texts) & set(entry.texts) for one in there):
        fail("a person stands for these words in this language; ask a lead to change them.")


def owners_of(about: Entry, log: LogView) -> frozenset[str]:
    """Name the sides of which one must agree before a text is taken down.

    The leads, where they wrote, signed or translated it, and where it is the ground of a take-down, a pause or a hold; the
    units, where the City wrote it, or who answers for one that was merged away; nobody, where the steward did. The leads and
    the unit, both, where an office is bound by it.
    """
    first, seats = about, list(about.seats)
    while first.kind == EntryKind.TEXT_TRANSLATED:
        first = cited(first, "of", log)
        seats += first.seats
    units = frozenset(answers_for(one, log) for one in sides_of(first) - {COMMUNITY})
    if first.kind in BINDING:
        return frozenset({COMMUNITY}) | units
    signed = [seat for one in log.citing(first.index, EntryKind.CHARTER_SIGNED) for seat in one.seats]
    is_ground = "ground" in first.texts
    return (
        frozenset({COMMUNITY}) if whose_words(first) in LEADS_PENS or seats or signed or is_ground else units
    )


KINDS = (
    Kind(
        name=EntryKind.TEXT_TRANSLATED,
        heading=_("A translation"),
        says="A translation of an entry's texts: who made it, and whether a person has reviewed it.",
        pen="program",
        by=("steward", "seat", "office"),
        data={"lang": lang, "reviewed": flag, "made_by": one_of("machine", "person")},
        cites={"of": Cites(("*",))},
        was={"data": {"lang": words(12)}},
        any_text=r"[a-z0-9_][a-z0-9_-]*",
        rules=(
            stands_beside_the_original,
            since(2, is_of_what_was_first_written),
            since(2, is_signed_with_its_promise),
            since(2, comes_from_its_own_side),
            since(2, leaves_a_leads_words),
            since(2, leaves_what_needs_a_lead),
            since(2, is_by_nobody_whom_its_unit_employs),
            since(3, is_said_as_it_is_published),
        ),
        beside=who_is_bound,
        unsigned="again",
    ),
)
