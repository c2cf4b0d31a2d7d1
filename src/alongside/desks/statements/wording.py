"""What a Public Involvement Statement says: read from a thread under one signed head, worded once, drawn as page, PDF and DOCX."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.entries import unit_of
from alongside.core.grammar.commitments import ALSO_LOOKED, LOOKED
from alongside.core.grammar.projects import facts_of
from alongside.core.kinds import EntryKind, is_from_sources
from alongside.core.workflow.asks import PROMISES, TELLS, Decision
from alongside.desks import stage_words
from alongside.desks.statements.blocks import (
    Block,
    Cell,
    Grid,
    Heading,
    Line,
    Paper,
    Para,
    Points,
    Run,
    hint,
    plain,
)
from alongside.desks.thread_entries import Thread
from alongside.ground.record.labels import COMPLETION, KINDS, decision_words, where_it_stands
from alongside.ground.record.models import Head, MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView, Packs, TextView
from alongside.ground.record.rates import Rate, implementation_rate, on_time, response_rate
from alongside.ground.record.sentences import with_names
from alongside.ground.ui.days import about_in_words, day_in_words, late_by
from alongside.ground.ui.languages import in_readers_words, listed
from alongside.ground.ui.numbers import counted
from alongside.ground.ui.templatetags.ui import added_in_words
from alongside.work.projects.queries import level_named
from alongside.work.registers.queries import ASKED

PROMISE, BRIEF = EntryKind.ENGAGEMENT_PROMISED, EntryKind.CONSULTATION_OPENED
YES = (*PROMISES, *TELLS)
NONE: Line = (Run("–"),)


@dataclass(frozen=True)
class Origin:
    """Where a statement comes from: a signed head, the packs and keys of its program, and the addresses of this site.

    `entry_page` is an entry's page as a path, and `entry` and `proof` are whole addresses, as they are printed. `questions` gives
    the list of the questions to a bureau.
    """

    head: Head
    packs: Packs
    origin: str
    vkey: str
    base: str
    entry_page: Callable[[int], str]
    entry: Callable[[int], str]
    proof: Callable[[int], str]
    bundle: str
    key: str
    here: str
    questions: Callable[[str], str]


def day(value: date | str | None) -> str:
    """Write a day in the reader's language; from a date, or from an ISO day."""
    return day_in_words(date.fromisoformat(value) if isinstance(value, str) else value)


def cell(*lines: Line | list[Line]) -> Cell:
    """Put lines into a cell."""
    found: list[Line] = []
    for one in lines:
        found += one if isinstance(one, list) else [one]
    return tuple(line for line in found if line)


class Wording:
    """Words the parts of one statement, and remembers which entries they cite."""

    def __init__(self, thread: Thread, origin: Origin, lang: str) -> None:
        self.thread, self.origin, self.lang = thread, origin, lang
        #: The pack in force at the head: one adopted later changes no word of the statement.
        self.pack = origin.packs.at(origin.head.size)
        self.today: date = origin.head.signed_on
        self.cited: set[int] = set()
        self.blocks: list[Block] = []

    def cite(self, *told: EntryView) -> Line:
        """Name entries, each with its page."""
        runs: list[Run] = []
        for one in told:
            self.cited.add(one.index)
            words = _("Entry %(number)s") % {"number": counted(one.index)}
            runs += [Run(" · "), Run(words, href=self.origin.entry_page(one.index))]
        return tuple(runs[1:])

    def said(self, told: EntryView, name: str, *, is_strong: bool = False) -> list[Line]:
        """Give the words of a text in lines, with its language told where it is another or translated."""
        shown = told.texts.get(name)
        if shown is None:
            return [hint(_("These words were taken down. The public log says why."))]
        lines: list[Line] = [hint(shown.who)] if shown.who else []
        return [*lines, (self.run(shown, is_strong=is_strong),), *self.about_language(shown)]

    def run(self, shown: TextView, *, is_strong: bool = False) -> Run:
        """Give public words with the language they are in."""
        return Run(shown.words.strip(), "" if shown.lang == self.lang else shown.lang, is_strong=is_strong)

    def about_language(self, shown: TextView) -> list[Line]:
        """Say from which language words were translated, or in which they stand, where that is not the reader's."""
        if shown.lang != self.lang:
            said = {"name": in_readers_words(shown.lang)}
            return [hint(_("These words are in %(name)s. There is no translation yet.") % said)]
        if shown.is_original:
            return []
        words = _("Translated from %(name)s.") % {"name": in_readers_words(shown.original_lang)}
        if added := added_in_words(shown.added_by, shown.added_on):
            words += " " + added
        if not shown.is_reviewed:
            words += " " + _("No person has reviewed this translation yet.")
        return [hint(words)]

    def title(self, told: EntryView, name: str = "title") -> Run:
        """Give a short text for a heading or the first cell of a row."""
        shown = told.texts.get(name)
        return self.run(shown, is_strong=True) if shown else Run(_("Words taken down"), is_strong=True)

    def labelled(self, label: str, told: EntryView, *names: str) -> list[Line]:
        """Give texts behind a label; nothing where the entry has none of them."""
        lines = [line for name in names if name in told.entry.texts for line in self.said(told, name)]
        return [(Run(f"{label} ", is_strong=True), *lines[0]), *lines[1:]] if lines else []

    def unit(self, office: str) -> str:
        """Give the name of an office's unit."""
        return self.pack.unit_name(unit_of(office), self.lang)

    def office(self, office: str) -> str:
        """Give the name of an office with its unit."""
        return self.pack.office_title(office, self.lang)

    def level(self, told: EntryView) -> str:
        """Give the level of participation that an entry promises, in the words of its day."""
        level = told.entry.data.get("level")
        pack = self.origin.packs.at(told.index)
        return level_named(level["framework"], level["level"], pack, self.lang) if level else ""

    @staticmethod
    def languages(codes: Iterable[str]) -> str:
        """Name languages in the reader's language."""
        return get_text_list([in_readers_words(one) for one in codes], _("and"))


def _nothing() -> Line:
    """Say that a part of the statement is empty, within what the thread of a project can hold."""
    return plain(
        _(
            "Nothing of what was asked in this project’s engagements, consultations or workplans, or by questions that name it."
        )
    )


class OfProject(Wording):
    """Words what is decided on a project, who was asked, what they said, and what came of it."""

    def word(self) -> None:
        """Tell all of it, part by part."""
        self.decided()
        self.in_short()
        self.asked()
        self.heard()
        self.changed()
        self.declined()
        self.open()
        self.reported()

    def decided(self) -> None:
        """Tell the project and its decisions."""
        unit, subject = self.unit(self.thread.first.entry.data["unit"]), self.thread.first
        self.blocks.append(Heading(plain(_("What is decided"))))
        described = self.thread.of(EntryKind.PROJECT_DESCRIBED)
        summary = next((one for one in reversed(described) if "summary" in one.entry.texts), subject)
        self.blocks += [Para(line) for line in self.said(summary, "summary")]
        owner = _("The bureau that owns it: %(unit)s.") % {"unit": unit}
        self.blocks.append(Para((Run(owner + " "), *self.cite(subject)), "hint"))
        points = self.thread.of(EntryKind.DECISION_SCHEDULED)
        if not points:
            self.blocks.append(Para(plain(_("No decision has a date on the public log yet."))))
            return
        rows = tuple(self._decision(one) for one in points)
        head = (_("Decision"), _("Who decides"), _("Day"), _("What is open, or was decided"))
        self.blocks.append(Grid(_("Decisions"), head, rows, (4, 3, 3, 5)))

    def _decision(self, point: EntryView) -> tuple[Cell, ...]:
        moves = self.thread.about(point.index, EntryKind.DECISION_MOVED)
        made = self.thread.about(point.index, EntryKind.DECISION_MADE)
        last = (made or moves or [point])[-1]
        moved = [_line for one in moves for _line in self.labelled(_("Moved:"), one, "reason")]
        became = self.labelled(_("Decided:"), made[-1], "outcome") if made else self.said(point, "open")
        return (
            cell((self.title(point, "decision"),), self.cite(point)),
            cell(
                plain(self.origin.packs.at(point.index).office_title(point.entry.data["office"], self.lang))
            ),
            cell(plain(day(last.entry.data["on"])), moved, self.cite(*moves)),
            cell(became, self.cite(*made)),
        )

    def asked(self) -> None:
        """Tell who was asked, how, and in which languages."""
        self.blocks.append(Heading(plain(_("Who was asked, and how"))))
        self._touched()
        promises, briefs = self.thread.of(PROMISE), self.thread.of(BRIEF)
        if promises:
            head = (_("Engagement"), _("How"), _("Languages"), _("Voices"))
            self.blocks.append(
                Grid(_("Engagements"), head, tuple(map(self._engagement, promises)), (4, 6, 3, 3))
            )
        if briefs:
            head = (_("Consultation"), _("What leads reviewed"), _("Advice by"), _("What can change"))
            self.blocks.append(Grid(_("Consultations"), head, tuple(map(self._brief, briefs)), (4, 5, 2, 5)))
        if not promises and not briefs:
            self.blocks.append(
                Para(plain(_("On the public log, no engagement and no consultation names this project.")))
            )
        self._asked_before([*promises, *briefs])

    def _touched(self) -> None:
        """Tell whom the project touches and whether people were asked, as the unit says it."""
        described = self.thread.of(EntryKind.PROJECT_DESCRIBED)
        choices = facts_of(one.entry for one in described).choices
        words = self.origin.packs.at(max((one.index for one in described), default=0))
        whom = listed(words.communities_called(choices.get("communities", ()), self.lang))
        asked = str(ASKED.get(str(choices.get("asked", "")), ""))
        said = [_("Whom it touches, as the bureau says: %(whom)s.") % {"whom": whom}] if whom else []
        said += [_("Was the public asked? The bureau says: %(what)s.") % {"what": asked}] if asked else []
        if said:
            self.blocks.append(Para((Run(" ".join(said) + " "), *self.cite(*described))))

    def _engagement(self, promise: EntryView) -> tuple[Cell, ...]:
        course, data = self.thread.course(promise), promise.entry.data
        corrections = self.thread.about(promise.index, EntryKind.ENGAGEMENT_CORRECTED)
        ended = self.thread.about(promise.index, EntryKind.VOICES_CLOSED)
        days = {"first": day(promise.entry.date), "last": day(course.closes)}
        how = [plain(_("The leads opened it alone. The City has promised nothing."))]
        if not data["community"]:
            how = [plain(_("Level promised: %(level)s.") % {"level": self.level(promise)})]
        how.append(plain(_("People could speak from %(first)s to %(last)s.") % days))
        for one in corrections:
            how += [*self.labelled(_("Corrected:"), one, "correction"), self.cite(one)]
        voices = plain(_("Counted when it closes"))
        if ended:
            voices = plain(stage_words.voices_words(ended[-1].entry.data["voices"]))
        return (
            cell((self.title(promise),), self.about_title(promise), self.cite(promise)),
            cell(how, self.labelled(_("What could change:"), promise, "can_change")),
            cell(plain(self.languages(data["languages"]))),
            cell(voices, self.cite(*ended)),
        )

    def about_title(self, told: EntryView) -> list[Line]:
        """Say in which language a title stands, where that is not the reader's or it was translated."""
        shown = told.texts.get("title")
        return self.about_language(shown) if shown else []

    def _brief(self, brief: EntryView) -> tuple[Cell, ...]:
        back = self.thread.about(brief.index, EntryKind.CONSULTATION_WITHDRAWN)
        product = self.origin.packs.at(brief.index).purpose.product(brief.entry.data["of"])
        return (
            cell((self.title(brief),), self.about_title(brief), self.cite(brief)),
            cell(
                plain(product.name.say(self.lang)),
                self.said(brief, "what"),
            ),
            cell(plain(day(brief.entry.data["advice_by"]))),
            cell(
                self.said(brief, "can_change"),
                [line for one in back for line in self.labelled(_("Withdrawn:"), one, "reason")],
                self.cite(*back),
            ),
        )

    def _asked_before(self, openings: list[EntryView]) -> None:
        again = [one for one in openings if "asked_again" in one.entry.texts]
        if not again:
            return
        self.blocks.append(Heading(plain(_("What was asked before, and why it was asked again")), 3))
        head = (_("Asked again in"), _("The reason"), _("What communities had said before"))
        rows = tuple(
            (
                cell((self.title(one),), self.cite(one)),
                cell(self.said(one, "asked_again")),
                cell([line for each in self._earlier(one) for line in each]),
            )
            for one in again
        )
        self.blocks.append(
            Grid(_("What was asked before, and why it was asked again"), head, rows, (3, 5, 6))
        )

    def _earlier(self, opening: EntryView) -> list[list[Line]]:
        found = []
        for index in opening.entry.cites.get("before", ()):
            told = self.thread.before[index]
            name = next(one for one in ("statement", "advice", "title") if one in told.entry.texts)
            old = [plain(_("Reconstructed from the public record."))]
            is_old = is_from_sources(told.entry.kind)
            found.append([*self.said(told, name), *(old if is_old else []), self.cite(told)])
        return found

    def heard(self) -> None:
        """Tell what people said: what most and what smaller groups said stand side by side."""
        self.blocks.append(Heading(plain(_("What they said"))))
        before = len(self.blocks)
        for told in self.thread.of(PROMISE, BRIEF):
            found = self.thread.about(told.index, EntryKind.FINDING_PUBLISHED, EntryKind.ADVICE_PUBLISHED)
            if found:
                self.blocks.append(Heading((self.title(told),), 3))
                self.blocks.append(self._side_by_side(found, is_advice=told.entry.kind == BRIEF))
        self._harms()
        if len(self.blocks) == before:
            self.blocks.append(Para(plain(_("The leads have not yet said what they heard or advise."))))

    def _side_by_side(self, found: list[EntryView], *, is_advice: bool) -> Grid:
        larger = [one for one in found if not one.entry.data["smaller"]]
        smaller = [one for one in found if one.entry.data["smaller"]]
        rows, placed = [], set[int]()
        for one in larger:
            beside = [each for each in smaller if one.index in each.entry.cites.get("beside", ())]
            beside = [each for each in beside if each.index not in placed]
            placed |= {each.index for each in beside}
            others = cell(*[list(self._finding(each)) for each in beside]) if beside else (NONE,)
            rows.append((self._finding(one), others))
        rows += [((NONE,), self._finding(each)) for each in smaller if each.index not in placed]
        if is_advice:
            head = (_("What the leads advised"), _("What a smaller group of leads advised"))
            return Grid(_("Advice"), head, tuple(rows), (1, 1))
        head = (_("What the leads heard"), _("What a smaller group sees differently"))
        return Grid(_("What the leads heard"), head, tuple(rows), (1, 1))

    def _finding(self, one: EntryView) -> Cell:
        name = "advice" if "advice" in one.entry.texts else "statement"
        lines = self.said(one, name)
        if "quote" in one.entry.texts:
            lines += self.labelled(_("In someone’s words:"), one, "quote")
        if "voices" in one.entry.data:
            rests = stage_words.rests_on(one.entry.data["voices"])
            lines.append(hint(rests + stage_words.rests_on_maps(one.entry.cites.get("map", ()))))
        return cell(lines, (Run(f"{day(one.entry.date)} · "), *self.cite(one)))

    def _harms(self) -> None:
        harms = self.thread.of(EntryKind.HARM_NAMED)
        if not harms:
            return
        self.blocks.append(Heading(plain(_("Harm that communities see")), 3))
        head = (_("Kind of harm"), _("In their words"))
        rows = tuple(
            (
                cell(
                    (
                        Run(
                            listed(
                                self.origin.packs.at(one.index).harms_called(
                                    one.entry.data["harms"], self.lang
                                )
                            ),
                            is_strong=True,
                        ),
                    )
                ),
                cell(self.said(one, "words"), self.cite(one)),
            )
            for one in harms
        )
        self.blocks.append(Grid(_("Harm that communities see"), head, rows, (1, 2)))

    def in_short(self) -> None:
        """Count what follows: engagements, findings, asks, answers; and the two measures by their names."""
        findings = self.thread.of(EntryKind.FINDING_PUBLISHED)
        opened, briefs = len(self.thread.of(PROMISE)), len(self.thread.of(BRIEF))
        found, smaller = len(findings), sum(1 for one in findings if one.entry.data["smaller"])
        said = [
            ngettext("%(n)s engagement was opened.", "%(n)s engagements were opened.", opened)
            % {"n": counted(opened)},
            ngettext(
                "The leads wrote down %(n)s thing they heard.",
                "The leads wrote down %(n)s things they heard.",
                found,
            )
            % {"n": counted(found)},
        ]
        if smaller:
            words = ngettext(
                "%(n)s of them is by a smaller group.", "%(n)s of them are by smaller groups.", smaller
            )
            said.append(words % {"n": counted(smaller)})
        if briefs:
            words = ngettext("%(n)s consultation was opened.", "%(n)s consultations were opened.", briefs)
            said.append(words % {"n": counted(briefs)})
        self.blocks.append(Heading(plain(_("In short"))))
        self.blocks.append(Points((plain(" ".join(said)), *self._counts())))

    def _counts(self) -> list[Line]:
        asks = self.thread.asks
        steps = [step for own in self.thread.milestones.values() for step in own]
        lines = [plain(stage_words.asked_words(asks, self.today))] if asks else []
        answered = self._rate(response_rate(asks, self.today), is_response=True)
        kept = self._rate(implementation_rate(steps, self.today), is_response=False)
        timely = on_time(asks, self.today)
        if timely.due:
            words = _("%(done)d of %(due)d.") % {"done": timely.done, "due": timely.due}
            lines.append((Run(_("Answered on time") + ": ", is_strong=True), Run(words)))
        lines.append(
            (Run(_("Answers written (response rate)") + ": ", is_strong=True), Run(answered))
            if asks
            else plain(
                _(
                    "Nothing was asked in this project’s engagements, consultations or workplans, and no question names it."
                )
            )
        )
        lines.append((Run(_("Promises kept (implementation rate)") + ": ", is_strong=True), Run(kept)))
        return lines

    @staticmethod
    def _rate(rate: Rate, *, is_response: bool) -> str:
        """Say a measure as it is counted, the counts first, and percent only from ten on; nobody types one in."""
        if not rate.due:
            return _("No answer was due yet.") if is_response else _("No milestone was due yet.")
        if is_response:
            words = ngettext(
                "%(done)d of %(due)d answer that was due or came early is written.",
                "%(done)d of the %(due)d answers that were due or came early are written.",
                rate.due,
            )
        else:
            words = ngettext(
                "%(done)d of %(due)d milestone that was due is kept, and the community agrees.",
                "%(done)d of the %(due)d milestones that were due are kept, and the community agrees.",
                rate.due,
            )
        said = words % {"done": rate.done, "due": rate.due}
        return said if rate.percent is None else said + " " + _("%(percent)d%%") % {"percent": rate.percent}

    def ask(self, one: Standing) -> Cell:
        """Give what was asked, of whom and when, and to whom it moved since and why."""
        told = self.thread.told[one.ask]
        first = {"office": self.office(told.entry.data["office"]), "day": day(one.asked)}
        lines: list[Line] = [hint(_("Asked of %(office)s on %(day)s.") % first), self.cite(told)]
        for move in self.thread.about(one.ask, EntryKind.ASK_TRANSFERRED):
            to = {"office": self.office(move.entry.data["office"]), "day": day(move.entry.date)}
            lines.append(hint(_("Moved to %(office)s on %(day)s.") % to))
            lines += [*self.labelled(_("Because:"), move, "reason"), self.cite(move)]
        return cell((self.title(told),), self.said(told, "ask"), lines)

    def answer(self, one: Standing) -> Cell:
        """Give everything the City wrote as its answer, with what the leads wrote back."""
        labels: dict[str, str] = {
            EntryKind.ANSWER_CONTESTED: _("The leads contested it:"),
            EntryKind.CONTEST_JOINED: _("Another lead contested it, too:"),
            EntryKind.CONTEST_REPLIED: _("The City replied:"),
            EntryKind.ASK_RAISED: _("The leads took it to the office above:"),
            EntryKind.RAISE_REPLIED: _("The office above replied:"),
        }
        silent: dict[str, str] = {
            EntryKind.CONTEST_SILENT: _(
                "No reply was written by the day. The public log told it on %(day)s."
            ),
            EntryKind.RAISE_SILENT: _(
                "The office above wrote nothing by the day. The public log told it on %(day)s."
            ),
        }
        lines: list[Line] = []
        for told in self.thread.after(one.ask):
            kind = told.entry.kind
            if kind in {EntryKind.ANSWER_GIVEN, EntryKind.CONTEST_REPLIED}:
                decided = listed((decision_words(told.entry.data["decision"]), day(told.entry.date)))
                lines.append((Run(decided, is_strong=True),))
            if kind == EntryKind.ANSWER_UNREASONED:
                lines.append((Run(_("The leads say: no reasons given.") + " "), *self.cite(told)))
            elif kind in silent:
                words = silent[kind] % {"day": day(told.entry.date)}
                lines.append((Run(words + " "), *self.cite(told)))
            elif kind == EntryKind.ANSWER_GIVEN:
                lines += [*self.said(told, "reasons"), self.cite(told)]
            else:
                lines += [*self.labelled(labels[kind], told, *told.entry.texts), self.cite(told)]
        return cell(lines + self._silence(one))

    def _silence(self, one: Standing) -> list[Line]:
        """Tell the last silence on an ask; it stays told when the answer comes late."""
        silences = self.thread.about(one.ask, EntryKind.ASK_SILENT)
        if not silences:
            return []
        days = late_by(silences[-1].entry.data["days"])
        words = _("No answer was written by the day. The public log told it when it was %(late)s.") % {
            "late": days
        }
        if one.escalated:
            words += " " + _("The office above was told.")
        return [(Run(words + " "), *self.cite(silences[-1]))]

    def changed(self) -> None:
        """Tell what the City said yes to, and how far each step of it is."""
        self._part(
            _("What changed, or will change"), [one for one in self.thread.asks if one.decision in YES]
        )
        steps = [one for own in self.thread.milestones.values() for one in own]
        rows = [self._step(one) for one in sorted(steps, key=lambda one: not one.is_kept)]
        if rows:
            self.blocks.append(Heading(plain(_("What was promised, step by step")), 3))
            head = (_("Step"), _("Who owes it"), _("Due"), _("Where it stands"))
            self.blocks.append(Grid(_("What was promised, step by step"), head, tuple(rows), (5, 3, 2, 6)))

    def declined(self) -> None:
        """Tell what was declined, and the reasons."""
        rows = [one for one in self.thread.asks if one.decision == Decision.DECLINED]
        self._part(_("What was declined, and why"), rows)

    def _part(self, heading: str, rows: Sequence[Standing]) -> None:
        self.blocks.append(Heading(plain(heading)))
        if not rows:
            self.blocks.append(Para(_nothing()))
            return
        head = (_("What was asked"), _("What the City answered"))
        self.blocks.append(
            Grid(heading, head, tuple((self.ask(one), self.answer(one)) for one in rows), (1, 1))
        )

    def _step(self, one: MilestoneStanding) -> tuple[Cell, ...]:
        commitment = self.thread.told[one.commitment]
        check, claim = self.thread.at(one.check_entry), self.thread.at(one.claim)
        looked = _("Those who looked say:")
        lines: list[Line] = [
            (
                Run(
                    f"{stage_words.promised_word(one, self.today)} · {COMPLETION[one.completion]}",
                    is_strong=True,
                ),
            )
        ]
        lines += [plain(stage_words.called_done(one))] if one.is_claimed and one.days_late(self.today) else []
        late = self.thread.about(one.commitment, EntryKind.COMMITMENT_LATE)
        own = [each for each in late if each.entry.data["milestone"] == one.milestone]
        lines += [(Run(_("The public log said that it was late:") + " "), *self.cite(own[-1]))] if own else []
        if check:
            lines.append(plain(stage_words.looked(check, self.pack, self.lang)))
        elif claim:
            lines.append(plain(_("Nobody has checked it yet, so it does not count as kept.")))
        for told, label, *names in (
            (claim, _("The City says:"), "claim"),
            (check and with_names(check, self.pack, self.lang), looked, LOOKED, ALSO_LOOKED),
        ):
            lines += [*self.labelled(label, told, *names), self.cite(told)] if told else []
        for earlier in self.thread.checks_before(one):
            before = _("Before: %(who)s") % {"who": stage_words.looked(earlier, self.pack, self.lang)}
            said = self.labelled(looked, with_names(earlier, self.pack, self.lang), LOOKED, ALSO_LOOKED)
            lines += [plain(before), *said, self.cite(earlier)]
        evidence = self.labelled(_("Will count as evidence:"), commitment, "evidence")
        return (
            cell((self.title(commitment, one.milestone),), evidence, self.cite(commitment)),
            cell(plain(self.office(one.office))),
            cell(plain(day(one.due))),
            cell(lines),
        )

    def open(self) -> None:
        """Tell what is open: answers and replies that are owed, "not yet" with its day, and people who have not heard back."""
        self.blocks.append(Heading(plain(_("What is open"))))
        owed = [one for one in self.thread.asks if one.owes]
        if owed:
            head = (_("What was asked"), _("Where it stands"))
            rows = tuple((self.ask(one), self._waiting(one)) for one in owed)
            self.blocks.append(Grid(_("What is open"), head, rows, (1, 1)))
        lines = [*self._unchecked(), *self._unheard()]
        if lines:
            self.blocks.append(Points(tuple(lines)))
        if not owed and not lines:
            self.blocks.append(Para(_nothing()))

    def _waiting(self, one: Standing) -> Cell:
        own = self.thread.milestones.get(one.ask, ())
        lines: list[Line] = [(Run(where_it_stands(one, own, self.today), is_strong=True),)]
        for more in self.thread.about(one.ask, EntryKind.ASK_EXTENDED):
            lines += [*self.labelled(_("The bureau took more time:"), more, "reason"), self.cite(more)]
        written = list(self.answer(one)) if one.answer is not None else self._silence(one)
        due = one.due
        return cell(lines, written, plain(_("Due: %(day)s.") % {"day": day(due)}) if due else ())

    def _unchecked(self) -> list[Line]:
        steps = [one for own in self.thread.milestones.values() for one in own if not one.is_kept]
        return [
            (
                self.title(self.thread.told[one.commitment], one.milestone),
                Run(f" · {stage_words.promised_word(one, self.today)} · "),
                Run(_("Due: %(day)s.") % {"day": day(one.due)} + " "),
                *self.cite(self.thread.told[one.commitment]),
            )
            for one in steps
        ]

    def _unheard(self) -> list[Line]:
        found = []
        for promise in self.thread.of(PROMISE):
            course = self.thread.course(promise)
            if course.report_owed:
                words = _("People who took part must hear back by %(day)s:") % {
                    "day": day(course.report_back)
                }
                found.append((Run(words + " "), self.title(promise), Run(" "), *self.cite(promise)))
        return found

    def reported(self) -> None:
        """Tell how people heard back, and in which languages."""
        self.blocks.append(Heading(plain(_("How people heard back"))))
        rows = []
        for promise in self.thread.of(PROMISE):
            for report in self.thread.about(promise.index, EntryKind.REPORT_PUBLISHED):
                name = self.lang if self.lang in report.entry.texts else next(iter(report.entry.texts))
                spoken = self.languages(report.entry.data["languages"])
                rows.append(
                    (
                        cell((self.title(promise),), plain(day(report.entry.date)), self.cite(report)),
                        cell(plain(spoken)),
                        cell(self.said(report, name)),
                    )
                )
        if not rows:
            self.blocks.append(
                Para(plain(_("Nobody has heard back from an engagement of this project yet.")))
            )
            return
        head = (_("Engagement"), _("Languages"), _("What people were told"))
        self.blocks.append(Grid(_("How people heard back"), head, tuple(rows), (3, 2, 6)))


class OfSources(Wording):
    """Words a thread that was put together from old sources."""

    def word(self) -> None:
        """Tell the steps by what they are."""
        note = _(
            "Reconstructed from the public record. Each step has the date of its event and its source. No clock ran,"
            " and nobody made a promise in this record."
        )
        self.blocks.append(Para(plain(note)))
        parts = (
            (_("Who was asked, and how"), ("promise", "voices")),
            (_("What they said"), ("finding", "ask")),
            (_("What was answered"), ("answer",)),
            (_("What was promised and delivered"), ("commitment", "delivery")),
            (_("How people heard back"), ("report",)),
            (_("What the sources do not tell, or what did not happen"), ("gap",)),
        )
        for heading, steps in parts:
            self._part(heading, self.thread.of(*(f"reconstructed.{one}" for one in steps)))

    def _part(self, heading: str, found: Sequence[EntryView]) -> None:
        self.blocks.append(Heading(plain(heading)))
        if not found:
            self.blocks.append(
                Para(plain(_("Nothing was found in the sources. That does not mean that there was none.")))
            )
            return
        head = (_("When"), _("What happened"), _("Source"))
        rows = tuple(
            (
                cell(plain(_span(one))),
                cell((self.title(one),), self.said(one, "statement"), self.cite(one)),
                cell([_source(each) for each in one.lines.get("sources", ())]),
            )
            for one in found
        )
        self.blocks.append(Grid(heading, head, rows, (2, 6, 5)))


def _span(one: EntryView) -> str:
    """Give the day of an event as the sources tell it, never finer."""
    first, last = one.entry.data["event_date"], one.entry.data.get("until")
    return f"{about_in_words(first)} – {about_in_words(last)}" if last else about_in_words(first)


def _source(words: str) -> Line:
    is_address = words.startswith(("https://", "http://"))
    return (Run(words, "en", words if is_address else ""),)


def limits(*, is_past: bool) -> list[Block]:
    """Say what a statement cannot tell."""
    if is_past:
        said = [
            _("It tells what the named sources tell. Nobody has checked the sources again for this paper.")
        ]
    else:
        said = [
            _(
                "It tells what is on the public log. A meeting or a survey that was never put on the public log is not in it."
            ),
            _(
                "An engagement that names no decision of this project is not in it, even if it was about the same thing."
            ),
            _(
                "Counts of people are ranges, so that no one can be picked out. What one person said is in no paper."
            ),
            _("It tells who looked at what was delivered. It does not prove that they saw everything."),
        ]
    said.append(
        _(
            "Words that were taken down later on a legal ground are missing from a paper that is made after that day."
        )
    )
    return [Heading(plain(_("What this statement cannot tell"))), Points(tuple(plain(one) for one in said))]


def proofs(wording: Wording) -> list[Block]:
    """Say how to check the statement, and list every entry it cites with the addresses of entry and proof."""
    origin = wording.origin
    name = {"size": counted(origin.head.size), "day": day(origin.head.signed_on)}
    made_from = _(
        "It was made from the first %(size)s entries of the public log, whose head was signed on %(day)s."
    )
    return [
        Heading(plain(_("How to check this statement")), anchor="proofs"),
        Para(plain(made_from % name)),
        _ways(origin),
        Para((Run(_("This statement:") + " "), Run(origin.here, "en", origin.here))),
        Para((Run(_("The public log:") + " "), Run(origin.origin, "en"))),
        Para((Run(_("The log’s public key:") + " "), Run(origin.vkey, "en", origin.key))),
        Heading(plain(_("Signed head")), 3),
        Para((Run(origin.head.note.rstrip("\n"), "en"),), "data"),
        Heading(plain(_("Every entry that is cited")), 3),
        _cited(wording),
    ]


def _ways(origin: Origin) -> Points:
    """Say in plain words how anyone checks a statement: by its pages, by its proofs, and by making it again."""
    page = _(
        "Open an entry at its address below. Its page shows what was said, who wrote it and the way to the signed head."
    )
    along = _("Or take all proofs along and check them without us, also when this site is gone:")
    command = _(
        "In the unpacked folder, one command checks every entry and its words; the file README says how."
    )
    again = _("Make this statement again at its own address: the same head gives the same text.")
    bundle = Run(_("Download the proofs (ZIP)"), href=origin.bundle)
    return Points((plain(page), (Run(along + " "), bundle), plain(command), plain(again)))


def _cited(wording: Wording) -> Grid:
    told, origin = {**wording.thread.before, **wording.thread.told}, wording.origin
    rows = tuple(
        (
            cell((Run(counted(index), is_strong=True),)),
            cell(plain(str(KINDS.get(told[index].entry.kind, told[index].entry.kind)))),
            cell(plain(day(told[index].entry.date))),
            cell(*((Run(one, "en", one),) for one in (origin.entry(index), origin.proof(index)))),
        )
        for index in sorted(wording.cited)
    )
    head = (_("Entry"), _("What it is"), _("Written on"), _("Its page, and its proof"))
    return Grid(_("Every entry that is cited"), head, rows, (2, 3, 3, 8))


def statement_of(thread: Thread, origin: Origin, lang: str) -> Paper:
    """Make the whole paper of a project or of a thread from old sources. Asks nothing; the same head, words and language give the same paper."""
    is_past = is_from_sources(thread.first.entry.kind)
    wording = OfSources(thread, origin, lang) if is_past else OfProject(thread, origin, lang)
    wording.word()
    blocks = [*_below_the_title(wording), *wording.blocks, *limits(is_past=is_past), *proofs(wording)]
    title: Line = (Run(_("Public Involvement Statement:") + " "), wording.title(thread.first))
    maker, cited = wording.pack.name.say(lang), tuple(sorted(wording.cited))
    return Paper(title, lang, maker, origin.head.signed_on, origin.base, tuple(blocks), cited)


def _below_the_title(wording: Wording) -> list[Block]:
    """Say from what the statement was made, and that nobody wrote it."""
    head = wording.origin.head
    said = {
        "day": day(head.signed_on),
        "size": counted(head.size),
        "program": wording.pack.name.say(wording.lang),
    }
    made_from = _("%(program)s. As of %(day)s, from the first %(size)s entries of the public log.") % said
    nobody = _("Nobody wrote this statement: it is read from the public log, and anyone can check it.")
    return [Para(plain(made_from)), Para(plain(nobody)), *_beside(wording)]


def _beside(wording: Wording) -> list[Block]:
    """Say that questions which hang on no project are told elsewhere, and where."""
    if is_from_sources(wording.thread.first.entry.kind):
        return []
    words = _(
        "Leads may also ask about a project without naming it on the public log. Such questions are not in this paper:"
    )
    unit = wording.thread.first.entry.data["unit"]
    href = wording.origin.questions(unit)
    return [Para((Run(words + " "), Run(_("Questions to this bureau"), href=href)))]
