"""Acts of the made-up city that take more than one action of the house, or look something up first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from alongside.chain.answers import actions as answers
from alongside.chain.asks import tasks as ask_clock
from alongside.chain.commitments import tasks as commitment_clock
from alongside.chain.opinions import actions as opinions
from alongside.chain.opinions.queries import asked as asked_in
from alongside.chain.voices import actions as intake
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries.models import Offer as PlaceOffer
from alongside.cohort.meetings import actions as meetings
from alongside.cohort.pay import tasks as pay_clock
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats import tasks as seat_clock
from alongside.cohort.seats.models import Cohort
from alongside.cohort.seats.queries.charters import charter_now
from alongside.cohort.training import actions as training
from alongside.cohort.training.models import Course
from alongside.core.anchors import anchor_cells
from alongside.core.money import Money
from alongside.core.policy.load import load_pack
from alongside.core.policy.pack import Pack
from alongside.core.questions import OFFER, number_of
from alongside.core.registers.mapping import Plan
from alongside.core.sealing import receipt
from alongside.core.sessions import Offer, Session, Told
from alongside.core.tables import read_table
from alongside.core.workflow.levels import last_over
from alongside.ground.people.actions import make_person
from alongside.ground.programs import actions as programs
from alongside.ground.programs.models import Office, Program
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import heads, rules
from alongside.ground.record.actions.entries import Text
from alongside.site.demo import translations
from alongside.work.consultations import actions as consultations
from alongside.work.engagements import actions as engagements
from alongside.work.engagements import asking
from alongside.work.engagements.models import Engagement
from alongside.work.invitations import tasks as invitation_clock
from alongside.work.listening import actions as listening
from alongside.work.projects import actions as projects
from alongside.work.projects.models import DecisionPoint, Project
from alongside.work.registers import actions as registers
from alongside.work.registers.models import Import

if TYPE_CHECKING:
    from alongside.cohort.meetings.models import Meeting
    from alongside.cohort.seats.models import Seat
    from alongside.core.entries import Entry
    from alongside.ground.people.models import Person
    from alongside.site.demo.story import Story
    from alongside.work.consultations.models import Comment, Version

READING = "Any one of the leads chosen for this can read what you write."
CONSENT = "What you write is used to tell the City what people need, and for nothing else."


def open_program(
    *,
    story: "Story",
    slug: str,
    units: Sequence[str],
    pack: str = "neutral",
    is_demonstration: bool = True,
    held_from: date | None = None,
    now: datetime,
) -> Program:
    """Open the program of the story, make someone steward, and give staff their offices; from that day on, or another."""
    program = story.program = open_with_record(
        slug=slug, pack=pack, is_demonstration=is_demonstration, now=now
    )
    steward = story.made["Person", "steward"] = make_person(
        email=f"steward@{slug}.example", called="The program coordinator"
    )
    programs.make_steward(person=steward, program=program, from_date=held_from or now.date())
    for unit in units:
        for office in (f"{unit}/manager", f"{unit}/staff"):
            give_office(
                program=program,
                story=story,
                office=office,
                called=load_pack(shipped_pack(pack)).office_title(office, "en"),
                held_from=held_from,
                now=now,
            )
    return program


def open_with_record(
    *, slug: str, pack: str = "neutral", is_demonstration: bool = True, now: datetime
) -> Program:
    """Open a program on a shipped pack, and its record."""
    program = programs.open_program(
        slug=slug,
        origin=f"{slug}.alongside.example/record",
        pack=shipped_pack(pack),
        is_demonstration=is_demonstration,
        on=now.date(),
    )
    rules.open_log(program=program, now=now)
    return program


def give_office(
    *,
    story: "Story",
    program: Program,
    office: str,
    called: str,
    held_from: date | None = None,
    now: datetime,
) -> None:
    """Let someone hold an office."""
    unit, slug = office.split("/")
    person = story.made["Person", office] = make_person(
        email=f"{slug}.{unit}@{program.slug}.example", called=called
    )
    first = held_from or now.date()
    programs.give_office(person=person, program=program, office=office, from_date=first)


def make_lead(*, program: Program, name: str) -> "Person":
    """Make someone who can be seated."""
    return make_person(email=f"{name}.lead@{program.slug}.example", called=f"A community lead ({name})")


def seat_lead(*, cohort: Cohort, name: str, known_as: str, paid_by: str = "outside", now: datetime) -> "Seat":
    """Let someone whom a selection chose take the place that is offered, who has an account by then; leads call them by the name they chose.

    Nobody in the government pays them, or a unit does.
    """
    offer = PlaceOffer.objects.filter(cohort=cohort, answered_on=None).order_by("pk")[0]
    email = offer.application.contact.email
    make_person(email=email, called=f"A community lead ({name})")
    seat = lotteries.accept(application=offer.application, now=now)
    seats.declare_payer(seat=seat, paid_by=paid_by, now=now)
    seats.choose_name(seat=seat, name=known_as)
    return seat


def draft_engagement(
    *,
    program: Program,
    lead: "Seat",
    partner: Office | None = None,
    decision: DecisionPoint | None = None,
    level: str,
    report_back: date,
    answer_by: date | None = None,
    words: Mapping[str, Mapping[str, str]],
    questions: Sequence[Mapping[str, Any]],
    **more: Any,
) -> Engagement:
    """Draft an engagement with its questions; without a partner it is one of the community alone."""
    says = {"reading": READING, "consent": CONSENT}
    common = {lang: translations.each_of(says, lang) for lang in words}
    made = engagements.begin_draft(
        program=program,
        lead=lead,
        partner=partner,
        decision=decision,
        framework="iap2",
        level=level,
        languages=list(words),
        retention="voices",
        report_back=report_back,
        answer_by=answer_by,
        words={lang: {**common[lang], **texts} for lang, texts in words.items()},
        **{"voices_kept_until": report_back + timedelta(days=365), **more},
    )
    return engagements.save_questions(engagement=made, questions=translations.rows_of(questions, list(words)))


def state(*, engagement: Engagement, statements: Sequence[str]) -> Engagement:
    """Write the statements that people judge."""
    told = [
        {"id": f"s{number}", "words": {lang: translations.of(words, lang) for lang in engagement.languages}}
        for number, words in enumerate(statements, 1)
    ]
    return engagements.save_statements(engagement=engagement, statements=told)


def let_people_offer(*, engagement: Engagement) -> Engagement:
    """Let people offer statements beside those that they judge."""
    asked = asking.with_ours(engagement.form["questions"], OFFER, engagement.languages)
    return engagements.save_questions(engagement=engagement, questions=asked)


def judge(
    *,
    story: "Story",
    engagement: Engagement,
    count: int,
    leanings: Sequence[Mapping[str, float]],
    now: datetime,
) -> None:
    """Let invented people judge statements, each by one of the leanings: the chance to agree, by the id of the statement."""
    for _person in range(count):
        code, lang = receipt.make(story.dice.randbytes), story.dice.choice(engagement.languages)
        asked = asked_in(engagement.program, engagement.slug, lang)
        leaning = story.dice.choice(leanings)
        if asked is None:
            return
        for one in asked.statements:
            chance = story.dice.random()
            agrees = chance < leaning.get(one.id, 0.5) * 0.95  # the rest pass or disagree
            answer = 1 if agrees else 0 if chance > 0.95 else -1  # noqa: PLR2004 -- one in twenty passes
            opinions.vote(
                program=engagement.program,
                asked=asked,
                code=code,
                number=number_of(one.id),
                answer=answer,
                now=now,
            )


def plan_session(
    *, engagement: Engagement, on: date, from_hour: int, to_hour: int, now: datetime, **more: Any
) -> None:
    """Plan a session of an engagement; with `people`, say afterwards how many came."""
    zone, people = ZoneInfo(pack_of(engagement.program).time_zone), more.pop("people", None)
    starts, ends = (datetime.combine(on, time(hour), zone).astimezone(UTC) for hour in (from_hour, to_hour))
    thanks = Money.of(more.pop("thanks", "25.00"), "USD")
    told, has = Told(more.pop("told", Told.PAGE)), tuple(Offer(one) for one in more.pop("has", ()))
    spoken = tuple(more.pop("spoken", ()))
    made = Session("", starts, ends, told=told, languages=spoken, has=has, thanks=thanks, lang="en", **more)
    made = listening.save_session(engagement=engagement, session=made, now=min(now, starts))
    if people is not None:
        listening.tell_headcount(engagement=engagement, session=made.id, people=people, now=now)


def answer(
    *,
    story: "Story",
    about: int,
    unit: str,
    milestones: Sequence[tuple[str, date | str]] = (),
    now: datetime,
    **values: Any,
) -> list["Entry"]:
    """Draft an answer, send it and sign it off; give its entry, and the commitment's where it promises something."""
    if milestones:
        values["milestones"] = [
            {"id": f"m{place}", "words": words, "due": str(due)}
            for place, (words, due) in enumerate(milestones, 1)
        ]
    person = story.made["Person", f"{unit}/staff"]
    draft = answers.save_draft(
        program=story.program, about=about, unit=unit, person=person, values={"lang": "en", **values}, now=now
    )
    answers.send_for_sign_off(draft=draft, person=person, now=now)
    return answers.sign_off(drafts=[draft], office=f"{unit}/manager", person=person, now=now)


def comment_on_column(
    *, version: "Version", seat: "Seat", column: str, words: Text, now: datetime
) -> "Comment":
    """Comment on a column of a table that a consultation shows."""
    table = read_table(bytes(version.data or b"").decode())
    anchor = anchor_cells(table.head, table.rows, None, table.head.index(column) + 1)
    return consultations.comment(
        consultation=version.consultation,
        seat=seat,
        words=words,
        anchor=anchor,
        version=version,
        may_quote=True,
        now=now,
    )


def sign_charter(*, cohort: Cohort, by: Sequence[str], now: datetime) -> None:
    """Let the steward and the leads sign the charter that is up."""
    charter = charter_now(cohort, "en")
    if charter:
        for one in by:
            seats.sign_charter(cohort=cohort, by=one, read=charter.hash, now=now)


def plan_meeting(
    *, cohort: Cohort, name: str, on: date, words: Mapping[str, Mapping[str, str]], pack: Pack, now: datetime
) -> "Meeting":
    """Plan a meeting in the evening of a day."""
    begins, ends = (
        datetime.combine(on, hour, ZoneInfo(pack.time_zone)).astimezone(UTC) for hour in (time(18), time(20))
    )
    return meetings.plan_meeting(
        cohort=cohort,
        slug=f"{on.isoformat()}-{name}-meeting",
        starts_at=begins,
        ends_at=ends,
        place="Example Hall, room 2",
        words=words,
        by="steward",
        now=now,
    )


def confirm_minutes(*, meeting: "Meeting", seat: "Seat", now: datetime) -> None:
    """Let a lead say that the minutes of a meeting tell what was decided."""
    meeting.refresh_from_db()
    meetings.confirm(program=meeting.cohort.program, minutes=meeting.minutes or 0, seat=seat, now=now)


def dissent(*, meeting: "Meeting", seat: "Seat", words: str, now: datetime) -> None:
    """Let a lead stand apart from what a meeting decided."""
    meeting.refresh_from_db()
    program, minutes = meeting.cohort.program, meeting.minutes or 0
    meetings.dissent(program=program, minutes=minutes, seat=seat, words=words, lang="en", now=now)


def learn(*, course: Course, people: Sequence["Person"], lessons: int | None = None, now: datetime) -> None:
    """Let people do the lessons of a course, or the first few."""
    for person in people:
        for lesson in course.lessons.select_related("course__track__program").order_by("place")[:lessons]:
            training.finish_lesson(lesson=lesson, person=person, answers=lesson.right, now=now)


def ask_letter(*, person: "Person", track: str, wish: str, now: datetime) -> None:
    """Let someone who completed a track open the proof of it, and ask for a letter."""
    completion = person.completions.get(track__slug=track)
    training.open_proof(completion=completion)
    training.ask_letter(completion=completion, wish=wish, now=now)


def bring_in_list(
    *,
    program: Program,
    slug: str,
    title: str,
    source: str,
    license_name: str,
    plan: Mapping[str, str],
    text: str,
    by: "Person",
    now: datetime,
) -> None:
    """Bring in a list of systems that another government publishes as an old spreadsheet, by a mapping made by hand."""
    made = take_in_list(
        program=program,
        slug=slug,
        title=title,
        source=source,
        license_name=license_name,
        plan=plan,
        file_name="systems.csv",
        pieces=[text.encode("cp1252")],
        by=by,
        now=now,
    )
    registers.look_at_file(of=made, now=now)
    registers.say_yes(of=made, pen=made.pen, now=now)
    registers.list_rows(of=registers.apply_import(of=Import.objects.get(pk=made.pk), now=now), now=now)


def take_in_list(
    *,
    program: Program,
    slug: str,
    title: str,
    source: str = "",
    license_name: str = "",
    plan: Mapping[str, str],
    file_name: str,
    pieces: Iterable[bytes],
    by: "Person",
    now: datetime,
) -> Import:
    """Take in a file as a new register, and say what its columns are."""
    register = registers.open_upload(
        program=program,
        slug=slug,
        title=title,
        lang="en",
        unit=None,
        source=source,
        license_name=license_name,
    )
    made = registers.take_in_file(
        register=register, file_name=file_name, pieces=pieces, by=by, pen="steward", now=now
    )
    return registers.save_mapping(of=made, mapping=Plan(plan).kept())


def assess_last_quarter(
    *,
    project: Project,
    level: tuple[str, str],
    words: Text,
    by: str,
    now: datetime,
) -> "Entry":
    """Say for one side which level was reached in the quarter that was over last."""
    quarter = last_over(now.date())
    return projects.assess_project(project=project, quarter=quarter, level=level, words=words, by=by, now=now)


def tick(*, program: Program, now: datetime) -> None:
    """Let the clock run; letters of the past are not sent again."""
    seat_clock.tick(program=program, now=now)
    intake.publish_batches(program=program, now=now)
    opinions.tick(program=program, now=now)
    ask_clock.tick(program=program, now=now, send=lambda *_told: None)
    commitment_clock.tick(program=program, now=now)
    pay_clock.tick(program=program, now=now, tell=lambda *_told: None)
    invitation_clock.tick(program=program, now=now)
    heads.sign_head(program=program, now=now)
