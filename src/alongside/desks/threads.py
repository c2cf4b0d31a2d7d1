"""Lay a gathered thread out as knots: who wrote what and when, what is owed, and what was kept."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from alongside.core.disclosure import is_counted
from alongside.core.grammar.project_rules import is_made_early
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import CHANGES, course_of
from alongside.desks import saying
from alongside.desks.asking import Asking
from alongside.desks.timeline import StandingLine, Stretch, TimelineItem
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import listed


class Layout(Asking):
    """Lays one thread out for one request."""

    def stretches(self) -> list[Stretch]:
        """Give the whole thread in the order of time."""
        found = [Stretch(_("People spoke"), self._spoken())]
        findings = self._found()
        if findings:
            found.append(Stretch(_("The leads wrote what they heard"), findings))
        found += [self.ask(place, one) for place, one in enumerate(self.thread.standings, 1)]
        reports = self._reported()
        if reports:
            found.append(Stretch(_("People heard back"), reports, anchor="report"))
        return found

    def lines(self) -> list[StandingLine]:
        """Give the summary: one line an ask."""
        return [self._line(place, one) for place, one in enumerate(self.thread.standings, 1)]

    def _line(self, place: int, standing: Standing) -> StandingLine:
        told = self.thread.told[standing.ask]
        milestones = self.thread.milestones[standing.ask]
        return StandingLine(
            number=place,
            heading=told.say("title"),
            lang=told.lang("title"),
            href=f"#ask-{standing.ask}",
            marks=saying.marks_of(standing, milestones, self.today),
            status=saying.where_it_stands(standing, milestones, self.today),
            is_late=standing.is_late(self.today),
        )

    def _spoken(self) -> list[TimelineItem]:
        promise = self.thread.promise
        data = promise.entry.data
        if data["community"]:
            who, heading, pen = self.leads, _("The City has promised nothing"), "community"
        else:
            who, pen = self.unit(data["office"]), "city"
            heading = _("To answer by %(day)s") % {"day": day_in_words(date.fromisoformat(data["answer_by"]))}
        did = _("opened this") if data["community"] else _("promised")
        knots = [self.knot(promise, "decision", who, did, heading=heading, pen=pen)]
        knots.extend(
            self._correction(told)
            for told in self.thread.citing(promise.index, EntryKind.ENGAGEMENT_CORRECTED)
        )
        knots.extend(self._decided_early())
        knots.extend(
            self._voices(told) for told in self.thread.citing(promise.index, EntryKind.VOICES_CLOSED)
        )
        if self.thread.citing(promise.index, EntryKind.VOICES_OPENED):
            opened = self.thread.citing(promise.index, EntryKind.VOICES_OPENED)[-1]
            support = _("Two leads signed the list of what was opened.")
            knots.append(
                TimelineItem(
                    pen="community",
                    who=self.leads,
                    did=_("opened the voices"),
                    on=opened.entry.date,
                    support=support,
                    proof=self.proof(opened),
                )
            )
        return knots

    def _correction(self, told: EntryView) -> TimelineItem:
        """Tie a correction under the names of all who signed it, with the new day and the one first promised."""
        offices, data = told.entry.offices, told.entry.data
        who = listed([self.leads, *dict.fromkeys(self.unit(one) for one in offices)])
        day, first = data.get(data["about"]), self.thread.promise.entry.data.get(data["about"])
        heading = ""
        if day and first:
            days = {
                "day": day_in_words(date.fromisoformat(day)),
                "first": day_in_words(date.fromisoformat(first)),
            }
            heading = _("New day: %(day)s. First promised: %(first)s.") % days
        pen = "both" if offices else "community"
        return self.knot(told, "correction", who, _("corrected the promise"), heading=heading, pen=pen)

    def _decided_early(self) -> list[TimelineItem]:
        """Tie what was decided where that was before the last day to speak was over."""
        promise = self.thread.promise
        course = course_of(promise.entry, [one.entry for one in self.thread.citing(promise.index, *CHANGES)])
        if self.thread.decided is None or not is_made_early(self.thread.decided[1].entry, course.closes):
            return []
        point, made = self.thread.decided
        heading = _("It was decided before people were heard")
        return [
            self.knot(made, "outcome", self.unit(point.entry.data["office"]), _("decided"), heading=heading)
        ]

    def _voices(self, told: EntryView) -> TimelineItem:
        return TimelineItem(
            pen="community",
            who=_("People"),
            did=_("spoke"),
            on=told.entry.date,
            heading=saying.voices_words(told.entry.data["voices"]),
            support=_(
                "So many seals are on the record, where anyone can count them. Who spoke is never told."
            )
            if is_counted(told.entry.data["voices"])
            else _("We give a range so that no one can be picked out."),
            proof=self.proof(told),
        )

    def _found(self) -> list[TimelineItem]:
        knots = []
        for place, told in enumerate(self.thread.of_kind(EntryKind.FINDING_PUBLISHED), 1):
            number = _("Finding %(n)d") % {"n": place}
            smaller = [_("a smaller group sees it differently")] if told.entry.data["smaller"] else []
            more = listed([number, *smaller])
            voices = told.entry.data["voices"]
            support = (
                _("Rests on fewer voices than we show. Two leads attest it.")
                if voices == "fewer"
                else _("Rests on %(range)s voices.") % {"range": saying.band_words(voices).lower()}
            )
            quote = told.say("quote")
            knots.append(
                self.knot(
                    told,
                    "statement",
                    self.leads,
                    _("found"),
                    more=more,
                    support=support + _looks_at(told.entry.cites.get("answer", ())),
                    anchor=f"finding-{told.index}",
                    text=f"“{quote}”" if quote else "",
                )
            )
        return knots

    def _reported(self) -> list[TimelineItem]:
        knots = []
        for told in self.thread.citing(self.thread.promise.index, EntryKind.REPORT_PUBLISHED):
            name = self.lang if self.lang in told.texts else next(iter(told.entry.texts))
            knots.append(self.knot(told, name, self.leads, _("reported back")))
        for told in self.thread.citing(self.thread.promise.index, EntryKind.ENGAGEMENT_CLOSED):
            did = _("closed this: people have heard back in every language")
            knots.append(
                TimelineItem("community", who=self.leads, did=did, on=told.entry.date, proof=self.proof(told))
            )
        return knots


def _looks_at(answers: Sequence[int]) -> str:
    """Say which answers of the City a finding looks at, by their entries; nothing where it looks at none."""
    if not answers:
        return ""
    entries = listed(_("entry %(n)d") % {"n": one} for one in answers)
    return " " + _("It looks at what the City answered: %(entries)s.") % {"entries": entries}
