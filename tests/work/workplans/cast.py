"""A cohort and a unit with a workplan, written by the actions that people use."""

from datetime import datetime, timedelta

from alongside.core.entries import Entry
from alongside.site.demo.workplans import propose_plan, sign_plan
from alongside.work.workplans import actions
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries import draft_of, shown_plan
from tests.support.remembering import this_hour
from tests.support.thread import Thread

QUESTION = "How long should records of library computers be kept?"
ACTIVITY = "Listen in three libraries"


class Plan:
    """A plan of the first cohort with the thread's unit, and short ways to write in it and sign it."""

    def __init__(
        self,
        *,
        slug: str = "libraries",
        now: datetime | None = None,
        units: int = 1,
        thread: Thread | None = None,
    ) -> None:
        self.thread = thread or Thread(now=now or this_hour()).open_program()
        self.program = self.thread.program
        others = self.program.units.exclude(pk=self.thread.unit.pk).order_by("pk")[: units - 1]
        self.row: Workplan = actions.begin_plan(
            program=self.program,
            slug=slug,
            cohort=self.program.cohorts.latest("pk"),
            units=[self.thread.unit, *others],
            lang="en",
            on=self.thread.now.date(),
        )
        self.lead, self.manager = self.thread.first_lead.public_id, self.thread.manager.public_id

    @property
    def draft(self):
        """Read the draft."""
        return draft_of(self.row)

    @property
    def shown(self):
        """Read the versions."""
        return shown_plan(self.program, "en", self.row.slug)

    def first(self, kind: str) -> str:
        """Give the first row of a kind."""
        return self.draft.of(kind)[0]

    def write(self, **fields: str) -> "Plan":
        """Write fields as a form does; `question_words` is the words of the first question, `plan_title` the title."""
        typed = {}
        for name, words in fields.items():
            kind, field = name.split("_", 1)
            typed[f"{'plan' if kind == 'plan' else self.first(kind)}.{field.rstrip('_')}"] = words
        actions.merge_form(plan=self.row, base=self.draft.values, typed=typed)
        return self

    def fill(self) -> "Plan":
        """Write everything a plan needs."""
        day = self.thread.now.date()
        return self.write(
            plan_title="What library computers remember",
            plan_from=day.isoformat(),
            plan_until=(day + timedelta(days=120)).isoformat(),
            question_words=QUESTION,
            goal_words="Records that people understand",
            activity_what=ACTIVITY,
            activity_seat=self.lead,
            activity_office=self.manager,
        )

    def touch(self) -> "Plan":
        """Let the plan touch a project of the unit."""
        project = self.thread.register_project("computers", "Library computers", "What they keep.")
        actions.add_row(plan=self.row, kind="touch")
        return self.write(touch_entry=str(project.entry), touch_why="It sets the keeping.")

    def propose(self, actor: str | None = None) -> Entry:
        """Sign the draft as it stands."""
        return propose_plan(plan=self.row, actor=actor or self.lead, now=self.thread.now)

    def sign(self, version: Entry, actor: str | None = None) -> Entry:
        """Sign a version."""
        return sign_plan(plan=self.row, version=version, actor=actor or self.manager, now=self.thread.now)

    def in_force(self) -> Entry:
        """Bring a first version in force; give it."""
        version = self.fill().propose()
        self.sign(version)
        return version
