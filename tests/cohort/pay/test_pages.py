"""Pages of pay: a lead's own, the steward's, and doors that stay shut for everyone else."""

import io
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.cohort.pay.actions import claims as claims_actions
from alongside.cohort.pay.actions.terms import set_budget
from alongside.cohort.pay.models import Attachment, Claim, Payment, Run, name_of
from alongside.cohort.pay.queries import runs, terms
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import pay_due
from alongside.core.tables import write
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of
from alongside.ground.ui.days import day_in_words
from tests.cohort.pay.cast import HOME, another_steward, paid_by_the_hour, usd
from tests.core.test_pictures import SECRET, chunk

PAY, DESK = f"{HOME}pay/", f"{HOME}steward/pay/"
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    [chunk(b"IHDR", bytes(13)), chunk(b"tEXt", SECRET), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")]
)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


@pytest.fixture
def cast(db):
    return paid_by_the_hour()


@pytest.fixture
def as_(new_site_client):
    def sign_in(person):
        client = new_site_client()
        client.force_login(person)
        return client

    return sign_in


def test_one_tap_of_a_quick_button_logs_hours(cast, as_):
    lead = as_(cast.first.person)
    cast.log(hours=2, ago=1)
    week = lead.get(f"{HOME}week/")
    assert "Log 2 hours today: Meeting" in text_of(week)

    sent = lead.post(f"{PAY}log/", {"on": cast.today.isoformat(), "quick": "2:00 meeting"})

    claim = Claim.objects.get(on=cast.today)
    assert sent.url == f"{PAY}?done=logged#claim-{claim.pk}"
    assert "It is logged. You can withdraw it below" in text_of(lead.get(sent.url))
    assert (claim.minutes, claim.what, claim.money) == (120, "meeting", usd("90.00"))
    assert "180.00 USD is owed to you, the first of it since" in text_of(lead.get(PAY))


def test_one_tap_logs_yesterday_too_and_not_before_the_place_was_taken(cast, as_):
    lead = as_(cast.first.person)
    cast.log(hours=2, ago=3)
    page, yesterday = lead.get(f"{HOME}week/").content.decode(), cast.today - timedelta(days=1)
    tapped = re.search(
        rf'name="on" value="{yesterday}">\s*<p[^>]*><button[^>]*value="([^"]+)">Log 2 hours yesterday: Meeting',
        page,
    )

    lead.post(f"{PAY}log/", {"on": yesterday.isoformat(), "quick": tapped[1]})

    assert Claim.objects.get(on=yesterday).minutes == 120
    Seat.objects.filter(pk=cast.first.pk).update(from_date=cast.today)
    assert "yesterday" not in text_of(lead.get(f"{HOME}week/"))


def test_each_part_of_what_is_owed_stands_beside_its_own_day(cast, as_):
    first = cast.log(hours=2)
    cast.thread.later(3)
    second = cast.log(hours=1, what="training")
    pack = pack_of(cast.program)
    days = [pay_due(one.logged_on, pack) for one in (first, second)]

    assert [(one.on, one.owed) for one in cast.account().dues] == [
        (days[0], [usd("90.00")]),
        (days[1], [usd("45.00")]),
    ]
    for page in (f"{HOME}week/", PAY):
        words = text_of(as_(cast.first.person).get(page))
        assert "135.00 USD is owed to you" in words
        assert re.findall(r"([\d.]+) USD, due \w+", words) == ["90.00", "45.00"]
    assert "Left of the 900.00 USD, after all you logged 765.00 USD" in words
    cast.approve(first, second)
    cast.run()
    assert [one.owed for one in cast.account().dues] == [[usd("90.00")], [usd("45.00")]]


def test_the_page_for_leaving_says_what_is_owed_by_which_day_and_that_work_can_be_logged_later(cast, as_):
    logged = cast.log(hours=2)
    due = day_in_words(pay_due(logged.logged_on, pack_of(cast.program)))
    words = text_of(as_(cast.first.person).get(f"{HOME}seat/leave/"))
    assert f"90.00 USD is owed to you, due {due}. You are paid after you leave, too." in words
    assert "You can log what you did until your last day later, too" in words
    seats.leave_seat(seat=cast.first, on=cast.today, reason="", now=cast.now)
    assert cast.log(hours=1, ago=1).pk != logged.pk


def test_the_coordinator_pays_a_lead_by_both_names_and_finance_reads_only_that_of_the_account(cast, as_):
    seats.choose_name(seat=cast.first, name="Wren Heron")
    cast.approve(cast.log())
    account, steward = cast.first.person.called, as_(cast.steward)
    both = f"Wren Heron, {account}"

    for page in (DESK, f"{DESK}agreements/"):
        assert both in text_of(steward.get(page))
    run = cast.run()
    assert (name_of(cast.first), "Wren Heron" in run_file(steward, run)) == (account, False)


def run_file(steward, run) -> str:
    return steward.get(f"{DESK}runs/{run.number}/finance.csv").content.decode()


def test_the_same_hours_again_ask_whether_it_is_another_piece(cast, as_):
    lead = as_(cast.first.person)
    typed = {"on": cast.today.isoformat(), "quick": "2:00 meeting"}
    lead.post(f"{PAY}log/", typed)
    asked = lead.post(f"{PAY}log/", typed)

    assert "Something is logged for this day" in text_of(asked)
    assert Claim.objects.count() == 1
    kept = dict(asked.context["kept"])
    lead.post(f"{PAY}log/", kept)
    assert list(Claim.objects.order_by("pk").values_list("turn", flat=True)) == [1, 2]


def test_a_lead_is_warned_before_the_sum_agreed_is_passed(cast, as_):
    cast.log(hours=19, ago=1)
    asked = as_(cast.first.person).post(f"{PAY}log/", {"on": cast.today.isoformat(), "quick": "2:00 meeting"})

    assert "Of the sum agreed, 45.00 USD is left. This is 90.00 USD." in text_of(asked)
    assert Claim.objects.count() == 1
    as_(cast.first.person).post(f"{PAY}log/", dict(asked.context["kept"]))
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("hours", ["0", "25", "two", "-1", "1:75"])
def test_hours_that_cannot_be_are_given_back_with_a_cure(cast, as_, hours):
    typed = {"on": cast.today.isoformat(), "hours": hours, "what": "meeting", "note": "A note to keep"}
    page = as_(cast.first.person).post(f"{PAY}log/", typed)

    assert "A note to keep" in text_of(page)
    assert page.content.decode().count('class="problem"') == 1


def test_a_bill_is_stored_without_what_the_camera_wrote(cast, as_):
    typed = {"on": cast.today.isoformat(), "amount": "30,50", "what": "childcare"}
    lead = as_(cast.first.person)
    lead.post(f"{PAY}cost/", typed | {"bill": SimpleUploadedFile("bill.png", PNG, "image/png")})

    claim = Claim.objects.get()
    assert claim.money == usd("30.50")
    assert SECRET not in bytes(Attachment.objects.exclude(bill=None).get().bill)
    shown = lead.get(f"{PAY}bills/{claim.pk}/")
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/png", "no-store")
    assert as_(cast.steward).get(f"{PAY}bills/{claim.pk}/").status_code == 200
    for stranger in (cast.second.person, cast.thread.staff, cast.thread.boss):
        assert as_(stranger).get(f"{PAY}bills/{claim.pk}/").status_code == 404


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", PNG[:-9], b"x" * (5 * 1024 * 1024 + 1)])
def test_a_bill_that_is_no_small_picture_is_refused(cast, as_, content):
    typed = {"on": cast.today.isoformat(), "amount": "30.50", "what": "childcare"}
    file = SimpleUploadedFile("bill.png", content, "image/png")
    page = as_(cast.first.person).post(f"{PAY}cost/", typed | {"bill": file})

    assert page.status_code == 200
    assert Claim.objects.count() == 0


def test_pictures_of_bills_have_a_quota_and_leave_voices_their_room(cast, as_, monkeypatch, request):
    lead = as_(cast.first.person)

    def send(amount):
        typed = {"on": cast.today.isoformat(), "amount": amount, "what": "childcare"}
        return text_of(
            lead.post(f"{PAY}cost/", typed | {"bill": SimpleUploadedFile("bill.png", PNG, "image/png")})
        )

    send("30.50")
    held = len(bytes(Attachment.objects.exclude(bill=None).get().bill))
    with monkeypatch.context() as soon:
        soon.setattr(claims_actions, "MOST_BILLS", 2 * held - 1)
        assert "Your pictures of bills hold 0 megabytes together." in send("20.50")
    request.getfixturevalue("full_disk")
    assert "There is no room for this file right now." in send("20.50")
    assert Claim.objects.count() == 1


DOORS = [
    ("get", ""),
    ("post", "approve/"),
    ("get", "{claim}/send-back/"),
    ("post", "{claim}/send-back/"),
    ("get", "agreements/"),
    ("post", "agreements/{seat}/"),
    ("post", "agreements/{seat}/raise/"),
    ("post", "budgets/first/"),
    ("get", "runs/"),
    ("post", "runs/close/"),
    ("get", "runs/{run}/"),
    ("get", "runs/{run}/finance.csv"),
    ("post", "reconcile/"),
]


@pytest.mark.parametrize(("verb", "door"), DOORS)
def test_staff_and_managers_of_a_unit_find_every_door_shut(cast, as_, verb, door):
    cast.approve(cast.log())
    run, claim = cast.run(), cast.log(what="training")
    where = DESK + door.format(claim=claim.pk, seat=cast.first.public_id, run=run.number)
    for person in (cast.thread.staff, cast.thread.boss, cast.second.person):
        answer = getattr(as_(person), verb)(
            where, {"claim": claim.pk, "reason": "No."} if verb == "post" else {}
        )
        assert answer.status_code == 403
    assert Claim.objects.exclude(verdict=None).count() == 1
    assert (Run.objects.count(), Payment.objects.exclude(paid_on=None).count()) == (1, 0)


def test_a_run_is_read_once_more_before_it_is_closed_for_good(cast, as_):
    cast.approve(cast.log(hours=2))
    Person.objects.filter(pk=cast.first.person_id).update(known_as="Ruth")
    steward = as_(cast.steward)
    page = text_of(steward.get(f"{DESK}runs/close/"))
    assert ("It pays 90.00 USD of what is approved:" in page, "Ruth" in page, Run.objects.count()) == (
        True,
        True,
        0,
    )

    assert steward.post(f"{DESK}runs/close/").url == f"{DESK}runs/1/"
    assert "Nothing approved waits for a run." in text_of(steward.get(f"{DESK}runs/close/"))


def test_who_left_before_pay_was_agreed_stands_no_more_on_the_list_of_agreements(cast, as_):
    seat, steward = cast.thread.seat("Dara"), as_(cast.steward)
    row = f"agreements/{seat.public_id}/"
    assert terms.agreement_of(seat) is None
    assert row in steward.get(f"{DESK}agreements/").content.decode()
    seats.leave_seat(seat=seat, on=cast.today, reason="", now=cast.now)
    assert row not in steward.get(f"{DESK}agreements/").content.decode()


def test_who_checks_after_their_term_is_on_the_coordinators_desk_until_their_pay_is_agreed(cast, as_):
    seat, steward = cast.thread.seat("Dara"), as_(cast.steward)
    assert "?to=steward" in as_(seat.person).get(PAY).content.decode()
    seats.leave_seat(seat=seat, on=cast.today, reason="", now=cast.now)
    Person.objects.filter(pk=seat.person_id).update(email="dara@example.org")
    given = {
        "name": "checks",
        "reach": "dara@example.org",
        "offers": "",
        "until": cast.today + timedelta(days=90),
    }
    seats.stay_in_reach(person=seat.person, program=cast.program, now=cast.now, **given)
    cast.thread.later(1)
    told = "1 former lead who checks promises can log no hours before it is written."
    not_agreed = "Your pay for it is not agreed yet."
    assert told in steward.get(f"{HOME}steward/").content.decode()
    assert f"agreements/{seat.public_id}/" in steward.get(f"{DESK}agreements/").content.decode()
    assert not_agreed in text_of(as_(seat.person).get(f"{HOME}my-desk/"))
    # Who sits no more writes no messages here.
    assert "?to=steward" not in as_(seat.person).get(PAY).content.decode()
    cast.agree(seat)
    assert told not in steward.get(f"{HOME}steward/").content.decode()
    assert not_agreed not in text_of(as_(seat.person).get(f"{HOME}my-desk/"))


def test_who_never_sat_in_a_cohort_has_no_page_of_pay(cast, as_):
    for person in (cast.thread.staff, cast.thread.boss, cast.steward):
        client = as_(person)
        for page in ("", "log/", "cost/", "hours-and-payments.csv"):
            assert client.get(PAY + page).status_code == 404


def test_a_lead_sees_and_takes_back_nothing_of_another(cast, as_):
    claim = cast.log(cast.second)
    lead = as_(cast.first.person)

    assert lead.post(f"{PAY}{claim.pk}/take-back/").status_code == 404
    assert "90.00" not in text_of(lead.get(PAY))
    assert len(lead.get(f"{PAY}hours-and-payments.csv").content.decode().splitlines()) == 1


def test_the_steward_of_an_asked_unit_is_told_who_decides(cast, as_):
    from datetime import date

    from alongside.ground.programs.actions import give_office

    office = cast.thread.office.public_id
    give_office(person=cast.steward, program=cast.program, office=office, from_date=date(2026, 1, 1))
    cast.thread.draft_engagement().make_keys().open()
    cast.thread.recommend(cast.thread.find())
    claim = cast.log()

    page = as_(cast.steward).post(f"{DESK}approve/", {"claim": claim.pk})
    assert "Another program coordinator decides on their pay." in text_of(page)
    as_(another_steward(cast)).post(f"{DESK}approve/", {"claim": claim.pk})
    assert Claim.objects.get().verdict == "approved"


def test_an_approval_says_how_many_it_approved_and_one_of_nothing_what_to_do(cast, as_):
    claims, steward = [cast.log(hours=2), cast.log(hours=3, what="training")], as_(cast.steward)
    Person.objects.filter(pk=cast.first.person_id).update(known_as="Ruth")
    nothing = text_of(steward.post(f"{DESK}approve/", {}))
    assert "Ruth" in nothing
    assert "Nothing was chosen. Tick what you approve, then press the button." in nothing
    sent = steward.post(f"{DESK}approve/", {"claim": [one.pk for one in claims]})
    page = text_of(steward.get(sent["Location"]))
    assert "2 entries are approved. The next payment run pays them." in page


def test_what_is_sent_back_is_read_and_corrected(cast, as_):
    claim = cast.log(hours=8)
    as_(cast.steward).post(f"{DESK}{claim.pk}/send-back/", {"reason": "It took two hours."})
    lead = as_(cast.first.person)
    assert "It took two hours." in text_of(lead.get(f"{HOME}week/"))

    form = lead.get(f"{PAY}log/?corrects={claim.pk}").context["form"]
    assert (form.initial["hours"], form.initial["what"]) == ("", "meeting")
    page = text_of(lead.get(f"{PAY}log/?corrects={claim.pk}"))
    assert "Correct: Meeting, " in page
    assert "The coordinator sent 8:00 back: It took two hours." in page
    assert "Log 8 hours" not in text_of(lead.get(PAY))
    typed = {"on": cast.today.isoformat(), "hours": "2", "what": "meeting", "corrects": claim.pk}
    lead.post(f"{PAY}log/", typed)
    assert Claim.objects.get(corrects=claim).minutes == 120
    row = text_of(as_(cast.steward).get(DESK))
    assert "It replaces 8:00 that you sent back: It took two hours." in row
    assert "another piece of the same day" not in row


def test_the_same_hours_that_were_sent_back_need_a_note_that_says_why(cast, as_):
    claim = cast.log(hours=8, note="With the break.")
    as_(cast.steward).post(f"{DESK}{claim.pk}/send-back/", {"reason": "It took two hours."})
    lead, page = as_(cast.first.person), f"{PAY}log/?corrects={claim.pk}"
    typed = {"on": cast.today.isoformat(), "hours": "8", "what": "meeting", "corrects": claim.pk}

    for note in ("", "With the break."):
        refused = text_of(lead.post(page, typed | {"note": note}))
        assert "This is what was sent back. Change it, or write in the note why it is right." in refused
        assert "It took two hours." in refused
    lead.post(page, typed | {"note": "The list of who came says eight."})

    assert Claim.objects.get(corrects=claim).minutes == 480


def test_a_file_is_shown_before_it_goes_in(cast, as_):
    cast.approve(cast.log(), cast.log(cast.second))
    cast.run()
    known = list(runs.expected_back(cast.program).values())
    rows = [[one.reference, cast.today.isoformat(), one.money.plain()] for one in known]
    text = write(["reference", "paid_on", "amount"], [*rows, ["NOBODY-1", cast.today.isoformat(), "5.00"]])
    steward = as_(cast.steward)

    shown = steward.post(f"{DESK}reconcile/", {"file": io.BytesIO(text.encode())})
    told = text_of(shown)
    assert "1 row does not match" in told
    assert "No payment has this reference. Look for a typing mistake, or take the row out." in told
    assert "2 rows match: 180.00 USD" in told
    assert Payment.objects.exclude(paid_on=None).count() == 0

    alone = write(["reference", "paid_on", "amount"], [["NOBODY-1", cast.today.isoformat(), "5.00"]])
    none = text_of(steward.post(f"{DESK}reconcile/", {"text": alone}))
    assert ("No row matches" in none, "match: " in none) == (True, False)

    again = steward.post(f"{DESK}reconcile/", {"text": text})  # confirmed without taking only what matches
    assert "The file does not match" in text_of(again)
    assert Payment.objects.exclude(paid_on=None).count() == 0
    assert steward.post(f"{DESK}reconcile/", {"text": text, "only": "True"}).url == f"{DESK}runs/"
    assert Payment.objects.exclude(paid_on=None).count() == 2


def test_a_budget_is_raised_in_its_form_and_goes_on_the_record(cast, as_):
    steward = as_(cast.steward)
    steward.post(f"{DESK}budgets/first/", {"amount": "9000"})

    told = text_of(steward.get(f"{HOME}about/pay/"))
    assert "Budget for pay and costs: 9,000.00 USD" in told
    assert "9,000.00\u00a0USD" in steward.get(f"{HOME}about/pay/".replace("/en/", "/ar/")).content.decode()
    small = steward.post(f"{DESK}budgets/first/", {"amount": "10"})
    assert "more than the budget of the cohort" in text_of(small)


def test_an_agreement_is_replaced_and_its_sum_raised_in_forms(cast, as_):
    steward = as_(cast.steward)
    where = f"{DESK}agreements/{cast.first.public_id}/"
    typed = {
        "per": "hour",
        "rate": "50",
        "limit": "1000",
        "from_date": "2026-01-01",
        "until_date": "2027-12-31",
    }
    assert steward.post(where, typed).url == f"{DESK}agreements/"
    steward.post(f"{where}raise/", {"limit": "1200", "reason": "More sessions."})

    beyond = text_of(steward.post(f"{where}raise/", {"limit": "1000000", "reason": "More."}))
    assert "leaves 3,200.00 USD for this place. Agree on that or less" in beyond

    agreement = terms.agreement_of(cast.first)
    assert (agreement.money, agreement.limit) == (usd("50.00"), usd("1200.00"))
    assert "50.00 USD for each hour" in text_of(steward.get(f"{DESK}agreements/"))


def counted(client, where):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(where).status_code == 200
    return len(seen)


LISTS = [
    ("lead", PAY, 14),
    ("steward", DESK, 13),
    ("steward", f"{DESK}runs/", 9),
    ("steward", f"{DESK}agreements/", 17),
]


@pytest.mark.parametrize(("who", "where", "most"), LISTS)
def test_a_list_of_three_takes_as_many_queries_as_a_list_of_one(cast, as_, who, where, most):
    client = as_(cast.first.person if who == "lead" else cast.steward)
    client.get(where)
    cast.approve(cast.log(ago=9))
    cast.log(ago=8)
    cast.approve(cast.log(cast.second, ago=9))
    cast.run()
    cast.approve(cast.log(ago=7))
    one = counted(client, where)
    for ago, seat in ((6, cast.first), (5, cast.second), (4, cast.third)):
        cast.log(seat, ago=ago)
        cast.approve(cast.log(seat, ago=ago, what="training"))
    cast.run()
    cast.back()
    cast.approve(cast.log(cast.third, ago=3))
    cast.log(cast.second, ago=2)

    assert (one, counted(client, where)) == (most, most)


def seated_again(cast, first_day):
    """Seat the first lead in a next cohort that begins on a day; no pay is agreed for that seat yet."""
    again = cast.thread.seat_cohort("second", first_day, first_day + timedelta(days=364))
    return cast.thread.seat(cast.first.person, again)


def test_a_lead_who_is_seated_for_the_next_term_already_logs_work_and_sees_their_pay_of_today(cast, as_):
    ahead = seated_again(cast, date(2028, 1, 1))
    lead = as_(cast.first.person)

    assert "45.00 USD for each hour" in text_of(lead.get(PAY))
    sent = {"on": cast.today.isoformat(), "hours": "2", "what": "meeting"}
    assert lead.post(f"{PAY}log/", sent).status_code == 302
    assert [one.seat for one in Claim.objects.all()] == [cast.first]
    ends = lead.get(f"{HOME}seat/goodbye/").context["ends"]
    assert (ends, ends < ahead.from_date) == (cast.first.until_date, True)


def test_a_lead_agrees_to_less_pay_of_the_next_term_before_it_begins(cast, as_):
    ahead = seated_again(cast, date(2028, 1, 1))
    set_budget(cohort=ahead.cohort, amount=usd("5000.00"), viewer=cast.viewer(), now=cast.now)
    days = {"from_date": ahead.from_date, "until_date": ahead.until_date}
    proposal = cast.agree(ahead, rate="40.00", **days)
    lead = as_(cast.first.person)

    page = text_of(lead.get(PAY))
    assert ("45.00 USD for each hour" in page, "40.00 USD" in page) == (True, True)
    assert lead.post(f"{PAY}proposals/{proposal.pk}/agree/").status_code == 302
    assert terms.agreement_of(ahead).money == usd("40.00")
    assert terms.agreement_of(cast.first).money == usd("45.00")


def test_the_last_days_of_a_term_are_logged_under_it_once_the_next_has_begun(cast, as_):
    seats.leave_seat(seat=cast.first, on=cast.today, reason="", now=cast.now)
    seated_again(cast, cast.today)
    lead = as_(cast.first.person)

    assert lead.get(f"{PAY}log/").context["form"] is not None
    sent = {"hours": "2", "what": "meeting"}
    before = {**sent, "on": (cast.today - timedelta(days=1)).isoformat()}
    assert lead.post(f"{PAY}log/", before).status_code == 302
    assert [one.seat for one in Claim.objects.all()] == [cast.first]
    refused = lead.post(f"{PAY}log/", {**sent, "on": cast.today.isoformat()})
    assert (refused.status_code, Claim.objects.count()) == (200, 1)


def test_whoever_logs_a_day_twice_sees_what_is_there_and_where_it_stands(cast, as_):
    cast.log(hours=1, ago=1)
    day = cast.today - timedelta(days=1)
    lead = as_(cast.first.person)
    typed = {"hours": "2", "what": "meeting", "on": f"{day:%Y-%m-%d}", "note": "The second one."}
    page = lead.post(f"{PAY}log/", typed)
    shown = text_of(page)
    assert "You write: 2. This is there: Meeting, 1:00" in shown
    assert "45.00 USD" in shown
    assert "Waits for the program coordinator" in shown
    assert 'value="The second one."' in page.content.decode()


def test_a_cost_that_was_sent_back_is_typed_anew(cast, as_):
    cost = cast.cost(amount="45.00")
    lead, page = as_(cast.first.person), f"{PAY}cost/?corrects={cost.pk}"
    as_(cast.steward).post(f"{DESK}{cost.pk}/send-back/", {"reason": "The bill says less."})

    after = lead.get(page)
    assert after.context["form"].initial["amount"] == ""
    assert re.search(r"The coordinator sent .{0,3}45\.00.{0,5} back: The bill says less", text_of(after))
    assert 'value="45.00"' not in after.content.decode()
