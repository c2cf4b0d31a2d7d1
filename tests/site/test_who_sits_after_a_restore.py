"""After a restore and a resume nobody sits again who went since the backup, and what is lost is said by name."""

import hashlib
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from alongside.cohort.rules.actions import adopt_rules
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.actions import let_removals_fall
from alongside.cohort.seats.models import Removal, RoleHeld, Seat, Vacancy
from alongside.cohort.seats.tasks import tick
from alongside.ground.people.actions import make_person
from alongside.ground.programs.models import Program
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.folded import look_again
from alongside.site.backups import backup, restore
from alongside.site.resuming import resume
from tests.site.test_backups import folder, lose_everything  # noqa: F401 -- folder is a fixture
from tests.site.test_what_comes_back import entries, kinds, lost_and_resumed, mirror, thread  # noqa: F401 -- as above
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import as_


def ask_the_pages(seat: Seat) -> tuple[int, bool]:
    """Give how a lead's week answers, and whether the page of leads shows the seat among those who sit."""
    client = as_(seat.person)
    sit, _before = Client().get("/riverbend/en/cohort/").content.decode().split("before-h", 1)
    shown = f"Lead (place {seat.public_id[5:9]})</h3>" in sit
    return client.get("/riverbend/en/week/").status_code, shown


def test_leads_who_were_removed_or_left_since_the_backup_do_not_sit_again(thread, folder):
    left, removed = thread.second_lead, thread.third_lead

    def since() -> None:
        seats.change_role(seat=left, role="chair", change="takes", by=left.public_id, now=thread.now)
        seats.leave_seat(seat=left, on=thread.now.date(), reason="", now=thread.now)
        seats.remove_seat(
            seat=removed,
            ground="harm",
            reasons="Words that no mirror has.",
            appeal_to="city-manager/manager",
            by=thread.steward,
            now=thread.now,
        )

    lost_and_resumed(thread, folder, since)

    assert ask_the_pages(thread.first_lead) == (200, True)
    assert ask_the_pages(removed) == (403, False)
    assert ask_the_pages(left) == (403, False)
    assert Vacancy.objects.filter(seat__in=[left, removed], filled_on=None).count() == 2
    assert RoleHeld.objects.get(seat=left).until_date == thread.now.date()
    seats.appeal(removal=Removal.objects.get(seat=removed), words="It was not so.", now=thread.now)
    assert kinds(thread.entries())[-1] == "removal.appealed"


def test_the_clock_tells_of_seats_that_were_left_or_filled_since_the_backup(thread, folder):
    cohort, today = thread.first_lead.cohort, thread.now.date()
    filled = seats.open_vacancy(cohort=cohort, on=today, now=thread.now)
    empty = seats.open_vacancy(cohort=cohort, on=today, now=thread.now)

    def since() -> None:
        seats.leave_seat(seat=thread.seat("new"), on=today, reason="", now=thread.now)
        seats.give_seat(
            cohort=cohort,
            person=make_person(email=None),
            paid_by="outside",
            vacancy=filled,
            from_date=today,
            now=thread.now,
        )

    lost_and_resumed(thread, folder, since)
    tick(program=thread.program, now=thread.later(70).now)

    left = next(one for one in entries(thread.entries()) if one.kind == "seat.left")
    late = [one.cites["vacancy"] for one in entries(thread.entries()) if one.kind == "vacancy.late"]
    assert sorted(late) == sorted([(empty.entry,), (left.index,)])


def test_an_appeal_made_since_the_backup_waits_again_and_gives_the_seat_back(thread, folder):
    removed = thread.third_lead
    given = {"ground": "harm", "reasons": "So.", "appeal_to": "city-manager/manager", "by": thread.steward}

    def since() -> None:
        removal = seats.remove_seat(seat=removed, now=thread.now, **given)
        seats.appeal(removal=removal, words="Not so.", now=thread.now)

    lost_and_resumed(thread, folder, since)
    assert ask_the_pages(removed)[0] == 403
    backup(folder / "older.tar.gz")
    let_removals_fall(program=thread.program, now=thread.later(31).now)
    assert Seat.objects.get(pk=removed.pk).left_on is None

    address = mirror(thread, folder)
    lose_everything()
    restore(folder / "older.tar.gz")
    resume(program=thread.program, address=address)
    assert Seat.objects.get(pk=removed.pk).left_on is None
    assert Vacancy.objects.get().filled_by == removed
    assert let_removals_fall(program=thread.program, now=thread.later(1).now) == 0


def test_what_does_not_come_back_beside_the_entries_is_said_by_name_with_its_cure(thread, folder, capsys):
    backup(folder / "old.tar.gz")
    thread.seat("new")
    address, last = mirror(thread, folder), len(thread.entries()) - 1
    lose_everything()
    restore(folder / "old.tar.gz")
    call_command("record_resume", "riverbend", address)
    said = capsys.readouterr().out
    assert f"seat.taken (entry {last})" in said
    assert "a newer backup" in said
    assert "alongside program people riverbend" in said


def test_rules_adopted_since_the_backup_come_back_with_their_file_alone(thread, folder, capsys):
    text = re.sub(r"(?m)^answer_days = \d+", "answer_days = 30", thread.program.packs.get().text)
    (folder / "other.toml").write_text(shipped_pack("neutral") + "\n# another\n")
    (folder / "pack.toml").write_text(text)
    backup(folder / "old.tar.gz")
    adopt_rules(program=thread.program, text=text, now=thread.now)
    address, before = mirror(thread, folder), thread.entries()
    lose_everything()
    restore(folder / "old.tar.gz")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    for files in ([], ["--pack", str(folder / "other.toml")]):
        with pytest.raises(CommandError, match=f"--pack FILE.*{sha256}"):
            call_command("record_resume", "riverbend", address, *files)
        assert len(thread.entries()) < len(before)

    call_command("record_resume", "riverbend", address, "--pack", str(folder / "pack.toml"))
    assert thread.entries() == before
    assert pack_of(thread.program).clocks.answer_days == 30
    assert as_(thread.first_lead.person).get("/riverbend/en/week/").status_code == 200


def test_the_nightly_look_finds_a_removed_lead_whom_the_database_lets_sit_again(db):
    thread = Thread().open_program()
    given = {"ground": "harm", "reasons": "So.", "appeal_to": "city-manager/manager", "by": thread.steward}
    removal = seats.remove_seat(seat=thread.third_lead, now=thread.now, **given)
    seats.leave_seat(seat=thread.second_lead, on=thread.now.date(), reason="", now=thread.now)
    assert look_again(program=thread.program, today=thread.now.date()) == []
    Seat.objects.update(left_on=None)
    assert look_again(program=thread.program, today=thread.later(1).now.date()) == [
        removal.entry,
        removal.entry + 1,
    ]


def test_the_nightly_look_leaves_out_a_removal_that_fell(db):
    thread = Thread().open_program()
    given = {"ground": "harm", "reasons": "So.", "appeal_to": "city-manager/manager", "by": thread.steward}
    removal = seats.remove_seat(seat=thread.third_lead, now=thread.now, **given)
    seats.appeal(removal=removal, words="Not so.", now=thread.now)
    let_removals_fall(program=thread.program, now=thread.later(31).now)
    assert look_again(program=thread.program, today=thread.now.date()) == []


def test_no_seat_of_the_demonstration_sits_on_against_its_record(demonstration):
    for program in Program.objects.all():
        assert look_again(program=program, today=date(2040, 1, 1)) == []
