"""Maps are drawn a step behind while people judge, and once for good after the last day; the words say what the picture shows."""

import json
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from alongside.chain.opinions import actions, queries
from alongside.chain.opinions.models import Map, Vote
from alongside.core.entries import GrammarError
from alongside.core.kinds import EntryKind
from alongside.core.opinions.published import sha256
from alongside.core.sealing import receipt
from alongside.ground.programs.queries import pack_of
from alongside.ground.texts import actions as texts
from tests.chain.opinions.cast import SLUG, crowd, judge, to_judge
from tests.support.remembering import remembered

pytestmark = pytest.mark.django_db
PAGE = f"/riverbend/en/engagements/{SLUG}/map/"


@remembered
def judged():
    """Let 60 people judge who lean two ways."""
    thread = to_judge()
    crowd(thread, 60)
    return thread


@remembered
def over():
    """The same, after the last day: the map is drawn and stands on the record."""
    thread = judged()
    thread.later(31)
    actions.tick(program=thread.program, now=thread.now)
    return thread


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main")[0]).split())


def drawn(thread, days):
    thread.later(days)
    actions.tick(program=thread.program, now=thread.now)
    return list(Map.objects.order_by("until").values_list("until", "entry"))


def test_no_map_is_drawn_on_the_day_or_before_k_people_came_after_it():
    thread = judged()
    day = thread.today
    assert drawn(thread, 0) == []
    assert drawn(thread, 1) == []

    for _ in range(9):
        judge(thread, receipt.make(), {1: 1})
    assert drawn(thread, 1) == []
    judge(thread, receipt.make(), {1: 1}, now=thread.now)
    assert drawn(thread, 0) == [(day, None)]


def test_no_second_map_is_drawn_before_twice_as_many_people_are_in_it_and_k_more_after_it():
    thread = judged().later(1)
    day = thread.today
    for _ in range(10):
        judge(thread, receipt.make(), {1: 1})
    assert drawn(thread, 0) == [(day, None)]
    assert drawn(thread, 1) == [(day, None)]
    for _ in range(50):
        judge(thread, receipt.make(), {2: 1})
    assert drawn(thread, 1) == [(day, None)]
    for _ in range(9):
        judge(thread, receipt.make(), {2: 1})
    assert drawn(thread, 0) == [(day, None)]
    judge(thread, receipt.make(), {2: 1})
    assert drawn(thread, 0) == [(day, None), (day + timedelta(days=2), None)]


def test_whoever_withdraws_makes_no_map_come_sooner():
    thread = judged().later(1)
    day = thread.today
    for _ in range(10):
        judge(thread, receipt.make(), {1: 1})
    assert drawn(thread, 0) == [(day, None)]
    gone = Vote.objects.filter(date=day).values_list("code_hash", flat=True).distinct()[:50]
    Vote.objects.filter(code_hash__in=list(gone)).delete()
    thread.later(1)
    for _ in range(10):
        judge(thread, receipt.make(), {1: 1})

    assert drawn(thread, 1) == [(day, None)]


def test_whoever_presses_again_is_nobody_new_and_stays_in_the_map():
    thread = to_judge()
    mine = [receipt.make() for _ in range(20)]
    for code in mine:
        judge(thread, code, {1: 1})
    day = thread.today
    for days in range(1, 5):
        thread.later(1)
        for code in mine[days % 2 :: 2]:
            judge(thread, code, {1: -1 if days == 3 else 1})
        actions.tick(program=thread.program, now=thread.now)

    assert not Map.objects.exists()
    assert len({person for person, *_said in queries.votes_until(thread.program, thread.promise, day)}) == 20


def test_after_the_last_day_all_are_in_the_map_and_its_hashes_stand_on_the_record_once():
    thread = over()
    (found,) = Map.objects.all()
    (entry,) = thread.log.every(EntryKind.MAP_DRAWN)

    assert (found.entry, found.until.isoformat()) == (entry.index, thread.engagement.closes.isoformat())
    assert entry.data["result"] == sha256(found.data["result"]) == found.data["hash"]
    assert (entry.data["votes"], entry.by) == (found.data["votes"], ("clock",))
    assert found.data["result"]["people"] == {"low": 51, "high": 75}
    actions.tick(program=thread.program, now=thread.now)
    assert len(thread.log.every(EntryKind.MAP_DRAWN)) == 1


def test_nobody_draws_the_last_map_while_people_can_judge_or_a_second_time():
    thread = judged()
    data = {
        "votes": "0" * 64,
        "parameters": "0" * 64,
        "result": "0" * 64,
        "computed_by": {"method": "m", "numpy": "2", "scipy": "1"},
    }
    cites = {"engagement": [thread.promise]}
    with pytest.raises(GrammarError, match="people can judge statements to"):
        thread.enter(EntryKind.MAP_DRAWN, ["clock"], data, cites)
    thread.later(31)
    thread.enter(EntryKind.MAP_DRAWN, ["clock"], data, cites)
    with pytest.raises(GrammarError, match="is drawn already"):
        thread.enter(EntryKind.MAP_DRAWN, ["clock"], data, cites)


def test_fewer_than_k_people_make_no_map_and_the_page_says_so(site_client):
    thread = to_judge()
    for _ in range(9):
        judge(thread, receipt.make(), {1: 1})
    assert drawn(thread, 31) == []

    assert "There is no map yet." in words_of(site_client.get(PAGE).content.decode())


def test_the_text_says_all_that_the_picture_shows(site_client):
    over()
    html = site_client.get(PAGE).content.decode()
    picture, rest = (
        re.search(r"<figure.*?</figure>", html, re.DOTALL)[0],
        words_of(re.sub(r"<figure.*?</figure>", "", html, flags=re.DOTALL)),
    )
    labels = [" ".join(one.split()) for one in re.findall(r"<text[^>]*>([^<]*)</text>", picture)]

    assert labels
    assert all(one in rest for one in labels)
    assert "Group A: 26 to 50 people." in rest or "Group A: 21 to 30 people." in rest
    assert "1 A sign should say what is kept." in rest.split("What most agree on, in every group")[1]


def test_nothing_below_k_stands_on_the_page_or_in_the_file(site_client):
    over()
    page = words_of(site_client.get(PAGE).content.decode())
    reply = site_client.get(PAGE.rstrip("/") + ".json")
    told = json.loads(reply.content)

    lows = [int(one) for one in re.findall(r"(\d+) to \d+", page)]
    assert lows
    assert min(lows) >= 10
    assert told["hash"] == sha256(told["result"])
    assert not {one.code_hash for one in Vote.objects.all()} & set(
        re.findall(r"[0-9a-f]{64}", reply.content.decode())
    )


def test_a_map_that_was_drawn_is_never_changed():
    over()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Map.objects.update(data={})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Map.objects.all().delete()


def test_choices_and_salts_go_on_the_promised_day_and_not_before():
    thread = over()
    thread.later(300)
    actions.tick(program=thread.program, now=thread.now)
    assert Vote.objects.count() == 480

    thread.later(40)
    actions.tick(program=thread.program, now=thread.now)
    assert (Vote.objects.count(), bytes(Map.objects.get().salt)) == (0, b"")


def test_the_salts_of_maps_go_on_that_day_too_where_all_choices_were_withdrawn():
    thread = over()
    Vote.objects.all().delete()
    thread.later(340)
    actions.tick(program=thread.program, now=thread.now)

    assert bytes(Map.objects.get().salt) == b""


def test_choices_stay_while_a_legal_hold_stands():
    thread = over()
    texts.place_hold(program=thread.program, ground="A court asked.", by="steward", now=thread.now)
    thread.later(340)
    actions.tick(program=thread.program, now=thread.now)

    assert Vote.objects.count() == 480


def test_without_what_draws_the_page_tells_the_operator_and_votes_are_kept(site_client, monkeypatch):
    monkeypatch.setattr(queries, "find_spec", lambda _name: None)
    thread = judged()
    assert drawn(thread, 31) == []

    assert "alongside[map]" in site_client.get(PAGE).content.decode()
    assert Vote.objects.count() == 480


def test_the_map_is_the_same_to_the_last_byte_from_the_same_votes():
    thread = over()
    found = Map.objects.get()
    pack = pack_of(thread.program)
    again = queries.computed_of(thread.program, thread.promise, found.until, pack, bytes(found.salt))

    assert again == found.data


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_map_is_computed(monkeypatch):
    thread, seen, compute = judged(), [], queries.computed_of

    def watched(*given):
        seen.append(connection.in_atomic_block)
        return compute(*given)

    monkeypatch.setattr(queries, "computed_of", watched)
    assert [one for one, _entry in drawn(thread, 31)] == [thread.engagement.closes]
    assert seen == [False]
