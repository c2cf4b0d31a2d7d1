"""Lay one ask out: what was asked, what happened before the answer, the answer, what is owed, what was kept."""

from datetime import date, timedelta

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from alongside.core.grammar.commitments import CHECKERS
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import Decision, is_past
from alongside.core.workflow.commitments import Completion
from alongside.desks import saying
from alongside.desks.timeline import Milestone, Stretch, TimelineBuilder, TimelineItem
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.days import day_in_words

#: Whoever looked and has sat for less than this is said to have come lately.
LATELY = timedelta(days=90)


class Asking(TimelineBuilder):
    """Lays the asks of a thread out."""

    def ask(self, place: int, standing: Standing) -> Stretch:
        """Give the stretch of one ask."""
        told = self.thread.told[standing.ask]
        milestones = self.thread.milestones[standing.ask]
        marks = saying.marks_of(standing, milestones, self.today)
        pen, state = marks[-1]
        knots = [
            self._asked(told),
            *self._before_answer(standing),
            *self._late(standing),
            *self._answered(standing),
            *self.raised(standing.ask),
        ]
        owed = self._owed(standing)
        knots += [owed] if owed else []
        if milestones:
            knots.append(self._kept(standing, milestones))
        return Stretch(
            heading=f"{place}. {told.say('title')}",
            knots=knots,
            anchor=f"ask-{standing.ask}",
            lang=told.lang("title"),
            pen=pen,
            state=state,
            status=saying.where_it_stands(standing, milestones, self.today),
        )

    def _asked(self, told: EntryView) -> TimelineItem:
        says: dict[str, str] = {EntryKind.ASK_QUESTIONED: _("asked"), EntryKind.ASK_ADVISED: _("advised")}
        did = says.get(told.entry.kind, _("recommended"))
        findings = [one.index for one in self.thread.of_kind(EntryKind.FINDING_PUBLISHED)]
        rests = [
            str(findings.index(one) + 1) for one in told.entry.cites.get("finding", ()) if one in findings
        ]
        words = _("From findings %(numbers)s.") if len(rests) > 1 else _("From finding %(numbers)s.")
        support = words % {"numbers": get_text_list(rests, _("and"))} if rests else ""
        return self.knot(told, "ask", self.leads, did, support=support)

    def _before_answer(self, standing: Standing) -> list[TimelineItem]:
        kinds: dict[str, tuple[str, str]] = {
            EntryKind.ASK_UNCLEAR: ("question", _("asked what is meant")),
            EntryKind.ASK_CLARIFIED: ("clarification", _("said what they mean")),
            EntryKind.ASK_EXTENDED: ("reason", _("took more time")),
            EntryKind.ASK_TRANSFERRED: ("reason", _("moved this to another unit")),
        }
        knots = []
        for told in self.thread.citing(standing.ask, EntryKind.ASK_ACKNOWLEDGED, *kinds):
            entry = told.entry
            who = self.leads if entry.seats else self.unit(entry.offices[0])
            if entry.kind == EntryKind.ASK_ACKNOWLEDGED:
                knots.append(
                    TimelineItem(
                        "city", who=who, did=_("received this"), on=entry.date, proof=self.proof(told)
                    )
                )
                continue
            name, did = kinds[entry.kind]
            until = entry.data.get("until")
            more = _("until %(day)s") % {"day": day_in_words(date.fromisoformat(until))} if until else ""
            knots.append(self.knot(told, name, who, did, more=more))
        return knots

    def _late(self, standing: Standing) -> list[TimelineItem]:
        """Keep the silence in sight after a late answer; while nothing is written, the empty place shows it."""
        silences = self.thread.citing(standing.ask, EntryKind.ASK_SILENT)
        if standing.answer is None or not silences:
            return []
        last = silences[-1]
        who, heading = self.unit(last.entry.data["office"]), _("No answer by the date")
        return [
            TimelineItem("city", "late", who=who, on=last.entry.date, heading=heading, proof=self.proof(last))
        ]

    def _answered(self, standing: Standing) -> list[TimelineItem]:
        knots = []
        for told in self.thread.citing(standing.ask, EntryKind.ANSWER_GIVEN):
            who = self.unit(told.entry.offices[0])
            days = (told.entry.date - standing.asked).days
            more = _("day %(n)d") % {"n": days}
            heading = saying.decision(told.entry.data["decision"])
            marks = self.thread.citing(told.index, EntryKind.ANSWER_UNREASONED)
            knots.append(
                self.knot(
                    told,
                    "reasons",
                    who,
                    _("answered"),
                    more=more,
                    heading=heading,
                    facts=self._promised(told),
                    support=_("The leads say: no reasons given.") if marks else "",
                )
            )
            for contest in self.thread.citing(told.index, EntryKind.ANSWER_CONTESTED):
                knots.append(
                    self.knot(contest, "contest", self.leads, _("contested"), more=_("once per answer"))
                )
                knots += [
                    self.knot(joined, "contest", self.leads, _("contested it, too"))
                    for joined in self.thread.citing(contest.index, EntryKind.CONTEST_JOINED)
                ]
                for reply in self.thread.citing(contest.index, EntryKind.CONTEST_REPLIED):
                    says = reply.entry.data["decision"]
                    heading = _("The answer stands") if says == Decision.STANDS else saying.decision(says)
                    facts = self._promised(reply)
                    knots.append(self.knot(reply, "reply", who, _("replied"), heading=heading, facts=facts))
        return knots

    def _promised(self, answer: EntryView) -> list[tuple[str, str]]:
        for commitment in self.thread.citing(answer.index, EntryKind.COMMITMENT_MADE):
            owner = self.pack.office_title(commitment.entry.data["office"], self.lang)
            return [(_("Owner"), owner), (_("Evidence"), commitment.say("evidence"))]
        return []

    def _owed(self, standing: Standing) -> TimelineItem | None:
        owes_reply, due = standing.owes_reply, standing.due
        if due is None:
            return None
        left = (due - self.today).days
        text, proof = "", None
        did = _("owes a reply") if owes_reply else _("owes this answer")
        if left < 0 and not is_past(due, standing.quiet, self.today):
            text = saying.where_it_stands(standing, [], self.today)
            return TimelineItem("city", "owed", who=self.unit(standing.office), did=did, text=text)
        silences = self.thread.citing(standing.ask, EntryKind.ASK_SILENT)
        if left < 0:
            text = _("Nothing has been written here. The clock enters this on the record by itself.")
            proof = self.proof(silences[-1]) if silences else None
        if standing.escalated:
            text += " " + _("The office above was told.")
        return TimelineItem(
            "city",
            "late" if left < 0 else "owed",
            who=self.unit(standing.office),
            did=did,
            days=left,
            due=due,
            text=text.strip(),
            proof=proof,
        )

    def _kept(self, standing: Standing, milestones: list[MilestoneStanding]) -> TimelineItem:
        kept_first = sorted(milestones, key=lambda one: not one.is_kept)
        shown = [self._milestone(one) for one in kept_first]
        marks = {saying.milestone_mark(one, self.today) for one in milestones}
        state = "" if marks == {("both", "")} else "disputed" if ("both", "disputed") in marks else ""
        return TimelineItem(
            "both", state, heading=_("Did it happen?"), milestones=shown, anchor=f"kept-{standing.ask}"
        )

    def _milestone(self, one: MilestoneStanding) -> Milestone:
        commitment = self.thread.told.get(one.commitment)
        check = self.thread.told.get(one.check_entry) if one.check_entry is not None else None
        claim = self.thread.told.get(one.claim) if one.claim is not None else None
        support = [_("Due %(day)s.") % {"day": day_in_words(one.due)}]
        if one.claimed:
            support.append(_("The City said it is done, %(day)s.") % {"day": day_in_words(one.claimed)})
        if one.checked and check and check.entry.offices:
            support.append(self._body_looked(one, check))
        elif one.checked and one.is_kept:
            is_whole = check is not None and check.entry.data["completion"] == Completion.COMPLETE
            words = (
                _("Two leads looked and say that all of it is done, %(day)s.")
                if is_whole
                else _("Two leads looked and say that at least nearly all of it is done, %(day)s.")
            )
            support.append(words % {"day": day_in_words(one.checked)})
        elif one.checked:
            support.append(_("Two leads do not agree, %(day)s.") % {"day": day_in_words(one.checked)})
        elif one.claim is not None:
            support.append(self._who_checks(one))
        if check and one.checked:
            support += self._came_lately(check, one.checked)
        pen, state = saying.milestone_mark(one, self.today)
        spoken = check or claim
        name = "check" if check else "claim"
        return Milestone(
            heading=saying.milestone_heading(
                one, commitment.say(one.milestone) if commitment else "", self.today
            ),
            pen=pen,
            state=state,
            support=" ".join(support),
            said=spoken.say(name) if spoken else "",
            lang=spoken.lang(name) if spoken else "",
            translated_from=spoken.translated_from(name) if spoken else "",
            is_reviewed=spoken.is_reviewed(name) if spoken else True,
        )

    def _came_lately(self, check: EntryView, on: date) -> list[str]:
        """Say of who checked since when they sit, where that is short: whoever seats people chooses who looks."""
        newest = max((self.thread.since.get(one, date.min) for one in check.entry.seats), default=date.min)
        if newest <= on - LATELY:
            return []
        words = _("Of those who looked, the newest has been a lead here since %(day)s.")
        return [words % {"day": day_in_words(newest)}]

    def _body_looked(self, one: MilestoneStanding, check: EntryView) -> str:
        """Say that the community body looked: beside a lead, or alone because no lead could."""
        agrees = one.is_kept
        if check.entry.seats and agrees:
            words = _("A lead and %(body)s, outside the government, agree, %(day)s.")
        elif check.entry.seats:
            words = _("A lead and %(body)s, outside the government, do not agree, %(day)s.")
        elif agrees:
            words = _(
                "No lead could check this. %(body)s, outside the government, looked and agrees, %(day)s."
            )
        else:
            words = _(
                "No lead could check this. %(body)s, outside the government, looked and does not agree, %(day)s."
            )
        day = day_in_words(one.checked) if one.checked else ""
        return words % {"body": self.pack.office_title(check.entry.offices[0], self.lang), "day": day}

    def _too_few(self, one: MilestoneStanding) -> str:
        """Say why a claim waits: nobody is seated who could check it, as the record tells it too, or fewer than two can."""
        if one.claim in self.thread.unseated:
            return _(
                "Nobody is seated to check this now. It does not count as kept until two leads have looked."
            )
        if self.thread.tied_by_steward(one):
            return _(
                "Fewer than two leads can confirm this now: of some leads the steward says that this bureau pays or paid them. "
                "They can look too, and say that it was not kept. It does not count as kept until two leads have looked."
            )
        return _(
            "Fewer than two leads can check this now. It does not count as kept until two leads have looked."
        )

    def _who_checks(self, one: MilestoneStanding) -> str:
        """Say who checks a claim now: also when the cohort that asked has ended, or when nobody is seated to check."""
        able = len(self.thread.able(self.thread.seats, one))
        asked = self.thread.told.get(one.ask)
        former = len(self.thread.able(self.thread.former, one))
        if able < CHECKERS <= able + former:
            return _(
                "Fewer than two leads of today can check this: the others are paid or employed by that bureau. Leads of earlier "
                "cohorts who agreed to check will look with them, or in their place."
            )
        if able < CHECKERS and self.pack.body:
            return _(
                "Fewer than two leads can check this. %(body)s, a community body outside the government, looks beside the lead "
                "who can, or alone if none can."
            ) % {"body": self.pack.office_title(self.pack.body, self.lang)}
        if able < CHECKERS:
            return self._too_few(one)
        if asked and not {seat.public_id for seat in self.thread.seats}.intersection(asked.entry.seats):
            return _(
                "The leads who asked have left. Two leads of today will check, not paid by that unit or its bureau."
            )
        return _("Two leads not paid by that unit or its bureau will check.")
