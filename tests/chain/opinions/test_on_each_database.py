"""The whole way of statements on each database: judged, changed, withdrawn, offered and released, drawn a step behind and for good, forgotten."""

import pytest

from alongside.chain.opinions import actions, queries
from alongside.chain.opinions.models import Map, Vote, Withdrawn
from alongside.chain.proposals.models import Proposal
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing import receipt
from alongside.ground.programs.queries import pack_of
from tests.chain.opinions.cast import (
    SLUG,
    STATEMENTS,
    asked,
    crowd,
    decide,
    decided,
    judge,
    offer,
    takes_offers,
)

SAID = {"en": "Nobody should wait in the rain.", "es": "Nadie debe esperar bajo la lluvia."}


def test_statements_go_the_whole_way(both_databases, client):
    thread = takes_offers()
    codes = crowd(thread, 40)

    judge(thread, codes[0], {1: -1})
    assert Vote.objects.count() == 40 * len(STATEMENTS)
    assert queries.chosen(thread.program, thread.promise, queries.code_hash(codes[0]))[1] == -1
    gone = actions.withdraw(program=thread.program, promise=thread.promise, code=codes[1])
    assert (gone, Withdrawn.objects.count()) == (len(STATEMENTS), 1)
    with pytest.raises(UnusableInputError):
        judge(thread, codes[1], {1: 1})

    decide(thread, decided(offer(thread, "Rain?"), words=SAID))
    assert not Proposal.objects.exists()
    assert [one.phrase.words for one in asked(thread).statements][-1] == SAID["en"]
    judge(thread, codes[2], {9: 1})

    day = thread.today
    thread.later(1)
    for _ in range(10):
        judge(thread, receipt.make(), {1: 1})
    actions.tick(program=thread.program, now=thread.now)
    assert [(one.until, one.entry) for one in Map.objects.all()] == [(day, None)]
    thread.later(31)
    actions.tick(program=thread.program, now=thread.now)
    last = Map.objects.latest("until")
    again = queries.computed_of(
        thread.program, thread.promise, last.until, pack_of(thread.program), bytes(last.salt)
    )
    assert last.entry and again == last.data
    assert client.get(f"/riverbend/es/engagements/{SLUG}/map/").status_code == 200

    assert actions.forget(program=thread.program, promise=thread.promise) == 39 * len(STATEMENTS) + 11
    assert not Vote.objects.exists()
    assert not Withdrawn.objects.exists()
