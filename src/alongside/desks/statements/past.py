"""The statement of a thread from old sources: each step with the day of its event and its source, and nothing added."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from alongside.desks.statements.blocks import Grid, Heading, Line, Para, Run, plain
from alongside.desks.statements.wording import Wording, cell
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.days import about_in_words


class Reconstructed(Wording):
    """Words a thread that was put together from old sources."""

    def steps(self) -> None:
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
            self._part(heading, self.stated.of(*(f"reconstructed.{one}" for one in steps)))

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
