"""A selection finds its end: where a witness doubts the draw, where there are no more people than seats, where nobody is chosen."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Contact
from alongside.cohort.calls.models import Call, Invitee
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries.actions import seat_everyone
from alongside.cohort.lotteries.models import Lottery
from alongside.cohort.lotteries.queries import next_steps
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews.models import Decision
from alongside.cohort.seats.models import Seat
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.record.models import LogEntry
from tests.cohort.calls import cast
from tests.cohort.lotteries.drawing import SEED, attest, drawn, over, panel
from tests.cohort.lotteries.test_a_lottery_is_balanced import applied, open_call
from tests.cohort.reviews.choosing import UNTIL_CLOSED, closed, outsider

pytestmark = pytest.mark.django_db
LOTTERY = "/riverbend/en/steward/selection/second-cohort/lottery/"


def steward(client_class, made):
    client = client_class()
    client.force_login(made.thread.steward)
    return client


def kinds(kind):
    return LogEntry.objects.filter(kind=kind).count()


def test_a_draw_that_a_witness_doubts_is_drawn_again_and_both_draws_stay_on_the_record(new_site_client):
    made = drawn(selection_="lottery")
    attest(made, True, False)
    client = steward(new_site_client, made)
    shown = client.get(LOTTERY).content.decode()
    with pytest.raises(GrammarError, match="this is the seed that was drawn with"):
        lotteries.draw_lottery(lottery=made.call.lottery, seed=SEED, now=made.thread.now)

    lotteries.draw_lottery(lottery=made.call.lottery, seed="07 14 22 31 40 10", now=made.thread.now)

    made.call = Call.objects.get()
    assert "A witness came to another result." in shown
    assert (kinds("lottery.drawn"), made.call.lottery.seed, said(made.call)) == (
        2,
        "07 14 22 31 40 10",
        [None, None],
    )
    told = LogEntry.objects.filter(kind="lottery.drawn").latest("index").parsed
    seats = Decision.objects.filter(outcome="seat").values_list("application__ticket__number", flat=True)
    assert (sorted(seats), len(seats)) == (sorted(told.data["seats"]), 2)
    with pytest.raises(GrammarError, match="two witnesses must run the lottery again"):
        over(made)
    attest(made, True, True)
    over(made)
    page = new_site_client().get("/riverbend/en/calls/second-cohort/selection/").content.decode()
    assert ("It was drawn again" in page, page.count("ran it again and got the same result")) == (True, 2)
    assert "07 14 22 31 40 10" in page


def test_a_draw_that_nobody_doubts_cannot_be_drawn_again():
    made = drawn(selection_="lottery")
    attest(made, True, True)

    with pytest.raises(Refused, match="This lottery was drawn"):
        lotteries.draw_lottery(lottery=made.call.lottery, seed="another", now=made.thread.now)


@pytest.mark.parametrize("second_says", [None, False])
def test_another_witness_runs_a_draw_that_one_of_the_first_is_silent_on_or_doubts(
    second_says, new_site_client
):
    made = drawn(selection_="lottery")
    first, second = made.call.invitees.witnesses().order_by("number")
    lotteries.attest(witness=first, agrees=True, now=made.thread.now)
    if second_says is not None:
        lotteries.attest(witness=second, agrees=second_says, now=made.thread.now)

    another = outsider(30)

    def name():
        return lotteries.name_witness(
            lottery=made.call.lottery,
            person=another,
            organization="House 3",
            role="An auditor",
            lang="en",
            now=made.thread.now,
        )

    made.thread.now += timedelta(days=13)
    with pytest.raises(Refused, match="name another one 14 days after the draw"):
        name()
    client = steward(new_site_client, made)
    assert "Name a witness" not in client.get(LOTTERY).content.decode()
    made.thread.now += timedelta(days=1)
    third = name()
    lotteries.attest(witness=third, agrees=True, now=made.thread.now)
    with pytest.raises(Refused, match="This lottery was drawn"):
        lotteries.draw_lottery(lottery=made.call.lottery, seed="07 14 22 31 40 10", now=made.thread.now)
    assert over(made).decided_entry == LogEntry.objects.order_by("-index")[0].index


def test_a_witness_who_was_wrong_says_so_and_the_selection_ends():
    made = drawn(selection_="lottery")
    attest(made, True, False)
    second = made.call.invitees.witnesses().get(number=2)
    with pytest.raises(Refused, match="You have checked it already"):
        lotteries.attest(witness=second, agrees=False, now=made.thread.now)

    lotteries.attest(witness=second, agrees=True, now=made.thread.now)

    assert over(made).decided_entry == LogEntry.objects.order_by("-index")[0].index
    assert kinds("lottery.attested") == 3
    with pytest.raises(Refused, match="You have checked it already"):
        lotteries.attest(witness=second, agrees=False, now=made.thread.now)


def test_no_more_people_than_seats_need_no_draw_and_each_reads_why(new_site_client):
    early = datetime.now(tz=UTC) - UNTIL_CLOSED - timedelta(days=1)
    made = applied(open_call(seats=3, now=early), ("",) * 3)
    client = steward(new_site_client, made)
    page = client.get(LOTTERY).content.decode()

    answer = client.post(LOTTERY, {"reasons": "Three seats, three people."})

    assert ("Give everyone a place" in page, "Announce the lottery" in page) == (True, False)
    assert answer["Location"] == "/riverbend/en/steward/selection/second-cohort/close/"
    over(made)
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[made.applications[0].pk]
    assert "Three seats, three people." in phone.post("open")
    assert Seat.objects.filter(offered__isnull=False).count() == 0


def test_more_people_than_seats_are_never_seated_without_a_draw():
    made = closed(count=3, selection="lottery", seats=2, alternates=1)

    with pytest.raises(Refused, match="More people are in the pool than there are"):
        seat_everyone(call=made.call, reasons="All.", now=made.thread.now)
    assert Decision.objects.count() == 0


def test_a_small_pool_is_drawn_with_as_many_alternates_as_are_left():
    made = closed(count=3, selection="lottery", seats=2, alternates=5)
    held = lotteries.announce(
        call=made.call,
        seed_source="The state's evening numbers.",
        seed_day=made.thread.now.date() + timedelta(days=3),
        lang="en",
        now=made.thread.now,
    )
    made.thread.now += timedelta(days=4)

    lotteries.draw_lottery(lottery=held, seed=SEED, now=made.thread.now)

    assert sorted(Decision.objects.values_list("outcome", flat=True)) == ["alternate", "seat", "seat"]


@pytest.mark.parametrize("way", ["panel", "lottery"])
def test_a_call_where_nobody_is_chosen_ends_with_reasons(way):
    if way == "panel":
        made = panel()
        for one in made.applications:
            if not hasattr(one, "decision"):
                reviews.decide(application=one, outcome="no", reasons="Not this time.", now=made.thread.now)
    else:
        made = closed(count=2, selection="lottery")
        for one in made.applications:
            applications.withdraw(application=one, now=made.thread.now)

    over(made)

    assert (kinds("selection.closed"), Decision.objects.filter(outcome="seat").count()) == (1, 0)


def said(call: Call) -> list[bool | None]:
    """List what the witnesses of a lottery say of its draw, in their order."""
    return list(call.invitees.witnesses().order_by("number").values_list("agrees", flat=True))


def test_the_desk_says_what_comes_next_of_a_call_and_by_which_day(new_site_client, django_assert_num_queries):
    made = drawn(selection_="lottery")
    held, closes = made.call.lottery, made.call.closes
    today = made.thread.now.date()
    with django_assert_num_queries(1):
        witness = next_steps(made.thread.program, today)
    attest(made, True, True)
    decide = next_steps(made.thread.program, today)
    Lottery.objects.update(seed="", drawn_on=None, draw_entry=None)
    draw = next_steps(made.thread.program, today)
    page = steward(new_site_client, made).get("/riverbend/en/steward/").content.decode()

    assert [(step.what, step.due) for _call, step in (*witness, *decide, *draw)] == [
        ("witness", made.call.decides_by),
        ("decide", made.call.decides_by),
        ("draw", held.seed_day),
    ]
    ((_call, close),) = next_steps(made.thread.program, closes)
    assert (close.what, close.due) == ("close", closes)
    assert "Invite people to apply until then; then give every application its readers." in page


def test_someone_who_lost_the_code_gets_a_new_one_from_the_steward_and_the_old_one_is_shut(new_site_client):
    made = closed(count=1)
    mine = made.applications[0]
    Contact.objects.filter(application=mine).update(email="")
    client = steward(new_site_client, made)
    names = "/riverbend/en/steward/selection/second-cohort/names/"
    page = client.post(names).content.decode()
    stranger = new_site_client().post(f"{names}{mine.reference}/code/").status_code

    told = client.post(f"{names}{mine.reference}/code/").content.decode()

    phone = cast.Phone(new_site_client())
    phone.code = made.codes[mine.pk]
    shut = phone.post("open")
    phone.code = re.search(r'class="digits"[^>]*><span>([^<]+)</span>', told).group(1)
    assert (f"{names}{mine.reference}/code/" in page, stranger) == (True, 403)
    assert "leads to no application here" in shut
    opened = phone.post("open")
    assert ("Answer 0 to" in opened, "made a new code for this application on" in opened) == (True, True)
    assert client.post(f"{names}ZZZZ-ZZZZ/code/").status_code == 404


def test_no_steward_reads_the_new_code_of_an_applicant_who_left_an_address(
    new_site_client, mailoutbox, settings
):
    made = closed(count=1)
    mine = made.applications[0]
    Contact.objects.filter(application=mine).update(email="rosa@example.com")
    client = steward(new_site_client, made)
    address = f"/riverbend/en/steward/selection/second-cohort/names/{mine.reference}/code/"

    told = client.post(address).content.decode()

    assert ("went to the address in the application" in told, 'class="digits"' in told) == (True, False)
    assert [one.to for one in mailoutbox] == [["rosa@example.com"]]
    phone = cast.Phone(new_site_client())
    phone.code = mailoutbox[0].body.split("\n\n")[1]
    assert (phone.code in told, "Answer 0 to" in phone.post("open")) == (False, True)

    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Down"}}
    assert "The letter with the new code did not go out" in client.post(address).content.decode()
    assert "Answer 0 to" in phone.post("open")


class Down(BaseEmailBackend):
    """A server of mail that does not answer."""

    def send_messages(self, _messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize("half", [{"agrees": True}, {"attested_entry": 1}])
def test_the_word_of_a_witness_and_a_draw_are_kept_whole_or_not_at_all(both_databases, half):
    made = drawn(selection_="lottery")

    with pytest.raises(IntegrityError, match="a_witness_attests_on_a_day_by_an_entry"), transaction.atomic():
        Invitee.objects.filter(role="witness").update(**half)
    with pytest.raises(IntegrityError, match="a_draw_has_a_seed_a_day_and_an_entry"), transaction.atomic():
        Lottery.objects.filter(call=made.call).update(seed="")
