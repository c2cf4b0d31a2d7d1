"""A program in a made-up city, walked day by day by the actions that people use, up to where a visitor comes in."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.chain.asks import tasks as ask_clock
from alongside.chain.commitments import actions as commitments
from alongside.chain.commitments import tasks as commitment_clock
from alongside.chain.findings import actions as findings
from alongside.chain.reports import actions as reports
from alongside.chain.voices import actions as voices
from alongside.chain.voices.models import EngagementKey, OpenedList, TestVoice
from alongside.cohort.pay import tasks as pay_clock
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats import tasks as seat_clock
from alongside.core.disclosure import band, beside
from alongside.core.grammar.voices import published_marks
from alongside.core.policy.load import load_pack
from alongside.core.sealing import receipt
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.leads import opened_statement, vouch_statement
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import Voice, form_hash, plaintext
from alongside.ground.people import actions as people
from alongside.ground.programs import actions as programs
from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record import actions as record
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.site.demo import (
    calls,
    consultations,
    drawing,
    goodbye,
    keys,
    questions,
    register,
    selection,
    strategies,
    translations,
    words,
    workplans,
)
from alongside.site.demo import care as cohort_care
from alongside.site.demo import pay as cohort_pay
from alongside.site.demo import seats as cohort_life
from alongside.site.demo import training as cohort_training
from alongside.site.demo.packs import in_program_timezone
from alongside.site.demo.voice_words import VOICES
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.invitations import tasks as invitation_clock
from alongside.work.projects import actions as projects

if TYPE_CHECKING:
    from alongside.cohort.seats.models import Seat
    from alongside.core.entries import Entry
    from alongside.ground.people.models import Person

SLUG = "riverbend"
LEADS = ("first", "second", "third", "fourth")
UNITS = ("libraries-and-halls", "streets-and-signals", "signs-and-markings", "permits-desk")
VOICES_HEARD = 64
VOICES_SO_FAR = 24


@dataclass
class Days:
    """Runs things in the order of their days, and something each night after.

    `ago` counts back from the moment the demonstration is built.
    """

    now: datetime
    at_night: Callable[[datetime], object]
    plan: list[tuple[int, int, Callable[[datetime], object]]] = field(default_factory=list)

    def on(self, ago: int, act: Callable[[datetime], object]) -> None:
        """Plan something for a day in the past."""
        self.plan.append((ago, len(self.plan), act))

    def run(self) -> None:
        """Do everything in order, oldest day first."""
        for ago, day in groupby(sorted(self.plan, key=lambda one: (-one[0], one[1])), lambda one: one[0]):
            for _ago, _place, act in day:
                act(self.now - timedelta(days=ago))
            self.at_night(self.now - timedelta(days=ago))


class Story:
    """The made-up program and everyone in it."""

    def __init__(self, now: datetime) -> None:
        self.today = now.date()
        self.dice = random.Random(20261124)  # noqa: S311 -- which invented answer a made-up voice gives is no secret
        self.keyrings: dict[str, keys.Keyring] = {}
        self.secrets: dict[str, str] = {}
        self.seats: list[Seat] = []
        self.people: dict[str, Person] = {}
        self.engagements: dict[str, Engagement] = {}
        self.promises: dict[str, int] = {}
        self.entries: dict[str, Entry] = {}
        #: Which finding answers a driving question of a workplan.
        self.driving: dict[str, tuple[int, str]] = {}
        #: The questions of the made-up list, and the help that units ask for.
        self.asked: list[int] = []
        self.invited: dict[str, int] = {}
        self.program: Program

    def day(self, ago: int) -> date:
        """Give the day so many days ago; below zero lies ahead."""
        return self.today - timedelta(days=ago)

    def open_program(self, now: datetime) -> None:
        """Open the program, seat the leads, give staff their offices."""
        self.program = programs.open_program(
            slug=SLUG,
            origin=f"{SLUG}.alongside.example/record",
            pack=shipped_pack("neutral"),
            is_demonstration=True,
            on=now.date(),
        )
        record.open_log(program=self.program, now=now)
        steward = people.make_person(email=f"steward@{SLUG}.example", called="The steward")
        programs.make_steward(person=steward, program=self.program, from_date=now.date())
        pack = load_pack(shipped_pack("neutral"))
        for unit in UNITS:
            for office in ("manager", "staff"):
                called = pack.office_title(f"{unit}/{office}", "en")
                made = people.make_person(email=f"{office}.{unit}@{SLUG}.example", called=called)
                self.people[f"{unit}/{office}"] = made
                programs.give_office(
                    person=made, program=self.program, office=f"{unit}/{office}", from_date=now.date()
                )

    def seat_leads(self, now: datetime) -> None:
        """Seat four leads; the fourth is paid by a unit, and so cannot check that unit."""
        cohort = seats.seat_cohort(
            program=self.program,
            slug="first-cohort",
            names={
                "en": "The first cohort",
                "es": "El primer grupo de líderes",
                "vi": "Đợt đầu tiên",
                "ar": "الدورة الأولى",
            },
            from_date=now.date(),
            until_date=self.day(-150),
            now=now,
        )
        payer = Unit.objects.get(program=self.program, slug="streets-and-signals")
        for place, name in enumerate(LEADS):
            person = people.make_person(
                email=f"{name}.lead@{SLUG}.example", called=f"A community lead ({name})"
            )
            paid_by = payer if place == len(LEADS) - 1 else "outside"
            self.seats.append(seats.give_seat(cohort=cohort, person=person, paid_by=paid_by, now=now))

    def make_keys(self, now: datetime) -> None:
        """Two leads found the set of keys and sign each other's; both vouch for each later one."""
        for seat in self.seats:
            ring = self.keyrings[seat.public_id] = keys.make()
            asked = voices.offer_key(
                program=self.program,
                seat=seat,
                recipient=ring.recipient,
                sign_key=ring.sign_key,
                keyring=ring.sealed(),
                now=now,
            )
            if seat == self.seats[0]:
                continue
            if seat == self.seats[1]:
                signature = ring.sign(self._said_of(self.seats[0]))
                voices.compare(program=self.program, seat=seat, signature=signature, now=now)
            for voucher in (one for one in self.seats[:2] if one != seat):
                signature = self.keyrings[voucher.public_id].sign(self._said_of(seat))
                voices.vouch(program=self.program, request=asked, seat=voucher, signature=signature, now=now)  # type: ignore[arg-type]  # a later key is always a request

    def _said_of(self, seat: "Seat") -> bytes:
        """Give what a lead signs to vouch for the keys of a seat."""
        ring = self.keyrings[seat.public_id]
        key = {"seat": seat.public_id, "recipient": ring.recipient, "sign_key": ring.sign_key}
        return vouch_statement(origin=self.program.origin, **key)

    def register(
        self, slug: str, unit: str, title: str, summary: str, decision: str, days: int, now: datetime
    ) -> None:
        """Register a project with one decision on it."""
        found = Unit.objects.get(program=self.program, slug=unit)
        manager = Office.objects.select_related("unit").get(unit=found, slug="manager")
        project = projects.register_project(
            program=self.program,
            slug=slug,
            unit=found,
            by=manager.public_id,
            words={"en": {"title": title, "summary": summary}},
            now=now,
        )
        projects.schedule_decision(
            project=project,
            slug=f"{slug}-decision",
            on=self.day(-days),
            office=manager,
            by=manager.public_id,
            words={"en": {"decision": decision, "open": summary}},
            now=now,
        )

    def draft(
        self, slug: str, texts: words.ByLang, questions: list[dict[str, Any]], **more: Any
    ) -> Engagement:
        """Draft an engagement; `unit` None makes it one of the community alone."""
        unit = more.pop("unit")
        partner = (
            Office.objects.select_related("unit").get(
                unit__program=self.program, unit__slug=unit, slug="manager"
            )
            if unit
            else None
        )
        project = more.pop("project", None)
        decision = self.program.projects.get(slug=project).decisions.get() if project else None
        made = engagements.begin_draft(
            program=self.program,
            slug=slug,
            lead=self.seats[0],
            partner=partner,
            decision=decision,
            framework="iap2",
            level=more.pop("level"),
            languages=list(texts),
            retention="voices",
            voices_kept_until=more["report_back"] + timedelta(days=365),
            words=texts,
            **more,
        )
        engagements.save_questions(engagement=made, questions=questions)
        self.engagements[slug] = made
        return made

    def open_engagement(self, slug: str, now: datetime) -> None:
        """Make and test the key, sign by both sides, open."""
        engagement = self.engagements[slug]
        secret = self.secrets[slug] = keys.new_identity()
        recipient = recipient_of(secret)
        wraps = {
            one.public_id: keys.wrap(secret, self.keyrings[one.public_id].recipient) for one in self.seats
        }
        key: EngagementKey = voices.make_engagement_key(
            program=self.program,
            engagement=slug,
            seat=self.seats[0],
            recipient=recipient,
            wraps=wraps,
            now=now,
        )
        test = TestVoice.objects.get(key=key)
        nonce = open_sealed(bytes(test.sealed), [secret]).decode().strip()
        for seat in self.seats[:2]:
            voices.confirm_test(program=self.program, key=key, seat=seat, nonce=nonce, now=now)
        engagements.sign(engagement=engagement, actor=self.seats[0].public_id, now=now)
        if engagement.partner:
            engagements.sign(engagement=engagement, actor=engagement.partner.public_id, now=now)
        self.promises[slug] = engagements.open_engagement(engagement=engagement, now=now).entry

    def speak(self, slug: str, count: int, now: datetime) -> None:
        """Let invented people speak, sealed like anyone's."""
        engagement = self.engagements[slug]
        recipient = recipient_of(self.secrets[slug])
        for _ in range(count):
            secret = receipt.make()
            read_secret = receipt.read_secret(secret)
            lang = self.dice.choice(engagement.languages)
            voice = Voice(
                engagement=slug,
                form=form_hash(engagement.form),
                r=read_secret.hex(),
                lang=lang,
                quote=self.dice.random() < 0.3,  # noqa: PLR2004 -- three in ten made-up people agree to be quoted
                answers=self._answers(engagement, lang),
            )
            voices.take_in(
                program=self.program,
                engagement=slug,
                mark=receipt.seal_mark(read_secret).hex(),
                act=receipt.act_hash(receipt.act_secret(secret)).hex(),
                sealed=seal(plaintext(voice), recipient),
                now=now,
            )

    def _answers(self, engagement: Engagement, lang: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for question in engagement.form["questions"]:
            if question["kind"] == "text":
                found[question["id"]] = self.dice.choice(VOICES[engagement.slug][lang])
            elif question["kind"] == "scale":
                found[question["id"]] = self.dice.randint(1, 5)
            else:
                option = self.dice.choice(question["options"])["id"]
                found[question["id"]] = [option] if question["kind"] == "several" else option
        return found

    def tick(self, now: datetime) -> None:
        """Let the clock run; letters of the past are not sent again."""
        seat_clock.tick(program=self.program, now=now)
        voices.publish_batches(program=self.program, now=now)
        ask_clock.tick(program=self.program, now=now, send=lambda *_told: None)
        commitment_clock.tick(program=self.program, now=now)
        pay_clock.tick(program=self.program, now=now, tell=lambda *_told: None)
        invitation_clock.tick(program=self.program, now=now)
        record.sign_head(program=self.program, now=now)

    def marks(self, slug: str) -> list[str]:
        """List the seal marks of an engagement that are on the record, sorted."""
        rows = RowsLog(Log.objects.get(program=self.program))
        return sorted(published_marks(self.promises[slug], rows))

    def open_voices(self, slug: str, now: datetime) -> None:
        """Two leads open the voices and sign the list."""
        promise = self.promises[slug]
        marks = self.marks(slug)
        statement = opened_statement(origin=self.program.origin, promise=promise, marks=marks, not_opened=0)
        first, second = self.seats[:2]
        proposed: OpenedList = voices.propose_opened(
            program=self.program,
            promise=promise,
            seat=first,
            marks=marks,
            not_opened=0,
            signature=self.keyrings[first.public_id].sign(statement),
            now=now,
        )
        signature = self.keyrings[second.public_id].sign(statement)
        voices.sign_opened(
            program=self.program, opened_list=proposed, seat=second, signature=signature, now=now
        )

    def find(
        self, name: str, slug: str, count: int, texts: words.ByLang, *, smaller: bool, now: datetime
    ) -> None:
        """Publish a finding."""
        pack = load_pack(shipped_pack("neutral"))
        self.entries[name] = findings.publish(
            program=self.program,
            promise=self.promises[slug],
            seat=self.seats[1 if smaller else 0],
            smaller=smaller,
            voices=beside(band(count, pack), pack.k, len(self.marks(slug))).as_data(),
            root=f"{self.dice.getrandbits(256):064x}",
            words=texts,
            beside=[self.entries["majority"].index] if smaller else (),
            languages=["en", "es", "vi", "ar"],
            driving=self.driving.get(name),
            now=now,
        )

    def ask(self, name: str, texts: words.ByLang, office: str, *, is_question: bool, now: datetime) -> None:
        """Ask an office, from the findings."""
        act = asks.question if is_question else asks.recommend
        found = [self.entries["majority"].index] + (
            [self.entries["smaller"].index] if name == "signs" else []
        )
        self.entries[name] = act(
            program=self.program,
            seat=self.seats[0].public_id,
            office=office,
            findings=found,
            words=texts,
            now=now,
        )

    def answer(self, name: str, unit: str, now: datetime, *, about: str = "", **values: Any) -> None:
        """Draft, send and sign off an answer."""
        person = self.people[f"{unit}/staff"]
        draft = answers.save_draft(
            program=self.program,
            about=self.entries[about or name].index,
            unit=unit,
            person=person,
            values={"lang": "en", **values},
            now=now,
        )
        answers.send_for_sign_off(draft=draft, person=person, now=now)
        given = answers.sign_off(draft=draft, office=f"{unit}/manager", now=now)
        self.entries[f"{name} answer"] = given[0]
        if len(given) > 1:
            self.entries[f"{name} commitment"] = given[1]

    def claim(self, milestone: str, said: str, now: datetime) -> None:
        """Claim a milestone of the first ask."""
        self.entries[f"claim {milestone}"] = commitments.claim_delivery(
            program=self.program,
            commitment=self.entries["pictures commitment"].index,
            milestone=milestone,
            office="streets-and-signals/manager",
            words=said,
            lang="en",
            now=now,
        )

    def check(self, milestone: str, completion: str, said: str, now: datetime) -> None:
        """Let two leads check a claim."""
        verdict = "verified" if completion in {"substantial", "complete"} else "disputed"
        for place, seat in enumerate(self.seats[1:3]):
            commitments.check_delivery(
                program=self.program,
                claim=self.entries[f"claim {milestone}"].index,
                seat=seat,
                verdict=verdict,
                completion=completion,
                words=said if place == 0 else "I saw the same.",
                lang="en",
                now=now,
            )


def build(*, now: datetime) -> Story:
    """Build the made-up program up to today; give its story, with what only the made-up leads know."""
    now = in_program_timezone(now, "neutral")
    story = Story(now)
    days = Days(now, at_night=lambda now: translations.translate(program=story.program, now=now))
    _beginning(story, days)
    _sensors(story, days)
    _open_now(story, days)
    calls.plan(story, days)
    selection.plan(story, days)
    drawing.plan(story, days)
    cohort_life.plan(story, days)
    workplans.plan(story, days)
    register.plan(story, days)
    questions.plan(story, days)
    consultations.plan(story, days)
    cohort_pay.plan(story, days)
    cohort_care.plan(story, days)
    cohort_training.plan(story, days)
    goodbye.plan(story, days)
    strategies.plan(story, days)
    for ago in range(195, 0, -5):
        days.on(ago, story.tick)
    days.on(0, story.tick)
    days.run()
    story.tick(now)
    return story


def _beginning(story: Story, days: Days) -> None:
    days.on(300, story.open_program)
    days.on(209, story.seat_leads)
    days.on(205, story.make_keys)


def _sensors(story: Story, days: Days) -> None:
    """Plan the thread that has gone all the way: kept, disputed, declined, late and deferred."""

    def prepare(now: datetime) -> None:
        story.register(
            "street-counters",
            "streets-and-signals",
            "Settings of 46 street counters",
            "What they record, how long it is kept, and who may see it.",
            "The settings of the counters",
            -100,
            now,
        )
        story.draft(
            "street-sensors",
            words.SENSORS,
            words.SENSOR_QUESTIONS,
            unit="streets-and-signals",
            project="street-counters",
            level="involve",
            closes=story.day(158),
            report_back=story.day(50),
            answer_by=story.day(80),
        )
        story.open_engagement("street-sensors", now)

    days.on(198, prepare)
    for ago in range(196, 158, -4):
        days.on(ago, lambda now: story.speak("street-sensors", 7 if now.day % 2 else 6, now))
    days.on(150, lambda now: story.open_voices("street-sensors", now))
    days.on(
        145, lambda now: story.find("majority", "street-sensors", 52, words.MAJORITY, smaller=False, now=now)
    )
    days.on(
        145, lambda now: story.find("smaller", "street-sensors", 12, words.SMALLER, smaller=True, now=now)
    )
    for name, texts, office, is_question in zip(
        ("pictures", "sharing", "signs", "units"),
        words.ASKS,
        (
            "streets-and-signals/manager",
            "streets-and-signals/manager",
            "signs-and-markings/manager",
            "streets-and-signals/staff",
        ),
        (False, False, False, True),
        strict=True,
    ):
        days.on(140, _asking(story, name, texts, office, is_question=is_question))
    days.on(138, lambda now: _acknowledge(story, "pictures", now))
    _answers(story, days)


def _asking(
    story: Story, name: str, texts: words.ByLang, office: str, *, is_question: bool
) -> Callable[[datetime], object]:
    return lambda now: story.ask(name, texts, office, is_question=is_question, now=now)


def _acknowledge(story: Story, name: str, now: datetime) -> None:
    ask = story.entries[name].index
    asks.acknowledge(program=story.program, ask=ask, office="streets-and-signals/staff", now=now)


def _answers(story: Story, days: Days) -> None:
    unit = "streets-and-signals"
    days.on(
        112,
        lambda now: story.answer(
            "pictures",
            unit,
            now,
            decision="accepted",
            reasons="We will do this on all 46 counters. It costs us nothing and we should have asked the maker for it.",
            owner=f"{unit}/manager",
            evidence="The settings of each counter on a public page; open days for checking.",
            milestones=[
                {"id": "m1", "words": "New settings on all 46 counters", "due": story.day(87).isoformat()},
                {"id": "m2", "words": "A public list of every counter", "due": story.day(70).isoformat()},
                {
                    "id": "m3",
                    "words": "A check by an outside expert, published",
                    "due": story.day(-127).isoformat(),
                },
            ],
        ),
    )
    days.on(
        104,
        lambda now: story.answer(
            "sharing",
            unit,
            now,
            decision="declined",
            reasons="Two state grants pay for the counters. Both require us to send the counts each month.",
        ),
    )
    days.on(
        100,
        lambda now: story.answer(
            "units",
            unit,
            now,
            decision="deferred",
            until=story.day(-40),
            reasons="Three units have asked for the counts. We will answer when those requests are decided.",
        ),
    )
    days.on(95, lambda now: _contest(story, now))
    days.on(
        76,
        lambda now: story.answer(
            "reply",
            unit,
            now,
            about="contest",
            decision="stands",
            reasons="The counters hold no pictures, so none can be shared.",
        ),
    )
    days.on(
        89, lambda now: story.claim("m1", "The new settings run on all 46 counters since yesterday.", now)
    )
    days.on(
        75,
        lambda now: story.check(
            "m1", "complete", "We checked 8 counters, chosen by dice. No pictures are kept.", now
        ),
    )
    days.on(71, lambda now: story.claim("m2", "The list is on our page.", now))
    days.on(
        66,
        lambda now: story.check(
            "m2", "limited", "The list is only in English and does not open on a phone.", now
        ),
    )
    days.on(52, lambda now: _report(story, now))


def _contest(story: Story, now: datetime) -> None:
    story.entries["contest"] = answers.contest(
        program=story.program,
        answer=story.entries["sharing answer"].index,
        seat=story.seats[0].public_id,
        words="We asked about pictures and about agencies that look for people. The answer is about counts.",
        lang="en",
        now=now,
    )


def _report(story: Story, now: datetime) -> None:
    promise = story.promises["street-sensors"]
    draft = reports.save_report(
        program=story.program, promise=promise, seat=story.seats[0], words=words.REPORT, now=now
    )
    covers = [
        story.entries[name].index for name in ("majority", "smaller", "pictures", "sharing", "signs", "units")
    ]
    reports.publish_report(draft=draft, seat=story.seats[0], covers=covers, now=now)
    reports.close_engagement(program=story.program, promise=promise, seat=story.seats[0], now=now)


def _open_now(story: Story, days: Days) -> None:
    """Plan what is open today, and what still waits for signatures."""

    def libraries(now: datetime) -> None:
        story.register(
            "public-computers",
            "libraries-and-halls",
            "Records of public computers and Wi-Fi",
            "How long they are kept, and who may see them.",
            "How long the City keeps records of public computers",
            60,
            now,
        )
        story.draft(
            "library-computers",
            words.LIBRARY,
            words.LIBRARY_QUESTIONS,
            unit="libraries-and-halls",
            project="public-computers",
            level="involve",
            closes=story.day(-25),
            report_back=story.day(-80),
            answer_by=story.day(-90),
        )
        story.open_engagement("library-computers", now)

    def letters(now: datetime) -> None:
        story.draft(
            "landlord-letters",
            words.LETTERS,
            words.SHORT_QUESTIONS,
            unit=None,
            level="involve",
            closes=story.day(-35),
            report_back=story.day(-70),
            answer_by=None,
        )
        story.open_engagement("landlord-letters", now)

    def permits(now: datetime) -> None:
        made = story.draft(
            "permit-letters",
            words.PERMITS,
            words.SHORT_QUESTIONS,
            unit="permits-desk",
            level="consult",
            closes=story.day(-60),
            report_back=story.day(-120),
            answer_by=story.day(-110),
        )
        engagements.sign(engagement=made, actor=story.seats[0].public_id, now=now)

    days.on(22, libraries)
    for ago in (20, 16, 12, 8, 4, 2):
        days.on(ago, lambda now: story.speak("library-computers", VOICES_SO_FAR // 6, now))
    days.on(9, letters)
    days.on(6, lambda now: story.speak("landlord-letters", 3, now))
    days.on(3, permits)
