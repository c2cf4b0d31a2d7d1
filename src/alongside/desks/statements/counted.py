"""What a statement counts: engagements, findings, asks by what became of them, and the two measures by their names."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import ANSWERS
from alongside.desks import saying
from alongside.desks.statements.asked import BRIEF, PROMISE
from alongside.desks.statements.blocks import Heading, Line, Points, Run, plain
from alongside.desks.statements.heard import Heard
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import Rate, implementation_rate, on_time, response_rate
from alongside.ground.ui.languages import semicolon
from alongside.ground.ui.templatetags.ui import counted


class Counted(Heard):
    """Words what is counted."""

    def in_short(self) -> None:
        """Count what follows: engagements, findings, asks, answers; and the two measures by their names."""
        findings = self.stated.of(EntryKind.FINDING_PUBLISHED)
        opened, briefs = len(self.stated.of(PROMISE)), len(self.stated.of(BRIEF))
        found, smaller = len(findings), sum(1 for one in findings if one.entry.data["smaller"])
        said = [
            ngettext("%(n)s engagement was opened.", "%(n)s engagements were opened.", opened)
            % {"n": counted(opened)},
            ngettext("%(n)s finding was written.", "%(n)s findings were written.", found)
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
        asks = self.stated.asks
        steps = [step for own in self.stated.steps.values() for step in own]
        n = len(asks)
        words = ngettext("%(n)s thing was asked of the City:", "%(n)s things were asked of the City:", n)
        counts = {word: sum(1 for one in asks if became(one) == word) for word in ANSWERS}
        parts = [f"{saying.decision(word)}: {counted(many)}" for word, many in counts.items() if many]
        waiting = sum(1 for one in asks if became(one) is None)
        parts += [_("No answer yet: %(n)s") % {"n": counted(waiting)}] if waiting else []
        lines = [plain(f"{words % {'n': counted(n)}} {semicolon().join(parts)}")] if n else []
        answered = self._rate(response_rate(asks, self.today), is_response=True)
        kept = self._rate(implementation_rate(steps, self.today), is_response=False)
        timely = on_time(asks, self.today)
        if timely.due:
            words = _("%(done)d of %(due)d.") % {"done": timely.done, "due": timely.due}
            lines.append((Run(_("Answered on time") + ": ", is_strong=True), Run(words)))
        lines.append((Run(_("Response rate") + ": ", is_strong=True), Run(answered)))
        lines.append((Run(_("Implementation rate") + ": ", is_strong=True), Run(kept)))
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


def became(one: Standing) -> str | None:
    """Say what became of an ask: its last decision, or None while there is none."""
    return one.decision
