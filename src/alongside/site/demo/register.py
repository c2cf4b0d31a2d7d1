"""The made-up register: facts, a timeline, harm that leads named, who works on what, and one list from a file."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from alongside.core.registers.mapping import Plan
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Office, Unit
from alongside.site.demo.casting import Days, Story
from alongside.work.projects import actions
from alongside.work.projects.models import Import, Project

COUNTERS, COMPUTERS, LETTERS = "street-counters", "public-computers", "permit-letters-software"
CHOICES: dict[str, dict[str, object]] = {
    COUNTERS: {
        "sort": "technology",
        "stage": "in_use",
        "impact": "high",
        "personal_data": "yes",
        "communities": ["newcomers", "young", "everyone"],
    },
    COMPUTERS: {
        "sort": "service",
        "stage": "in_use",
        "impact": "high",
        "personal_data": "yes",
        "communities": ["languages", "newcomers", "no-home"],
    },
    LETTERS: {
        "sort": "technology",
        "stage": "pilot",
        "impact": "high",
        "asked": "not_asked",
        "communities": ["languages", "renters", "small-business"],
    },
}
FACTS: dict[str, dict[str, str]] = {
    COUNTERS: {
        "purpose": "To count how many people walk, ride and drive past, so that crossings and signals fit the street.",
        "data_used": "Pictures that the device turns into counts, and the counts of each hour.",
        "people_in_data": "How many people pass, and how they move. No faces and no plates are kept.",
        "vendors": "Example Counters | https://vendor.example/counters",
        "datasets": "Counts by the hour | https://data.example/counts",
        "documents": "Assessment of privacy, 12 pages | https://city.example/counters-privacy",
        "oversight": "The manager of the unit looks at the settings every three months.",
        "appeal": "There is no way yet to object to a counter.",
        "consultation": "Leads listened to people before the settings were decided.",
    },
    COMPUTERS: {
        "purpose": "To let anyone use a computer and the Wi-Fi for free.",
        "data_used": "The number of the library card, the time, and which computer.",
        "people_in_data": "When someone was there, and how long.",
    },
    LETTERS: {
        "purpose": "To send each letter to the right desk faster.",
        "data_used": "What people write to the Permits Desk.",
    },
}
LETTERS_WORDS = {
    "title": "Software that sorts letters to the Permits Desk",
    "summary": "It reads what people write and chooses the desk that answers. Nobody has asked people about it.",
}
LETTERS_DECISION = {
    "decision": "Whether the software stays after its trial",
    "open": "If it stays at all, which letters it may read, and how people learn of it",
}
MOVED = "The numbers of the trial are not there yet."
DECIDED = "All 46 counters get new settings: they keep counts, and no pictures."
HARMS: Sequence[tuple[str, int, tuple[str, ...], tuple[str, ...], str]] = (
    (
        COUNTERS,
        1,
        ("surveillance", "legal"),
        ("newcomers",),
        "People cross the street to stay out of its sight. They do not know what it keeps.",
    ),
    (
        COUNTERS,
        2,
        ("erasure",),
        ("young",),
        "It counts a child with a scooter as a bike. The street is built for what it counts.",
    ),
    (
        COMPUTERS,
        0,
        ("misuse", "exclusion"),
        ("no-home", "languages"),
        "Some stay away because the screen asks for a card before it says what is kept.",
    ),
)
WORKING = ((COUNTERS, 0), (COUNTERS, 1), (COMPUTERS, 1), (COMPUTERS, 2))
COLUMNS = ("id", "system", "department", "what it does", "status", "risk", "contact e-mail", "note")
ROWS = (
    ("C-01", "Jury list draw", "Courts", "Draws names for jury duty.", "Live", "Low", "jury@county.example", ""),
    ("C-02", "Call sorting", "Health", "Sorts calls\nby how urgent they are.", "Pilot", "High", "calls@county.example", ""),
    ("C-03", "Road cracks from pictures", "Roads", "Finds cracks in pictures of roads.", "Live", "Low", "", ""),
    ("C-04", "Shelter bed matching", "Housing", "Matches people with free beds.", "In development", "High", "beds@county.example", ""),
    ("C-05", "Overdue tax letters", "Treasury", "Writes letters on overdue taxes.", "Retired", "Low", "", "ended in spring"),
    ("", "Flood forecast", "Water", "Says where water may rise.", "Live", "Low", "", "no id in the list"),
    ("C-07", "Bail risk score", "Courts", "Scores people before a hearing.", "Live", "High", "courts@county.example", ""),
    ("C-08", "", "Parks", "A row without a name.", "Live", "Low", "", "left out"),
)  # fmt: skip
PLAN = Plan(
    {
        "id": "key",
        "system": "name",
        "department": "body",
        "what it does": "summary",
        "status": "stage",
        "risk": "impact",
        "contact e-mail": "drop",
        "note": "",
    }
)


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
        project, words = self._project(slug), FACTS[slug]
        by, choices = f"{project.unit.slug}/manager", CHOICES[slug]
        actions.describe_project(project=project, by=by, choices=choices, words={"en": words}, now=now)

    def tell_counters(self, now: datetime) -> None:
        """Tell the facts of the street counters, and who of the leads works on them."""
        self._tell(COUNTERS, now)
        self._join(COUNTERS, now)

    def tell_computers(self, now: datetime) -> None:
        """Tell some facts of the library's computers; the rest is a gap that anyone can see."""
        self._tell(COMPUTERS, now)
        self._join(COMPUTERS, now)

    def _join(self, slug: str, now: datetime) -> None:
        for project, place in WORKING:
            if project == slug:
                seat = self.story.seats[place].public_id
                actions.join_project(project=self._project(slug), seat=seat, now=now)

    def decide_counters(self, now: datetime) -> None:
        """Tell what was decided on the settings."""
        point = self._project(COUNTERS).decisions.select_related("project__program").get()
        by, words = "streets-and-signals/manager", {"en": {"outcome": DECIDED}}
        actions.make_decision(point=point, on=now.date(), by=by, words=words, now=now)

    def register_letters(self, now: datetime) -> None:
        """Register software that nobody asked people about, with a decision that comes near."""
        unit = Unit.objects.get(program=self.story.program, slug="permits-desk")
        office = Office.objects.select_related("unit").get(unit=unit, slug="manager")
        project = actions.register_project(
            program=self.story.program,
            slug=LETTERS,
            unit=unit,
            by=office.public_id,
            words={"en": LETTERS_WORDS},
            now=now,
        )
        actions.schedule_decision(
            project=project,
            slug="after-the-trial",
            on=self.story.day(-20),
            office=office,
            by=office.public_id,
            words={"en": LETTERS_DECISION},
            level=("iap2", "inform"),
            asked="not_asked",
            now=now,
        )
        self._tell(LETTERS, now)

    def move_letters(self, now: datetime) -> None:
        """Move that decision."""
        point = self._project(LETTERS).decisions.select_related("project__program").get()
        on, words = self.story.day(-45), {"en": {"reason": MOVED}}
        actions.move_decision(point=point, on=on, by="permits-desk/manager", words=words, now=now)

    def name_harms(self, now: datetime) -> None:
        """Let leads name the harm that their communities see."""
        for slug, place, harms, communities, words in HARMS:
            actions.name_harm(
                project=self._project(slug),
                seat=self.story.seats[place].public_id,
                harms=harms,
                communities=communities,
                findings=[],
                words={"en": {"words": words}},
                now=now,
            )

    def bring_in_a_list(self, now: datetime) -> None:
        """Bring in the list that a made-up county publishes, by a mapping made by hand."""
        register = actions.open_register(
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
            pieces=[file_of(COLUMNS, ROWS)],
            by=steward,
            pen="steward",
            now=now,
        )
        made = actions.save_mapping(of=made, mapping=PLAN.kept())
        actions.look_at_file(of=made, now=now)
        actions.say_yes(of=made, now=now)
        actions.list_rows(of=actions.bring_in(of=Import.objects.get(pk=made.pk), now=now), now=now)


def file_of(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Write the list as the county would, from an old spreadsheet."""
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode("cp1252")
