"""A thread as its page shows it: knots with their words, whose pen, their proof, and the stretches between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from alongside.chain.answers.queries import contestable_by
from alongside.chain.asks.queries import BETWEEN
from alongside.core.disclosure import is_counted
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.commitments import ALSO_LOOKED, LOOKED
from alongside.core.grammar.project_rules import is_made_early
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import Decision
from alongside.desks import stage_words
from alongside.desks.checkers import Checkers
from alongside.desks.thread_entries import Thread
from alongside.ground.gate.roles import Role, ViewerRequest
from alongside.ground.record.labels import KINDS, decision_words, moved_words, where_it_stands
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView, Packs, TextView, packs_of
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.ground.record.sentences import sentence, with_names
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.days import day_in_words, late_by
from alongside.ground.ui.languages import listed


@dataclass(frozen=True)
class Milestone:
    """One milestone as it is shown, with what was said when it was checked, or claimed, and the last entry about it."""

    heading: str
    mark: tuple[str, str]
    support: str
    heard: Sequence[TextView]
    proof: Entry | None
    anchor: str


@dataclass(frozen=True)
class TimelineItem:
    """One place on the thread; the fields are the arguments of the look's knot."""

    pen: str
    state: str = ""
    who: str = ""
    did: str = ""
    on: date | None = None
    more: str = ""
    heading: str = ""
    #: What it says; a check by two who wrote in two languages says two things.
    words: Sequence[TextView] = ()
    is_taken_down: bool = False
    text: str = ""
    days: int | None = None
    due: date | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)
    support: str = ""
    proof: Entry | None = None
    milestones: list[Milestone] = field(default_factory=list)
    anchor: str = ""
    #: The answer that the lead who reads this can contest, or to whose contest they can add words.
    contest: int | None = None
    contest_until: date | None = None
    #: The promise about whose finding the lead who reads this can recommend something.
    recommend: int | None = None


@dataclass(frozen=True)
class Stretch:
    """A heading and the knots below it."""

    heading: str
    knots: list[TimelineItem]
    anchor: str = ""
    lang: str = ""
    mark: tuple[str, str] = ("", "")
    status: str = ""


@dataclass(frozen=True)
class StandingLine:
    """One line of the summary above a thread."""

    number: int
    heading: str
    lang: str
    href: str
    marks: list[tuple[str, str]]
    status: str
    is_late: bool
    #: What an address leads to where it leads to this line.
    place: str = ""


class Timeline:
    """Lays one thread out in the order of time, in one language."""

    def __init__(self, request: ViewerRequest, thread: Thread, log: RowsLog | None = None) -> None:
        self.program, self.pack = request.program, request.pack
        self.entry_page = partial(to, request, "record:entry")
        self.thread, self.lang, self.today = thread, lang_of(request), request.today
        self.checkers = Checkers(request.program, self.pack, thread, self.lang, self.today)
        self.contestable, self.is_lead = dict[int, date](), request.viewer.has(Role.LEAD)
        if self.is_lead:
            stand = request.stand
            log = log or RowsLog.at(request.program, stand.log, stand.size).read(*ASKED)
            self.contestable = contestable_by(request.program, log, request.viewer, self.today)
        self.leads = _("Community leads")
        self.findings = thread.of(EntryKind.FINDING_PUBLISHED)

    def knot(self, told: EntryView, who: str, *names: str, **more: Any) -> TimelineItem:
        """Tie a knot around an entry, with its proof and those of its texts that are to be shown."""
        words = texts_named(told, *names)
        given: dict[str, Any] = {
            "pen": told.entry.pen,
            "did": told.did,
            "on": told.entry.date,
        } | more
        down = bool(names) and not words
        return TimelineItem(who=who, words=words, is_taken_down=down, proof=told.entry, **given)

    @cached_property
    def packs(self) -> Packs:
        """Give the packs that word what was entered under each. One query, where something is worded."""
        return packs_of(self.program)

    def unit(self, office: str, told: EntryView) -> str:
        """Give the name of an office's unit, as it was called when this was entered."""
        return self.packs.called(unit_of(office), told.index, self.lang)

    def stretches(self) -> list[Stretch]:
        """Give the thread of a promise in the order of time."""
        found = [Stretch(_("People spoke"), self._spoken())]
        findings = [self._finding(place, told) for place, told in enumerate(self.findings, 1)]
        if findings:
            found.append(Stretch(_("The leads wrote what they heard"), findings))
        found += [self.ask(place, one) for place, one in enumerate(self.thread.asks, 1)]
        reports = self._reported()
        if reports:
            found.append(Stretch(_("People heard back"), reports, anchor="report"))
        return found

    def lines(self) -> list[StandingLine]:
        """Give the summary: one line an ask."""
        return [self._line(place, one) for place, one in enumerate(self.thread.asks, 1)]

    def _line(self, place: int, standing: Standing) -> StandingLine:
        told = self.thread.told[standing.ask]
        milestones = self.thread.milestones.get(standing.ask, ())
        status, late = (
            where_it_stands(standing, milestones, self.today),
            standing.is_late(self.today),
        )
        return StandingLine(
            number=place,
            heading=told.say("title"),
            lang=told.lang("title"),
            href=f"#ask-{standing.ask}",
            marks=stage_words.marks_of(standing, milestones, self.today),
            status=f"{status} {self.packs.called(standing.office, standing.ask, self.lang)}",
            is_late=late,
            place=f"now-{standing.ask}",
        )

    def _spoken(self) -> list[TimelineItem]:
        promise, thread = self.thread.first, self.thread
        data = promise.entry.data
        if data["community"]:
            who, did, pen = self.leads, _("opened this"), "community"
            heading = _("The City has promised nothing")
        else:
            who, did, pen = self.unit(data["office"], promise), _("promised"), "city"
            heading = _("To answer by %(day)s") % {"day": day_in_words(date.fromisoformat(data["answer_by"]))}
        knots = [self.knot(promise, who, "decision", did=did, heading=heading, pen=pen)]
        knots += map(self._correction, thread.about(promise.index, EntryKind.ENGAGEMENT_CORRECTED))
        knots += self._decision_knots()
        knots += map(self._voices, thread.about(promise.index, EntryKind.VOICES_CLOSED))
        for opened in thread.about(promise.index, EntryKind.VOICES_OPENED)[-1:]:
            support = _("Two leads signed the list of what was opened.")
            knots.append(self.knot(opened, self.leads, support=support))
        return knots

    def _correction(self, told: EntryView) -> TimelineItem:
        """Tie a correction under the names of all who signed it, with the new day and the one first promised."""
        offices, data = told.entry.offices, told.entry.data
        who = listed([self.leads, *dict.fromkeys(self.unit(one, told) for one in offices)])
        day, first = data.get(data["about"]), self.thread.first.entry.data.get(data["about"])
        heading = ""
        if day and first:
            days = {
                "day": day_in_words(date.fromisoformat(day)),
                "first": day_in_words(date.fromisoformat(first)),
            }
            heading = _("New day: %(day)s. First promised: %(first)s.") % days
        pen = "both" if offices else "community"
        return self.knot(told, who, "correction", heading=heading, pen=pen)

    def decision_made(self) -> EntryView | None:
        """Give the entry that tells what was decided, or None."""
        made = (one for one in self.thread.before.values() if one.entry.kind == EntryKind.DECISION_MADE)
        return next(made, None)

    def _decision_knots(self) -> list[TimelineItem]:
        """Tie what was decided; where that was before the last day to speak was over, say so."""
        made, closes = self.decision_made(), self.thread.course(self.thread.first).closes
        if made is None:
            return []
        who = self.unit(self.thread.before[made.entry.cites["decision"][0]].entry.data["office"], made)
        on = date.fromisoformat(made.entry.data["on"])
        is_early = is_made_early(made.entry, closes)
        heading = _("It was decided before people were heard") if is_early else ""
        return [self.knot(made, who, "outcome", on=on, heading=heading)]

    def _voices(self, told: EntryView) -> TimelineItem:
        voices = told.entry.data["voices"]
        support = _("We give a range so that no one can be picked out.")
        if is_counted(voices):
            support = _("The public log shows so many, and anyone can count them. Who spoke is never told.")
        heading = stage_words.voices_words(voices)
        return self.knot(told, _("People"), pen="community", heading=heading, support=support)

    def _finding(self, place: int, told: EntryView) -> TimelineItem:
        number = _("What the leads heard, no. %(n)d") % {"n": place}
        smaller = [_("a smaller group sees it differently")] if told.entry.data["smaller"] else []
        quote = told.say("quote")
        return self.knot(
            told,
            self.leads,
            "statement",
            more=listed([number, *smaller]),
            support=stage_words.rests_on(told.entry.data["voices"])
            + stage_words.rests_on_maps(told.entry.cites.get("map", ()))
            + _looks_at(told.entry.cites.get("answer", ())),
            anchor=f"finding-{told.index}",
            text=f"“{quote}”" if quote else "",
            recommend=self.thread.first.index if self.is_lead else None,
        )

    def _reported(self) -> list[TimelineItem]:
        promise, knots = self.thread.first.index, []
        for told in self.thread.about(promise, EntryKind.REPORT_PUBLISHED):
            name = self.lang if self.lang in told.texts else next(iter(told.entry.texts))
            knots.append(self.knot(told, self.leads, name))
        did = _("closed this: people have heard back in every language")
        closed = self.thread.about(promise, EntryKind.ENGAGEMENT_CLOSED)
        return knots + [self.knot(told, self.leads, did=did, pen="community") for told in closed]

    def ask(self, place: int, standing: Standing) -> Stretch:
        """Give the stretch of one ask: what was asked, what happened before the answer, the answer, what is owed, what was kept."""
        told = self.thread.told[standing.ask]
        milestones = self.thread.milestones.get(standing.ask, ())
        between = self.thread.about(standing.ask, EntryKind.ASK_ACKNOWLEDGED, *BETWEEN)
        said = [
            one for one in self.thread.after(standing.ask) if one.entry.kind != EntryKind.ANSWER_UNREASONED
        ]
        return Stretch(
            heading=f"{place}. {told.say('title')}",
            knots=[
                self._asked(told),
                *map(self._before_answer, between),
                *self._late(standing),
                *(self._said(one, standing) for one in said),
                *self._owed(standing),
                *self._checked_before(milestones),
                *self._kept(standing, milestones),
            ],
            anchor=f"ask-{standing.ask}",
            lang=told.lang("title"),
            mark=stage_words.marks_of(standing, milestones, self.today)[-1],
            status=where_it_stands(standing, milestones, self.today),
        )

    def _asked(self, told: EntryView) -> TimelineItem:
        numbers = {one.index: place for place, one in enumerate(self.findings, 1)}
        rests = [str(numbers[one]) for one in told.entry.cites.get("finding", ()) if one in numbers]
        words = _("Based on what the leads heard, no. %(numbers)s.")
        support = words % {"numbers": get_text_list(rests, _("and"))} if rests else ""
        return self.knot(told, self.leads, "ask", support=support)

    def _before_answer(self, told: EntryView) -> TimelineItem:
        entry = told.entry
        who = self.leads if entry.seats else self.unit(entry.offices[0], told)
        until = entry.data.get("until")
        more = _("until %(day)s") % {"day": day_in_words(date.fromisoformat(until))} if until else ""
        return self.knot(told, who, *entry.texts, more=more)

    def _late(self, standing: Standing) -> list[TimelineItem]:
        """Keep the silence in sight after a late answer; while nothing is written, the empty place shows it."""
        silences = (
            self.thread.about(standing.ask, EntryKind.ASK_SILENT) if standing.answer is not None else []
        )
        return [self._silence(one) for one in silences[-1:]]

    def _silence(self, told: EntryView) -> TimelineItem:
        """Tie what the clock told when nothing was written by the day."""
        late = {"pen": "city", "state": "late", "did": "", "heading": str(KINDS[told.entry.kind])}
        support = sentence(told.entry)
        return self.knot(told, self.unit(told.entry.data["office"], told), support=support, **late)

    def _said(self, told: EntryView, standing: Standing) -> TimelineItem:
        """Tie what one side said after the ask: an answer, a contest and what came of it, or a word of the office above."""
        entry = told.entry
        match entry.kind:
            case EntryKind.ANSWER_GIVEN:
                more = _("day %(n)d") % {"n": (entry.date - standing.asked).days}
                marks = self.thread.about(told.index, EntryKind.ANSWER_UNREASONED)
                support = _("The leads say: no reasons given.") if marks else ""
                until = self.contestable.get(told.index)
                can = {"contest": told.index if until else None, "contest_until": until}
                return self._answer(told, entry.offices, "reasons", more=more, support=support, **can)
            case EntryKind.CONTEST_SILENT | EntryKind.RAISE_SILENT:
                return self._silence(told)
            case EntryKind.CONTEST_REPLIED:
                return self._answer(told, entry.offices, "reply")
            case EntryKind.RAISE_REPLIED:
                is_told = entry.data["decision"] == Decision.TOLD
                heading = _("Told by the office above") if is_told else _("It stands as it is")
                who = self.packs.called(entry.offices[0], told.index, self.lang)
                return self.knot(told, who, "reply", heading=heading)
            case EntryKind.ANSWER_CONTESTED:
                return self.knot(told, self.leads, "contest", more=_("once per answer"))
            case _:
                return self.knot(told, self.leads, *entry.texts)

    def _answer(self, told: EntryView, offices: Sequence[str], name: str, **more: Any) -> TimelineItem:
        """Tie an answer or a reply, with what it promises."""
        facts = []
        for commitment in self.thread.about(told.index, EntryKind.COMMITMENT_MADE)[:1]:
            owner = self.packs.called(commitment.entry.data["office"], commitment.index, self.lang)
            facts = [(_("Owner"), owner), (_("Evidence"), commitment.say("evidence"))]
        heading = decision_words(told.entry.data["decision"])
        return self.knot(told, self.unit(offices[0], told), name, heading=heading, facts=facts, **more)

    def _owed(self, standing: Standing) -> list[TimelineItem]:
        due, late = standing.due, standing.days_late(self.today)
        if due is None:
            return []
        due = self.today - timedelta(days=late) if late else due
        left = (due - self.today).days
        did = _("owes a reply") if standing.owes_reply else _("owes this answer")
        who = self.pack.unit_name(unit_of(standing.office), self.lang)
        owed: dict[str, Any] = {"pen": "city", "state": "owed", "who": who, "did": did}
        if standing.is_learning(self.today):
            return [TimelineItem(**owed, text=where_it_stands(standing, [], self.today))]
        text, proof = "", None
        if left < 0:
            whose = stage_words.whose_days(standing, self.pack, self.lang, self.today)
            # The silence about a reply has its own knot.
            silences = [] if standing.owes_reply else self.thread.about(standing.ask, EntryKind.ASK_SILENT)
            text = moved_words(standing) or _nothing_written(silences)
            text = " ".join(filter(None, [whose and f"{whose}.", text]))
            owed["state"], proof = "late", silences[-1].entry if silences else None
        if standing.escalated:
            text += " " + _("The office above was told.")
        return [TimelineItem(**owed, days=left, due=due, text=text.strip(), proof=proof)]

    def _checked_before(self, milestones: Sequence[MilestoneStanding]) -> list[TimelineItem]:
        """Keep in sight what was said of an earlier claim, with the words of those who looked."""
        knots = []
        for one in milestones:
            commitment = self.thread.told[one.commitment]
            for told in self.thread.checks_before(one):
                check, claim = (
                    with_names(told, self.pack, self.lang),
                    self.thread.at(told.entry.cites["claim"][0]),
                )
                said = [stage_words.done_on(one, claim.entry.date)] if claim else []
                is_kept = check.entry.kind == EntryKind.DELIVERY_VERIFIED
                words = _("Kept: %(what)s") if is_kept else _("Disputed: %(what)s")
                shown = {
                    "pen": "both",
                    "state": "" if is_kept else "disputed",
                    "heading": words % {"what": commitment.say(one.milestone)},
                    "support": " ".join([*said, *self.checkers.looked(check)]),
                }
                knots.append(self.knot(check, "", LOOKED, ALSO_LOOKED, **shown))
        return knots

    def _kept(self, standing: Standing, milestones: Sequence[MilestoneStanding]) -> list[TimelineItem]:
        if not milestones:
            return []
        shown = [self._milestone(one) for one in sorted(milestones, key=lambda one: not one.is_kept)]
        state = "disputed" if any(one.stands_disputed for one in milestones) else ""
        heading, anchor = _("Did it happen?"), f"kept-{standing.ask}"
        return [TimelineItem("both", state, heading=heading, milestones=shown, anchor=anchor)]

    def _milestone(self, one: MilestoneStanding) -> Milestone:
        commitment = self.thread.told.get(one.commitment)
        check, claim = self.thread.at(one.check_entry), self.thread.at(one.claim)
        support = [_("Due %(day)s.") % {"day": day_in_words(one.due)}]
        if one.claimed:
            support.append(stage_words.called_done(one))
        support += filter(None, [stage_words.still_late(one, self.today)])
        if check:
            support += self.checkers.looked(check)
        elif claim:
            support.append(self.checkers.will_look(one))
        words, last = commitment.say(one.milestone) if commitment else "", check or claim or commitment
        named = with_names(check, self.pack, self.lang) if check else None
        heard = texts_named(named, LOOKED, ALSO_LOOKED) if named else texts_named(claim, "claim")
        return Milestone(
            heading=stage_words.milestone_heading(one, words, self.today),
            mark=stage_words.milestone_mark(one, self.today),
            support=" ".join(support),
            heard=heard,
            proof=last.entry if last else None,
            anchor=one.anchor,
        )


def _nothing_written(silences: Sequence[EntryView]) -> str:
    """Say that nothing is written, and when the clock said so last: it tells steps, and days go on between them."""
    if not silences:
        return _("Nothing has been written here. The clock enters this on the public log by itself.")
    last = silences[-1].entry
    words = _("Nothing has been written here. The public log last said so on %(day)s, when it was %(late)s.")
    return words % {"day": day_in_words(last.date), "late": late_by(last.data["days"])}


def texts_named(told: EntryView | None, *names: str) -> list[TextView]:
    """Give the texts of an entry that have these names, without those that were taken down."""
    return [told.texts[name] for name in names if name in told.texts] if told else []


def _looks_at(answers: Sequence[int]) -> str:
    """Say which answers of the City a finding looks at, by their entries; nothing where it looks at none."""
    if not answers:
        return ""
    entries = listed(_("entry %(n)d") % {"n": one} for one in answers)
    return " " + _("It looks at what the City answered: %(entries)s.") % {"entries": entries}
