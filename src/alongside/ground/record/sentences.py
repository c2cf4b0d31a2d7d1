"""What an entry is in words: one line of a list, or a sentence where it holds no words of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.core.disclosure import Fewer, band_of_data
from alongside.core.entries import Entry
from alongside.core.grammar.commitments import said_by
from alongside.core.grammar.versions import KINDS as GRAMMAR
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.policy.pack import Pack
from alongside.core.sealing.recovery_papers import set_of
from alongside.core.workflow.asks import ASK_KINDS
from alongside.ground.record.labels import OFFER_REASONS, PENS, called, text_called
from alongside.ground.record.queries import EntryList, EntryView, Packs, TextView
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import dot, in_readers_words, listed
from alongside.ground.ui.numbers import money
from alongside.ground.ui.templatetags.ui import as_seat, in_words

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
        alone = entry.kind == EntryKind.ENGAGEMENT_PROMISED and entry.data["community"]
        return cls(
            index=entry.index,
            date=entry.date,
            kind=entry.kind,
            label=called(entry),
            pen=str(PENS["community" if alone else entry.pen]),
            mark=("community", "") if alone else GRAMMAR[entry.kind].mark,
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
    subject = str(next((told.entry.data[name] for name in ("seat", "cohort") if name in told.entry.data), ""))
    # The address of a question that is not promised yet says nothing to a reader.
    named = _("Question to the public") if "engagement" in told.entry.data else as_seat(subject)
    return named, "en" if named == subject else lang


def with_names(told: EntryView, pack: Pack, lang: str) -> EntryView:
    """Give an entry with who said it at each text that one of two said alone."""
    said = {
        name: pack.office_title(actor, lang) if "/" in actor else as_seat(actor)
        for name, actor in said_by(told.entry).items()
    }
    return replace(
        told, texts={name: replace(one, who=said.get(name, "")) for name, one in told.texts.items()}
    )


def with_due(told: EntryView) -> EntryView:
    """Give an entry with the day of each thing that it promises; any other as it is."""
    if told.entry.kind != EntryKind.COMMITMENT_MADE:
        return told
    due = {
        one["id"]: _("Due %(day)s") % {"day": day_in_words(one["due"])}
        for one in told.entry.data["milestones"]
    }
    return replace(
        told, texts={name: replace(one, who=due.get(name, "")) for name, one in told.texts.items()}
    )


def heading_of(told: EntryView, milestone: str = "") -> tuple[str, str]:
    """Give the words by which an entry is best known, cut short, with their language; empty where it has none.

    Of a promise of several milestones, those of the one that is meant.
    """
    promised = [one["id"] for one in told.entry.data.get("milestones", ())]
    name = next((one for one in (milestone, *HEADINGS, *promised) if one and told.say(one)), "")
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
    found: EntryList, packs: Packs, lang: str, signed: int, titles: Mapping[str | int, TextView]
) -> list[Row]:
    """Make the lines of a page of entries; those at or above the signed head are not yet signed."""
    return [
        Row.of(
            told,
            found.leaves[told.index],
            packs.at(told.index),
            lang,
            signed=told.index < signed,
            titles=titles,
        )
        for told in found.told
    ]


def together(rows: Iterable[Row]) -> list[list[Row]]:
    """Part lines into those that stand by themselves and the translations of a day that follow one another: one line for all of them."""
    alike = groupby(rows, key=lambda one: one.date if one.kind == EntryKind.TEXT_TRANSLATED else one.index)
    return [list(own) for _what, own in alike]


def sentence(entry: Entry, disputed: int | None = None) -> str:
    """Say in a sentence what an entry says that has no words but its ground, in the reader's language; nothing of others.

    `disputed` is the entry by which those who looked did not agree with the last claim before one that tells a delay.
    """
    if set(entry.texts) - {"ground"}:
        return ""
    kind, days = GRAMMAR[entry.kind], entry.data.get("days", 0)
    if kind.counted is None:
        own = kind.on_ground.get(str(entry.data.get("ground", "")), kind.sentence)
        return _(own) if own else ""
    n = days or len(entry.data["marks"])
    told = {"n": n, "day": day_in_words(entry.date - timedelta(days=days)), "entry": disputed}
    if disputed is None:
        return ngettext(*kind.counted, n) % told
    words = ngettext(
        "A promise was due on %(day)s. The City said that it is done. Those who looked said that it is not (entry %(entry)s). "
        "%(n)d day after it was due, it did not count as kept.",
        "A promise was due on %(day)s. The City said that it is done. Those who looked said that it is not (entry %(entry)s). "
        "%(n)d days after it was due, it did not count as kept.",
        n,
    )
    return words % told


#: What the days of a promise are called where one of them was corrected.
CORRECTED: dict[str, str | Promise] = {
    "closes": gettext_lazy("The last day to speak"),
    "report_back": gettext_lazy("The day by which people hear back"),
    "answer_by": gettext_lazy("The day by which the bureau answers"),
}


COPIES_GONE = gettext_lazy("The last locked copies in backups are gone by")


@dataclass(frozen=True)
class Naming:
    """Writes the facts of an entry without words: its office, its milestone, its ranges and sums."""

    pack: Pack
    lang: str
    cited: Mapping[int, EntryView]

    def facts(self, entry: Entry) -> list[tuple[str, object]]:
        """List what an entry without words names, each with its term; empty ones are left out by the page."""
        data = entry.data
        if entry.kind == EntryKind.COMMITMENT_MADE:
            return [(_("Office"), self._office(data["office"]))]
        if entry.kind == EntryKind.ASK_EXTENDED:
            return [(_("Answer by"), day_in_words(data["until"]))]
        if entry.kind in ASK_KINDS:
            return [
                (_("Office"), self._office(data["office"])),
                (_("Answer by"), day_in_words(data["answer_due"])),
            ]
        if entry.texts:
            return []
        return [
            (_("Office"), self._office(data.get("office"))),
            (_("The office above"), self._office(data.get("to"))),
            (_("What was promised"), self._milestone(entry)),
            (_("People"), _range(data.get("voices") or data.get("people"))),
            (_("Place"), as_seat(str(data.get("seat", "")))),
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

    def promised(self, entry: Entry) -> list[tuple[str, object]]:
        """Say who signed a promise, what they promised, and how long what people say is kept; nothing of other entries."""
        data = entry.data
        if entry.kind != EntryKind.ENGAGEMENT_PROMISED:
            return []
        kept, days = data.get("voices_kept_until"), data.get("backup_days")
        gone = date.fromisoformat(kept) + timedelta(days=days) if kept and days else None
        level = None if data["community"] else self.pack.level(data["level"])
        return [
            (_("Signed by"), dot().join([*map(as_seat, entry.seats), *map(self._office, entry.offices)])),
            (_("Level of participation"), level.name.say(self.lang) if level else ""),
            (_("Last day to speak"), day_in_words(data["closes"])),
            (_("People hear back by"), day_in_words(data["report_back"])),
            (_("Answer by"), day_in_words(data.get("answer_by"))),
            (_("Day of the decision"), day_in_words(data.get("decided_on"))),
            (_("Languages"), listed(map(in_readers_words, data["languages"]))),
            (_("No number below this is told"), number_format(data["k"])),
            (_("Voices are kept until"), day_in_words(kept)),
            (str(COPIES_GONE), day_in_words(gone)),
        ]

    def backups(self, entry: Entry) -> list[tuple[str, object]]:
        """Say of a destroyed key by which day its promise has the last copies gone from backups; nothing of other entries."""
        promise = self.cited.get(next(iter(entry.cites.get("engagement", ())), -1))
        if entry.kind != EntryKind.KEY_DESTROYED or promise is None:
            return []
        days = promise.entry.data.get("backup_days")
        gone = entry.date + timedelta(days=days) if days else None
        return [(str(COPIES_GONE), day_in_words(gone))]

    @staticmethod
    def offered(entry: Entry) -> list[tuple[str, object]]:
        """Say of a statement that somebody offered which leads decided, why it stays out, and which number it has or joins; nothing of other entries."""
        if entry.kind != EntryKind.OFFER_DECIDED:
            return []
        number = str(entry.data.get("statement", ""))[1:]
        return [
            (_("Why"), str(OFFER_REASONS.get(entry.data.get("reason", ""), ""))),
            (_("Decided by"), listed(as_seat(one) for one in entry.seats)),
            (_("Number among the statements"), number),
        ]

    @staticmethod
    def papers(entry: Entry) -> list[tuple[str, object]]:
        """Say of recovery papers how many there are, how many open a key, and which set they are; of a check, which paper; nothing of other entries."""
        data = entry.data
        if entry.kind == EntryKind.RECOVERY_CHECKED:
            return [(_("Which paper"), str(data["paper"]))]
        if entry.kind != EntryKind.RECOVERY_MADE:
            return []
        return [
            (_("How many papers"), str(len(data["papers"]))),
            (_("How many of them open a key"), str(data["needed"])),
            (_("Their set"), set_of(data["recipient"])),
        ]

    @staticmethod
    def reply_due(entry: Entry) -> list[tuple[str, object]]:
        """Say by which day the City must reply to a contest, or to a question that was raised; nothing of other entries."""
        return [(_("The City must reply by"), day_in_words(entry.data.get("reply_due")))]

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
