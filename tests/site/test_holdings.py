"""A records officer gets what the government holds of a program, by table and month, and what it cannot read and why."""

import csv
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db.models import BinaryField

from alongside.chain.opinions.models import Vote
from alongside.chain.voices.models import Voice
from alongside.ground.programs.models import Program
from alongside.ground.record.models import LogEntry
from alongside.site.holdings import PUBLIC, QUIET, SEALED, write_holdings
from alongside.site.portable import name_of, tables
from alongside.work.strategies.models import Strategy

#: Bytes that the government can read: files, pictures, sounds, hashes and salts.
PLAIN = frozenset({"raw", "leaf", "hash", "root", "salt", "content", "bill", "data", "first", "hashes"})


def held(slug: str = "riverbend") -> list[dict[str, str]]:
    """Give the lines."""
    out = io.StringIO()
    write_holdings(Program.objects.get(slug=slug), out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_each_entry_and_each_kind_of_thing_is_counted_under_its_month(demonstration):
    lines = held()
    entries = [one for one in lines if one["table"] == "record.LogEntry"]
    assert (
        sum(int(one["rows"]) for one in entries)
        == LogEntry.objects.filter(log__program__slug="riverbend").count()
    )
    assert len(entries) > 3
    assert [one["month"] for one in entries] == sorted(one["month"] for one in entries)
    assert all(one["holds"] for one in lines)


def test_what_only_leads_can_open_says_so_and_voices_are_told_in_ranges(demonstration):
    lines = held()
    voices = [one for one in lines if one["table"] == "voices.Voice"]
    assert Voice.objects.count() > 10
    assert {one["the government can read it"] for one in voices} == {"no"}
    assert {one["why not"] for one in voices} == {
        "locked to the key of its engagement, which leads alone hold"
    }
    for one in lines:
        if not one["table"].startswith(PUBLIC):
            assert one["rows"].startswith(("between ", "fewer than ")), one
    assert {one["the government can read it"] for one in lines if one["table"] == "pay.Claim"} == {"yes"}
    assert any(one["retention"].startswith("Locked voices: Until the day") for one in voices)


def test_how_many_chose_something_is_told_in_a_range_too(demonstration):
    chosen = [one for one in held() if one["table"] == "opinions.Vote"]
    assert chosen
    assert Vote.objects.values("code_hash").distinct().count() < Vote.objects.count()
    (low, high), *_others = (re.findall(r"\d+", one["rows"]) for one in chosen)
    assert int(low) <= Vote.objects.values("code_hash").distinct().count() <= int(high)


def test_whether_there_is_any_strategy_or_alarm_is_not_told(demonstration):
    quiet = [one for one in held() if one["table"].startswith(QUIET)]
    assert {one["table"] for one in quiet} >= {"strategies.Strategy", "strategies.Member", "messages.Alarm"}
    assert {(one["month"], one["erased by"]) for one in quiet} == {("", "")}
    before = [one for one in quiet if one["table"].startswith("strategies.")]
    assert Strategy.objects.exists()
    assert {one["rows"] for one in before} == {"fewer than 10"}
    elsewhere = [one for one in held("portland") if one["table"].startswith("strategies.")]
    assert not Strategy.objects.filter(program__slug="portland").exists()
    assert [one["rows"] for one in elsewhere] == ["fewer than 10"] * len(before)
    assert all(len(one["erased by"]) in {0, len("2026-11")} for one in held())


def test_no_line_holds_a_name_an_address_or_a_word_of_anybody(demonstration):
    told = " ".join(" ".join(one.values()) for one in held())
    assert "@" not in told
    assert "riverbend" not in told


def test_bytes_in_a_new_table_are_either_sealed_or_named_here_as_plain():
    names = {
        one.attname
        for table in tables()
        for one in table._meta.concrete_fields
        if isinstance(one, BinaryField)
    }
    assert names - PLAIN == SEALED
    assert all(any(name_of(one).startswith(each) for one in tables()) for each in (*PUBLIC, *QUIET))


def test_a_file_that_is_there_is_not_written_over(demonstration, tmp_path):
    call_command("program", "holdings", "riverbend", str(tmp_path / "held.csv"))
    assert (tmp_path / "held.csv").read_text().startswith("table,holds,month,rows,")
    with pytest.raises(CommandError, match="is there already"):
        call_command("program", "holdings", "riverbend", str(tmp_path / "held.csv"))
