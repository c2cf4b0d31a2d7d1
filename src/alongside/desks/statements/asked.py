"""The first part of a statement: what is decided, who was asked and how, and what was asked before."""

from django.utils.translation import gettext as _

from alongside.core.grammar.facts import facts_of
from alongside.core.kinds import EntryKind, is_from_sources
from alongside.core.workflow.engagements import CHANGES, EngagementState, course_of
from alongside.desks import saying
from alongside.desks.statements.blocks import Cell, Grid, Heading, Line, Para, Run, plain
from alongside.desks.statements.wording import Wording, cell, day
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.languages import listed
from alongside.work.consultations.queries import NAMES as PRODUCTS
from alongside.work.registers.queries import ASKED

PROMISE, BRIEF = EntryKind.ENGAGEMENT_PROMISED, EntryKind.CONSULTATION_OPENED


class Asked(Wording):
    """Words what is decided and who was asked."""

    def decided(self) -> None:
        """Tell the project and its decisions."""
        unit, subject = self.unit(self.stated.subject.entry.data["unit"]), self.stated.subject
        self.blocks.append(Heading(plain(_("What is decided"))))
        described = self.stated.of(EntryKind.PROJECT_DESCRIBED)
        summary = next((one for one in reversed(described) if "summary" in one.entry.texts), subject)
        self.blocks += [Para(line) for line in self.said(summary, "summary")]
        owner = _("The unit that owns it: %(unit)s.") % {"unit": unit}
        self.blocks.append(Para((Run(owner + " "), *self.cite(subject)), "hint"))
        points = self.stated.of(EntryKind.DECISION_SCHEDULED)
        if not points:
            self.blocks.append(Para(plain(_("No decision has a date on the record yet."))))
            return
        rows = tuple(self._decision(one) for one in points)
        head = (_("Decision"), _("Who decides"), _("Day"), _("What is open, or was decided"))
        self.blocks.append(Grid(_("Decisions"), head, rows, (4, 3, 3, 5)))

    def _decision(self, point: EntryView) -> tuple[Cell, ...]:
        moves = self.stated.citing(point.index, "decision", EntryKind.DECISION_MOVED)
        made = self.stated.citing(point.index, "decision", EntryKind.DECISION_MADE)
        last = (made or moves or [point])[-1]
        moved = [_line for one in moves for _line in self.labelled(_("Moved:"), one, "reason")]
        became = self.labelled(_("Decided:"), made[-1], "outcome") if made else self.said(point, "open")
        return (
            cell((self.title(point, "decision"),), self.cite(point)),
            cell(plain(self.packs.at(point.index).office_title(point.entry.data["office"], self.lang))),
            cell(plain(day(last.entry.data["on"])), moved, self.cite(*moves)),
            cell(became, self.cite(*made)),
        )

    def asked(self) -> None:
        """Tell who was asked, how, and in which languages."""
        self.blocks.append(Heading(plain(_("Who was asked, and how"))))
        self._touched()
        promises, briefs = self.stated.of(PROMISE), self.stated.of(BRIEF)
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
                Para(plain(_("Nobody was asked about this project, as far as the record tells.")))
            )
        self._asked_before([*promises, *briefs])

    def _touched(self) -> None:
        """Tell whom the project touches and whether people were asked, as the unit says it."""
        described = self.stated.of(EntryKind.PROJECT_DESCRIBED)
        choices = facts_of(one.entry for one in described).choices
        called = {one.id: one.name.say(self.lang) for one in self.pack.communities}
        whom = listed(called.get(one, one) for one in choices.get("communities", ()))
        asked = str(ASKED.get(str(choices.get("asked", "")), ""))
        said = [_("Whom it touches, as the unit says: %(whom)s.") % {"whom": whom}] if whom else []
        said += [_("Was the public asked? The unit says: %(what)s.") % {"what": asked}] if asked else []
        if said:
            self.blocks.append(Para((Run(" ".join(said) + " "), *self.cite(*described))))

    def course(self, promise: EntryView) -> EngagementState:
        """Say where an engagement stood under the head."""
        turns = self.stated.citing(promise.index, "engagement", *CHANGES)
        return course_of(promise.entry, [one.entry for one in turns])

    def _engagement(self, promise: EntryView) -> tuple[Cell, ...]:
        course, data = self.course(promise), promise.entry.data
        corrections = self.stated.citing(promise.index, "engagement", EntryKind.ENGAGEMENT_CORRECTED)
        ended = self.stated.citing(promise.index, "engagement", EntryKind.VOICES_CLOSED)
        days = {"first": day(promise.entry.date), "last": day(course.closes)}
        how = [plain(_("Level promised: %(level)s.") % {"level": self.level(promise)})]
        how.append(plain(_("People could speak from %(first)s to %(last)s.") % days))
        if data["community"]:
            how.append(plain(_("The leads opened it alone. The City has promised nothing.")))
        for one in corrections:
            how += [*self.labelled(_("Corrected:"), one, "correction"), self.cite(one)]
        voices = plain(_("Counted when it closes"))
        if ended:
            voices = plain(saying.voices_words(ended[-1].entry.data["voices"]))
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
        back = self.stated.citing(brief.index, "consultation", EntryKind.CONSULTATION_WITHDRAWN)
        return (
            cell((self.title(brief),), self.about_title(brief), self.cite(brief)),
            cell(
                plain(str(PRODUCTS.get(brief.entry.data["of"], brief.entry.data["of"]))),
                self.said(brief, "what"),
            ),
            cell(plain(day(brief.entry.data["advice_by"]))),
            cell(
                self.said(brief, "can_change"),
                [line for one in back for line in self.labelled(_("Taken back:"), one, "reason")],
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
            told = self.stated.before[index]
            name = next(one for one in ("statement", "advice", "title") if one in told.entry.texts)
            old = [plain(_("Reconstructed from the public record."))]
            is_old = is_from_sources(told.entry.kind)
            found.append([*self.said(told, name), *(old if is_old else []), self.cite(told)])
        return found
