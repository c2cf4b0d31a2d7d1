"""What the operator does by command, and what the record says of it."""

import hashlib
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from alongside.cohort.seats.actions import give_seat, seat_cohort
from alongside.cohort.seats.queries.seats import suspended
from alongside.core.grammar.check import parse
from alongside.ground.people.actions import make_person, use_code
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.record.take_down_codes import agree
from alongside.site.management.commands.program import Command
from tests.site.conftest import PACKS


def alongside(*words: object) -> str:
    """Run a command and give what it says."""
    said = StringIO()
    call_command(*[str(word) for word in words], stdout=said)
    return said.getvalue()


def last() -> tuple[str, dict, tuple]:
    """Give the kind, the data and the pen of the newest entry."""
    line = LogEntry.objects.order_by("-index").first()
    entry = parse(line.index, bytes(line.raw))
    return entry.kind, dict(entry.data), tuple(entry.by)


@pytest.fixture
def seat(delta, clock):
    """Give a lead's seat."""
    cohort = seat_cohort(
        program=delta,
        slug="one",
        names={"en": "One"},
        from_date=date(2026, 1, 1),
        until_date=date(2027, 12, 31),
        now=clock,
    )
    people = [make_person(email=f"{one}@example.org") for one in ("lead", "second", "third")]
    return [give_seat(cohort=cohort, person=one, paid_by="outside", now=clock) for one in people][0]


def test_a_program_opened_when_utc_is_a_day_ahead_is_opened_on_the_day_of_its_city(db):
    night = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    pack = PACKS / "neutral.toml"
    Command().do_open({"program": "real", "origin": "example.org/real", "pack": pack}, night)
    Command().do_adopt({"program": "real", "pack": pack}, night)
    days = list(LogEntry.objects.order_by("index").values_list("date", flat=True))
    program = Program.objects.get()
    assert {program.opened_on, *program.packs.values_list("adopted_on", flat=True), *days} == {
        date(2026, 3, 2)
    }


def test_a_program_is_opened_with_a_signed_log_and_a_steward(db, settings, tmp_path):
    import dataclasses

    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    alongside("program", "open", "real", "example.org/real", PACKS / "neutral.toml")
    alongside("program", "steward", "real", "sam@example.org", "--called", "Sam")
    code = alongside("program", "code", "real", "sam@example.org").splitlines()[0]
    assert list(LogEntry.objects.values_list("kind", flat=True).order_by("index")) == [
        "program.opened",
        "policy.adopted",
    ]
    assert (tmp_path / "keys" / "real.key").exists()
    assert use_code(code=code, now=datetime.now(tz=UTC)) == Person.objects.get(called="Sam")


def test_a_new_pack_is_on_the_record(delta):
    alongside("program", "adopt", "delta", PACKS / "neutral.toml")
    assert last()[0] == "policy.adopted"


def test_a_pack_is_adopted_with_the_patterns_of_the_topics_it_shares_and_its_hash_covers_them(delta):
    alongside("program", "adopt", "delta", PACKS / "neutral.toml")
    kept = delta.packs.latest("pk").text
    assert kept != (PACKS / "neutral.toml").read_text("utf-8")
    assert kept == shipped_pack("neutral")
    assert last()[1]["pack"] == hashlib.sha256(kept.encode()).hexdigest()


def test_a_suspended_lead_is_told_on_the_record_by_seat_and_ground(seat):
    alongside("lead", "suspend", "delta", seat.public_id, "Charter, section 4")
    assert last() == (
        "seat.suspended",
        {"seat": seat.public_id},
        ("steward",),
    )
    assert PublicText.objects.get(name="ground").words == "Charter, section 4"
    day = LogEntry.objects.latest("index").date
    assert suspended(seat.cohort.program, [seat.public_id], day) == {seat.public_id}
    alongside("lead", "restore", "delta", seat.public_id)
    assert last()[0] == "seat.restored"


def agreed_by(seat, ground: str = "Order 12") -> str:
    """Let the lead in a seat agree that the name of the cohort is taken down."""
    return agree(program="delta", entry=2, name="name", ground=ground, by=seat.public_id)


def test_a_text_is_taken_down_by_two_roles_and_the_record_keeps_the_ground(seat):
    text = PublicText.objects.get(entry=2, name="name")
    alongside("text", "take-down", "delta", 2, "name", "Order 12", agreed_by(seat))
    kind, data, by = last()
    assert (kind, data, by) == (
        "text.erased",
        {"sha256": text.sha256},
        ("steward", seat.public_id),
    )
    assert PublicText.objects.get(name="ground").words == "Order 12"
    assert not PublicText.objects.filter(entry=2).exists()


@pytest.mark.parametrize("code", ["", "seat-00000000", "of another ground", "of a lead, changed"])
def test_without_the_code_of_who_agrees_nothing_is_taken_down(seat, code):
    codes = {
        "of another ground": agreed_by(seat, "Order 13"),
        "of a lead, changed": agreed_by(seat)[:-1] + "-",
    }
    with pytest.raises(CommandError, match="does not stand for this text and this ground"):
        alongside("text", "take-down", "delta", 2, "name", "Order 12", codes.get(code, code))
    assert PublicText.objects.filter(entry=2).exists()


def test_under_a_hold_nothing_is_taken_down(seat):
    hold = alongside("text", "hold", "delta", "Case 7").split()[5]
    with pytest.raises(CommandError, match="a legal hold stands"):
        alongside("text", "take-down", "delta", 2, "name", "Order 12", agreed_by(seat))
    assert PublicText.objects.filter(entry=2).exists()
    alongside("text", "lift", "delta", hold)
    alongside("text", "take-down", "delta", 2, "name", "Order 12", agreed_by(seat))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lead", "suspend", "gamma", "seat-00000000", "x"), "There is no program gamma here."),
        (("lead", "suspend", "delta", "seat-00000000", "x"), "There is no seat-00000000 in this program."),
        (("engagement", "pause", "delta", "none", "x"), "No engagement none is open in this program."),
        (("text", "take-down", "delta", "0", "none", "x", "seat-00000000"), "Entry 0 holds no text none"),
        (("program", "code", "delta", "nobody@example.org"), "Nobody here has this address."),
        (("program", "office", "delta", "a@example.org", "no/office"), "The pack has no office no/office"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_cure(delta, words, said):
    with pytest.raises(CommandError, match=said):
        alongside(*words)
