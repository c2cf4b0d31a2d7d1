"""What an entry is in words: one line of a list, or a sentence where it holds no words of its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from alongside.core.disclosure import Fewer, band_of_data
from alongside.core.entries import Entry
from alongside.core.grammar.kinds import KINDS as GRAMMAR
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.policy.pack import Pack
from alongside.ground.record.labels import KINDS, PENS, text_called
from alongside.ground.record.queries import EntryList, EntryView, TextView
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.templatetags.ui import as_seat, in_words, money

#: Which text says best, in a list, what an entry is about.
HEADINGS = (
    "title",
    "name",
    "decision",
    "statement",
    "ask",
    "reasons",
    "contest",
    "reply",
    "claim",
    "check",
    "reason",
)
LONGEST = 140


@dataclass(frozen=True)
class Row:
    """One line of a list of entries."""

    index: int
    date: date
    kind: str
    label: str
    pen: str
    mark: tuple[str, str]
    about: str
    lang: str
    leaf: str
    is_signed: bool

    @classmethod
    def of(
        cls,
        told: EntryView,
        leaf: str,
        pack: Pack,
        lang: str,
        *,
        signed: bool,
        titles: Mapping[str | int, TextView],
    ) -> "Row":
        """Make the line of an entry; `titles` names what entries without words are about."""
        entry = told.entry
        about, about_lang = about_of(told, pack, lang, titles)
        return cls(
            index=entry.index,
            date=entry.date,
            kind=entry.kind,
            label=str(KINDS[entry.kind]),
            pen=str(PENS[entry.pen]),
            mark=GRAMMAR[entry.kind].mark,
            about=about,
            lang=about_lang,
            leaf=leaf,
            is_signed=signed,
        )


def about_of(told: EntryView, pack: Pack, lang: str, titles: Mapping[str | int, TextView]) -> tuple[str, str]:
    """Say in a few words what an entry is about, with the language of the words."""
    heading = heading_of(told)
    if heading[0]:
        return heading
    title = titles.get(_engagement_of(told))
    if title:
        return _short(title.words), title.lang
    office = told.entry.data.get("office") or next(iter(told.entry.offices), "")
    if office:
        return pack.office_title(office, lang), lang
    if told.entry.kind == EntryKind.TEXT_TRANSLATED:
        code = told.entry.data["lang"]
        return str(LANG_INFO.get(code, {}).get("name_local", code)), code
    cited = titles.get(_cited_by(told))
    if cited:
        return _short(cited.words), cited.lang
    subject = next(
        (told.entry.data[name] for name in ("engagement", "seat", "cohort") if name in told.entry.data), ""
    )
    named = as_seat(str(subject))
    return named, "en" if named == subject else lang


def heading_of(told: EntryView) -> tuple[str, str]:
    """Give the words by which an entry is best known, cut short, with their language; empty where it has none."""
    name = next((one for one in HEADINGS if told.say(one)), "")
    return _short(told.say(name)), told.lang(name)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def named_in(told: Iterable[EntryView]) -> set[str | int]:
    """Name what entries are about: an engagement by its slug or its promise, else the first entry that they cite."""
    return {name for one in told for name in (_engagement_of(one), _cited_by(one))} - {""}


def _engagement_of(told: EntryView) -> str | int:
    slug = told.entry.data.get("engagement", "")
    return slug or next(iter(told.entry.cites.get("engagement", ())), "")


def _cited_by(told: EntryView) -> str | int:
    return next((index for cited in told.entry.cites.values() for index in cited), "")


def rows_of(
    found: EntryList, pack: Pack, lang: str, signed: int, titles: Mapping[str | int, TextView]
) -> list[Row]:
    """Make the lines of a page of entries; those at or above the signed head are not yet signed."""
    return [
        Row.of(told, found.leaves[told.index], pack, lang, signed=told.index < signed, titles=titles)
        for told in found.told
    ]


#: What an entry without words says. `%(day)s` is the day on which what is late was due.
SENTENCES: dict[str, str | Promise] = {
    EntryKind.POLICY_ADOPTED: gettext_lazy("These are the rules of the program from this day on."),
    EntryKind.CLOCK_AGREED: gettext_lazy(
        "The clock had jumped. It goes on from this day: somebody else confirmed it."
    ),
    EntryKind.INVITATION_UNANSWERED: gettext_lazy("No lead took it by its day. A lead may still take it."),
    EntryKind.COHORT_ENDED: gettext_lazy(
        "The term of a cohort is over. The next cohort watches what it asked."
    ),
    EntryKind.SEAT_TAKEN: gettext_lazy("Someone sits in the cohort. The record tells no name."),
    EntryKind.SEAT_DECLARED: gettext_lazy(
        "Who pays a seat, or for which bureau its lead works beside it, was told anew."
    ),
    EntryKind.SEAT_LEFT: gettext_lazy("A lead left their seat."),
    EntryKind.SEAT_SUSPENDED: gettext_lazy("A seat cannot act until it is restored."),
    EntryKind.SEAT_RESTORED: gettext_lazy("A suspended seat can act again."),
    EntryKind.KEY_FOUNDED: gettext_lazy("A lead brought one of the two first keys of the leads."),
    EntryKind.KEY_CERTIFIED: gettext_lazy("Two leads say that this is the key of this seat."),
    EntryKind.CHARTER_SIGNED: gettext_lazy("One side signed the words of the charter."),
    EntryKind.MEETING_CHANGED: gettext_lazy("A meeting was moved to another day, or cancelled."),
    EntryKind.VACANCY_OPENED: gettext_lazy("A seat that nobody has taken is empty."),
    EntryKind.ROLE_CHANGED: gettext_lazy("A lead took or laid down a role in the cohort."),
    EntryKind.SEAT_REMOVED: gettext_lazy("A seat was removed. The lead can appeal."),
    EntryKind.REMOVAL_APPEALED: gettext_lazy(
        "The lead whose seat was removed appeals. Why is not on the record."
    ),
    EntryKind.REMOVAL_DECIDED: gettext_lazy("The appeal of a removal is decided."),
    EntryKind.LOTTERY_DRAWN: gettext_lazy("The lottery was drawn. Its tickets name nobody."),
    EntryKind.TRAINING_COMPLETED: gettext_lazy(
        "We tell as a range how many people completed training, so that no one can be picked out."
    ),
    EntryKind.PAY_BUDGETED: gettext_lazy("This is what a cohort may be paid in all."),
    EntryKind.PAY_TOTALED: gettext_lazy(
        "This is what a cohort was paid in whole quarters. It never says who."
    ),
    EntryKind.PROJECT_DESCRIBED: gettext_lazy("A unit told facts of its project."),
    EntryKind.PROJECT_JOINED: gettext_lazy("A lead works on a project."),
    EntryKind.PROJECT_LEFT: gettext_lazy("A lead no longer works on a project."),
    EntryKind.INVITATION_TAKEN: gettext_lazy("Leads said yes to a unit that asked for help."),
    EntryKind.WORKPLAN_SIGNED: gettext_lazy("The other side signed the same words of a workplan."),
    EntryKind.WORKPLAN_PROGRESSED: gettext_lazy("One side says how far an activity of a workplan is."),
    EntryKind.KEY_MADE: gettext_lazy("The leads made the key with which they open voices."),
    EntryKind.KEY_TESTED: gettext_lazy("A lead opened a test voice with the key."),
    EntryKind.KEY_SHARED: gettext_lazy("One more lead can open voices with the key."),
    EntryKind.KEY_DESTROYED: gettext_lazy(
        "The leads destroyed the key. What is still sealed can never be read."
    ),
    EntryKind.ENGAGEMENT_PAUSED: gettext_lazy("Nobody can speak here until it is open again."),
    EntryKind.ENGAGEMENT_RESUMED: gettext_lazy("People can speak again."),
    EntryKind.ENGAGEMENT_CLOSED: gettext_lazy("It is closed: people have heard back in every language."),
    EntryKind.VOICES_CLOSED: gettext_lazy(
        "The last voices are in. We say how many were published, and give ranges where a number could point at someone."
    ),
    EntryKind.ASK_ACKNOWLEDGED: gettext_lazy("The office says that it has this and will see to it."),
    EntryKind.ASK_ESCALATED: gettext_lazy("No answer had come by the day, so the office above was told."),
    EntryKind.ANSWER_UNREASONED: gettext_lazy("The leads say that this answer gives no reasons."),
    EntryKind.LEARNING_ASKED: gettext_lazy(
        "A bureau that is new here asks for its first 90 days to learn. It counts only if a lead agrees."
    ),
    EntryKind.LEARNING_AGREED: gettext_lazy(
        "A lead agreed that a bureau may learn. Its clocks run; what is late is told after its last day."
    ),
    EntryKind.CONTEST_SILENT: gettext_lazy("The leads contested an answer. No reply had come by the day."),
    EntryKind.RAISE_SILENT: gettext_lazy("The office above had written nothing by the day."),
    EntryKind.DELIVERY_UNCHECKED: gettext_lazy(
        "The City says that a milestone is done. Two leads had not checked it by the day."
    ),
    EntryKind.TEXT_ERASED: gettext_lazy(
        "A text, or a file, was taken down on a legal ground. Its hash stays and explains the gap."
    ),
    EntryKind.ROW_ERASED: gettext_lazy(
        "A row from a file was taken down on a legal ground. Its hash stays and explains the gap."
    ),
    EntryKind.HOLD_PLACED: gettext_lazy(
        "Nothing is erased and no key is destroyed until this hold is lifted."
    ),
    EntryKind.HOLD_LIFTED: gettext_lazy("A legal hold no longer stands."),
}
#: The same where the entry counts something, by the kind, with what it counts.
COUNTED: dict[str, tuple[Promise, Callable[[Mapping[str, Any]], int]]] = {
    EntryKind.ASK_SILENT: (
        ngettext_lazy(
            "An answer was due on %(day)s. %(n)d day later, none had come.",
            "An answer was due on %(day)s. %(n)d days later, none had come.",
            "n",
        ),
        lambda data: data["days"],
    ),
    EntryKind.COMMITMENT_LATE: (
        ngettext_lazy(
            "A milestone was due on %(day)s. %(n)d day later, the City had not said that it is done.",
            "A milestone was due on %(day)s. %(n)d days later, the City had not said that it is done.",
            "n",
        ),
        lambda data: data["days"],
    ),
    EntryKind.VACANCY_LATE: (
        ngettext_lazy(
            "A seat was empty from %(day)s on. %(n)d day later, nobody sat in it.",
            "A seat was empty from %(day)s on. %(n)d days later, nobody sat in it.",
            "n",
        ),
        lambda data: data["days"],
    ),
    EntryKind.VOICES_PUBLISHED: (
        ngettext_lazy(
            "The marks of %(n)d sealed voice are on the record. A mark tells nobody what a voice says; a receipt finds its own.",
            "The marks of %(n)d sealed voices are on the record. A mark tells nobody what a voice says; a receipt finds its own.",
            "n",
        ),
        lambda data: len(data["marks"]),
    ),
    EntryKind.VOICES_OPENED: (
        ngettext_lazy(
            "The leads opened %(n)d voice. Two leads signed the list.",
            "The leads opened %(n)d voices. Two leads signed the list.",
            "n",
        ),
        lambda data: len(data["marks"]),
    ),
}


def sentence(entry: Entry) -> str:
    """Say in a sentence what an entry says that has no words but its ground, in the reader's language; nothing of others."""
    if set(entry.texts) - {"ground"}:
        return ""
    if entry.kind not in COUNTED:
        return str(SENTENCES.get(entry.kind, ""))
    words, count = COUNTED[entry.kind]
    n = count(entry.data)
    since = entry.date - timedelta(days=entry.data.get("days", 0))
    return str(words % {"n": n, "day": day_in_words(since)})


#: What the days of a promise are called where one of them was corrected.
CORRECTED: dict[str, str | Promise] = {
    "closes": gettext_lazy("The last day to speak"),
    "report_back": gettext_lazy("The day by which people hear back"),
    "answer_by": gettext_lazy("The day by which the unit answers"),
}


@dataclass(frozen=True)
class Naming:
    """Writes the facts of an entry without words: its office, its milestone, its ranges and sums."""

    pack: Pack
    lang: str
    cited: Mapping[int, EntryView]

    def facts(self, entry: Entry) -> list[tuple[str, object]]:
        """List what an entry without words names, each with its term; empty ones are left out by the page."""
        data = entry.data
        if entry.texts:
            return []
        return [
            (_("Office"), self._office(data.get("office"))),
            (_("The office above"), self._office(data.get("to"))),
            (_("Milestone"), self._milestone(entry)),
            (_("People"), _range(data.get("voices") or data.get("people"))),
            (_("Seat"), as_seat(str(data.get("seat", "")))),
            (_("Amount"), _sum(data)),
        ]

    def corrected(self, entry: Entry) -> list[tuple[str, object]]:
        """Say what a correction of a promise corrects: which text or day, and of a day the first and the new one."""
        if entry.kind != EntryKind.ENGAGEMENT_CORRECTED:
            return []
        about = str(entry.data["about"])
        promise = self.cited.get(next(iter(entry.cites["engagement"]), -1))
        first = promise.entry.data.get(about) if promise else None
        return [
            (_("What was corrected"), str(CORRECTED.get(about) or text_called(about))),
            (_("First promised"), day_in_words(first) if about in CORRECTED else ""),
            (_("The new day"), day_in_words(entry.data.get(about))),
        ]

    def _office(self, public_id: str | None) -> str:
        return self.pack.office_title(public_id, self.lang) if public_id else ""

    def _milestone(self, entry: Entry) -> str:
        commitment = self.cited.get(next(iter(entry.cites.get("commitment", ())), -1))
        name = str(entry.data.get("milestone", ""))
        words = commitment.say(name) if commitment and name else ""
        return (
            format_html("<span{}>{}</span>", in_words(commitment.lang(name)), words)
            if commitment and words
            else ""
        )


def _range(data: Any) -> str:
    if data is None:
        return ""
    found = band_of_data(data)
    if isinstance(found, Fewer):
        return _("Fewer people than we show")
    if found.low == found.high:
        return number_format(found.low, force_grouping=True)
    return _("Between %(low)d and %(high)d") % {"low": found.low, "high": found.high}


def _sum(data: Mapping[str, Any]) -> str:
    currency = data.get("currency")
    ends = [data[name] for name in ("amount", "low", "high") if name in data] if currency else []
    return " – ".join(dict.fromkeys(money(Money.of(str(one), str(currency))) for one in ends))
