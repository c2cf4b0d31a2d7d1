"""The made-up workplans: one in force with progress, one that waits for the City's signature."""

import json
from collections.abc import Mapping
from datetime import datetime

from alongside.cohort.seats.models import Cohort
from alongside.core.canonical import canonical
from alongside.core.entries import Entry
from alongside.ground.programs.models import Unit
from alongside.ground.texts.actions import translate_text
from alongside.site.demo import workplan_words as words
from alongside.site.demo.casting import Days, Story
from alongside.work.workplans import actions
from alongside.work.workplans.actions import hash_of
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries import draft_of, shown_plan, snapshot

type ByLang = Mapping[str, Mapping[str, str]]


def plan(story: Story, days: Days) -> None:
    """Plan both workplans beside the thread."""
    both = Plans(story)
    days.on(180, both.begin_counters)
    days.on(176, both.sign_counters)
    days.on(140, lambda now: both.tell(0, "complete", "evidence", now))
    days.on(86, lambda now: both.tell(1, "substantial", "evidence2", now))
    days.on(9, both.begin_computers)
    days.on(6, both.sign_computers)


class Plans:
    """The two workplans of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.rows: dict[str, Workplan] = {}

    def begin_counters(self, now: datetime) -> None:
        """Write the plan with the unit of the streets."""
        self._begin("street-counters", "streets-and-signals", words.COUNTERS, (170, -10), now)

    def begin_computers(self, now: datetime) -> None:
        """Write the plan with the libraries."""
        self._begin("public-computers", "libraries-and-halls", words.COMPUTERS, (8, -100), now)

    def _begin(self, project: str, unit: str, said: ByLang, days: tuple[int, int], now: datetime) -> None:
        program = self.story.program
        plan = self.rows[project] = actions.begin_plan(
            program=program,
            slug=project,
            cohort=Cohort.objects.get(program=program),
            units=[Unit.objects.get(program=program, slug=unit)],
            lang="en",
            on=now.date(),
        )
        first, last = (self.story.day(one).isoformat() for one in days)
        typed = {"plan.from": first, "plan.until": last}
        typed |= {f"plan.{name}": said["en"][name] for name in ("title", "about")}
        decision = str(program.projects.get(slug=project).decisions.get().entry)
        more = {
            "activity": {"seat": "leads", "office": f"{unit}/manager", "until": last, "decision": decision},
            "touch": {"entry": decision},
            "support": {"kind": "interpreters" if project == "street-counters" else "travel"},
        }
        for name, text in said["en"].items():
            kind = name.rstrip("23")
            row = self._row(plan, kind, name)
            if row:
                field = {"activity": "what", "touch": "why"}.get(kind, "words")
                typed |= {f"{row}.{field}": text}
                typed |= {f"{row}.{each}": value for each, value in more.get(kind, {}).items()}
        if project == "street-counters":
            typed[f"{draft_of(plan).of('support')[1]}.kind"] = "childcare"
        actions.merge_form(plan=plan, base=draft_of(plan).values, typed=typed)

    @staticmethod
    def _row(plan: Workplan, kind: str, name: str) -> str | None:
        """Give the row that a text belongs to: the one that is there for the first of its kind, else a new one."""
        if kind in {"title", "about", "evidence"}:
            return None
        there = draft_of(plan).of(kind)
        return there[0] if there and name == kind else actions.add_row(plan=plan, kind=kind)

    def _propose(self, project: str, said: ByLang, now: datetime) -> Entry:
        plan, seat = self.rows[project], self.story.seats[0].public_id
        says = snapshot(plan, draft_of(plan))
        entry = actions.propose(plan=plan, actor=seat, read=hash_of(says), now=now)
        whole = canonical(says).decode()
        for lang in list(said)[1:]:
            told = whole
            for name, text in said["en"].items():
                told = told.replace(
                    json.dumps(text, ensure_ascii=False), json.dumps(said[lang][name], ensure_ascii=False)
                )
            texts = {"title": said[lang]["title"], "plan": told}
            translate_text(
                program=self.story.program,
                entry=entry.index,
                by=seat,
                lang=lang,
                texts=texts,
                made_by="machine",
                reviewed=False,
                now=now,
            )
        return entry

    def sign_counters(self, now: datetime) -> None:
        """Let a lead sign, and then the unit: the plan is in force, and a finding can answer its first question."""
        plan, entry = self.rows["street-counters"], self._propose("street-counters", words.COUNTERS, now)
        read = entry.texts["plan"]["sha256"]
        actions.sign(plan=plan, version=entry.index, read=read, actor="streets-and-signals/manager", now=now)
        self.story.driving["majority"] = (entry.index, entry.data["questions"][0])

    def sign_computers(self, now: datetime) -> None:
        """Let a lead sign; the City has not."""
        self._propose("public-computers", words.COMPUTERS, now)

    def tell(self, place: int, completion: str, evidence: str, now: datetime) -> None:
        """Tell how far an activity is: the leads of the first, the unit of the second."""
        plan = self.rows["street-counters"]
        shown = shown_plan(self.story.program, "en", plan.slug)
        version = shown.standing.in_force if shown else None
        actor = "streets-and-signals/staff" if place else self.story.seats[0].public_id
        entry = actions.tell_progress(
            plan=plan,
            activity=version.proposed.data["activities"][place] if version else "",
            completion=completion,
            on=now.date(),
            evidence=words.COUNTERS["en"][evidence],
            actor=actor,
            now=now,
        )
        for lang in list(words.COUNTERS)[1:]:
            translate_text(
                program=self.story.program,
                entry=entry.index,
                by=actor if "/" not in actor else "steward",
                lang=lang,
                texts={"evidence": words.COUNTERS[lang][evidence]},
                made_by="machine",
                reviewed=False,
                now=now,
            )
