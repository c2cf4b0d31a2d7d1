"""What people said: what most and what smaller groups said side by side, and harm that communities see."""

from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.desks.statements.asked import BRIEF, PROMISE, Asked
from alongside.desks.statements.blocks import Cell, Grid, Heading, Line, Para, Run, hint, plain
from alongside.desks.statements.wording import cell, day
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.languages import listed

NONE: Line = (Run("–"),)


class Heard(Asked):
    """Words what people said."""

    def heard(self) -> None:
        """Tell what people said: what most and what smaller groups said stand side by side."""
        self.blocks.append(Heading(plain(_("What they said"))))
        before = len(self.blocks)
        for told in self.stated.of(PROMISE, BRIEF):
            is_brief = told.entry.kind == BRIEF
            kind, role = (
                (EntryKind.ADVICE_PUBLISHED, "consultation")
                if is_brief
                else (EntryKind.FINDING_PUBLISHED, "engagement")
            )
            found = self.stated.citing(told.index, role, kind)
            if found:
                self.blocks.append(Heading((self.title(told),), 3))
                self.blocks.append(self._side_by_side(found, is_advice=is_brief))
        self._harms()
        if len(self.blocks) == before:
            self.blocks.append(Para(plain(_("The leads have written no finding and no advice on it yet."))))

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
        return Grid(_("Findings"), head, tuple(rows), (1, 1))

    def _finding(self, one: EntryView) -> Cell:
        name = "advice" if "advice" in one.entry.texts else "statement"
        lines = self.said(one, name)
        if "quote" in one.entry.texts:
            lines += self.labelled(_("In someone’s words:"), one, "quote")
        if "voices" in one.entry.data:
            lines.append(hint(self.rests_on(one.entry.data["voices"])))
        return cell(lines, (Run(f"{day(one.entry.date)} · "), *self.cite(one)))

    def _harms(self) -> None:
        harms = self.stated.of(EntryKind.HARM_NAMED)
        if not harms:
            return
        kinds = {one.id: one.name.say(self.lang) for one in self.pack.harms}
        self.blocks.append(Heading(plain(_("Harm that communities see")), 3))
        head = (_("Kind of harm"), _("In their words"))
        rows = tuple(
            (
                cell(
                    (
                        Run(
                            listed(kinds.get(each, each) for each in one.entry.data["harms"]),
                            is_strong=True,
                        ),
                    )
                ),
                cell(self.said(one, "words"), self.cite(one)),
            )
            for one in harms
        )
        self.blocks.append(Grid(_("Harm that communities see"), head, rows, (1, 2)))
