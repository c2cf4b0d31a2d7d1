"""Quotas: off by what the law protects until counsel advised, fixed on the record before the seed, and told of no applicant."""

import json
import random
import re
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from alongside.check.lottery import main as check
from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Balance
from alongside.cohort.calls import actions as calls
from alongside.cohort.calls import queries as calls_queries
from alongside.cohort.calls.actions import publish_call
from alongside.cohort.calls.models import Call, CounselAdvice
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries import queries as lotteries_queries
from alongside.cohort.lotteries.models import Lottery, PanelList, Ticket
from alongside.cohort.reviews.models import Decision
from alongside.core.entries import GrammarError
from alongside.core.grammar.calls import TIME_TO_APPLY
from alongside.core.quotas import Quota, by_category, unmet
from alongside.core.refusals import Refused
from alongside.ground.record.models import LogEntry, PublicText
from tests.check.records import Record
from tests.cohort.calls import cast
from tests.cohort.reviews.choosing import UNTIL_CLOSED, Closed, outsider, with_readers

pytestmark = pytest.mark.django_db
PART = [Quota("part-of-city", "river-side", 1, 1), Quota("part-of-city", "hill-side", 1, 1)]
AGE = [Quota("age", "under-30", 1, 2), Quota("age", "from-30", 0, 2)]
SEED = "07 14 22 31 40 09"


def by_counting(facts, quotas, seats, count):
    """Find panels by looking at every one there is; fair enough for a pool of ten."""
    return [list(one) for one in combinations(sorted(facts), seats) if not unmet(one, facts, quotas)]


def advised(thread, *categories):
    return calls.record_advice(
        program=thread.program,
        office="The City Attorney",
        lang="en",
        on=thread.now.date(),
        words="Narrowlytailored, said counsel.",
        categories=categories,
        by=thread.steward,
        now=thread.now,
    )


def open_call(*quotas, **terms):
    """Publish a call with a lottery for two seats and one alternate that is balanced."""
    thread = cast.program(now=terms.pop("now", None))
    given = {"selection": "lottery", "seats": 2, "alternates": 1, **terms}
    closes = (thread.now + TIME_TO_APPLY).date()
    call = cast.drafted(thread, closes=closes, decides_by=closes + timedelta(days=60), **given)
    if any(one.category == "age" for one in quotas):
        advised(thread, "age")
    calls.save_quotas(call=call, quotas=quotas, now=thread.now)
    publish_call(call=call, now=thread.now)
    return Closed(thread, Call.objects.get(pk=call.pk))


def applied(made, said=("river-side",) * 5 + ("hill-side",) * 5, category="part-of-city"):
    """Take in an application for each answer, then let the call close."""
    for value in said:
        begun = cast.begun(made.call, made.thread.now)
        cast.filled(begun.application, made.thread.now)
        applications.save_balance(
            application=begun.application, values={category: value}, now=made.thread.now
        )
        applications.send(
            application=begun.application, pack=cast.pack_of(made.thread.program), now=made.thread.now
        )
        made.codes[begun.application.pk] = begun.code
    made.thread.now += UNTIL_CLOSED
    return made


def asked(made, quotas=None, widened="", find=by_counting):
    rows = quotas or calls_queries.rules_of(made.call)
    one = lotteries.ask_for_panels(call=made.call, quotas=rows, widened=widened, now=made.thread.now)
    return lotteries.make_panels(asked=one, find=find)


def announced(made):
    return lotteries.announce(
        call=made.call,
        seed_source="The state's evening numbers.",
        seed_day=made.thread.now.date() + timedelta(days=3),
        lang="en",
        now=made.thread.now,
    )


def drawn(made):
    held = announced(made)
    made.thread.now += timedelta(days=4)
    lotteries.draw_lottery(lottery=held, seed=SEED, now=made.thread.now)
    return Lottery.objects.select_related("panel_list", "call").get()


def data(index):
    return json.loads(bytes(LogEntry.objects.get(index=index).raw))["data"]


def everything():
    told = "".join(bytes(one.raw).decode() for one in LogEntry.objects.all())
    return told + "".join(PublicText.objects.values_list("words", flat=True))


def steward(client_class, made):
    client = client_class()
    client.force_login(made.thread.steward)
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_quota_on_what_the_law_protects_is_refused_until_counsel_advised_and_the_refusal_says_what_to_do():
    thread = cast.program()
    call = cast.drafted(thread, selection="lottery")
    with pytest.raises(Refused, match="How old are you") as refused:
        calls.save_quotas(call=call, quotas=AGE, now=thread.now)
    advised(thread, "part-of-city")
    with pytest.raises(Refused, match="How old are you"):
        calls.save_quotas(call=call, quotas=AGE, now=thread.now)
    advised(thread, "age")

    calls.save_quotas(call=call, quotas=AGE, now=thread.now)

    assert str(refused.value) == (
        "“How old are you?” is protected by law (Example City Code 3.12, made up for the demonstration). "
        "A quota on it is off until counsel has advised. Ask counsel, then record the advice."
    )
    assert [(one["value"], one["least"]) for one in call.quotas] == [("under-30", 1), ("from-30", 0)]


def test_a_quota_that_no_law_protects_needs_no_counsel_and_its_rules_are_on_the_record_with_the_call():
    made = open_call(*PART)

    assert CounselAdvice.objects.count() == 0
    assert data(made.call.entry)["quotas"] == [
        {"category": "part-of-city", "value": "river-side", "least": 1, "most": 1},
        {"category": "part-of-city", "value": "hill-side", "least": 1, "most": 1},
        {"category": "part-of-city", "value": "rather-not-say", "least": 0, "most": 2},
    ]


@pytest.mark.parametrize(
    ("quotas", "terms", "refusal"),
    [
        ([Quota("part-of-city", "river-side", 3, 4)], {"seats": 2}, Refused),
        (PART, {"selection": "panel"}, Refused),
    ],
)
def test_numbers_that_nobody_could_meet_and_quotas_without_a_draw_are_refused(quotas, terms, refusal):
    thread = cast.program()
    call = cast.drafted(thread, **{"selection": "lottery", **terms})

    with pytest.raises(refusal):
        calls.save_quotas(call=call, quotas=quotas, now=thread.now)


def test_the_draw_seats_a_panel_that_meets_every_quota_and_any_stranger_can_check_it(tmp_path, capsys):
    made = applied(open_call(*PART))
    asked(made)

    held = drawn(made)

    said = dict(Balance.objects.values_list("application", "value"))
    seats = Decision.objects.filter(outcome="seat").values_list("application", flat=True)
    assert sorted(said[one] for one in seats) == ["hill-side", "river-side"]
    assert Decision.objects.filter(outcome="alternate").count() == 1
    path = tmp_path / "drawing.json"
    path.write_text(lotteries_queries.file_of(held))
    mirror = Record().write(
        tmp_path / "record", raw=[bytes(one.raw) for one in LogEntry.objects.order_by("index")]
    )
    assert check(["rerun", str(path), "--record", str(mirror)]) == 0
    told = capsys.readouterr().out
    assert (data(held.entry)["panels"] in told, data(held.entry)["pool"] in told) == (True, True)
    assert data(held.draw_entry)["panel"] == json.loads(path.read_text())["panels"]["place"]


def test_what_applicants_have_is_in_no_entry_no_public_file_and_no_page_for_everyone(new_site_client):
    made = applied(open_call(*AGE), ("under-30",) * 6 + ("from-30",) * 5, "age")
    asked(made)
    held = drawn(made)
    client = new_site_client()

    file = client.get("/riverbend/en/calls/second-cohort/selection/drawing.json").content.decode()
    page = client.get("/riverbend/en/calls/second-cohort/selection/").content.decode()

    assert ["under-30" in file, "from-30" in file, "Narrowlytailored" in everything() + page] == [False] * 3
    assert [one.salt in file + everything() for one in Ticket.objects.all()] == [False] * 11
    assert held.panel_list.salt not in file + everything()
    assert ["The City Attorney" in page, "What only the two witnesses can check" in page] == [True, True]
    strangers = (client, steward(new_site_client, made))
    assert [one.get("/riverbend/en/witness/second-cohort/sheet.json").status_code for one in strangers] == [
        403,
        404,
    ]


def test_a_planted_fact_in_a_public_file_would_be_found():
    made = applied(open_call(*PART))
    asked(made)

    assert "river-side" in lotteries_queries.sheet_of(announced(made))


def test_a_witness_checks_the_list_before_the_draw_against_the_roots_on_the_record(
    new_site_client, tmp_path, capsys
):
    made = applied(open_call(*PART))
    asked(made)
    held = announced(made)
    person = outsider(1)
    lotteries.name_witness(
        lottery=held,
        person=person,
        organization="A house",
        role="A librarian",
        lang="en",
        now=made.thread.now,
    )
    client = new_site_client()
    client.force_login(person)
    page = client.get("/riverbend/en/witness/second-cohort/").content.decode()
    path = tmp_path / "sheet.json"
    path.write_bytes(client.get("/riverbend/en/witness/second-cohort/sheet.json").content)

    assert "Compare the three roots and the quotas with the public log" in page
    assert ("alongside lottery panels sheet.json" in page, check(["panels", str(path)])) == (True, 0)
    told = capsys.readouterr().out
    assert [data(held.entry)[root] in told for root in ("facts", "panels")] == [True, True]
    assert "Rosa" not in path.read_text()


def test_who_leaves_after_the_announcement_leaves_a_leaf_and_no_fact(tmp_path, capsys):
    made = applied(open_call(*PART))
    asked(made)
    held = announced(made)
    applications.withdraw(application=made.applications[0], now=made.thread.now)

    path = tmp_path / "sheet.json"
    path.write_text(lotteries_queries.sheet_of(held))

    assert (Ticket.objects.exclude(salt="").count(), Balance.objects.count()) == (9, 9)
    assert check(["panels", str(path)]) == 0
    told = capsys.readouterr().out
    assert (data(held.entry)["facts"] in told, "whose facts were erased" in told) == (True, True)


def test_a_pool_that_cannot_meet_a_quota_says_which_and_a_wider_one_says_why_on_the_record(new_site_client):
    made = applied(open_call(*PART), ("river-side",) * 9)
    made.call = Call.objects.get()
    short = asked(made)
    page = words(
        steward(new_site_client, made).get("/riverbend/en/steward/selection/second-cohort/lottery/panels/")
    )
    rules = calls_queries.rules_of(made.call)
    wider = [Quota(one.category, one.value, 0, 2) for one in rules]
    with pytest.raises(Refused, match="This lottery has quotas"):
        announced(made)
    with pytest.raises(Refused, match="Write why the quotas are wider than the call"):
        asked(made, wider)
    asked(made, wider, "Nobody from the hill side applied.")

    held = announced(made)

    assert (short.problem, short.panels, page.count("cannot be met")) == ("short", [], 2)
    assert data(held.entry)["quotas"][1] == {
        "category": "part-of-city",
        "value": "hill-side",
        "least": 0,
        "most": 2,
    }
    assert (
        PublicText.objects.get(entry=held.entry, name="widened").words == "Nobody from the hill side applied."
    )


def test_a_quota_is_never_made_narrower_after_people_applied():
    made = applied(
        open_call(Quota("part-of-city", "river-side", 0, 2), Quota("part-of-city", "hill-side", 0, 2))
    )

    with pytest.raises(Refused, match="A quota can only be made wider than the"):
        asked(made, calls_queries.whole(PART, 2), "Because.")


def test_a_list_with_a_planted_panel_that_misses_a_quota_is_not_kept():
    made = applied(open_call(*PART))

    def careless(facts, quotas, seats, count):
        river = [one for one, values in facts.items() if values["part-of-city"] == "river-side"]
        return [*by_counting(facts, quotas, seats, count), river[:seats]]

    assert (asked(made, find=careless).problem, PanelList.objects.get().panels) == ("wrong", [])


def test_a_list_made_before_someone_left_is_not_announced():
    made = applied(open_call(*PART))
    asked(made)
    applications.withdraw(application=made.applications[0], now=made.thread.now)

    with pytest.raises(Refused, match="Someone left the pool"):
        announced(made)


def test_the_record_refuses_a_draw_that_names_no_place_on_its_list(monkeypatch):
    made = applied(open_call(*PART))
    asked(made)
    held = announced(made)
    made.thread.now += timedelta(days=4)
    real = lotteries.drawn_by
    monkeypatch.setattr(lotteries, "drawn_by", lambda held, seed: (real(held, seed)[0], {}))

    with pytest.raises(GrammarError, match="names the place of its panel"):
        lotteries.draw_lottery(lottery=held, seed=SEED, now=made.thread.now)


def test_the_steward_sets_quotas_page_by_page_and_the_protected_one_is_off(new_site_client):
    thread = cast.program()
    cast.drafted(thread, selection="lottery", seats=2)
    client = steward(new_site_client, Closed(thread, Call.objects.get()))
    address = "/riverbend/en/steward/calls/second-cohort/quotas/"
    before = client.get(address).content.decode()
    typed = {
        "use-part-of-city": "on",
        "least-part-of-city-river-side": "1",
        "most-part-of-city-hill-side": "1",
    }
    refused = words(client.post(address, {"use-age": "on", "least-age-under-30": "1"}))
    client.post(
        "/riverbend/en/steward/counsel/",
        {"office": "The City Attorney", "on": thread.now.date(), "words": "Yes.", "categories": ["age"]},
    )

    assert client.post(address, typed).status_code == 302

    assert ("off until counsel has advised" in before, 'name="use-age"' in before) == (True, False)
    assert "A quota on it is off until counsel has advised. Ask counsel" in refused
    assert 'name="use-age"' in client.get(address).content.decode()
    assert [(one["value"], one["least"], one["most"]) for one in Call.objects.get().quotas] == [
        ("river-side", 1, 2),
        ("hill-side", 0, 1),
    ]


def test_an_applicant_is_asked_on_a_page_of_its_own_and_no_reader_sees_it(new_site_client):
    made = open_call(*PART, selection="panel-then-lottery")
    phone = cast.Phone(new_site_client(), lang="es").begin().fill()
    page = phone.post("balance", **{"part-of-city": "hill-side"}, to="balance")
    phone.post("send")
    made.thread.now += UNTIL_CLOSED
    with_readers(made, 2)
    reader = new_site_client()
    reader.force_login(made.readers[0].person)
    seen = reader.get(f"/riverbend/en/readings/{made.readers[0].readings.get().pk}/").content.decode()

    assert ("¿En qué parte de la ciudad vive?" in page, Balance.objects.get().value) == (True, "hill-side")
    assert ["hill" in seen.lower(), "part-of-city" in seen, "which part of the city" in seen] == [False] * 3
    assert "On the hill side" in words(new_site_client().get("/riverbend/en/calls/second-cohort/"))


def test_without_the_package_the_page_says_what_to_install_and_asks_for_nothing(new_site_client, monkeypatch):
    made = applied(open_call(*PART))
    monkeypatch.setattr(lotteries_queries, "has_package", lambda: False)

    page = words(
        steward(new_site_client, made).get("/riverbend/en/steward/selection/second-cohort/lottery/panels/")
    )

    assert ("lacks the package" in page, "requirements-quotas.lock" in page) == (True, True)
    assert "A lottery without quotas needs no package." in page


@pytest.mark.soak
def test_the_package_finds_panels_that_meet_every_quota_and_no_one_is_left_without_a_chance():
    pytest.importorskip(
        "sortition_algorithms", reason="The extra is not installed: requirements-quotas.lock."
    )
    random.seed(7)
    rules = calls_queries.whole([*PART, *AGE], 6)
    rules = [Quota(one.category, one.value, one.least, 6) for one in rules]
    choices = {name: [one.value for one in own] for name, own in by_category(rules).items()}
    facts = {f"{n:032x}": {name: random.choice(those) for name, those in choices.items()} for n in range(40)}

    found = lotteries.with_package(facts, rules, 6, 500)

    assert (len(found), [one for one in found if len(set(one)) != 6 or unmet(one, facts, rules)]) == (500, [])
    assert {ticket for one in found for ticket in one} == set(facts)
    both = {"age": "under-30", "part-of-city": "rather-not-say"}
    facts = {one: values for one, values in facts.items() if values != both}
    never = [Quota(one.category, one.value, 6 if both[one.category] == one.value else 0, 6) for one in rules]
    assert lotteries.with_package(facts, never, 6, 9) == ()


@pytest.mark.soak
def test_the_steward_asks_for_the_list_and_the_worker_makes_it_with_the_package(new_site_client):
    pytest.importorskip(
        "sortition_algorithms", reason="The extra is not installed: requirements-quotas.lock."
    )
    made = applied(open_call(*PART, now=datetime.now(tz=UTC) - timedelta(days=3)))
    client = steward(new_site_client, made)
    address = "/riverbend/en/steward/selection/second-cohort/lottery/panels/"
    typed = {
        f"{end}-part-of-city-{side}-side": "1" for end in ("least", "most") for side in ("river", "hill")
    }

    assert client.post(address, typed).status_code == 302
    waiting = words(client.get(address))
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)

    assert "The list is being made." in waiting
    assert "Smallest chance of anyone 200 in 1,000" in words(client.get(address))
    seed = {"seed_source": "Later.", "seed_day": (made.thread.now + timedelta(days=9)).date()}
    address = address.removesuffix("panels/")
    assert client.post(address, seed)["Location"] == address
    assert data(Lottery.objects.get().entry)["panel_count"] == 1000


@pytest.mark.parametrize("half", [{"salt": ""}, {"values": None}])
def test_what_a_ticket_has_is_emptied_with_its_salt_or_not_at_all(both_databases, half):
    made = applied(open_call(*PART))
    asked(made)
    announced(made)

    with (
        pytest.raises(IntegrityError, match="what_a_ticket_has_is_kept_with_its_salt"),
        transaction.atomic(),
    ):
        Ticket.objects.update(**half)
