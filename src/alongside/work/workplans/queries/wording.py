"""What the parts of a workplan are called on pages, and what a choice says in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.policy import Pack
from alongside.ground.look.days import day_in_words
from alongside.ground.look.tongues import listed
from alongside.work.workplans.queries.shape import OFFICES, SEATS
from alongside.work.workplans.queries.versions import Touched

SECTIONS: dict[str, str | Promise] = {
    "question": _("Driving questions"),
    "goal": _("Goals"),
    "activity": _("Activities"),
    "touch": _("Projects and decisions it touches"),
    "support": _("Support needed"),
}
HINTS: dict[str, str | Promise] = {
    "question": _("What must be known before the decisions? Findings and recommendations can answer these."),
    "goal": _("What is different when this has worked?"),
    "activity": _("What is done, by whom on each side, and by when."),
    "touch": _("Name what is decided meanwhile, so that this plan comes in time."),
    "support": _("What people need so that they can take part."),
}
ADD: dict[str, str | Promise] = {
    "question": _("Add a driving question"),
    "goal": _("Add a goal"),
    "activity": _("Add an activity"),
    "touch": _("Add a project or decision"),
    "support": _("Add support"),
}
ROWS: dict[str, str | Promise] = {
    "question": _("Driving question %(n)s"),
    "goal": _("Goal %(n)s"),
    "activity": _("Activity %(n)s"),
    "touch": _("Project or decision %(n)s"),
    "support": _("Support %(n)s"),
}
FIELDS: dict[tuple[str, str], str | Promise] = {
    ("plan", "title"): _("What is the plan called?"),
    ("plan", "about"): _("What is it for, in a few sentences?"),
    ("plan", "from"): _("First day"),
    ("plan", "until"): _("Last day"),
    ("question", "words"): _("The question"),
    ("goal", "words"): _("The goal"),
    ("activity", "what"): _("What is done?"),
    ("activity", "seat"): _("Who sees to it for the leads?"),
    ("activity", "office"): _("Who sees to it for the unit?"),
    ("activity", "seat2"): _("Who else for the leads?"),
    ("activity", "seat3"): _("A third for the leads?"),
    ("activity", "office2"): _("Who else for the units?"),
    ("activity", "office3"): _("A third for the units?"),
    ("activity", "from"): _("From"),
    ("activity", "until"): _("Done by"),
    ("activity", "decision"): _("For which decision?"),
    ("touch", "entry"): _("Project or decision"),
    ("touch", "why"): _("How does the plan touch it?"),
    ("support", "words"): _("What is needed, for whom and when?"),
    ("support", "kind"): _("What kind of support?"),
    ("support", "amount"): _("How much money, if any?"),
}
SUPPORT: dict[str, str | Promise] = {
    "interpreters": _("Interpreters"),
    "childcare": _("Childcare"),
    "money": _("Money"),
    "travel": _("Travel"),
    "other": _("Other"),
}
COMPLETION: dict[str, str | Promise] = {
    "no_evidence": _("No evidence"),
    "not_started": _("Not started"),
    "limited": _("Limited"),
    "substantial": _("Substantial"),
    "complete": _("Complete"),
}


def row_label(kind: str, number: int) -> str:
    """Name a row by its kind and place."""
    return str(ROWS[kind]) % {"n": number}


def seat_label(seat: str) -> str:
    """Name a seat without a person's name."""
    return (
        say("All leads together")
        if seat == "leads"
        else say("Lead, seat %(id)s") % {"id": seat.removeprefix("seat-")}
    )


@dataclass(frozen=True)
class Naming:
    """What choices are called: offices by the pack, decisions by the register, in one language."""

    pack: Pack
    lang: str
    register: Mapping[str, Touched]

    def actor(self, actor: str) -> str:
        """Name a seat or an office."""
        return self.pack.office_title(actor, self.lang) if "/" in actor else seat_label(actor)

    def side(self, side: str) -> str:
        """Name a side: the leads, or a unit."""
        names = {unit.slug: unit.name.say(self.lang) for unit in self.pack.units}
        return say("the community leads") if side == "community" else names.get(side, side)

    def sides(self, sides: Sequence[str]) -> str:
        """Name some sides in one line."""
        return listed(self.side(one) for one in sides)

    def choice(self, field: str, value: str) -> str:
        """Say a choice in words; empty where nothing was chosen."""
        if not value:
            return ""
        if field in {"from", "until"}:
            return _day(value)
        if field in {*SEATS, *OFFICES}:
            return self.actor(value)
        if field in {"entry", "decision"}:
            return self.register[value].title if value in self.register else value
        return str(SUPPORT.get(value, value)) if field == "kind" else value


def _day(value: str) -> str:
    try:
        return str(day_in_words(date.fromisoformat(value)))
    except ValueError:
        return value
