"""Walks the thread by the same actions that people use, so that a test can begin at any step."""

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from alongside.chain.asks import actions as asks
from alongside.chain.commitments import actions as commitments
from alongside.chain.findings import actions as findings
from alongside.chain.reports import actions as reports
from alongside.chain.voices import actions as intake
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.entries import Entry
from alongside.core.grammar.silence import SILENCES
from alongside.core.grammar.voices import published_marks
from alongside.core.sealing.keys import recipient_of
from alongside.ground.people import actions as people
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Office, Post, Program, Unit
from alongside.ground.record.actions import entries as record_entries
from alongside.ground.record.models import LogEntry
from alongside.ground.record.rows import RowsLog
from alongside.site.demo import acts, sealed
from alongside.site.demo.packs import in_program_timezone
from alongside.site.demo.story import Story
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Correction, Engagement
from alongside.work.projects import actions as projects
from alongside.work.projects.models import DecisionPoint, Project
from tests.check.records import fake, signed
from tests.support.acts import STORIES
from tests.support.remembering import remembered

START = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
#: The unit that answers, by the pack of the program.
UNITS = {
    "neutral": "libraries-and-halls",
    "portland": "bps",
    "housing": "homes-and-repairs",
    "schools": "student-life",
}
UNOPENED = b"age-encryption.org/v1\n-> scrypt fZcMuyeZjmkwTsC7nXeFwA 16\nnothing that anyone opens"
QUESTIONS = [
    {
        "id": "q1",
        "kind": "one",
        "words": {"en": "Do you use the library?", "es": "¿Usa la biblioteca?"},
        "options": [
            {"id": "yes", "words": {"en": "Yes", "es": "Sí"}},
            {"id": "no", "words": {"en": "No", "es": "No"}},
        ],
    },
    {"id": "q2", "kind": "text", "words": {"en": "What should change?", "es": "¿Qué debe cambiar?"}},
]
WORDS = {
    lang: {
        name: f"{name} ({lang})"
        for name in ("title", "decision", "can_change", "cannot_change", "reading", "consent")
    }
    for lang in ("en", "es")
}


def posted_by_rows(program: Program, person: Person, post: str, from_date: date = date(2026, 1, 1)) -> Post:
    """Give somebody a post, as unit/office or "steward", by rows alone: no page or command gives one to who has a seat."""
    unit, _, slug = post.partition("/")
    office = Office.objects.get(unit__program=program, unit__slug=unit, slug=slug) if slug else None
    return Post.objects.create(
        person=person, program=program, office=office, from_date=from_date, taken_on=from_date
    )


def seated_by_rows(cohort: Cohort, person: Person, now: datetime) -> Seat:
    """Seat somebody, who sits elsewhere on the same days, by rows alone: no page or command gives anyone a second seat."""
    seat = seats.give_seat(cohort=cohort, person=people.make_person(email=None), paid_by="outside", now=now)
    Seat.objects.filter(pk=seat.pk).update(person=person)
    return Seat.objects.select_related("person", "cohort__program").get(pk=seat.pk)


@dataclass
class Thread(Story):
    """A program on the neutral pack with a small cast by role, and the steps of the thread."""

    now: datetime = START
    today: date = field(init=False)
    steward: Person = field(init=False)
    first_lead: Seat = field(init=False)
    second_lead: Seat = field(init=False)
    third_lead: Seat = field(init=False)
    unit: Unit = field(init=False)
    staff: Person = field(init=False)
    boss: Person = field(init=False)
    office: Office = field(init=False)
    manager: Office = field(init=False)
    project: Project = field(init=False)
    decision: DecisionPoint = field(init=False)
    engagement: Engagement = field(init=False)
    promise: int = -1

    def __new__(cls, *_args: Any, **_options: Any) -> "Thread":
        """Be known to whoever signs for leads, also as a copy."""
        one = super().__new__(cls)
        STORIES.append(weakref.ref(one))
        return one

    def open_program(self, pack: str = "neutral", slug: str = "riverbend") -> "Thread":
        """Open the program, seat three leads, post a staff member and a manager."""
        vars(self).update(vars(_opened(self.now, pack, slug)))
        return self

    def _open_program(self, pack: str, slug: str) -> "Thread":
        # As the clocks of the program show it: at night in UTC, `now.date()` is else a day that is still to come there.
        self.now = in_program_timezone(self.now, pack)
        self.today, unit = self.now.date(), UNITS[pack]
        acts.open_program(
            story=self,
            slug=slug,
            units=[unit],
            pack=pack,
            is_demonstration=False,
            held_from=date(2026, 1, 1),
            now=self.now,
        )
        offices = Office.objects.filter(unit__program=self.program, unit__slug=unit).select_related("unit")
        self.office, self.manager = offices.get(signs=False), offices.get(signs=True)
        self.unit = self.office.unit
        held = ("steward", self.office.public_id, self.manager.public_id)
        self.steward, self.staff, self.boss = (self.made["Person", one] for one in held)
        cohort = self.seat_cohort("first", date(2026, 1, 1), date(2027, 12, 31))
        self.first_lead, self.second_lead, self.third_lead = (
            self.seat(one, cohort) for one in ("first", "second", "third")
        )
        return self

    def seat_cohort(self, slug: str, first: date, last: date) -> Cohort:
        """Let a cohort sit, of whom nobody is seated yet."""
        return seats.seat_cohort(
            program=self.program,
            slug=slug,
            names={"en": f"The {slug} cohort"},
            from_date=first,
            until_date=last,
            now=self.now,
        )

    def seat(self, who: str | Person, cohort: Cohort | None = None, **more: Any) -> Seat:
        """Seat somebody, or somebody new by a name, beside the three leads or in another cohort."""
        if isinstance(who, str):
            who = acts.make_lead(program=self.program, name=who)
        given = {"cohort": cohort or self.first_lead.cohort, "paid_by": "outside", **more}
        return seats.give_seat(person=who, now=self.now, **given)

    @property
    def leads(self) -> list[Seat]:
        """Give the seats of the three leads."""
        return [self.first_lead, self.second_lead, self.third_lead]

    def enter(self, kind: str, by: list[str], data=None, cites=None, texts=None) -> Entry:
        """Append one entry as it is."""
        rows = self.log
        brought = [one.data for name in ("key.founded", "key.certified") for one in rows.every(name)]
        keys = {one["seat"]: one for one in brought}
        data = signed(kind, by, data or {}, keys, self.program.origin, self.keyrings)
        draft = record_entries.Draft(kind=kind, by=by, data=data, cites=cites or {}, texts=texts or {})
        return record_entries.append(program=self.program, drafts=[draft], now=self.now)[0]

    def register_project(self, slug: str, title: str, summary: str) -> Project:
        """Put a project of the unit on the register."""
        return projects.register_project(
            program=self.program,
            slug=slug,
            unit=self.unit,
            by=self.manager.public_id,
            words={"en": {"title": title, "summary": summary}},
            now=self.now,
        )

    def schedule_decision(
        self, slug: str, *, on: date, decision: str, still_open: str, project: Project | None = None
    ) -> DecisionPoint:
        """Let the unit say when something about a project is decided; the thread's own, or another."""
        return projects.schedule_decision(
            project=project or self.project,
            slug=slug,
            on=on,
            office=self.manager,
            by=self.manager.public_id,
            words={"en": {"decision": decision, "open": still_open}},
            now=self.now,
        )

    def draft_engagement(
        self,
        slug: str = "library-computers",
        *,
        community: bool = False,
        words: Mapping[str, Mapping[str, str]] = WORDS,
        questions: Sequence[Mapping[str, Any]] = QUESTIONS,
        **terms: Any,
    ) -> "Thread":
        """Draft an engagement in two languages, on a decision of a project that the unit registers; it lies ahead."""
        day = self.now.date()
        self.project = self.register_project(
            f"{slug}-project",
            "Records of public computers",
            "What is kept, how long, and who may look.",
        )
        self.decision = self.schedule_decision(
            f"{slug}-decision",
            on=max(date(2026, 9, 1), day + timedelta(days=80)),
            decision="How long records of public computers are kept",
            still_open="The number of days, and who may look",
        )
        self.engagement = acts.draft_engagement(
            program=self.program,
            slug=slug,
            lead=self.first_lead,
            partner=None if community else self.manager,
            decision=None if community else self.decision,
            level="involve",
            closes=day + timedelta(days=30),
            report_back=day + timedelta(days=90),
            answer_by=None if community else day + timedelta(days=75),
            words=words,
            questions=questions,
            **{"voices_kept_until": day + timedelta(days=365), **terms},
        )
        return self

    def found_keys(self, count: int = 2, *, opens: bool = False, papers_too: bool = True) -> "Thread":
        """Let leads make their keys, and recovery papers; only where a page `opens` them are they sealed, under a passphrase that costs little."""
        keyring = (lambda ring: ring.sealed(work=2)) if opens else (lambda _ring: UNOPENED)
        given = {"seats": self.leads[:count], "keyring": keyring, "papers_too": papers_too}
        sealed.make_keys(story=self, now=self.now, **given)
        return self

    def make_keys(self) -> "Thread":
        """Make the engagement's key, and test it twice; before that the keys of two leads, where they have none."""
        self.found_keys()
        sealed.make_engagement_key(story=self, engagement=self.engagement, seats=self.leads, now=self.now)
        return self

    @property
    def log(self) -> RowsLog:
        """Give the record as the rules look at it."""
        return RowsLog.of(self.program)

    @property
    def identity(self) -> str:
        """Give the engagement's secret key, which opens its voices."""
        return self.secrets[self.engagement.slug]

    @property
    def recipient(self) -> str:
        """Give the public key that the engagement's voices are sealed to."""
        return recipient_of(self.identity)

    def open(self) -> "Thread":
        """Sign by both sides and open the engagement."""
        self.engagement = sealed.sign_and_open(engagement=self.engagement, lead=self.first_lead, now=self.now)
        self.promise = self.engagement.promise
        return self

    def to_open_engagement(self) -> "Thread":
        """Walk from nothing to an open engagement."""
        vars(self).update(vars(_with_an_engagement(self.now)))
        return self

    def later(self, days: int) -> "Thread":
        """Let days pass."""
        self.now += timedelta(days=days)
        return self

    def hear(self, count: int = 75) -> list[str]:
        """Let the seal marks of so many voices go on the record, once for an engagement; give them."""
        published = published_marks(self.promise, self.log)
        if published:
            return published
        marks = sorted(fake(f"{self.promise} {one}") for one in range(count))
        self.enter("voices.published", ["clock"], {"marks": marks, "part": 1}, {"engagement": [self.promise]})
        return marks

    def end_intake(self) -> "Thread":
        """Let the clock publish what it may today, and end the intake once people can speak no more."""
        intake.publish_batches(program=self.program, now=self.now)
        return self

    def find(
        self, *, smaller: bool = False, voices=None, statement: str = "People want short keeping."
    ) -> Entry:
        """Publish a finding, over voices that are on the record."""
        if voices != "fewer":
            self.hear()
        before = len(self.log.every("finding.published"))
        return findings.publish(
            program=self.program,
            promise=self.promise,
            seat=self.first_lead,
            smaller=smaller,
            voices=voices or {"low": 51, "high": 75},
            root=fake(f"{voices} {before}") if voices or before else "ab" * 32,  # other voices each time
            words={"en": {"statement": statement}},
            now=self.now,
        )

    def recommend(
        self,
        finding: Entry,
        title: str = "Keep for a day",
        ask: str = "Keep records for one day.",
        *,
        seat: Seat | None = None,
        office: str = "",
        **more: Any,
    ) -> Entry:
        """Recommend something to the unit, or to another office; the very same words on one day are one ask."""
        return asks.recommend(
            program=self.program,
            seat=(seat or self.first_lead).public_id,
            office=office or self.manager.public_id,
            findings=[finding.index],
            words={"en": {"title": title, "ask": ask}},
            now=self.now,
            **more,
        )

    def question(
        self,
        title: str = "How many computers work?",
        ask: str = "Tell us the number.",
        *,
        seat: Seat | None = None,
        office: str = "",
        **more: Any,
    ) -> Entry:
        """Ask the unit a question, or another office."""
        return asks.question(
            program=self.program,
            seat=(seat or self.first_lead).public_id,
            office=office or self.manager.public_id,
            words={"en": {"title": title, "ask": ask}},
            now=self.now,
            **more,
        )

    def answer(self, ask: Entry | int, decision: str = "accepted", **more) -> list[Entry]:
        """Answer an ask, signed off by the manager."""
        values = {"decision": decision, "reasons": "We can do this."}
        if decision in {"accepted", "accepted_in_part"}:
            values |= {
                "owner": self.manager.public_id,
                "evidence": "The setting, on a public page.",
                "milestones": [("Set it everywhere.", self.now.date() + timedelta(days=60))],
            }
        return acts.answer(
            story=self,
            about=getattr(ask, "index", ask),
            unit=self.unit.slug,
            now=self.now,
            **{**values, **more},
        )

    def claim(self, commitment: Entry) -> Entry:
        """Claim that the first milestone is done."""
        return commitments.claim_delivery(
            program=self.program,
            commitment=commitment.index,
            milestone="m1",
            office=self.manager.public_id,
            words="It is set.",
            lang="en",
            now=self.now,
        )

    def check(self, claim: Entry, seat: Seat, verdict: str = "verified") -> Entry | None:
        """Let one lead check a claim."""
        return commitments.check_delivery(
            program=self.program,
            claim=claim.index,
            seat=seat,
            completion="complete" if verdict == "verified" else "limited",
            words="We looked.",
            lang="en",
            now=self.now,
        )

    def report(self) -> Entry:
        """Report back in both languages."""
        draft = reports.save_report(
            program=self.program,
            promise=self.promise,
            seat=self.first_lead,
            words={"en": "It is done.", "es": "Ya está."},
            now=self.now,
        )
        return reports.publish_report(draft=draft, seat=self.first_lead, covers=[], now=self.now)

    def entries(self) -> list[bytes]:
        """Give the verbatim entries of the log."""
        lines = LogEntry.objects.filter(log__program=self.program).order_by("index")
        return [bytes(line.raw) for line in lines]


@remembered
def _opened(now: datetime, pack: str, slug: str) -> Thread:
    return Thread(now=now)._open_program(pack, slug)


@remembered
def _with_an_engagement(now: datetime) -> Thread:
    return Thread(now=now).open_program().draft_engagement().make_keys().open()


def silence_untold(summary):
    """List what was late on the last day of a log without an entry that says so: (index, due)."""
    late = [one for one in summary.owed if summary.last and one.quiet < summary.last and one.what in SILENCES]
    return [(one.index, one.due) for one in late if not one.is_told]


def enter_correction(*, engagement, about, words, lang, by, now, others=None, checked=False, **dates):
    """Enter a correction that both sides signed at once; `dates` may move a date."""
    said = {"about": about, "words": words, "lang": lang, "others": others or {}, "checked": checked}
    first, *rest = engagements.corrected(correction=Correction(engagement=engagement, **said), by=by)
    days = {name: day.isoformat() for name, day in dates.items()}
    drafts = [replace(first, data={**first.data, **days}), *rest]
    return record_entries.append(program=engagement.program, drafts=drafts, now=now)[0]
