"""A unit that asks leads to review its register of AI systems, written by the actions that people use."""

from datetime import timedelta

from alongside.chain.asks import actions as asks
from alongside.chain.asks.queries import Cited
from alongside.core.anchors import anchor_cells
from alongside.core.materials import taken_in
from alongside.core.policy.purpose import usual_purpose
from alongside.core.tables import read_table
from alongside.ground.record.actions.entries import Text
from alongside.work.consultations import actions
from alongside.work.consultations.queries import place_of
from tests.support.remembering import this_hour
from tests.support.thread import Thread

TABLE = (
    b"use_case_name,problem_solved,hi_appeal_process\nSorting calls,Long waits,\nReading plates,Thefts,none\n"
)
RENAMED = TABLE.replace(b"hi_appeal_process", b"how_to_appeal")
CANARY = "canary-comment-that-only-leads-may-see"
WORDS = {
    "title": "The register of AI systems",
    "what": "The columns of the register, before it is filled in.",
    "decision": "Which columns the public register has",
    "can_change": "Every column",
    "cannot_change": "That there is a register",
}
SLUG = "ai-register"


class Review:
    """A consultation of the thread's unit, and short ways to bring material, comment, advise and answer."""

    def __init__(self, *, slug: str = SLUG, of: str = "dataset", thread: Thread | None = None) -> None:
        self.thread = thread or Thread(now=this_hour()).open_program()
        self.program, self.now = self.thread.program, self.thread.now
        self.office = self.thread.manager.public_id
        self.lead, self.other = self.thread.first_lead, self.thread.second_lead
        self.day = self.now.date()
        self.project = self.thread.register_project(
            f"{slug}-project", "A public register", "What runs where."
        )
        self.row = actions.open_consultation(
            project=self.project,
            slug=slug,
            of=of,
            office=self.office,
            by=self.office,
            days=(self.day + timedelta(days=20), self.day + timedelta(days=50)),
            words={"en": WORDS},
            now=self.now,
        )

    def bring(self, data: bytes = TABLE, name: str = "columns.csv", material: str = "columns"):
        """Bring a version of a material."""
        texts = {"title": Text("en", "The columns")}
        if self.row.versions.filter(material=material).exists():
            texts["changes"] = Text("en", "One column is called otherwise.")
        return actions.enter_material(
            consultation=self.row,
            material=material,
            by=self.office,
            paper=taken_in(data, name),
            texts=texts,
            now=self.now,
        )

    def say(self, words: str = CANARY, *, version=None, seat=None, column: int | None = None, **more):
        """Comment, on a column of a version or on the whole."""
        if column:
            table = read_table(bytes(version.data).decode())
            more["anchor"] = anchor_cells(table.head, table.rows, more.pop("row", None), column)
        given = {"may_quote": True, **more}
        return actions.comment(
            consultation=self.row,
            seat=seat or self.lead,
            version=version,
            words=Text("en", words),
            now=self.now,
            **given,
        )

    def advise(self, *comments, points: int = 1, seat=None, **more):
        """Publish advice that quotes comments; give the advice and its points."""
        return asks.advise(
            consultation=self.row,
            seat=(seat or self.lead).public_id,
            words=Text("en", "Say it in words that people use."),
            points=[
                (Text("en", f"Rename column {n}"), Text("en", "Call it what it is."))
                for n in range(1, points + 1)
            ],
            comments=[Cited(one, place_of(one, usual_purpose().product("dataset"))) for one in comments],
            now=self.now,
            **more,
        )
