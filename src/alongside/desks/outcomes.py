"""What came of one question, as `follow` shows it: the answer in three sentences, and a card for each promise that was kept, also as a poster and to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.grammar.commitments import LOOKED
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import PROMISES, Decision
from alongside.core.workflow.commitments import MilestoneStage
from alongside.core.workflow.engagements import EngagementStage
from alongside.desks import stage_words
from alongside.desks.leaflets import Piece, in_page, leaflet, message, piece, sheet
from alongside.desks.thread_page import Timeline
from alongside.ground.record.labels import days_to_hear, where_it_stands
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import TextView
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import dot, in_readers_words, listed, semicolon

#: So many words of a text are quoted in a sentence or on a card; the whole text is on the same page.
MOST_WORDS = 40
#: So many things are told by name; of more, how many there are. So many of them are told with their reasons.
MOST_NAMED, MOST_REASONS = 6, 2
#: What ends a sentence by itself: the name of a question may come last.
ENDS = "?!؟"


@dataclass(frozen=True)
class Quote:
    """Words of the record, who says them, and where the whole of them stands on the page."""

    who: str
    words: TextView | None
    href: str

    @property
    def shown(self) -> str:
        """Give the words, cut where they are long."""
        return Truncator(self.words.words).words(MOST_WORDS) if self.words else ""

    @property
    def is_cut(self) -> bool:
        """Say whether there are more words than are shown."""
        return self.words is not None and self.shown != self.words.words


@dataclass(frozen=True)
class Short:
    """One of the three sentences: its heading, whose pen, the words of the record if there are any, and what is said of them."""

    heading: str
    pen: str
    quotes: Sequence[Quote]
    text: str

    @property
    def from_others(self) -> list[tuple[str, bool]]:
        """Say once of all these words from which languages they were translated, and whether a person reviewed that."""
        return _from_others(self.quotes)


@dataclass(frozen=True)
class Kept:
    """One thing that was promised and kept: the City's words for it, how late it came, who looked and when, and what they saw."""

    quote: Quote
    looked: str
    seen: Quote


@dataclass(frozen=True)
class Because:
    """A promise that was kept: what people said, what the City changed, who looked, and what of it is not kept."""

    ask: int
    said: Sequence[Quote]
    kept: Sequence[Kept]
    #: What of the same promise is not kept, so that a card never says more than was checked; empty where all of it is.
    rest: str

    @property
    def href(self) -> str:
        """Give the place on the page that tells how it was checked."""
        return f"#kept-{self.ask}"

    @property
    def from_others(self) -> list[tuple[str, bool]]:
        """Say the same once of all words of the card."""
        return _from_others([*self.said, *(part for one in self.kept for part in (one.quote, one.seen))])


class WhatCame(Timeline):
    """Says of one thread, in the words of the record, what came of it."""

    def in_short(self) -> list[Short]:
        """Give the three sentences: what the leads heard, what the City answered, what was done."""
        return [self._what_was_heard(), self._what_was_answered(), self._what_was_done()]

    def four_parts(self) -> list[Short]:
        """Give what people were asked, and the three sentences; the page, the one page on paper and the message are made of these."""
        title = self.thread.first.texts.get("title")
        return [Short(_("What we asked"), "community", [Quote("", title, "")], ""), *self.in_short()]

    def _what_was_heard(self) -> Short:
        larger = [one for one in self.findings if not one.entry.data["smaller"]]
        smaller = [one for one in self.findings if one.entry.data["smaller"]]
        quotes = [
            Quote(who, one.texts.get("statement"), f"#finding-{one.index}")
            for who, found in (("", larger), (_("A smaller group sees it differently:"), smaller))
            for one in found[:1]
        ]
        more = len(self.findings) - len(quotes)
        words = ngettext("They heard %(n)d more thing.", "They heard %(n)d more things.", more)
        said = words % {"n": more} if more else ""
        course = self.thread.course(self.thread.first)
        is_ahead = not course.report and self.today <= course.report_back
        if not quotes:
            said = stage_words.hearing_words(course, self.today)
            is_ahead = (
                is_ahead and course.state(self.today) != EngagementStage.ENDED
            )  # that says the day itself
        text = " ".join(filter(None, [said, self._days_to_hear()[0] if is_ahead else ""]))
        return Short(_("What the leads heard"), "community", quotes, text)

    def _what_was_answered(self) -> Short:
        asks, is_alone = self.thread.asks, bool(self.thread.first.entry.data["community"])
        if not asks:
            alone = [_("The City has promised nothing.")] if is_alone else []
            text = " ".join(
                filter(None, [_("Nothing was asked of the City yet."), *alone, self._days_to_hear()[1]])
            )
        elif len(asks) == 1:
            text = where_it_stands(asks[0], (), self.today)
            objected = self._objected(asks[0])
            text = f"{text} {capfirst(objected)}." if objected else text
        elif len(asks) > MOST_NAMED:
            text = stage_words.asked_words(asks, self.today)
        else:
            quotes, text = self._answered_by_name(asks)
            return Short(_("What the City answered"), "city", [*self._decided(), *quotes], text)
        return Short(_("What the City answered"), "city", self._decided(), text)

    def _decided(self) -> list[Quote]:
        """Quote what was decided, where the public log tells it."""
        made = self.decision_made()
        if made is None:
            return []
        on = day_in_words(date.fromisoformat(made.entry.data["on"]))
        return [
            Quote(
                _("Decided on %(day)s:") % {"day": on},
                made.texts.get("outcome"),
                self.entry_page(index=made.index),
            )
        ]

    def _days_to_hear(self) -> tuple[str, str]:
        """Say when people hear back; apart from it, when it is decided and the bureau answers."""
        course = self.thread.course(self.thread.first)
        return days_to_hear(course, self._decision_ahead(), self.today)

    def _decision_ahead(self) -> date | None:
        """Give the day of the decision, as it was named or moved last, while it is to come and nothing is decided."""
        last = max(self.thread.before.items(), default=None)
        if last is None or last[1].entry.kind == EntryKind.DECISION_MADE:
            return None
        day = date.fromisoformat(last[1].entry.data["on"])
        return day if day >= self.today else None

    def _answered_by_name(self, asks: Sequence[Standing]) -> tuple[list[Quote], str]:
        """Name what was asked with what became of it; of what was declined, then of what was accepted, say why."""
        no = [one for one in asks if one.decision == Decision.DECLINED][:MOST_REASONS]
        yes = [one for one in asks if one.decision in PROMISES][:MOST_REASONS]
        quotes = []
        for one in (*no, *yes):
            on, why = self._reasons(one)
            heading = f"{stage_words.asked_word(one, self.today)}{on}: {self._title(one)}"
            quotes += [Quote(heading, why, f"#ask-{one.ask}"), *self._objection(one)]
        rest = []
        for one in (one for one in asks if one not in (*no, *yes)):
            notes = semicolon().join(filter(None, [self._objected(one), self._by_when(one)]))
            name = f"{self._title(one)} ({notes})" if notes else self._title(one)
            rest.append((stage_words.asked_word(one, self.today), name))
        return quotes, f"{_named(rest)}{stage_words.more_time_words(asks)}"

    def _reasons(self, one: Standing) -> tuple[str, TextView | None]:
        """Give the day and the words of the answer that counts: that of a reply, where it gave another one."""
        answer, reply = self.thread.at(one.answer), self.thread.at(one.reply)
        is_other = reply is not None and reply.entry.data["decision"] != Decision.STANDS
        told, name = (reply, "reply") if is_other else (answer, "reasons")
        return (f"{dot()}{day_in_words(told.entry.date)}", told.texts.get(name)) if told else ("", None)

    def _objection(self, one: Standing) -> list[Quote]:
        """Quote what leads said against an answer that the City kept, and what the City said to it."""
        contest, reply = self.thread.at(one.contest), self.thread.at(one.reply)
        if not contest or not reply or not self._objected(one):
            return []
        said = [
            (_("Leads objected on %(day)s:"), contest, "contest"),
            (_("The City kept its answer on %(day)s:"), reply, "reply"),
        ]
        return [
            Quote(words % {"day": day_in_words(told.entry.date)}, told.texts.get(name), f"#ask-{one.ask}")
            for words, told, name in said
        ]

    def _by_when(self, one: Standing) -> str:
        """Say by when an answer is due that is not late; nothing where none is owed."""
        if not one.owes_answer or one.is_late(self.today):
            return ""
        return _("answer by %(day)s") % {"day": day_in_words(one.due)}

    def _objected(self, one: Standing) -> str:
        """Say when leads objected to an answer that the City kept; nothing where they did not, or it gave another one."""
        contest, reply = self.thread.at(one.contest), self.thread.at(one.reply)
        if not contest or not reply or reply.entry.data["decision"] != Decision.STANDS:
            return ""
        days = {"day": day_in_words(contest.entry.date), "until": day_in_words(reply.entry.date)}
        return _("leads objected on %(day)s; the City kept its answer on %(until)s") % days

    def _title(self, one: Standing) -> str:
        return self.thread.told[one.ask].say("title")

    def _what_was_done(self) -> Short:
        steps = [one for own in self.thread.milestones.values() for one in own]
        if not steps:
            text = self._nothing_done()
        elif len(steps) == 1:
            text = f"{stage_words.promised_word(steps[0], self.today)}: {self._promised_by(steps[0])}"
        elif len(steps) > MOST_NAMED:
            text = stage_words.promised_words(steps, self.today)
        else:
            return self._done_by_name(steps)
        return Short(_("What was done"), "both", (), text)

    def _nothing_done(self) -> str:
        """Say that nothing is to be done yet; while nothing was asked, the day of the decision stands in the sentence before."""
        day = self._decision_ahead()
        if day is None:
            return _("Nothing yet, as far as the public log tells.")
        on = _("The decision is on %(day)s.") % {"day": day_in_words(day)}
        return " ".join([_("No decision yet."), *([on] if self.thread.asks else [])])

    def _in_turn(self, steps: Sequence[MilestoneStanding]) -> list[MilestoneStanding]:
        """Give first what was kept, then what is disputed or late, then the rest."""
        return sorted(steps, key=lambda one: (not one.is_kept, not self._is_owed(one)))

    def _is_owed(self, one: MilestoneStanding) -> bool:
        return one.stands_disputed or one.is_late(self.today)

    def _done_by_name(self, steps: Sequence[MilestoneStanding]) -> Short:
        """Name what was promised with what became of it; of what is disputed, say what those who looked saw."""
        steps = self._in_turn(steps)
        disputed = [one for one in steps if one.stands_disputed][:MOST_REASONS]
        kept = [one for one in steps if one.is_kept] if disputed else []
        quotes = [
            Quote(
                f"{stage_words.promised_word(one, self.today)}:",
                self.thread.told[one.commitment].texts.get(one.milestone),
                f"#kept-{one.ask}",
            )
            for one in kept
        ]
        for one in disputed:
            check = self.thread.at(one.check_entry) or next(iter(self.thread.checks_before(one)[::-1]), None)
            owes = self.unit(one.office, self.thread.told[one.commitment])
            heading = f"{stage_words.promised_word(one, self.today)}: {self._promised(one)}{dot()}{owes}"
            quotes.append(Quote(heading, check.texts.get(LOOKED) if check else None, f"#kept-{one.ask}"))
        rest = [
            (stage_words.promised_word(one, self.today), self._promised_by(one))
            for one in steps
            if one not in disputed and one not in kept
        ]
        return Short(_("What was done"), "both", quotes, _named(rest))

    def _promised(self, one: MilestoneStanding) -> str:
        commitment = self.thread.told.get(one.commitment)
        return commitment.say(one.milestone) if commitment else ""

    def _promised_by(self, one: MilestoneStanding) -> str:
        """Say what was promised, and of what is not due yet by which day."""
        if one.stage(self.today) != MilestoneStage.OWED:
            return self._promised(one)
        day = _("due on %(day)s") % {"day": day_in_words(one.due)}
        return f"{self._promised(one).rstrip('.')} ({day})"

    def because(self) -> list[Because]:
        """Give a card for each promise of which something was kept, as those who looked said."""
        found = [self._card(one, self.thread.milestones.get(one.ask, ())) for one in self.thread.asks]
        return [one for one in found if one]

    def _card(self, standing: Standing, steps: Sequence[MilestoneStanding]) -> Because | None:
        kept = [
            Kept(
                Quote(
                    _("The City changed"),
                    self.thread.told[one.commitment].texts.get(one.milestone),
                    f"#kept-{one.ask}",
                ),
                " ".join([*self._came_late(one), *self.checkers.looked(check)]),
                Quote(_("Those who looked say:"), check.texts.get(LOOKED), f"#kept-{one.ask}"),
            )
            for one in steps
            if one.is_kept and (check := self.thread.at(one.check_entry))
        ]
        if not kept:
            return None
        rest = stage_words.promised_words(steps, self.today) if len(kept) < len(steps) else ""
        return Because(standing.ask, self._you_said(standing.ask), kept, rest)

    def _came_late(self, one: MilestoneStanding) -> list[str]:
        """Say on a card how late something was done; nothing where it was not."""
        return [stage_words.called_done(one)] if one.days_late(self.today) else []

    def _you_said(self, ask: int) -> list[Quote]:
        """Give what people said, as the leads heard it, on which an ask rests; the ask itself where it rests on no finding."""
        told = self.thread.told[ask]
        own = [self.thread.at(one) for one in told.entry.cites.get("finding", ())]
        quotes = [
            Quote(
                _("Some of you said") if one.entry.data["smaller"] else _("You said"),
                one.texts.get("statement"),
                f"#finding-{one.index}",
            )
            for one in own
            if one and one.entry.kind == EntryKind.FINDING_PUBLISHED
        ]
        return quotes[:1] or [Quote(_("The leads asked"), told.texts.get("ask"), f"#ask-{ask}")]

    def to_send(self, one: Because, address: str) -> str:
        """Give the words of a card as a text to send, with the address where anyone can check it."""
        quotes = [*one.said, *(each.quote for each in one.kept)]
        said = [f"{each.who}: {each.shown}" for each in quotes if each.words]
        looked = dict.fromkeys(each.looked for each in one.kept)
        seen = [f"{each.seen.who} {each.seen.shown}" for each in one.kept if each.seen.words]
        return "\n".join(filter(None, [*said, *looked, *seen, one.rest, address]))

    def poster(self, because: Sequence[Because], address: str) -> dict[str, Any]:
        """Give what the template of leaflets reads, a sheet a card: words alone, each with its language and direction."""
        title = self.thread.first.texts.get("title")
        heading = _("Because of you")
        return leaflet(
            [
                sheet(
                    in_page(heading),
                    _parts_of(one),
                    lead=[piece(title)],
                    small=_checked(one),
                    title=2.5,
                    large=1.5,
                )
                for one in because
            ],
            title=_("Because of you: %(question)s") % {"question": self.thread.first.say("title")},
            check=_("Read all of it, and check it, here:"),
            address=address,
        )

    def on_a_page(self, because: Sequence[Because], program: str, address: str) -> dict[str, Any]:
        """Give what the template of leaflets reads of what came of it, on one page: what was asked, heard, answered and done, and what was kept."""
        parts = [(one.heading, _words_of(one)) for one in self.four_parts()]
        parts += [
            (_("Because of you"), [*_parts_of(one)[-1][1], *_checked(one)]) for one in because[:MOST_REASONS]
        ]
        title = _("What came of it")
        on = listed([program, day_in_words(self.today)])
        return leaflet(
            [sheet(in_page(title), parts, kicker=on, small=[in_page(self.reported())])],
            title=f"{title}: {self.thread.first.say('title')}",
            check=_("Read all of it, and check it, here:"),
            address=address,
        )

    def to_tell(self, address: str, sound: str = "") -> str:
        """Give what came of it as words for a message, what leads heard whole or not at all; `sound` is the address of its recording, empty where there is none."""
        asked, heard, answered, done = self.four_parts()
        asks = self.thread.asks
        city = stage_words.asked_words(asks, self.today) if len(asks) > 1 else ""
        whole = f"{heard.heading}: {_in_a_line(heard)}"
        lines = [
            _in_a_line(asked),
            whole,
            city or f"{answered.heading}: {_in_a_line(answered)}",
            *self._done_in_lines(done),
        ]
        hear = [f"{_('To hear')}: {sound}"] if sound else []
        last = "\n".join([*hear, address])
        words = message(lines, last)
        if whole in words.split("\n") and not any(one.is_cut for one in heard.quotes):
            return words
        lines[1] = f"{heard.heading}: {_('read it on the page.')}"  # half of it can say the opposite
        return message(lines, last)

    def _done_in_lines(self, done: Short) -> list[str]:
        """Name the first that was kept and the first that is disputed or late, and count the rest; all of it where there is neither."""
        steps = [one for own in self.thread.milestones.values() for one in own]
        named = [one for one in steps if one.is_kept][:1] + [one for one in steps if self._is_owed(one)][:1]
        if not named or len(steps) == 1:
            return [f"{done.heading}: {_in_a_line(done)}"]
        first, *more = [
            _named([(stage_words.stage_word(one, self.today), self._promised(one))]) for one in named
        ]
        rest = stage_words.stages_words([one for one in steps if one not in named], self.today)
        counts = [_("The rest: %(counts)s") % {"counts": f"{rest}."}] if rest else []
        return [f"{done.heading}: {first}", *more, *counts]

    def reported(self) -> str:
        """Say when the leads reported back, or by when they are to."""
        return stage_words.reported_words(self.thread.course(self.thread.first), self.today)


def _from_others(quotes: Sequence[Quote]) -> list[tuple[str, bool]]:
    found = [one.words for one in quotes if one.words and not one.words.is_original]
    ways = [(in_readers_words(one.original_lang), one.is_reviewed) for one in found]
    return list(dict.fromkeys(ways))


def _words_of(short: Short) -> list[Piece]:
    """Give the words of one of the four parts, those of the record first."""
    found = []
    for one in short.quotes:
        found += [*([in_page(one.who)] if one.who else []), piece(one.words, one.shown)]
    return found + [in_page(line) for line in short.text.splitlines()]


def _in_a_line(short: Short) -> str:
    """Give the words of one of the four parts as sentences, each with its end."""
    said = [words["words"] for words in _words_of(short)]
    return " ".join(one if one[-1:] in f"{ENDS}.:…" else f"{one}." for one in said)


def _parts_of(one: Because) -> list[tuple[str, list[Piece]]]:
    """Give the parts of a card: what people said, and what the City changed."""
    changed = [each.quote for each in one.kept]
    parts = [(each.who, [each]) for each in one.said] + [(changed[0].who, changed)]
    return [(who, [piece(each.words, each.shown) for each in quotes]) for who, quotes in parts]


def _checked(one: Because) -> list[Piece]:
    """Give who looked, what they saw, and what of the promise is not kept."""
    looked = map(in_page, dict.fromkeys(each.looked for each in one.kept))
    seen = [piece(each.seen.words, each.seen.shown) for each in one.kept]
    return [*looked, *seen, *([in_page(one.rest)] if one.rest else [])]


def _named(found: Sequence[tuple[str, str]]) -> str:
    """Say what things are called beside what became of them, each sort once in a line of its own, in the order in which they come."""
    by_word: dict[str, list[str]] = {}
    for word, name in found:
        by_word.setdefault(word, []).append(name.rstrip("."))
    parts = [f"{word}: {semicolon().join(names)}" for word, names in by_word.items()]
    return "\n".join(one if one[-1] in ENDS else f"{one}." for one in parts)
