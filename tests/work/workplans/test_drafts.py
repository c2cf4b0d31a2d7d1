"""A draft of a workplan takes in what pages write, from any number of writers, and loses no word."""

import itertools
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Role, Viewer
from alongside.work.workplans import actions, tasks
from alongside.work.workplans.models import PlanUpdate, Presence
from alongside.work.workplans.queries import (
    MOST_CHARACTERS,
    MOST_UPDATE,
    Draft,
    document_of,
    judge,
    open_document,
    plan_for,
    present_in,
    read,
    taken_in,
    updates_of,
)
from tests.work.workplans.cast import Plan

TITLE = "plan.title"


class Writer:
    """A browser: a document of its own that sends what is new and takes in what it lacks."""

    def __init__(self, plan) -> None:
        self.plan, self.after, self.document, self.unsent = plan, 0, Doc(), []
        self.meet()
        self.document.observe(lambda event: self.unsent.append(event.update))

    def type(self, words: str, at: int = 0, name: str = TITLE) -> None:
        self.document.get(name, type=Text).insert(at, words)

    def meet(self) -> None:
        """Send everything, then take in everything."""
        for update in self.unsent:
            actions.take_update(plan=self.plan.row, update=update)
        for number, update in updates_of(self.plan.row, self.after):
            self.document.apply_update(update)
            self.after = number
        self.unsent.clear()

    def says(self, name: str = TITLE) -> str:
        return str(self.document.get(name, type=Text))


def update_that(write, before: bytes = b"") -> bytes:
    """Give the update that a change makes, on an empty document or on another one."""
    document = open_document([before] if before else [])
    state = document.get_state()
    write(document)
    return document.get_update(state)


def update_that_wins(write) -> bytes:
    """Give the update of a change that wins over any other at the same place: the highest number of a client wins."""
    document = Doc(client_id=2**53 - 1)
    write(document)
    return document.get_update()


def test_two_writers_who_type_at_once_end_with_the_same_words_and_lose_none(both_databases):
    plan = Plan()
    ana, ben = Writer(plan), Writer(plan)
    for place in range(20):
        ana.type("a", place)
        ben.type("b", 0)
    for _ in range(2):
        ana.meet()
        ben.meet()
    assert ana.says() == ben.says() == plan.draft.say(TITLE)
    assert Counter(ana.says()) == {"a": 20, "b": 20}


def test_ten_minutes_offline_are_merged_when_both_are_back(db):
    plan = Plan().write(plan_title="Libraries")
    ana, ben = Writer(plan), Writer(plan)
    ana.type("Public ", 0)
    ben.type(" remember", len("Libraries"))
    actions.compact(plan=plan.row)  # what the house did meanwhile
    for one in (ana, ben, ana):
        one.meet()
    assert ana.says() == ben.says() == plan.draft.say(TITLE) == "Public Libraries remember"


def test_a_form_without_scripts_meets_someone_who_types(db):
    plan = Plan().write(plan_title="Meet on Monday")
    shown = plan.draft.values
    live = Writer(plan)
    live.type(" at noon", len("Meet on Monday"))
    live.meet()
    clashes = actions.merge_form(plan=plan.row, base=shown, typed={TITLE: "We meet on Monday"})
    live.meet()
    assert (clashes, live.says()) == ([], "We meet on Monday at noon")


def test_where_both_touch_the_same_words_both_stand_and_both_are_told(db):
    plan = Plan().write(plan_title="Meet on Monday")
    shown = plan.draft.values
    for day in ("Tuesday", "Friday"):
        clashes = actions.merge_form(plan=plan.row, base=shown, typed={TITLE: f"Meet on {day}"})
    assert plan.draft.say(TITLE) == "Meet on Tuesday Friday"
    assert [(one.mine, one.theirs) for _name, one in clashes] == [("Friday", "Tuesday")]


def test_where_both_choose_differently_the_first_stands_and_the_second_is_told(db):
    plan = Plan()
    shown, name = plan.draft.values, f"{plan.first('activity')}.office"
    actions.merge_form(plan=plan.row, base=shown, typed={name: plan.manager})
    clashes = actions.merge_form(plan=plan.row, base=shown, typed={name: "other/office"})
    assert plan.draft.say(name) == plan.manager
    assert [(one.mine, one.theirs) for _name, one in clashes] == [("other/office", plan.manager)]


EDITS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["type", "form", "meet", "gone"]), st.integers(0, 40)),
    max_size=14,
)


@pytest.fixture
def plan(db):
    return Plan()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_three_writers_with_and_without_scripts_converge_and_no_word_is_lost(plan, edits):
    """Each word is written once, and never into another, so one that is missing without having been taken out was lost."""
    PlanUpdate.objects.filter(plan=plan.row).delete()
    ana, ben, shown = Writer(plan), Writer(plan), {TITLE: ""}
    written, taken_out = [], set()
    for step, (who, what, at) in enumerate(edits):
        word, writer = f"w{step:02}", (ana, ben)[who % 2]
        if what == "form" or who == 2:
            typed = f"{shown[TITLE]} {word}" if at % 2 else f"{word} {shown[TITLE]}"
            actions.merge_form(plan=plan.row, base=shown, typed={TITLE: typed})
            shown = dict(plan.draft.values)
            written.append(word)
        elif what == "type":
            between = [0, *(place for place, char in enumerate(writer.says()) if char == " ")]
            writer.type(f" {word} ", between[at % len(between)])
            written.append(word)
        elif what == "gone" and (words := writer.says().split()):
            text = writer.document.get(TITLE, type=Text)
            start = str(text).index(words[0])
            del text[start : start + len(words[0])]
            taken_out.add(words[0])
        else:
            writer.meet()
        if step % 5 == 4:
            actions.compact(plan=plan.row)
    for _ in range(2):
        ana.meet()
        ben.meet()
    assert ana.says() == ben.says() == plan.draft.say(TITLE)
    assert [word for word in written if word not in taken_out and word not in ana.says()] == []


def test_compacting_leaves_one_row_and_the_same_draft(both_databases):
    plan = Plan().fill()
    ana = Writer(plan)
    for place in range(30):
        ana.type("x", place)
    ana.meet()
    before = plan.draft
    actions.compact(plan=plan.row)
    assert (PlanUpdate.objects.filter(plan=plan.row).count(), plan.draft) == (1, before)
    assert updates_of(plan.row, ana.after) == []
    late = Writer(plan)
    assert late.says() == ana.says()


def test_changes_that_come_at_the_same_moment_are_numbered_without_a_gap_and_all_kept(both_databases):
    plan = Plan()
    before = updates_of(plan.row)[-1][0]

    def send(place: int) -> None:
        for step in range(5):
            word = f"<{place}-{step}>"
            actions.take_update(
                plan=plan.row, update=update_that(lambda d, w=word: d.get(TITLE, type=Text).insert(0, w))
            )
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert [number for number, _data in updates_of(plan.row)] == list(range(1, before + 21))
    words = plan.draft.say(TITLE)
    assert [
        one for one in (f"<{place}-{step}>" for place in range(4) for step in range(5)) if one not in words
    ] == []


def test_the_tick_compacts_drafts_with_many_updates_only(db):
    plan = Plan().fill()
    tasks.tick(program=plan.program, now=plan.thread.now)
    assert PlanUpdate.objects.filter(plan=plan.row).count() > 1
    ana = Writer(plan)
    for place in range(tasks.MOST_UPDATES):
        ana.type("x", place)
    ana.meet()
    tasks.tick(program=plan.program, now=plan.thread.now)
    assert PlanUpdate.objects.filter(plan=plan.row).count() == 1


def test_an_update_that_comes_twice_is_kept_once(db):
    plan = Plan()
    update = update_that(lambda d: d.get(TITLE, type=Text).insert(0, "Once"))
    states = [actions.take_update(plan=plan.row, update=update) for _ in range(2)]
    assert states[0] == states[1]
    assert PlanUpdate.objects.filter(plan=plan.row, data=update).count() == 1
    assert plan.draft.say(TITLE) == "Once"


def test_an_update_that_hangs_in_the_air_is_not_kept_and_can_come_again_whole(db):
    plan = Plan()
    document = Doc()
    text = document.get(TITLE, type=Text)
    text += "first"
    first, before_it = document.get_update(), document.get_state()
    text += " second"
    second = document.get_update(before_it)
    before = PlanUpdate.objects.count()
    state = actions.take_update(plan=plan.row, update=second)
    assert PlanUpdate.objects.count() == before
    assert state == document_of(plan.row).get_state()
    actions.take_update(plan=plan.row, update=first)
    actions.take_update(plan=plan.row, update=document.get_update())
    assert plan.draft.say(TITLE) == "first second"


BAD = {
    "noise": b"\xff" * 40,
    "nothing": b"",
    "half an update": update_that(lambda d: d.get(TITLE, type=Text).insert(0, "half"))[:-4],
    "too large": update_that(lambda d: d.get(TITLE, type=Text).insert(0, "x" * (MOST_UPDATE + 1))),
    "a field too long": update_that(lambda d: d.get(TITLE, type=Text).insert(0, "x" * (MOST_CHARACTERS + 1))),
    "a strange field": update_that(lambda d: d.get("plan.secret", type=Text).insert(0, "x")),
    "a field of no row": update_that(lambda d: d.get("goal-00000000.words", type=Text).insert(0, "x")),
    "a row of a strange kind": update_that(
        lambda d: d.get("rows", type=Map).__setitem__("joke-00000000", "1")
    ),
    "a row without a hex id": update_that(
        lambda d: d.get("rows", type=Map).__setitem__("goal-zzzzzzzz", "1")
    ),
    "a strange choice": update_that(lambda d: d.get("set", type=Map).__setitem__("plan.color", "red")),
    "a choice that is no word": update_that_wins(
        lambda d: d.get("set", type=Map).__setitem__("plan.from", 7.0)
    ),
    "a picture": update_that(lambda d: d.get(TITLE, type=Text).insert_embed(0, {"image": "x"})),
    "bold": update_that(
        lambda d: (d.get(TITLE, type=Text).insert(0, "x"), d.get(TITLE, type=Text).format(0, 1, {"b": True}))
    ),
    "a list as a text": update_that(lambda d: d.get(TITLE, type=Array).append(Text("in it"))),
    "too many rows": update_that(
        lambda d: [d.get("rows", type=Map).__setitem__(f"goal-{n:08x}", "1") for n in range(61)]
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_an_update_that_no_page_writes_is_refused_and_poisons_nothing(db, name):
    plan = Plan().fill()
    before, draft = updates_of(plan.row), plan.draft
    with pytest.raises(Refused):
        actions.take_update(plan=plan.row, update=BAD[name])
    assert (updates_of(plan.row), plan.draft) == (before, draft)
    plan.write(plan_about="It goes on")
    assert plan.draft.say("plan.about") == "It goes on"


def test_an_update_with_flipped_bytes_leaves_a_draft_that_can_be_read(db):
    """Whatever the flip did, the draft is as before or holds plain words in known fields."""
    plan, dice = Plan(), random.Random(7)
    good = update_that(
        lambda d: (
            d.get(TITLE, type=Text).insert(0, "words"),
            d.get("set", type=Map).__setitem__("plan.from", "2026-01-01"),
        )
    )
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(dice.randint(1, 3)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        try:
            taken_in(scratch := document_of(plan.row), bytes(bad))
        except Refused:
            continue
        again = open_document([scratch.get_update()])
        judge(again)
        assert type(read(again)) is Draft


def test_a_row_that_is_taken_out_keeps_its_words_and_can_be_put_back(db):
    plan = Plan().fill()
    row = plan.first("goal")
    actions.take_out(plan=plan.row, row=row)
    assert (plan.draft.of("goal"), plan.draft.gone) == ([], (row,))
    Writer(plan).type("", 0)
    actions.put_back(plan=plan.row, row=row)
    assert plan.draft.say(f"{row}.words") == "Records that people understand"
    assert plan.draft.of("goal") == [row]


def test_words_typed_into_a_row_while_the_other_takes_it_out_are_kept(db):
    plan = Plan().fill()
    row, ana = plan.first("goal"), Writer(plan)
    actions.take_out(plan=plan.row, row=row)
    ana.type("More ", 0, f"{row}.words")
    ana.meet()
    actions.put_back(plan=plan.row, row=row)
    assert plan.draft.say(f"{row}.words") == "More Records that people understand"


def test_who_is_there_is_told_for_a_short_while(db):
    plan = Plan()
    now = plan.thread.now
    for actor in (plan.manager, plan.lead):
        actions.be_here(plan=plan.row, actor=actor, now=now)
    assert sorted(one.actor for one in present_in(plan.row, now)) == sorted([plan.lead, plan.manager])
    later = now + timedelta(minutes=1)
    assert present_in(plan.row, later) == []
    tasks.tick(program=plan.program, now=later)
    assert Presence.objects.count() == 0


def test_a_draft_is_open_to_its_two_parties_alone(db):
    plan = Plan()
    lead = Viewer(1, frozenset({Role.LEAD}), plan.thread.first_lead.pk, plan.lead)
    staff = Viewer(2, frozenset({Role.STAFF}), units=frozenset({plan.thread.unit.slug}))
    other = Viewer(3, frozenset({Role.STAFF}), units=frozenset({"another"}))
    steward = Viewer(4, frozenset({Role.STEWARD}))
    found = [plan_for(plan.program, one, "libraries") for one in (lead, staff, other, steward, Viewer())]
    assert found == [plan.row, plan.row, None, None, None]


def test_a_field_longer_than_a_field_is_refused_before_it_is_compared(plan, monkeypatch):
    monkeypatch.setattr(actions, "merge", None)
    with pytest.raises(Refused, match="at most 6,000 characters"):
        actions.merge_form(plan=plan.row, base={TITLE: ""}, typed={TITLE: ",." * 50_000})


def test_what_no_page_can_have_shown_is_not_compared_and_no_word_is_lost(plan):
    actions.merge_form(plan=plan.row, base={TITLE: ""}, typed={TITLE: "We meet on Monday"})
    actions.merge_form(plan=plan.row, base={TITLE: ",." * 50_000}, typed={TITLE: "Leads meet"})
    assert {"We", "meet", "on", "Monday", "Leads"} <= set(plan.draft.say(TITLE).split())


def test_what_would_open_otherwise_than_it_was_taken_in_is_refused_and_the_draft_can_still_be_written(plan):
    """The change that made a row, as if by another writer and later: a document takes it, and opens without that row's key."""
    row = actions.add_row(plan=plan.row, kind="goal")
    actions.merge_form(plan=plan.row, base={}, typed={f"{row}.words": "Few records"})
    real = next(data for _n, data in updates_of(plan.row) if row.encode() in data and b"rows" in data)
    clock = real.index(b"\x28\x01\x04rows") - 1
    for place, change in itertools.product(range(2, clock), (1, 2, 4, 8, 16, 32)):
        other = bytearray(real)
        other[place], other[clock] = other[place] ^ change, 5
        with suppress(Refused):
            actions.take_update(plan=plan.row, update=bytes(other))

    actions.merge_form(plan=plan.row, base={}, typed={TITLE: "We meet on Monday"})
    assert (plan.draft.say(TITLE), plan.draft.say(f"{row}.words")) == ("We meet on Monday", "Few records")


def test_bytes_at_which_the_documents_own_library_panics_are_refused(plan):
    bytes_ = bytes.fromhex("01028f9b9fa602ffffffff0f0001008af3d2ec90d9b9f1bd3a0095eae0764ca2")
    with pytest.raises(Refused, match="could not be read"):
        actions.take_update(plan=plan.row, update=bytes_)
