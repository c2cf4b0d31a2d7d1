"""Walks the thread by the same actions that people use, so that a test can begin at any step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.chain.commitments import actions as commitments
from alongside.chain.findings import actions as findings
from alongside.chain.reports import actions as reports
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.entries import Entry
from alongside.core.grammar.voices import published_marks
from alongside.core.policy.load import load_pack
from alongside.ground.people import actions as people
from alongside.ground.people.models import Person
from alongside.ground.programs import actions as programs
from alongside.ground.programs.models import Office, Post, Program, Unit
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record import actions as record
from alongside.ground.record.models import LogEntry, Log
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.projects import actions as projects
from tests.check.records import fake, founded, key_of, signed
from tests.support.remembering import remembered

START = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
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
class Thread:
    """A program on the neutral pack with a small cast by role, and the steps of the thread."""

    now: datetime = START
    program: Program = field(init=False)
    steward: Person = field(init=False)
    first_lead: Seat = field(init=False)
    second_lead: Seat = field(init=False)
    third_lead: Seat = field(init=False)
    unit: Unit = field(init=False)
    office: Office = field(init=False)
    manager: Office = field(init=False)
    engagement: Engagement = field(init=False)
    promise: int = -1

    def open_program(self, pack: str = "neutral", slug: str = "riverbend") -> "Thread":
        """Open the program, seat three leads, post a staff member and a manager."""
        vars(self).update(vars(_opened(self.now, pack, slug)))
        return self

    def _open_program(self, pack: str, slug: str) -> "Thread":
        text = shipped_pack(pack)
        # As the clocks of the program show it: at night in UTC, `now.date()` is else a day that is still to come there.
        self.now = self.now.astimezone(ZoneInfo(load_pack(text).time_zone))
        self.program = programs.open_program(
            slug=slug, origin=f"{slug}.example/record", pack=text, is_demonstration=False, on=self.now.date()
        )
        record.open_log(program=self.program, now=self.now)
        self.steward = people.make_person(email=f"steward@{slug}.example")
        programs.make_steward(person=self.steward, program=self.program, from_date=date(2026, 1, 1))
        staffed = Office.objects.filter(unit__program=self.program, signs=False).select_related("unit")
        self.office = staffed.order_by("pk")[0]
        self.unit = self.office.unit
        self.manager = Office.objects.select_related("unit").get(unit=self.unit, signs=True)
        cohort = seats.seat_cohort(
            program=self.program,
            slug="first",
            names={"en": "The first cohort"},
            from_date=date(2026, 1, 1),
            until_date=date(2027, 12, 31),
            now=self.now,
        )
        made = []
        for one in ("first", "second", "third"):
            person = people.make_person(email=f"{one}.lead@{slug}.example")
            made.append(seats.give_seat(cohort=cohort, person=person, paid_by="outside", now=self.now))
        self.first_lead, self.second_lead, self.third_lead = made
        self.staff = people.make_person(email=f"staff@{slug}.example")
        self.boss = people.make_person(email=f"manager@{slug}.example")
        programs.give_office(
            person=self.staff, program=self.program, office=self.office.public_id, from_date=date(2026, 1, 1)
        )
        programs.give_office(
            person=self.boss, program=self.program, office=self.manager.public_id, from_date=date(2026, 1, 1)
        )
        return self

    def enter(self, kind: str, by: list[str], data=None, cites=None, texts=None) -> Entry:
        """Append one entry as it is."""
        rows = RowsLog(Log.objects.get(program=self.program))
        brought = [one.data for name in ("key.founded", "key.certified") for one in rows.every(name)]
        keys = {one["seat"]: one for one in brought}
        data = signed(kind, by, data or {}, keys, self.program.origin)
        draft = record.Draft(kind=kind, by=by, data=data, cites=cites or {}, texts=texts or {})
        return record.append(program=self.program, drafts=[draft], now=self.now)[0]

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
        by, day = self.manager.public_id, self.now.date()
        self.project = projects.register_project(
            program=self.program,
            slug=f"{slug}-project",
            unit=self.unit,
            by=by,
            words={
                "en": {
                    "title": "Records of public computers",
                    "summary": "What is kept, how long, and who may look.",
                }
            },
            now=self.now,
        )
        self.decision = projects.schedule_decision(
            project=self.project,
            slug=f"{slug}-decision",
            on=max(date(2026, 9, 1), day + timedelta(days=80)),
            office=self.manager,
            by=by,
            words={
                "en": {
                    "decision": "How long records of public computers are kept",
                    "open": "The number of days, and who may look",
                }
            },
            now=self.now,
        )
        self.engagement = engagements.begin_draft(
            program=self.program,
            slug=slug,
            lead=self.first_lead,
            partner=None if community else self.manager,
            decision=None if community else self.decision,
            framework="iap2",
            level="involve",
            languages=["en", "es"],
            retention="voices",
            closes=day + timedelta(days=30),
            report_back=day + timedelta(days=90),
            answer_by=None if community else day + timedelta(days=75),
            words=words,
            **terms,
        )
        engagements.save_questions(engagement=self.engagement, questions=questions)
        return self

    def make_keys(self) -> "Thread":
        """Found the leads' keys, make the engagement's key and test it twice."""
        first, second = self.first_lead.public_id, self.second_lead.public_id
        brought = self.enter("key.founded", [first], key_of(first))
        self.enter("key.founded", [second], *founded(first, second, self.program.origin, brought.index))
        wrapped = sorted([self.first_lead.public_id, self.second_lead.public_id])
        data = {"engagement": self.engagement.slug, "recipient": RECIPIENT, "wrapped_to": wrapped}
        made = self.enter("key.made", [self.first_lead.public_id], data)
        for seat in (self.first_lead, self.second_lead):
            self.enter("key.tested", [seat.public_id], cites={"key": [made.index]})
        return self

    def open(self) -> "Thread":
        """Sign by both sides and open the engagement."""
        engagements.sign(engagement=self.engagement, actor=self.first_lead.public_id, now=self.now)
        if self.engagement.partner:
            engagements.sign(engagement=self.engagement, actor=self.manager.public_id, now=self.now)
        self.engagement = engagements.open_engagement(engagement=self.engagement, now=self.now)
        self.promise = self.engagement.promise
        return self

    def to_open_engagement(self) -> "Thread":
        """Walk from nothing to an open engagement."""
        vars(self).update(vars(_with_an_engagement(self.now, RECIPIENT)))
        return self

    def later(self, days: int) -> "Thread":
        """Let days pass."""
        self.now += timedelta(days=days)
        return self

    def hear(self, count: int = 75) -> list[str]:
        """Let the seal marks of so many voices go on the record, once for an engagement; give them."""
        published = published_marks(self.promise, RowsLog(Log.objects.get(program=self.program)))
        if published:
            return published
        marks = sorted(fake(f"{self.promise} {one}") for one in range(count))
        self.enter("voices.published", ["clock"], {"marks": marks, "part": 1}, {"engagement": [self.promise]})
        return marks

    def find(self, *, smaller: bool = False, voices=None) -> Entry:
        """Publish a finding, over voices that are on the record."""
        if voices != "fewer":
            self.hear()
        return findings.publish(
            program=self.program,
            promise=self.promise,
            seat=self.first_lead,
            smaller=smaller,
            voices=voices or {"low": 51, "high": 75},
            root=fake(str(voices)) if voices else "ab" * 32,  # other voices, where another range is told
            words={"en": {"statement": "People want short keeping."}},
            now=self.now,
        )

    def recommend(self, finding: Entry, title: str = "Keep for a day") -> Entry:
        """Recommend something to the unit; the very same words on one day are one ask."""
        return asks.recommend(
            program=self.program,
            seat=self.first_lead.public_id,
            office=self.manager.public_id,
            findings=[finding.index],
            words={"en": {"title": title, "ask": "Keep records for one day."}},
            now=self.now,
        )

    def answer(self, ask: Entry, decision: str = "accepted", **more) -> list[Entry]:
        """Answer an ask, signed off by the manager."""
        values = {"decision": decision, "reasons": "We can do this.", "lang": "en"}
        if decision in {"accepted", "accepted_in_part"}:
            due = (self.now.date() + timedelta(days=60)).isoformat()
            values |= {
                "owner": self.manager.public_id,
                "evidence": "The setting, on a public page.",
                "milestones": [{"id": "m1", "words": "Set it everywhere.", "due": due}],
            }
        draft = answers.save_draft(
            program=self.program,
            about=ask.index,
            unit=self.unit.slug,
            person=self.boss,
            values=values | more,
            now=self.now,
        )
        return answers.sign_off(drafts=[draft], office=self.manager.public_id, now=self.now)

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
def _with_an_engagement(now: datetime, _recipient: str) -> Thread:
    return Thread(now=now).open_program().draft_engagement().make_keys().open()
