"""The made-up register: facts, a timeline, harm that leads named, who works on what, and one list from a file."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from alongside.ground.people.models import Person
from alongside.ground.programs.models import Office, Unit
from alongside.site.demo import register_words as words
from alongside.site.demo.casting import Days, Story
from alongside.work.projects import actions
from alongside.work.projects.models import Import, Project


def plan(story: Story, days: Days) -> None:
    """Plan what the register says, beside the thread."""
    made = Register(story)
    days.on(190, made.tell_counters)
    days.on(99, made.decide_counters)
    days.on(40, made.register_letters)
    days.on(25, made.move_letters)
    days.on(18, made.tell_computers)
    days.on(15, made.name_harms)
    days.on(12, made.bring_in_a_list)


class Register:
    """The register of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def _project(self, slug: str) -> Project:
        return Project.objects.select_related("program", "unit").get(program=self.story.program, slug=slug)

    def _tell(self, slug: str, now: datetime) -> None:
        project, said = self._project(slug), words.FACTS[slug]
        by, choices = f"{project.unit.slug}/manager", words.CHOICES[slug]
        actions.describe_project(project=project, by=by, choices=choices, words={"en": said}, now=now)

    def tell_counters(self, now: datetime) -> None:
        """Tell the facts of the street counters, and who of the leads works on them."""
        self._tell(words.COUNTERS, now)
        self._join(words.COUNTERS, now)

    def tell_computers(self, now: datetime) -> None:
        """Tell some facts of the library's computers; the rest is a gap that anyone can see."""
        self._tell(words.COMPUTERS, now)
        self._join(words.COMPUTERS, now)

    def _join(self, slug: str, now: datetime) -> None:
        for project, place in words.WORKING:
            if project == slug:
                seat = self.story.seats[place].public_id
                actions.join_project(project=self._project(slug), seat=seat, now=now)

    def decide_counters(self, now: datetime) -> None:
        """Tell what was decided on the settings the day before, which is over wherever the program lives."""
        point = self._project(words.COUNTERS).decisions.select_related("project__program").get()
        by, said = "streets-and-signals/manager", {"en": {"outcome": words.DECIDED}}
        actions.make_decision(point=point, on=now.date() - timedelta(days=1), by=by, words=said, now=now)

    def register_letters(self, now: datetime) -> None:
        """Register software that nobody asked people about, with a decision that comes near."""
        unit = Unit.objects.get(program=self.story.program, slug="permits-desk")
        office = Office.objects.select_related("unit").get(unit=unit, slug="manager")
        project = actions.register_project(
            program=self.story.program,
            slug=words.LETTERS,
            unit=unit,
            by=office.public_id,
            words={"en": words.LETTERS_WORDS},
            now=now,
        )
        actions.schedule_decision(
            project=project,
            slug="after-the-trial",
            on=self.story.day(-20),
            office=office,
            by=office.public_id,
            words={"en": words.LETTERS_DECISION},
            level=("iap2", "inform"),
            asked="not_asked",
            now=now,
        )
        self._tell(words.LETTERS, now)

    def move_letters(self, now: datetime) -> None:
        """Move that decision."""
        point = self._project(words.LETTERS).decisions.select_related("project__program").get()
        on, said = self.story.day(-45), {"en": {"reason": words.MOVED}}
        actions.move_decision(point=point, on=on, by="permits-desk/manager", words=said, now=now)

    def name_harms(self, now: datetime) -> None:
        """Let leads name the harm that their communities see."""
        for slug, place, harms, communities, said in words.HARMS:
            actions.name_harm(
                project=self._project(slug),
                seat=self.story.seats[place].public_id,
                harms=harms,
                communities=communities,
                findings=[],
                words={"en": {"words": said}},
                now=now,
            )

    def bring_in_a_list(self, now: datetime) -> None:
        """Bring in the list that a made-up county publishes, by a mapping made by hand."""
        register = actions.open_upload(
            program=self.story.program,
            slug="example-county",
            title="Automated systems of Example County",
            lang="en",
            unit=None,
            source="https://county.example/systems",
            license_name="CC0 1.0",
        )
        steward = Person.objects.get(email=f"steward@{self.story.program.slug}.example")
        made = actions.take_in_file(
            register=register,
            file_name="systems.csv",
            pieces=[file_of(words.COLUMNS, words.ROWS)],
            by=steward,
            pen="steward",
            now=now,
        )
        made = actions.save_mapping(of=made, mapping=words.PLAN.kept())
        actions.look_at_file(of=made, now=now)
        actions.say_yes(of=made, now=now)
        actions.list_rows(of=actions.apply_import(of=Import.objects.get(pk=made.pk), now=now), now=now)


def file_of(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Write the list as the county would, from an old spreadsheet."""
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode("cp1252")
