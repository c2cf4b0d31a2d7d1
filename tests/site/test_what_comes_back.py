"""After a restore and a resume the clock goes on where it was, and what was taken down since the backup stays down."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from alongside.chain.findings import actions as findings
from alongside.chain.keys import actions as keys
from alongside.chain.keys.models import EngagementKey, Wrap
from alongside.chain.reader.models import OpenedList
from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import Batch
from alongside.check.log import fetch_log
from alongside.check.source import MissingError, SavingSource
from alongside.check.texts import check_words
from alongside.cohort.rules.models import Proposal
from alongside.cohort.seats.models import CalendarKey, SecondAsked
from alongside.core.entries import Entry
from alongside.core.grammar.check import parse
from alongside.core.grammar.versions import KINDS
from alongside.core.refusals import Refused
from alongside.ground.gate.presses import pressed_tables
from alongside.ground.programs.models import Post
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.actions.days import begin_day
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.models import ClockNotice, Log, LogEntry, PublicText, SearchDoc, SearchWord
from alongside.ground.record.returning import lost
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import read_high_water, read_key
from alongside.ground.texts.actions import erase_text
from alongside.site.backups import backup, restore
from alongside.site.demo.keys import wrap
from alongside.site.resuming import resume
from alongside.site.ticking import tick
from alongside.work.consultations.models import Version
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Correction
from alongside.work.projects import actions as projects
from alongside.work.projects.models import DecisionPoint
from alongside.work.registers.actions import erase_row
from alongside.work.registers.models import Listing, Row
from tests.chain.keys.test_keys import destroy
from tests.chain.voices.cast import say
from tests.promises.attempts import adopt, agree, today
from tests.site.test_backups import folder, lose_everything, with_tools  # noqa: F401 -- folder is a fixture
from tests.support.thread import Thread
from tests.work import cast
from tests.work.consultations.cast import Review
from tests.work.registers.imports import ROWS, brought_in, row

K = 10


class Asked:
    """Reads a record the way anyone does, by asking the site."""

    address = "http://testserver/riverbend/record"
    is_mirror = False

    def get(self, path: str) -> bytes:
        """Fetch one file of the record."""
        reply = Client().get(f"/riverbend/record/{path}")
        if reply.status_code != 200:
            raise MissingError(f"{path} is not here.")
        return reply.content


@pytest.fixture
def thread(both_databases, folder, monkeypatch) -> Thread:
    """Give an open engagement, and the tools for a backup."""
    with_tools(monkeypatch)
    return Thread().to_open_engagement()


def mirror(thread: Thread, folder: Path) -> str:
    """Sign, mirror the whole record into a folder, and give its address."""
    sign_head(program=thread.program, now=thread.now)
    source = SavingSource(Asked(), folder / "mirror")
    fetched = fetch_log(source, [read_key(thread.program).verifier])
    check_words(source, entries(fetched.entries))
    source.keep()
    return str(folder / "mirror")


def lost_and_resumed(
    thread: Thread,
    folder: Path,
    since: Callable[[], object],
    packs: Sequence[str] = (),
) -> list[bytes]:
    """Back up, do what was done since, lose the database, take it back from a mirror; give the entries there were."""
    backup(folder / "old.tar.gz")
    since()
    address, before = mirror(thread, folder), thread.entries()
    lose_everything()
    restore(folder / "old.tar.gz")
    resume(program=thread.program, address=address, packs=packs)
    assert thread.entries() == before
    return before


def entries(raw: list[bytes]) -> list[Entry]:
    return [parse(place, one) for place, one in enumerate(raw)]


def kinds(raw: list[bytes]) -> list[str]:
    return [entry.kind for entry in entries(raw)]


def speak(thread: Thread, count: int) -> list[str]:
    """Let so many people speak today; give their seal marks."""
    said = [say() for _ in range(count)]
    for one in said:
        intake.take_in(
            program=thread.program,
            engagement="library-computers",
            mark=one.mark,
            act=one.act,
            sealed=one.sealed,
            now=thread.now,
        )
    return [one.mark for one in said]


def publish(thread: Thread) -> int:
    """Let the next day come, and publish what may be published."""
    return intake.publish_batches(program=thread.program, now=thread.later(1).now)


def published(thread: Thread) -> list[str]:
    log = RowsLog.of(thread.program)
    return [mark for one in log.citing(thread.promise, "voices.published") for mark in one.data["marks"]]


def test_what_the_clock_told_is_not_told_again_after_a_resume(thread, folder):
    thread.recommend(thread.find())
    before = lost_and_resumed(thread, folder, lambda: tick(thread.later(100).now))
    assert {"ask.silent", "ask.escalated", "voices.closed"} <= set(kinds(before))

    tick(thread.now)
    assert thread.entries() == before
    tick(thread.later(30).now)
    assert kinds(thread.entries())[len(before) :] == ["ask.silent"]


def test_a_silence_is_known_again_with_the_day_that_passed(thread, folder):
    thread.recommend(thread.find())
    lost_and_resumed(thread, folder, lambda: tick(thread.later(61).now))
    (ask,) = [one for one in entries(thread.entries()) if one.kind == "ask.recommended"]
    told = ClockNotice.objects.filter(kind="ask.silent").values_list("about", "stage")
    assert list(told) == [(ask.index, f"{ask.data['answer_due']} silence-1")]


def test_no_seal_mark_is_published_twice_after_a_resume(thread, folder):
    said = speak(thread, K + 1)
    publish(thread)  # one batch, held
    said += speak(thread, K)
    lost: list[str] = []

    def since() -> None:
        assert publish(thread) == 1  # the first batch is out, a second one is made
        lost.extend(speak(thread, K + 2))
        assert publish(thread) == 1  # the second one is out; a third one is made and never comes back
        lost.extend(speak(thread, K))
        assert publish(thread) == 1  # the third one is out: its voices came after the backup

    lost_and_resumed(thread, folder, since)
    assert publish(thread) == 0
    said += speak(thread, K + 3)
    publish(thread)
    tick(thread.later(30).now)

    assert sorted(published(thread)) == sorted([*said, *lost[: K + 2]])


def test_a_batch_that_went_out_at_the_close_in_parts_is_known_again(thread, folder, monkeypatch):
    monkeypatch.setattr("alongside.core.grammar.voices.MOST_PUBLISHED", 12)
    said = speak(thread, K + 1)
    publish(thread)
    said += speak(thread, K)
    before = lost_and_resumed(thread, folder, lambda: tick(thread.later(31).now))

    first = kinds(before).index("voices.published")
    assert kinds(before)[first : first + 2] == ["voices.published"] * 2
    assert set(Batch.objects.values_list("entry", flat=True)) == {first}
    tick(thread.later(1).now)
    assert (thread.entries(), sorted(published(thread))) == (before, sorted(said))


def test_a_text_that_was_taken_down_since_the_backup_goes_again(thread, folder):
    finding = thread.find()
    by = ["steward", thread.first_lead.public_id]

    def take_down(entry: Entry, name: str) -> None:
        sha256 = entry.texts[name]["sha256"]
        erase_text(
            program=thread.program, entry=entry.index, sha256=sha256, ground="Order 12", by=by, now=thread.now
        )

    def since() -> None:
        take_down(finding, "statement")
        take_down(thread.recommend(finding), "ask")  # made and taken down after the backup

    assert PublicText.objects.filter(about=finding.index).count() == 1
    lost_and_resumed(thread, folder, since)

    assert (
        PublicText.objects.filter(
            words__in=["People want short keeping.", "Keep records for one day."]
        ).count()
        == 0
    )
    assert SearchDoc.objects.filter(about=finding.index).count() == 0
    sign_head(program=thread.program, now=thread.now)
    told = check_words(Asked(), entries(thread.entries()))
    assert [entry for entry, _by in told.erased] == [finding.index, finding.index + 2]


def test_a_text_that_a_mirror_still_gives_out_is_not_taken_back_where_it_was_taken_down(thread, folder):
    backup(folder / "old.tar.gz")
    finding = thread.find()
    mirror(thread, folder)
    early = {one: one.read_bytes() for one in (folder / "mirror" / "texts").iterdir()}
    by = ["steward", thread.first_lead.public_id]
    sha256 = finding.texts["statement"]["sha256"]
    erase_text(
        program=thread.program, entry=finding.index, sha256=sha256, ground="Order 12", by=by, now=thread.now
    )
    address = mirror(thread, folder)
    for file, content in early.items():
        rows = {row["sha256"]: row for row in json.loads(content) + json.loads(file.read_bytes())}
        file.write_text(json.dumps(list(rows.values())))
    lose_everything()
    restore(folder / "old.tar.gz")
    resume(program=thread.program, address=address)

    assert PublicText.objects.filter(words="People want short keeping.").count() == 0


def test_a_row_that_was_taken_down_since_the_backup_goes_again(both_databases, folder, monkeypatch):
    with_tools(monkeypatch)
    thread = cast.program()
    first = brought_in(thread, ROWS)
    brought_in(thread, [row("A-1", "Counters", "Retired"), *ROWS[1:]], first.register.slug)
    by = ["steward", thread.first_lead.public_id]

    def state() -> list[tuple]:
        fields = ("pk", "key", "state", "cells", "facts", "erased", "is_in_force")
        lines = Listing.objects.order_by("pk").values_list("pk", "row", "slug")
        return [*Row.objects.order_by("pk").values_list(*fields), *lines]

    after: list[list[tuple]] = []

    def since() -> None:
        for name in ("Counters", "Cameras"):
            found = Listing.objects.get(row__facts__name=name)
            erase_row(row=found.row, ground="Order 12", by=by, now=thread.now)
        after.append(state())

    lost_and_resumed(thread, folder, since)

    assert state() == after[0]
    assert SearchWord.objects.filter(word__in=["counters", "cameras"]).count() == 0


def test_the_salt_of_a_file_goes_again_also_where_the_backup_lacks_the_row_that_was_taken_down(
    both_databases,
    folder,
    monkeypatch,
):
    with_tools(monkeypatch)
    thread = cast.program()
    first = brought_in(thread, ROWS)
    other = brought_in(thread, [row("B-1", "Lamps")])

    def since() -> None:
        brought_in(thread, [*ROWS, row("A-9", "Kiosks")], first.register.slug)
        found = Listing.objects.get(row__facts__name="Kiosks")
        erase_row(
            row=found.row, ground="Order 12", by=["steward", thread.first_lead.public_id], now=thread.now
        )

    lost_and_resumed(thread, folder, since)
    for of in (first, other):
        of.refresh_from_db()
    assert (bytes(first.salt), bytes(other.salt) != b"") == (b"", True)


def test_a_file_for_review_that_was_taken_down_since_the_backup_goes_again(thread, folder):
    version = Review(thread=thread).bring()

    def since() -> None:
        erase_text(
            program=thread.program,
            entry=version.entry,
            sha256=hashlib.sha256(bytes(version.salt) + bytes(version.data)).hexdigest(),
            ground="Order 12",
            by=["steward", thread.manager.public_id],
            now=thread.now,
        )

    lost_and_resumed(thread, folder, since)
    left = Version.objects.get(pk=version.pk)
    assert (bytes(left.data), bytes(left.salt)) == (b"", b"")


def test_a_key_that_was_destroyed_since_the_backup_is_destroyed_again(both_databases, folder, monkeypatch):
    with_tools(monkeypatch)
    thread = Thread().to_open_engagement()
    key = EngagementKey.objects.get()
    before = lost_and_resumed(thread, folder, lambda: destroy(thread, thread.first_lead, thread.second_lead))

    assert Wrap.objects.count() == 0
    gone = EngagementKey.objects.get()
    assert (gone.recipient, kinds(before)[gone.destroyed]) == (key.recipient, "key.destroyed")


def share(thread: Thread) -> None:
    """Let the first lead share the key of the engagement with the third."""
    key, third = EngagementKey.objects.get(), thread.third_lead.public_id
    own = {third: thread.keyrings[third].recipient}
    signer = thread.keyrings[thread.first_lead.public_id]
    named = {"engagement": key.engagement, "recipient": key.recipient}
    keys.share_engagement_key(
        program=thread.program,
        key=key,
        seat=thread.first_lead,
        wraps={seat: wrap(thread.identity, recipient) for seat, recipient in own.items()},
        signature=signer.lock(origin=thread.program.origin, keys=own, **named),
        now=thread.now,
    )


def test_a_key_that_was_shared_since_is_told_as_lost_and_shared_again(thread, folder):
    thread.found_keys(3)
    before = lost_and_resumed(thread, folder, lambda: share(thread))

    theirs = Wrap.objects.filter(seat=thread.third_lead)
    assert not theirs.exists()
    (shared,) = [one for one in entries(before) if one.kind == "key.shared"]
    (told,) = lost([shared])
    assert told.startswith(f"key.shared (entry {shared.index}): the leads whom it names cannot open here")
    share(thread)
    assert theirs.count() == 1


def test_what_the_clock_tells_is_known_again_by_its_entry(demonstration):
    before = set(ClockNotice.objects.values_list("log", "about", "kind", "stage", "date"))
    assert before
    again = set()
    for log in Log.objects.all():
        for line in LogEntry.objects.filter(log=log):
            entry = parse(line.index, bytes(line.raw))
            once = KINDS[entry.kind].once
            if once:
                about = entry.cites[once.role][0]
                again.add((log.pk, about, entry.kind, once.stage(entry.data, entry.date), entry.date))
    assert again == before


def test_every_entry_of_the_clock_is_known_again_or_rests_on_rows_of_its_own():
    alone = {kind.name for kind in KINDS.values() if kind.by == ("clock",) and not kind.once}
    # Of the last map the record itself is asked whether it is drawn, and which key signs it.
    assert alone == {"voices.published", "voices.closed", "site.released", "map.drawn", "record.rekeyed"}


def test_what_waits_for_a_second_press_is_pressed_anew_after_a_restore(thread, folder):
    made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    said = {"about": "reading", "words": "Two leads read it.", "day": None, "others": {"es": "Dos."}}
    said |= {"engagement": thread.engagement, "lang": "en", "now": thread.now}
    correction = engagements.propose_correction(**said, by=thread.first_lead.public_id)
    finding = {"program": thread.program, "promise": thread.promise, "finding": "ab" * 32, "now": thread.now}
    findings.attest(**finding, seat=thread.first_lead)
    thread.check(made, thread.first_lead)
    listed = {"program": thread.program, "promise": thread.promise, "seat": thread.first_lead}
    listed |= {"marks": [], "not_opened": 0, "proposed_on": thread.now.date()}
    OpenedList.objects.create(**listed, mark="as the first lead pressed it")
    marked = {one.__name__: one.objects.exclude(mark="").count() for one in pressed_tables()}
    waits = {"Correction", "Attestation", "Check", "OpenedList"}
    assert {one for one, count in marked.items() if count} >= waits

    withdrawn = {"correction": correction, "by": correction.by}
    lost_and_resumed(thread, folder, lambda: engagements.withdraw_correction(**withdrawn))

    assert [one.objects.exclude(mark="").count() for one in pressed_tables()] == [0] * len(marked)
    assert SecondAsked.objects.count() == 0
    with pytest.raises(Refused, match="does not count any more"):
        engagements.sign_correction(
            correction=Correction.objects.get(), by=thread.manager.public_id, now=thread.now
        )
    assert thread.check(made, thread.second_lead) is None
    assert thread.check(made, thread.first_lead).kind == "delivery.verified"


def test_a_resume_leaves_what_was_pressed_since_the_restore_as_it_is(thread, folder):
    made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    thread.check(made, thread.first_lead)
    address = mirror(thread, folder)
    settled = read_high_water(thread.program)
    (folder / "keys" / "riverbend.high").unlink()  # as on a machine that takes over
    for one in ("/nowhere", str(folder)):
        with suppress(CommandError):
            call_command("record_resume", thread.program.slug, one)
    call_command("record_resume", thread.program.slug, address)
    assert read_high_water(thread.program) == settled
    assert thread.check(made, thread.second_lead).kind == "delivery.verified"


def test_a_mirror_without_the_words_is_no_mirror_to_take_back_from(thread, folder, capsys):
    backup(folder / "old.tar.gz")
    finding = thread.find()
    address, before = mirror(thread, folder), thread.entries()
    whole = shutil.copytree(address, folder / "whole")
    shutil.rmtree(Path(address) / "texts")
    lose_everything()
    restore(folder / "old.tar.gz")
    with pytest.raises(CommandError, match=rf"lacks words .* took down: .*{finding.index}.* --without-words"):
        call_command("record_resume", thread.program.slug, address)
    call_command("record_resume", thread.program.slug, address, without_words=True)
    assert thread.entries() == before
    assert not PublicText.objects.filter(entry=finding.index).exists()
    call_command("record_resume", thread.program.slug, str(whole))
    assert "took back 0 entries and" in capsys.readouterr().out
    assert check_words(Asked(), entries(thread.entries())).fitting == PublicText.objects.count()


def test_the_day_that_the_clock_agreed_on_comes_back_with_the_entries(thread, folder):
    began = thread.now
    begin_day(program=thread.program, now=began, is_seen=True)

    def since() -> None:
        for _ in range(5):
            begin_day(program=thread.program, now=thread.later(1).now, is_seen=True)
        thread.find()

    lost_and_resumed(thread, folder, since)

    assert Log.objects.get().agreed_day == thread.now.date()
    thread.find()


def test_a_decision_has_the_day_again_to_which_it_was_moved(thread, folder):
    day, words = thread.decision.on + timedelta(days=9), {"en": {"reason": "The council meets later."}}
    given = {"point": thread.decision, "on": day, "by": thread.manager.public_id, "words": words}
    lost_and_resumed(thread, folder, lambda: projects.move_decision(**given, now=thread.now))
    assert DecisionPoint.objects.get().on == day


def test_an_address_of_a_calendar_leads_nowhere_after_a_restore(thread, folder):
    given = {"person": thread.first_lead.person, "program": thread.program}
    CalendarKey.objects.create(**given, token_hash="ab" * 32, made_on=thread.now.date())
    lost_and_resumed(thread, folder, lambda: CalendarKey.objects.all().delete())
    assert CalendarKey.objects.count() == 0


def test_posts_that_signed_and_that_nobody_held_are_named_after_a_resume(thread, folder, capsys):
    finding = thread.find()
    backup(folder / "old.tar.gz")
    ask = thread.recommend(finding)
    answer = thread.answer(ask)[0]
    address = mirror(thread, folder)
    lose_everything()
    restore(folder / "old.tar.gz")
    Post.objects.filter(office=thread.manager).update(
        taken_on=None
    )  # as where it was taken up since the backup
    call_command("record_resume", thread.program.slug, address)
    said = capsys.readouterr().out
    assert f"- {thread.manager.public_id} (entries {answer.index}" in said
    assert "- steward" not in said


def test_rules_that_the_leads_adopted_since_the_backup_wait_for_nobody_after_a_resume(
    db, folder, monkeypatch
):
    with_tools(monkeypatch)
    thread = Thread(now=today()).to_open_engagement()
    milder = re.sub(r"(?m)^answer_days = \d+", "answer_days = 90", shipped_pack("neutral"))
    adopt(thread, milder, folder)

    def since() -> None:
        for lead in thread.leads:
            agree(lead)

    lost_and_resumed(thread, folder, since, packs=[milder])

    assert Proposal.objects.get().entry == len(thread.entries()) - 1
