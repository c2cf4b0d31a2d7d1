"""The made-up consultations: one worked through from its brief to its change list, on real names of columns; one open."""

from datetime import datetime
from typing import TYPE_CHECKING

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.chain.asks.queries import Cited
from alongside.chain.commitments import actions as commitments
from alongside.core.anchors import anchor_cells
from alongside.core.papers import taken_in
from alongside.core.tables import read_table
from alongside.ground.programs.models import Office, Unit
from alongside.ground.record.actions import Text
from alongside.site.demo import consultation_words as words
from alongside.site.demo.casting import Days, Story
from alongside.work.consultations import actions
from alongside.work.consultations.models import Comment, Consultation, Version
from alongside.work.consultations.queries import place_of
from alongside.work.projects import actions as projects
from alongside.work.projects.models import Project

if TYPE_CHECKING:
    from alongside.core.entries import Entry

UNIT = "libraries-and-halls"
OFFICE = f"{UNIT}/manager"


def plan(story: Story, days: Days) -> None:
    """Plan both consultations beside the thread."""
    both = Consultations(story)
    days.on(60, both.register)
    days.on(58, both.ask_about_the_list)
    days.on(50, both.comment)
    days.on(44, both.advise)
    days.on(31, both.change)
    days.on(30, both.answer)
    days.on(21, both.check)
    days.on(3, both.ask_about_the_survey)


class Consultations:
    """The two consultations of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.rows: dict[str, Consultation] = {}
        self.version: Version
        self.comments: list[Comment] = []
        self.points: list[Entry] = []
        self.claim: int = -1

    def register(self, now: datetime) -> None:
        """Put the list of systems on the register, with the decision on its columns."""
        program = self.story.program
        unit = Unit.objects.get(program=program, slug=UNIT)
        made = projects.register_project(
            program=program,
            slug="list-of-systems",
            unit=unit,
            by=OFFICE,
            words={"en": words.PROJECT},
            now=now,
        )
        projects.schedule_decision(
            project=made,
            slug="columns-of-the-list",
            on=self.story.day(-75),
            office=Office.objects.select_related("unit").get(unit=unit, slug="manager"),
            by=OFFICE,
            words={"en": words.POINT},
            now=now,
        )

    def _ask(
        self, slug: str, project: str, of: str, days: tuple[int, int], said: dict[str, str], now: datetime
    ) -> None:
        self.rows[slug] = actions.open_consultation(
            project=Project.objects.select_related("program").get(program=self.story.program, slug=project),
            slug=slug,
            of=of,
            office=OFFICE,
            by=OFFICE,
            days=(self.story.day(days[0]), self.story.day(days[1])),
            words={"en": said},
            now=now,
        )

    def _bring(self, slug: str, name: str, data: str, texts: dict[str, str], now: datetime) -> Version:
        ending = ".csv" if slug == "columns-of-the-list" else ".txt"
        return actions.enter_material(
            consultation=self.rows[slug],
            material=name,
            by=f"{UNIT}/staff",
            paper=taken_in(data.encode(), name + ending),
            texts={one: Text("en", text) for one, text in texts.items()},
            now=now,
        )

    def ask_about_the_list(self, now: datetime) -> None:
        """Open the first, with the columns as they were planned."""
        self._ask("columns-of-the-list", "list-of-systems", "dataset", (30, -12), words.LIST, now)
        self.version = self._bring("columns-of-the-list", "columns", words.COLUMNS, words.FIRST, now)

    def comment(self, now: datetime) -> None:
        """Let three leads comment, one of them under a heading of the guide, and a fourth reply."""
        table = read_table(words.COLUMNS)
        for seat, (column, heading, said) in zip(self.story.seats, words.COMMENTS, strict=False):
            place = table.head.index(column) + 1 if column else None
            made = actions.comment(
                consultation=self.rows["columns-of-the-list"],
                seat=seat,
                words=Text("en", said),
                heading=heading,
                anchor=anchor_cells(table.head, table.rows, None, place) if place else {},
                version=self.version if place else None,
                may_quote=True,
                now=now,
            )
            self.comments.append(made)
        actions.comment(
            consultation=self.rows["columns-of-the-list"],
            seat=self.story.seats[3],
            words=Text("en", words.REPLY),
            parent=self.comments[-1],
            now=now,
        )

    def advise(self, now: datetime) -> None:
        """Let the leads advise, and a smaller group beside them."""
        cited = [Cited(one, place_of(one, "dataset")) for one in self.comments]
        for place, (said, points) in enumerate((words.ADVICE, words.SMALLER)):
            entries = asks.advise(
                consultation=self.rows["columns-of-the-list"],
                seat=self.story.seats[place].public_id,
                words=Text("en", said),
                points=[(Text("en", title), Text("en", ask)) for title, ask in points],
                comments=[] if place else cited,
                smaller=bool(place),
                beside=[self.points[0].index] if place else [],
                now=now,
            )
            self.points += entries

    def change(self, now: datetime) -> None:
        """Let the unit bring the second version of the columns."""
        self._bring("columns-of-the-list", "columns", words.CHANGED, words.SECOND, now)

    def answer(self, now: datetime) -> None:
        """Let the unit answer: changed, will change, not changed. The smaller group's point is still owed."""
        for point, values in zip(self.points[1:4], words.ANSWERS, strict=True):
            given = {"lang": "en", "owner": OFFICE, **values}
            if "milestone" in given:
                due = self.story.day(-60).isoformat()
                given["milestones"] = [{"id": "m1", "words": given.pop("milestone"), "due": due}]
            draft = answers.save_draft(
                program=self.story.program,
                about=point.index,
                unit=UNIT,
                person=self.story.people[f"{UNIT}/staff"],
                values=given,
                now=now,
            )
            entries = answers.sign_off(draft=draft, office=OFFICE, now=now)
            if values["decision"] == "changed":
                self.claim = entries[-1].index

    def check(self, now: datetime) -> None:
        """Let two leads look whether it is changed."""
        for seat, said in zip(self.story.seats, words.CHECKED, strict=False):
            commitments.check_delivery(
                program=self.story.program,
                claim=self.claim,
                seat=seat,
                verdict="verified",
                completion="complete",
                words=said,
                lang="en",
                now=now,
            )

    def ask_about_the_survey(self, now: datetime) -> None:
        """Open the second, which waits for the leads today."""
        self._ask("room-survey", "public-computers", "form", (-18, -45), words.SURVEY, now)
        self._bring("room-survey", "questions", words.QUESTIONS, words.SURVEY_PAGE, now)
