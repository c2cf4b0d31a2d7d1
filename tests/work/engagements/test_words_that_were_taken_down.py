"""Words of a promise that were taken down are gone from our copy of it, which else stays frozen."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.db.transaction import atomic

from alongside.ground.record.models import PublicText
from alongside.ground.record.take_down_codes import agree
from alongside.ground.texts.actions import erase_text
from alongside.work.engagements.models import Engagement
from tests.support.thread import Thread


def test_words_of_a_promise_leave_our_copy_alone_and_nothing_else_changes_in_it(both_databases):
    thread = Thread().to_open_engagement()
    before = Engagement.objects.get(promise=thread.promise)
    text = PublicText.objects.get(entry=thread.promise, name="title")
    given: dict[str, Any] = {"program": thread.program, "entry": text.entry, "sha256": text.sha256}
    by = ["steward", thread.first_lead.public_id, thread.manager.public_id]
    mine = Engagement.objects.filter(pk=before.pk)
    with pytest.raises(DatabaseError, match="the promise of an open engagement is frozen"), atomic():
        mine.update(words={})

    erase_text(**given, ground="Order 12", by=by, now=thread.now)

    found = Engagement.objects.get(pk=before.pk)
    first = before.languages[0]
    assert found.words == before.words | {first: before.words[first] | {"title": ""}}
    assert (found.form, found.versions.count()) == (before.form, 0)
    with pytest.raises(DatabaseError, match="the promise of an open engagement is frozen"), atomic():
        mine.update(words=found.words, level="another")


def test_whoever_takes_words_down_reads_where_else_they_stand(db, capsys):
    thread = Thread().to_open_engagement()
    finding = thread.find()
    asks = [thread.recommend(finding, title=one, ask="Jo Lee said so.") for one in ("First", "Second")]
    asks.append(thread.recommend(finding, title="Third", ask="As Jo Lee said so. All agree."))
    asks.append(thread.recommend(finding, title="Fourth", ask="Nobody said so."))
    code = agree(
        program="riverbend",
        entry=asks[0].index,
        name="ask",
        ground="Order 12",
        by=thread.first_lead.public_id,
    )
    call_command("text", "take-down", "riverbend", str(asks[0].index), "ask", "Order 12", code)

    told = f"The same words still stand in: {', '.join(f'ask of entry {one.index}' for one in asks[1:3])}. Take each of them down too."
    assert capsys.readouterr().out.strip().endswith(told)
