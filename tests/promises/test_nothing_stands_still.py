"""Every step that takes two leads names who can be the second, and goes to former leads who agreed after ten days."""

import re
from datetime import date, timedelta

import pytest

from alongside.chain.findings import actions as findings
from alongside.chain.keys import actions as keys
from alongside.chain.keys.models import EngagementKey
from alongside.chain.reader.models import OpenedList
from alongside.cohort.seats import actions
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import STEPS, SecondAsked
from alongside.cohort.seats.queries.seconds import may_be_second, seconds_awaited
from alongside.core.grammar.engagements import holders_of
from alongside.core.refusals import Refused
from alongside.core.sealing.leads import vouch_statement
from alongside.ground.record.models import Log, LogEntry
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.leads import lead_in_words
from alongside.site.demo.sealed import make_engagement_key, make_keys
from tests.chain.voices.cast import Holder, holders, offer
from tests.promises.attempts import BASE, as_, today
from tests.support.thread import UNOPENED, Thread, posted_by_rows
from tests.support.thread import WORDS as TEXTS

pytestmark = pytest.mark.django_db
PAGE = f"{BASE}/seat/seconds/"
SMALL = {"smaller": True, "voices": "fewer", "root": "cd" * 32}
WORDS = {"en": {"statement": "Some people need it at night."}}


class Table:
    """A cohort of three or of five, where one acts, one is away and one cannot; and a former lead who agreed."""

    def __init__(self, people: int, *, former: bool = True) -> None:
        self.thread = thread = Thread(now=today()).to_open_engagement()
        self.program = thread.program
        self.first, self.away, self.conflict = thread.first_lead, thread.second_lead, thread.third_lead
        self.others = [thread.seat(f"other{n}") for n in range(people - 3)]
        self.former = thread.seat("former")
        make_keys(
            story=thread,
            seats=[self.first, self.away, *self.others, self.former],
            keyring=lambda _ring: UNOPENED,
            now=thread.now,
        )
        self.made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
        posted_by_rows(self.program, self.conflict.person, thread.office.public_id)
        seats.leave_seat(seat=self.former, on=self.today, reason="", now=thread.now)
        self.former = type(self.former).objects.get(pk=self.former.pk)
        for name in ("seconds", "checks") if former else ():
            actions.stay_in_reach(
                person=self.former.person,
                program=self.program,
                name=name,
                reach="503-555-0100",
                offers="",
                until=self.today + timedelta(days=300),
                now=thread.now,
            )

    @property
    def today(self) -> date:
        return self.thread.now.date()

    @property
    def step(self):
        (one,) = seconds_awaited(self.program, self.today)
        return one

    def names(self):
        """Say who can be the second: leads, former leads, and in how many days those can."""
        one = self.step
        return one.leads, one.former, (one.opens - self.today).days

    def attest(self, seat):
        content = {"promise": self.thread.promise, **SMALL, "words": WORDS}
        given = {"program": self.program, "promise": self.thread.promise, "now": self.thread.now}
        findings.attest(seat=seat, finding=findings.finding_hash(content), **given)

    def publish(self):
        given = {"program": self.program, "promise": self.thread.promise, "now": self.thread.now}
        return findings.publish(seat=self.first, **SMALL, words=WORDS, **given)


@pytest.mark.parametrize("people", [3, 5])
def test_a_small_finding_is_named_its_seconds_and_goes_to_a_former_lead_after_ten_days(db, people):
    table = Table(people)
    table.attest(table.first)
    assert table.names() == ([table.away, *table.others], [table.former], 10)
    with pytest.raises(Refused, match="Your place is over"):
        table.attest(table.former)
    table.thread.later(10)
    table.attest(table.former)
    entry = table.publish()
    assert set(entry.seats) == {table.first.public_id, table.former.public_id}
    assert seconds_awaited(table.program, table.today) == []


def shown_to(seat):
    """Give the words of the page to a lead."""
    return re.sub(r"<[^>]*>", "", as_(seat.person).get(PAGE).content.decode())


def test_the_page_names_the_day_by_which_a_lead_takes_it_where_no_former_lead_can(db):
    table = Table(3, former=False)
    table.attest(table.first)
    told = shown_to(table.away)
    by = day_in_words(table.today + timedelta(days=10))
    assert f"One of them takes it by {by}. No former lead can step in." in told
    SecondAsked.objects.update(asked_on=table.today - timedelta(days=10))
    told = shown_to(table.away)
    assert ("takes it by" in told, "No former lead can step in." in told) == (False, True)


def test_a_leads_week_and_the_room_of_an_engagement_lead_to_what_waits_for_a_second_lead(db):
    table = Table(3)
    slug = table.thread.engagement.slug
    pages = (f"{BASE}/week/", f"{BASE}/engagements/{slug}/room/")

    def lead_there(person):
        return [f'href="{PAGE}"' in as_(person).get(one).content.decode() for one in pages]

    assert lead_there(table.away.person) == [False, False]
    table.attest(table.first)
    assert lead_there(table.away.person) == lead_there(table.first.person) == [True, True]
    table.attest(table.away)
    table.publish()
    assert lead_there(table.away.person) == [False, False]


def test_where_no_lead_of_today_can_it_goes_to_a_former_lead_at_once(db):
    table = Table(3)
    seats.suspend_seat(seat=table.away, ground="absent", now=table.thread.now)
    table.attest(table.first)
    assert table.names() == ([], [table.former], 0)
    table.attest(table.former)
    assert table.publish().kind == "finding.published"


def test_two_former_leads_without_a_lead_of_today_publish_nothing(db):
    table = Table(3)
    with pytest.raises(Refused, match="Your place is over"):
        table.attest(table.former)


@pytest.mark.parametrize("people", [3, 5])
def test_a_check_goes_to_a_former_lead_after_ten_days(db, people):
    table = Table(people)
    assert table.thread.check(table.made, table.first) is None
    assert table.names() == ([table.away, *table.others], [table.former], 10)
    table.thread.later(10)
    assert table.thread.check(table.made, table.former).kind == "delivery.verified"
    assert seconds_awaited(table.program, table.today) == []


@pytest.mark.parametrize("people", [3, 5])
@pytest.mark.parametrize("step", sorted(set(STEPS) - {"check", "destroy"}))
def test_each_step_names_its_seconds_and_goes_to_a_former_lead_after_ten_days(db, people, step):
    table = Table(people)
    asked = {"program": table.program, "step": step, "about": "1"}
    actions.ask_second(**asked, seat=table.first, today=table.today)
    waits = 0 if (step, people) == ("vouch", 3) else 10  # two vouch, and only one lead of today can
    assert table.names() == ([table.away, *table.others], [table.former], waits)
    after = [table.today + timedelta(days=days) for days in (9, 10)]
    able = [may_be_second(table.program, table.former, step, "1", day) for day in after]
    assert able == [not waits, True]
    seats.suspend_seat(seat=table.away, ground="absent", now=table.thread.now)
    assert table.names() == (table.others, [table.former], 10 if table.others else 0)


def test_the_end_of_a_key_is_for_who_holds_it_and_at_once_for_a_former_lead_where_nobody_else_does(db):
    table = Table(3)
    key = EngagementKey.objects.get().entry
    held = holders_of(key, RowsLog(Log.objects.get()))
    assert held >= {table.first.public_id, table.away.public_id}
    actions.ask_second(program=table.program, step="destroy", about=key, seat=table.first, today=table.today)
    assert table.names() == ([table.away], [], 10)
    assert "can step in" not in as_(table.away.person).get(PAGE).content.decode()
    seats.suspend_seat(seat=table.away, ground="absent", now=table.thread.now)
    assert table.names() == ([], [table.former], 0)


def test_nobody_of_the_city_is_ever_the_second(db):
    table = Table(3)
    posted_by_rows(table.program, table.former.person, table.thread.office.public_id)
    table.attest(table.first)
    table.thread.later(30)
    assert table.names()[1] == []
    with pytest.raises(Refused, match="Your place is over"):
        table.attest(table.former)


def test_the_page_names_who_can_be_the_second_to_leads_and_to_who_agreed_alone(db):
    table = Table(5)
    table.attest(table.first)
    page = as_(table.away.person).get(PAGE).content.decode()
    for seat in (table.away, *table.others):
        assert f"place {seat.public_id[5:9]}" in page
    assert f"place {table.conflict.public_id[5:9]}" not in page
    assert as_(table.former.person).get(PAGE).status_code == 200
    thread = table.thread
    answers = {
        one: as_(one).get(PAGE).status_code for one in (thread.steward, thread.boss, thread.staff, None)
    }
    assert set(answers.values()) == {403}


def test_each_step_names_its_engagement_and_leads_into_it(db):
    table = Table(3, former=False)
    table.attest(table.first)
    thread = table.thread
    del thread.keyrings[table.former.public_id]  # nobody locks anything to who has left
    given = {"seat": table.first, "promise": thread.promise, "marks": [], "not_opened": 0}
    made = OpenedList.objects.create(program=table.program, proposed_on=table.today, **given)
    actions.ask_second(
        program=table.program, step="opened", about=made.pk, seat=table.first, today=table.today
    )
    thread.draft_engagement("benches", words={"en": TEXTS["en"] | {"title": "Benches in parks"}})
    make_engagement_key(
        story=thread, engagement=thread.engagement, seats=[table.first], now=thread.now
    )  # and tests it alone

    page = as_(table.away.person).get(PAGE).content.decode()
    assert re.findall(rf'<h3><a href="{BASE}/reader/([a-z-]*)/?">([^<]*)</a>', page) == [
        ("library-computers", "Confirm what few people said: title (en)"),
        ("library-computers", "Sign the list of what was opened: title (en)"),
        ("benches", "Open a test voice with a new key: Benches in parks"),
    ]
    assert "3 steps that you can take" in page
    week = as_(table.away.person).get(f"{BASE}/week/").content.decode()
    assert f'<a href="{BASE}/reader/benches/">Test the key: Benches in parks</a>' in week
    own = as_(table.first.person).get(PAGE).content.decode()
    assert "3 steps for somebody else" in own
    assert f"{BASE}/reader/" not in own.partition("<h1")[2].partition("</main>")[0]


def test_a_key_to_vouch_for_is_named_by_whose_it_is(db):
    thread = Thread(now=today()).open_program().found_keys()
    offer(thread.program, Holder.make(thread.third_lead), thread.now)
    page = as_(thread.first_lead.person).get(PAGE).content.decode()
    named = re.findall(
        rf'<h3><a href="{BASE}/reader/#vouch-([^"]*)">Vouch for a lead’s key: ([^<]*)</a>', page
    )
    assert named == [(thread.third_lead.public_id, lead_in_words(thread.third_lead.public_id))]


def test_where_nobody_can_be_the_second_the_page_says_so(db):
    table = Table(3, former=False)
    seats.suspend_seat(seat=table.away, ground="absent", now=table.thread.now)
    table.attest(table.first)
    assert "Nobody can be the second now." in as_(table.first.person).get(PAGE).content.decode()


def test_the_reader_opens_for_a_former_lead_only_while_something_waits_for_them(db):
    table = Table(3)
    reader = f"{BASE}/reader/"
    assert as_(table.former.person).get(reader).status_code == 403
    seats.suspend_seat(seat=table.away, ground="absent", now=table.thread.now)
    table.attest(table.first)
    assert as_(table.former.person).get(reader).status_code == 200
    table.attest(table.former)
    table.publish()
    assert as_(table.former.person).get(reader).status_code == 403
    assert LogEntry.objects.filter(kind="finding.published").count() == 2


def test_a_new_cohort_is_vouched_for_by_the_leads_before_it(db):
    """Nobody of the new cohort has a key yet, so only former leads can vouch: at once, by consent."""
    thread = Thread(now=today()).open_program().found_keys()
    old = holders(thread)
    asked = offer(thread.program, Holder.make(thread.third_lead), thread.now)
    for one in old:
        seats.leave_seat(seat=one.seat, on=thread.now.date(), reason="", now=thread.now)
        one.seat = type(one.seat).objects.get(pk=one.seat.pk)
        actions.stay_in_reach(
            person=one.seat.person,
            program=thread.program,
            name="seconds",
            reach="503-555-0100",
            offers="",
            until=thread.now.date() + timedelta(days=300),
            now=thread.now,
        )
    statement = {"seat": asked.seat.public_id, "recipient": asked.recipient, "sign_key": asked.sign_key}
    words = vouch_statement(origin=thread.program.origin, **statement)
    signed = [
        keys.vouch(
            program=thread.program, key=asked, seat=one.seat, signature=one.sign(words), now=thread.now
        )
        for one in old
    ]
    assert signed[0] is None
    assert signed[1].kind == "key.certified"
