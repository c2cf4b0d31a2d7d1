"""Make a program many times as large as one that was played: each thread and plan again, so many times, on its own days.

The entries go through `append`, all of a day at once; the rows beside them are copied, and each names its own entries.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby, islice
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from alongside.chain.voices.models import Voice
from alongside.core.entries import Entry
from alongside.core.grammar.engagements import TO_PAPERS
from alongside.core.grammar.charter import entry_hash
from alongside.core.salted import salted_hash
from alongside.core.sealing.keys import recipient_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.core.grammar.versions import KINDS
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.acts import signed_by
from alongside.site.demo.keys import Rings
from alongside.ground.record.models import ClockNotice, Log, LogEntry, PublicText
from alongside.ground.record.rows import subject_of
from alongside.ground.record.signing import make_key
from alongside.site.demo.keys import Keyring, new_identity
from alongside.work.consultations.models import Version

#: What begins a thread, a plan or a list of questions: it grows, and so does all that cites it or what grows.
BEGINS = {
    "project.registered",
    "key.made",
    "consultation.opened",
    "invitation.made",
    "ask.listed",
    "meeting.planned",
}
#: Of what is not on the record: it grows as well.
BEGINS_BESIDE = {"messages.Message"}
#: Made by `append`, or by Django.
NOT_COPIED = {"auth", "contenttypes", "sessions", "record"}
#: Numbers of this type that are not of entries.
NO_ENTRIES = {"size", "read_bytes", "number"}
#: Between the keys of a row and those of what it is copied to.
STRIDE = 1_000_000
STEP = 500


class Grown:
    """One played program, read from the database `source`, and what becomes of it `times` over."""

    def __init__(self, source: str, times: int, keyrings: Mapping[str, Keyring]) -> None:
        self.source, self.times, self.keyrings = source, times, keyrings
        self.origin = Program.objects.using(source).get().origin
        lines = LogEntry.objects.using(source).order_by("index")
        self.entries = [line.parsed for line in lines]
        self.texts: dict[int, dict[str, PublicText]] = {}
        for text in PublicText.objects.using(source):
            self.texts.setdefault(text.entry, {})[text.name] = text
        self.growing: set[int] = set()
        for entry in self.entries:
            cited = (index for each in entry.cites.values() for index in each)
            if entry.kind in BEGINS or not self.growing.isdisjoint(cited):
                self.growing.add(entry.index)
        self.order = list(self._order())
        self.place = {one: place for place, one in enumerate(self.order)}
        grow = [self.entries[one] for one in sorted(self.growing)]
        self.slugs = {subject_of(one) for one in grow} - {""}
        self.hashes = {mark for one in grow for mark in one.data.get("marks", ())}
        self.hashes |= {
            one for row in Voice.objects.using(source).values_list("mark", "act_hash") for one in row
        }
        self.keys = {str(one.data["recipient"]) for one in grow if one.kind == "key.made"}
        self.others: dict[tuple[str, int], str] = {}
        #: Files that were brought for review, by their salted hash.
        brought = Version.objects.using(source).exclude(data=None).values_list("salt", "data")
        self.files = {
            salted_hash(bytes(salt), bytes(data)): (bytes(salt), bytes(data)) for salt, data in brought
        }
        #: The hashes of texts, which each have a salt of their own, and of entries, and what they became.
        self.salted = {one for entry in self.entries for one in _hashes(entry)}
        self.became: dict[tuple[int, str], str] = {}

    def _order(self) -> Iterator[tuple[int, int]]:
        """Give which copy of which entry follows which: day by day, and on a day one copy after the other."""
        for _day, entries in groupby(self.entries, lambda one: one.date):
            of_day = list(entries)
            for copy in range(self.times):
                yield from ((copy, one.index) for one in of_day if not copy or one.index in self.growing)

    def number(self, copy: int, index: int) -> int:
        """Give the number of a copy of an entry; what does not grow is there once."""
        return self.place[copy if index in self.growing else 0, index]

    def told(self, copy: int, value: Any) -> Any:
        """Say the same of a copy: slugs, seal marks and keys are its own."""
        if isinstance(value, dict):
            return {
                name: self.number(copy, one)
                if name == "material" and isinstance(one, int)
                else self.told(copy, one)
                for name, one in value.items()
            }
        if isinstance(value, list):
            said = [self.told(copy, one) for one in value]
            return sorted(said) if self.hashes.issuperset(map(str, value)) else said
        return self._other(copy, value) if isinstance(value, str) else value

    def _other(self, copy: int, value: str) -> str:
        if value in self.salted:
            return self.became.get((copy, value)) or self.became.get((0, value), value)
        if not copy:
            return value
        if value in self.slugs:
            return f"{value}-{copy}"
        if value in self.hashes:
            return hashlib.sha256(f"{copy} {value}".encode()).hexdigest()
        if value in self.files:
            salt, data = self.files[value]
            return salted_hash(salt_of(copy, salt), data)
        if value not in self.keys:
            return value
        if (value, copy) not in self.others:
            self.others[value, copy] = recipient_of(new_identity())
        return self.others[value, copy]

    def append(self, log: Log) -> None:
        """Append all entries, a day at once; what names the hash of a text waits until that text is written."""
        zone = ZoneInfo(pack_of(log.program).time_zone)
        for day, placed in groupby(self.order, lambda one: self.entries[one[1]].date):
            now, waiting = datetime.combine(day, time(12), zone), []
            for copy, index in placed:
                entry = self.entries[index]
                is_new = not entry.act.get("place")  # or it goes on with an act
                if waiting and is_new and _is_signed(entry) != _is_signed(waiting[-1][1]):
                    self._write(log, waiting, now)  # whoever signs has a key on the log before
                    waiting = []
                if self.salted.intersection(map(str, self.entries[index].data.values())):
                    self._write(log, waiting, now)
                    waiting = []
                waiting.append((copy, self.entries[index]))
            self._write(log, waiting, now)

    def _write(self, log: Log, waiting: Sequence[tuple[int, Entry]], now: datetime) -> None:
        drafts = [self._draft(copy, entry) for copy, entry in waiting]
        written = append(program=log.program, drafts=drafts, now=now) if drafts else []
        for (copy, entry), new in zip(waiting, written, strict=True):
            self.became |= {(copy, one): its for one, its in zip(_hashes(entry), _hashes(new), strict=True)}

    def _draft(self, copy: int, entry: Entry) -> Draft:
        texts, data = self.texts.get(entry.index, {}), self.told(copy, entry.data)
        if copy and entry.kind in {"key.made", "recovery.locked"}:
            papers = [self.entries[one].data["recipient"] for one in entry.cites.get("papers", ())]
            data["signature"] = self._locked(entry.by[0], data, {TO_PAPERS: one for one in papers})
        return Draft(
            kind=entry.kind,
            by=entry.by,
            data=data,
            cites={role: [self.number(copy, one) for one in cited] for role, cited in entry.cites.items()},
            texts={
                name: Text(
                    entry.texts[name]["lang"],
                    f"{one.words} ({copy})" if copy and name == "title" else one.words,
                )
                for name, one in texts.items()
            },
        )

    def _locked(self, by: str, data: Mapping[str, Any], papers: Mapping[str, str]) -> str:
        """Sign the key of a copy as the lead who makes it, or who locks it to the recovery papers."""
        keys = {seat: self.keyrings[seat].recipient for seat in data.get("wrapped_to", ())} | dict(papers)
        named = {name: data[name] for name in ("engagement", "recipient")}
        return self.keyrings[by].lock(origin=self.origin, keys=keys, **named)


def salt_of(copy: int, salt: bytes) -> bytes:
    """Give the salt of a copy of a file."""
    return hashlib.sha256(b"%d " % copy + salt).digest()[: len(salt)]


def _hashes(entry: Entry) -> list[str]:
    return [entry_hash(entry), *(entry.texts[name]["sha256"] for name in sorted(entry.texts))]


class Beside:
    """The rows beside the record, and which of them are there once more for each copy."""

    def __init__(self, grown: Grown) -> None:
        self.grown = grown
        every = apps.get_models(include_auto_created=True)
        self.models = [one for one in every if one._meta.app_label not in NOT_COPIED] + [ClockNotice]
        self.rows = {model: list(model._base_manager.using(grown.source).values()) for model in self.models}
        self.growing: set[tuple[Any, Any]] = set()
        before = -1
        while before != len(self.growing):
            before = len(self.growing)
            for model, rows in self.rows.items():
                self.growing |= {
                    (model, row[model._meta.pk.attname]) for row in rows if self._grows(model, row)
                }

    def _grows(self, model: Any, row: dict[str, Any]) -> bool:
        """Say whether a row names an entry or a slug that grows, or a row that does; or begins something itself."""
        if model._meta.label in BEGINS_BESIDE:
            return True
        for field in model._meta.concrete_fields:
            value = row[field.attname]
            if field.remote_field and (field.related_model, value) in self.growing:
                return True
            if _names_entry(field) and value in self.grown.growing:
                return True
            if isinstance(field, models.SlugField) and value in self.grown.slugs:
                return True
        return False

    def copies(self, model: Any) -> Iterator[Any]:
        """Give the rows of a table, once or once for each copy."""
        pk = model._meta.pk.attname
        for row in self.rows[model]:
            times = self.grown.times if (model, row[pk]) in self.growing else 1
            for copy in range(times):
                yield model(
                    **{
                        one.attname: self._told(copy, one, row[one.attname])
                        for one in model._meta.concrete_fields
                    }
                )

    def _told(self, copy: int, field: Any, value: Any) -> Any:
        if _names_entry(field) and value is not None:
            return self.grown.number(copy, value)
        if copy and field.name == "salt" and value is not None:
            return salt_of(copy, bytes(value))
        if copy and field.name == "key" and field.unique:
            return hashlib.sha256(f"{copy} {value}".encode()).hexdigest()[: field.max_length]
        target = field.related_model if field.remote_field else field.model if field.primary_key else None
        if target is None:
            return self.grown.told(copy, value)
        if not copy or (target, value) not in self.growing:
            return value
        return uuid.uuid5(value, str(copy)) if isinstance(value, uuid.UUID) else value + copy * STRIDE


def _is_signed(entry: Entry) -> bool:
    return bool(KINDS[entry.kind].signed)


def _names_entry(field: Any) -> bool:
    return isinstance(field, models.PositiveBigIntegerField) and field.name not in NO_ENTRIES


def grow(source: str, times: int, keyrings: Mapping[str, Keyring], now: datetime) -> Log:
    """Fill the empty default database with so many times what the other one holds, and sign the head; its leads have these keys."""
    grown = Grown(source, times, keyrings)
    beside = Beside(grown)
    with transaction.atomic():
        for model in beside.models:
            model._base_manager.bulk_create(beside.copies(model), batch_size=STEP)
        played = Log.objects.using(source).get()
        log = Log.objects.create(pk=played.pk, program_id=played.program_id)
        log.vkey = make_key(log.program)
        log.save(update_fields=["vkey"])
        with signed_by(Rings(keyrings)):
            grown.append(log)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [*beside.models, Log]):
                cursor.execute(statement)
    sign_head(program=log.program, now=now)
    log.refresh_from_db()
    analyze()
    return log


def copied(source: str) -> Log:
    """Fill the empty default database with all rows of the other one, which is faster than to append them again."""
    every = apps.get_models(include_auto_created=True)
    own = [one for one in every if one._meta.app_label not in NOT_COPIED - {"record"}]
    with transaction.atomic():
        for model in own:
            rows = model._base_manager.using(source).iterator(STEP)
            while some := list(islice(rows, STEP)):
                model._base_manager.bulk_create(some)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), own):
                cursor.execute(statement)
    analyze()
    return Log.objects.get()


def analyze() -> None:
    """Let the database look at how much its tables hold, as it does by itself in the hours after much came in."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
