"""The second half of a statement: what was asked of the City, what changed, what was declined and why, what is open."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import PROMISES, TELLS, Decision
from alongside.desks import saying
from alongside.desks.statements.asked import PROMISE
from alongside.desks.statements.blocks import Cell, Grid, Heading, Line, Para, Points, Run, hint, plain
from alongside.desks.statements.counted import Counted, became
from alongside.desks.statements.wording import cell, day
from alongside.ground.record.labels import COMPLETION
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.days import late_by
from alongside.ground.ui.languages import listed

YES = (*PROMISES, *TELLS)


class Answered(Counted):
    """Words what was asked of the City and what came of it."""

    def _of(self, index: int | None) -> EntryView | None:
        return self.stated.told.get(index) if index is not None else None

    def ask(self, one: Standing) -> Cell:
        """Give what was asked, of whom and when."""
        told = self.stated.told[one.ask]
        by = _("Asked of %(office)s on %(day)s.") % {"office": self.office(one.office), "day": day(one.asked)}
        return cell((self.title(told),), self.said(told, "ask"), hint(by), self.cite(told))

    def answer(self, one: Standing) -> Cell:
        """Give everything the City wrote as its answer, with what the leads wrote back."""
        lines: list[Line] = []
        for given in self.stated.citing(one.ask, "ask", EntryKind.ANSWER_GIVEN):
            decided = listed((saying.decision(given.entry.data["decision"]), day(given.entry.date)))
            lines += [(Run(decided, is_strong=True),), *self.said(given, "reasons"), self.cite(given)]
            for mark in self.stated.citing(given.index, "answer", EntryKind.ANSWER_UNREASONED):
                lines.append((Run(_("The leads say: no reasons given.") + " "), *self.cite(mark)))
            for contest in self.stated.citing(given.index, "answer", EntryKind.ANSWER_CONTESTED):
                lines += [
                    *self.labelled(_("The leads contested it:"), contest, "contest"),
                    self.cite(contest),
                ]
                for joined in self.stated.citing(contest.index, "contest", EntryKind.CONTEST_JOINED):
                    lines += [
                        *self.labelled(_("Another lead contested it, too:"), joined, "contest"),
                        self.cite(joined),
                    ]
                for reply in self.stated.citing(contest.index, "contest", EntryKind.CONTEST_REPLIED):
                    stands = reply.entry.data["decision"]
                    told = _("The answer stands") if stands == Decision.STANDS else saying.decision(stands)
                    lines.append((Run(listed((told, day(reply.entry.date))), is_strong=True),))
                    lines += [*self.labelled(_("The City replied:"), reply, "reply"), self.cite(reply)]
        for raised in self.stated.citing(one.ask, "ask", EntryKind.ASK_RAISED):
            lines += [
                *self.labelled(_("The leads took it to the office above:"), raised, "reason"),
                self.cite(raised),
            ]
            for reply in self.stated.citing(raised.index, "raise", EntryKind.RAISE_REPLIED):
                lines += [*self.labelled(_("The office above replied:"), reply, "reply"), self.cite(reply)]
        return cell(lines + self._silence(one))

    def _silence(self, one: Standing) -> list[Line]:
        """Tell the last silence on an ask; it stays told when the answer comes late."""
        silences = self.stated.citing(one.ask, "ask", EntryKind.ASK_SILENT)
        if not silences:
            return []
        days = late_by(silences[-1].entry.data["days"])
        words = _("No answer was written by the day. The record told it when it was %(late)s.") % {
            "late": days
        }
        if one.escalated:
            words += " " + _("The office above was told.")
        return [(Run(words + " "), *self.cite(silences[-1]))]

    def changed(self) -> None:
        """Tell what the City said yes to, and how far each step of it is."""
        self._part(_("What changed, or will change"), [one for one in self.stated.asks if became(one) in YES])
        steps = [one for own in self.stated.steps.values() for one in own]
        rows = [self._step(one) for one in sorted(steps, key=lambda one: not one.is_kept)]
        if rows:
            self.blocks.append(Heading(plain(_("What was promised, step by step")), 3))
            head = (_("Step"), _("Who owes it"), _("Due"), _("Where it stands"))
            self.blocks.append(Grid(_("What was promised, step by step"), head, tuple(rows), (5, 3, 2, 6)))

    def declined(self) -> None:
        """Tell what was declined, and the reasons."""
        rows = [one for one in self.stated.asks if became(one) == Decision.DECLINED]
        self._part(_("What was declined, and why"), rows)

    def _part(self, heading: str, rows: Sequence[Standing]) -> None:
        self.blocks.append(Heading(plain(heading)))
        if not rows:
            self.blocks.append(Para(plain(_("Nothing, as far as the record tells."))))
            return
        head = (_("What was asked"), _("What the City answered"))
        self.blocks.append(
            Grid(heading, head, tuple((self.ask(one), self.answer(one)) for one in rows), (1, 1))
        )

    def _step(self, one: MilestoneStanding) -> tuple[Cell, ...]:
        commitment = self.stated.told[one.commitment]
        check, claim = self._of(one.check_entry), self._of(one.claim)
        lines: list[Line] = [(Run(f"{self._stands(one)} · {COMPLETION[one.completion]}", is_strong=True),)]
        if one.is_kept:
            lines.append(plain(_("Two leads looked and agree, %(day)s.") % {"day": day(one.checked)}))
        elif one.is_disputed:
            lines.append(plain(_("Two leads looked and do not agree, %(day)s.") % {"day": day(one.checked)}))
        elif claim:
            lines.append(plain(_("Nobody has checked it yet, so it does not count as kept.")))
        for told, name, label in (
            (claim, "claim", _("The City says:")),
            (check, "check", _("The leads say:")),
        ):
            lines += [*self.labelled(label, told, name), self.cite(told)] if told else []
        evidence = self.labelled(_("Will count as evidence:"), commitment, "evidence")
        return (
            cell((self.title(commitment, one.milestone),), evidence, self.cite(commitment)),
            cell(plain(self.office(one.office))),
            cell(plain(day(one.due))),
            cell(lines),
        )

    def _stands(self, one: MilestoneStanding) -> str:
        """Say in a few words where a step stands: kept only where two leads looked and agree."""
        if one.verdict is not None:
            return _("Kept, and two leads agree") if one.is_kept else _("Disputed")
        if one.claim is not None:
            return _("The City says it is done")
        return _("Late") if one.is_late(self.today) else _("Not due yet")

    def open(self) -> None:
        """Tell what is open: answers and replies that are owed, "not yet" with its day, and people who have not heard back."""
        self.blocks.append(Heading(plain(_("What is open"))))
        owed = [one for one in self.stated.asks if one.owes]
        if owed:
            head = (_("What was asked"), _("Where it stands"))
            rows = tuple((self.ask(one), self._waiting(one)) for one in owed)
            self.blocks.append(Grid(_("What is open"), head, rows, (1, 1)))
        lines = [*self._unchecked(), *self._unheard()]
        if lines:
            self.blocks.append(Points(tuple(lines)))
        if not owed and not lines:
            self.blocks.append(Para(plain(_("Nothing, as far as the record tells."))))

    def _waiting(self, one: Standing) -> Cell:
        own = self.stated.steps.get(one.ask, ())
        lines: list[Line] = [(Run(saying.where_it_stands(one, own, self.today), is_strong=True),)]
        for more in self.stated.citing(one.ask, "ask", EntryKind.ASK_EXTENDED):
            lines += [*self.labelled(_("The unit took more time:"), more, "reason"), self.cite(more)]
        written = list(self.answer(one)) if one.answer is not None else self._silence(one)
        due = one.due
        return cell(lines, written, plain(_("Due: %(day)s.") % {"day": day(due)}) if due else ())

    def _unchecked(self) -> list[Line]:
        steps = [one for own in self.stated.steps.values() for one in own if not one.is_kept]
        return [
            (
                self.title(self.stated.told[one.commitment], one.milestone),
                Run(f" · {self._stands(one)} · "),
                Run(_("Due: %(day)s.") % {"day": day(one.due)} + " "),
                *self.cite(self.stated.told[one.commitment]),
            )
            for one in steps
        ]

    def _unheard(self) -> list[Line]:
        found = []
        for promise in self.stated.of(PROMISE):
            course = self.course(promise)
            if course.report is None:
                words = _("People who took part must hear back by %(day)s:") % {
                    "day": day(course.report_back)
                }
                found.append((Run(words + " "), self.title(promise), Run(" "), *self.cite(promise)))
        return found

    def reported(self) -> None:
        """Tell how people heard back, and in which languages."""
        self.blocks.append(Heading(plain(_("How people heard back"))))
        rows = []
        for promise in self.stated.of(PROMISE):
            for report in self.stated.citing(promise.index, "engagement", EntryKind.REPORT_PUBLISHED):
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
            self.blocks.append(Para(plain(_("Nobody has heard back yet, as far as the record tells."))))
            return
        head = (_("Engagement"), _("Languages"), _("What people were told"))
        self.blocks.append(Grid(_("How people heard back"), head, tuple(rows), (3, 2, 6)))
