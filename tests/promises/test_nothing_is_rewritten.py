"""Promise 8: the record is append-only; correction is a new entry; lawful erasure never breaks it."""

import hashlib
import html
import re
import shlex
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.signals import pre_migrate

from alongside.chain.asks import actions as asks
from alongside.chain.asks.queries import Cited
from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.source import MAX_BYTES, MissingError
from alongside.check.state import load
from alongside.cohort.rules.actions import adopt_rules
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.versions import VERSION
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.nodes import root_from
from alongside.core.ledger.tiles import TILE_WIDTH
from alongside.core.policy.purpose import usual_purpose
from alongside.core.words import MOST_WORDS, bytes_given_out
from alongside.ground.programs.actions import adopt_pack
from alongside.ground.programs.models import PackVersion
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_under
from alongside.ground.record import machine, triggers
from alongside.ground.record.actions import days, entries, folded, heads, restoring
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import Citation, ClockNotice, Head, Log, LogEntry, PublicText, Standing
from alongside.ground.record.signing import (
    HaltedLogError,
    HaltedSigningError,
    HighWater,
    vkey,
    write_high_water,
)
from alongside.ground.record.take_down_codes import agree, resume_without
from alongside.ground.record.tiles import tile_reader
from alongside.ground.texts import actions as texts
from alongside.site import backups, ticking
from alongside.site.health import findings
from alongside.work.consultations.queries import place_of
from tests.promises.attempts import BASE, accepted, adopt, as_, city, is_caught, size, taken_by_sql, today
from tests.site.test_backups import lose_everything, with_tools
from tests.support.remembering import remembered
from tests.support.thread import Thread
from tests.work.consultations.cast import Review

pytestmark = pytest.mark.django_db
NOTHING_HOLDS = (RecordError, GrammarError, LedgerError)
RECORD = "/riverbend/record"
TABLES = ("record_logentry", "record_node", "record_head", "record_clocknotice", "record_publictext")


class Asked:
    """Reads a record the way anyone does: by asking the site, as nobody in particular."""

    address = "http://testserver/riverbend/record"
    is_mirror = False

    def get(self, path: str) -> bytes:
        """Fetch one file of the record."""
        reply = as_(None).get(f"/riverbend/record/{path}")
        if reply.status_code != 200:
            raise MissingError(f"{path} is not here.")
        return reply.content


def walked() -> Thread:
    """Walk a thread, let the clock tell something, fill a whole tile, and sign it."""
    thread = Thread(now=today()).to_open_engagement()
    thread.recommend(thread.find())
    heads.sign_head(program=thread.program, now=thread.now)
    return thread


def full(thread: Thread) -> None:
    """Fill a tile of 256 entries, so that its hash is kept, and let the clock tell one thing."""
    from alongside.ground.record.actions.entries import Draft

    hold = Draft(kind="hold.placed", by=["steward"], texts={"ground": Text("en", "Case 7")})
    entries.append(program=thread.program, drafts=[hold] * (260 - size()), now=thread.now)
    told = {
        "by": ["steward"],
        "texts": {"ground": Text("en", "Case 7")},
        "cites": {"engagement": [thread.promise]},
    }
    paused = entries.append(
        program=thread.program, drafts=[Draft(kind="engagement.paused", **told)], now=thread.now
    )[0]
    ClockNotice.objects.create(
        log=Log.objects.get(program=thread.program),
        about=thread.promise,
        kind=paused.kind,
        stage="once",
        entry=paused.index,
        date=paused.date,
    )
    heads.sign_head(program=thread.program, now=thread.now)


def verified(thread: Thread, tmp_path) -> str:
    """Give what the verifier says of the record; raise the first thing that is wrong."""
    state = load(tmp_path / "seen.json")
    return verify_record(Asked(), state=state, today=today().date(), vkey=vkey(thread.program)).says


def columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [one.name for one in connection.introspection.get_table_description(cursor, table)]


def test_no_row_of_the_record_is_changed_or_taken_away(both_databases):
    thread = walked()
    full(thread)
    statements = []
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            assert cursor.fetchone() != (0,), table
        statements += [f'UPDATE {table} SET "{one}" = "{one}"' for one in columns(table)]
        statements += [
            f"DELETE FROM {table}",
            f"DELETE FROM {table} WHERE id = (SELECT MAX(id) FROM {table})",
        ]
    assert taken_by_sql(statements) == []


@pytest.mark.postgres
def test_no_table_of_the_record_is_emptied(db):
    walked()
    statements = [f"TRUNCATE {table}" for table in TABLES]
    statements += ["TRUNCATE record_logentry CASCADE", "TRUNCATE record_log CASCADE"]
    assert taken_by_sql(statements) == []


@pytest.mark.postgres
def test_a_table_that_stands_under_one_of_the_record_is_named(db):
    assert triggers.check_triggers(None, ["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE record_other () INHERITS (record_logentry)")
    (told,) = triggers.check_triggers(None, ["default"])
    assert "record_other" in told.msg


def test_no_row_is_replaced_by_another_in_its_place(both_databases):
    thread = walked()
    full(thread)
    statements = []
    for table in TABLES:
        names = ", ".join(f'"{one}"' for one in columns(table))
        other = names.replace('"id"', "id + 100000")
        if connection.vendor == "sqlite":
            statements += [
                f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}",
                f"REPLACE INTO {table} ({names}) SELECT {names} FROM {table} LIMIT 1",
            ]
            if table != "record_head":  # two heads of one size may stand beside each other
                statements += [f"REPLACE INTO {table} ({names}) SELECT {other} FROM {table} LIMIT 1"]
        else:
            moved = "ON CONFLICT (id) DO UPDATE SET log_id = EXCLUDED.log_id"
            statements += [f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} {moved}"]
    assert taken_by_sql(statements) == []


def test_no_action_of_the_orm_changes_the_record(db):
    from django.db import DatabaseError

    walked()
    attempts = {
        "update": lambda: LogEntry.objects.update(kind="x"),
        "delete": lambda: LogEntry.objects.all().delete(),
        "save": lambda: LogEntry.objects.order_by("-index")[0].save(),
        "update heads": lambda: Head.objects.update(note="x"),
        "change words": lambda: PublicText.objects.update(words="x"),
        "delete words": lambda: PublicText.objects.all().delete(),
        "update or create": lambda: LogEntry.objects.update_or_create(index=0, defaults={"kind": "x"}),
    }
    assert accepted(attempts, DatabaseError) == []


def test_no_form_changes_the_record_for_any_role(db):
    thread = walked()
    before = [bytes(line.raw) for line in LogEntry.objects.order_by("index")]
    people = {"nobody": None, "lead": thread.first_lead.person, **city(thread)}
    pages = [f"{BASE}/record/", f"{BASE}/record/{thread.promise}/", "/riverbend/record/checkpoint"]
    pages += [f"/riverbend/record/entries/{thread.promise}.json", "/riverbend/record/texts/0.json"]
    for person in people.values():
        for page in pages:
            for method in ("post", "put", "patch", "delete"):
                getattr(as_(person), method)(page, headers={"Origin": "http://testserver"})
    assert [bytes(line.raw) for line in LogEntry.objects.order_by("index")] == before


def test_the_triggers_come_back_after_a_migration_that_remakes_a_table(db):
    walked()
    field = LogEntry._meta.get_field("kind")
    wider = models.CharField(max_length=41)
    wider.set_attributes_from_name("kind")
    wider.model = LogEntry
    triggers_of_apps = own_triggers().items()
    connection.close()
    for app in ("record", "calls"):
        pre_migrate.send(sender=apps.get_app_config(app), using="default")
    with connection.schema_editor() as editor:
        editor.alter_field(LogEntry, field, wider)
    lost = [f"record_logentry_no_{what}" for what in ("update", "delete", "replace")]
    may_change = [
        *(f"{table}_no_delete" for table in ("record_publictext", "pay_attachment")),
        *("lotteries_offer_no_update", "pay_claim_no_update", "pay_payment_no_update"),
        *("registers_row_no_update", "registers_row_no_delete", "consultations_version_no_update"),
        *("engagements_engagement_no_update", "engagements_engagement_no_delete"),
        *("keys_engagementkey_no_update", "keys_wrap_no_delete", "keys_paperwrap_no_delete"),
        *("voices_voice_no_delete",),
        *("seats_alternate_no_update", "seats_vacancy_no_update", "opinions_map_no_update"),
        *(name for name, table in triggers_of_apps if table == "calls_call"),
    ]
    assert sorted(triggers.missing()) == sorted([*lost, *may_change])
    found = run_checks(tags=["database"], databases=["default"])
    assert [one.id for one in found if "trigger" in one.msg] == ["record.E001"]
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []
    assert taken_by_sql(["UPDATE record_logentry SET kind = 'x'"]) == []


def test_every_trigger_of_every_app_is_missed_once_it_does_nothing_under_its_name(both_databases):
    made = own_triggers()
    assert {"voices_voice_no_update", "calls_call_published_update", "record_logentry_no_update"} <= set(made)
    assert (triggers.missing(), triggers.strange()) == ([], [])
    with connection.cursor() as cursor:
        for name, table in made.items():
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER {name}{on}")
            if connection.vendor == "sqlite":
                cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN 0 BEGIN SELECT 1; END")
            else:
                does = "FOR EACH ROW WHEN (FALSE) EXECUTE FUNCTION record_is_append_only('x')"
                cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} {does}")
    assert sorted(triggers.missing()) == sorted(made)
    (told,) = triggers.check_triggers(None, ["default"])
    assert "voices_voice_no_update" in told.msg
    call_command("migrate", verbosity=0)
    assert (triggers.missing(), triggers.strange()) == ([], [])


def own_triggers():
    """Give the triggers that stand in the database by name, with the table of each."""
    query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor != "sqlite":
        query = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def test_a_trigger_that_is_not_ours_is_named(both_databases):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER quiet AFTER INSERT ON voices_withdrawal BEGIN DELETE FROM voices_withdrawal; END"
            )
        else:
            does = "FOR EACH ROW EXECUTE FUNCTION record_is_append_only('x')"
            cursor.execute(f"CREATE TRIGGER quiet AFTER INSERT ON voices_withdrawal {does}")
    (told,) = triggers.check_triggers(None, ["default"])
    assert (told.id, "quiet" in told.msg) == ("record.W003", True)
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER quiet" + ("" if connection.vendor == "sqlite" else " ON voices_withdrawal")
        )


def test_a_trigger_under_a_name_of_ours_on_another_table_is_named(both_databases):
    is_sqlite = connection.vendor == "sqlite"
    does = (
        "BEGIN DELETE FROM voices_withdrawal; END"
        if is_sqlite
        else "FOR EACH ROW EXECUTE FUNCTION record_is_append_only('x')"
    )
    with connection.cursor() as cursor:
        if is_sqlite:  # there a name is one in the whole database
            cursor.execute("DROP TRIGGER record_logentry_no_update")
        cursor.execute(f"CREATE TRIGGER record_logentry_no_update AFTER INSERT ON voices_withdrawal {does}")
    assert triggers.missing() == (["record_logentry_no_update"] if is_sqlite else [])
    assert triggers.strange() == ["trigger record_logentry_no_update on voices_withdrawal"]
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER record_logentry_no_update" + ("" if is_sqlite else " ON voices_withdrawal")
        )
    call_command("migrate", verbosity=0)
    assert (triggers.missing(), triggers.strange()) == ([], [])


def test_a_view_in_place_of_a_table_is_named(both_databases):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE messages_alarm RENAME TO quiet")
        cursor.execute("CREATE VIEW messages_alarm AS SELECT * FROM quiet")
    assert triggers.strange() == ["view messages_alarm"]
    with connection.cursor() as cursor:
        cursor.execute("DROP VIEW messages_alarm")
        cursor.execute("ALTER TABLE quiet RENAME TO messages_alarm")
    assert triggers.strange() == []


@pytest.mark.postgres
def test_rules_row_policies_and_triggers_of_events_are_named(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE RULE quiet AS ON INSERT TO messages_alarm DO INSTEAD NOTHING")
        cursor.execute("ALTER TABLE voices_voice ENABLE ROW LEVEL SECURITY")
        cursor.execute("CREATE POLICY hidden ON voices_voice USING (false)")
        cursor.execute("ALTER TABLE voices_withdrawal FORCE ROW LEVEL SECURITY")
        cursor.execute(
            "CREATE FUNCTION heard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$"
        )
        cursor.execute("CREATE EVENT TRIGGER listens ON ddl_command_end EXECUTE FUNCTION heard()")
        cursor.execute("SET session_replication_role = replica")
        named = [
            "event trigger listens",
            "row policies on voices_voice",
            "row policies on voices_withdrawal",
            "rule quiet on messages_alarm",
            "session_replication_role = replica",
        ]
        assert triggers.strange() == named
        (told,) = triggers.check_triggers(None, ["default"])
    assert (told.id, all(one in told.msg for one in named)) == ("record.W003", True)


@pytest.mark.postgres
def test_a_function_of_ours_that_looks_elsewhere_is_missed(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION record_is_append_only() SET search_path = elsewhere")
    assert "record_logentry_no_update" in triggers.missing()
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []


@pytest.mark.postgres
def test_a_function_that_lets_everything_through_and_a_trigger_for_replicas_alone_are_missed(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voices_voice ENABLE REPLICA TRIGGER voices_voice_no_update")
    assert triggers.missing() == ["voices_voice_no_update"]
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$"
        )
    assert {"record_logentry_no_update", "voices_voice_no_update"} <= set(triggers.missing())
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []


@pytest.mark.postgres
def test_a_trigger_that_was_switched_off_is_missed(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE record_logentry DISABLE TRIGGER record_logentry_no_update")
    assert triggers.missing() == ["record_logentry_no_update"]
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []


# Erasure


def erased(thread, *, by=None):
    """Take the words of the finding down."""
    text = PublicText.objects.get(name="statement", is_original=True)
    roles = by or ["steward", thread.second_lead.public_id]
    given = {"entry": text.entry, "sha256": text.sha256, "ground": "Order 12 of the court", "by": roles}
    texts.erase_text(program=thread.program, now=thread.now, **given)
    return text


def test_erasure_keeps_every_proof_valid_and_the_verifier_explains_it(both_databases, tmp_path):
    thread = walked()
    verified(thread, tmp_path)
    text = erased(thread)
    heads.sign_head(program=thread.program, now=thread.now)
    says = verified(thread, tmp_path)  # the head seen before still stands at the beginning of this one
    assert f"A text of entry {text.entry} was taken down; entry {size() - 1} says on what ground." in says
    pages = [
        f"{BASE}/record/{text.entry}/",
        "/riverbend/record/texts/0.json",
        f"{BASE}/follow/{thread.promise}/",
    ]
    assert [page for page in pages if text.words in as_(None).get(page).content.decode()] == []


NAMED = "Ana Lopez of 12 Elm Street"


def test_no_words_of_the_city_stand_in_the_log_itself_and_a_take_down_reaches_them(db):
    thread = Thread(now=today()).to_open_engagement()
    commitment = thread.answer(thread.recommend(thread.find()))[-1]
    steward, boss = as_(thread.steward), as_(thread.boss)
    link = "https://riverbend.example/?who=Ana+Lopez+of+12+Elm+Street"
    claimed = boss.post(
        f"{BASE}/commitments/{commitment.index}/m1/claim/", {"words": "It is done.", "links": link}
    )
    paused = steward.post(f"{BASE}/engagements/{thread.engagement.slug}/pause/", {"ground": NAMED})
    assert (claimed.status_code, paused.status_code) == (302, 302)
    call_command("lead", "suspend", "riverbend", thread.second_lead.public_id, NAMED)
    text = PublicText.objects.get(name="statement", is_original=True)
    agreed = {"program": "riverbend", "entry": text.entry, "name": "statement", "ground": NAMED}
    lead = thread.first_lead.public_id
    call_command(
        "text", "take-down", "riverbend", str(text.entry), "statement", NAMED, agree(**agreed, by=lead)
    )
    call_command("text", "hold", "riverbend", NAMED)

    assert [
        one for one in map(bytes, LogEntry.objects.values_list("raw", flat=True)) if b"Lopez" in one
    ] == []
    said = PublicText.objects.filter(words__contains="Lopez").values_list("name", "words")
    assert sorted(said) == [*[("ground", NAMED)] * 4, ("links", link)]

    call_command("text", "lift", "riverbend", str(size() - 1))
    for one in PublicText.objects.filter(words__contains="Lopez"):
        by = [thread.manager.public_id, lead]
        given = {"entry": one.entry, "sha256": one.sha256, "ground": "Order 12", "by": by}
        texts.erase_text(program=thread.program, now=thread.now, **given)
    page = steward.get(f"{BASE}/engagements/{thread.engagement.slug}/").content.decode()
    assert ("Lopez" in page, "This text was taken down on a legal ground." in page) == (False, True)


def test_two_city_roles_do_not_take_down_the_ground_of_a_take_down(db):
    thread = walked()
    erased(thread)
    ground = PublicText.objects.get(name="ground")
    given = {"entry": ground.entry, "sha256": ground.sha256, "ground": "Order 13"}
    by = ["steward", thread.manager.public_id]
    attempts = {"the city": lambda: texts.erase_text(program=thread.program, now=thread.now, **given, by=by)}
    assert accepted(attempts) == []


def test_one_role_alone_erases_nothing(db):
    thread = walked()
    lead, other, office = thread.first_lead.public_id, thread.second_lead.public_id, thread.manager.public_id
    signers = {
        "the program coordinator": ["steward"],
        "a lead": [lead],
        "two leads": [lead, other],
        "an office": [office],
    }
    text = PublicText.objects.get(name="statement", is_original=True)
    given = {"entry": text.entry, "sha256": text.sha256, "ground": "Order 12 of the court"}
    attempts = {
        who: lambda by=by: texts.erase_text(program=thread.program, now=thread.now, **given, by=by)
        for who, by in signers.items()
    }
    before = PublicText.objects.count()
    assert accepted(attempts) == []
    assert PublicText.objects.count() == before


def test_no_command_erases_what_nobody_else_agreed_to(db):
    thread = walked()
    text = PublicText.objects.get(name="statement", is_original=True)
    lead, office = thread.first_lead.public_id, thread.manager.public_id
    given = {"program": "riverbend", "entry": text.entry, "name": "statement", "ground": "x"}
    stray = ["", "steward", lead, agree(**given | {"ground": "y"}, by=lead)]
    refused = dict.fromkeys(stray, "This code does not stand for this text and this ground")
    refused[agree(**given, by=office)] = "the community wrote this; a lead takes it down"
    for code, why in refused.items():
        with pytest.raises(CommandError, match=why):
            call_command("text", "take-down", "riverbend", str(text.entry), "statement", "x", code)
    assert PublicText.objects.filter(pk=text.pk).exists()


def test_only_a_lead_or_a_manager_gets_the_code_that_agrees(db):
    thread = walked()
    text = PublicText.objects.get(name="statement", is_original=True)
    page = f"{BASE}/record/{text.entry}/agree/"
    typed = {"name": "statement", "ground": "Order 12"}
    closed = [as_(one).post(page, typed).status_code for one in (None, thread.staff, thread.steward)]
    assert closed == [403, 403, 403]
    told = as_(thread.first_lead.person).post(page, typed).content.decode()
    code = re.search(r"seat-[\w:-]+", told).group()
    call_command("text", "take-down", "riverbend", str(text.entry), "statement", "Order 12", code)
    assert not PublicText.objects.filter(pk=text.pk).exists()


def test_the_command_that_a_lead_hands_on_runs_nothing_that_somebody_typed(db):
    thread = walked()
    text = PublicText.objects.get(name="statement", is_original=True)
    ground = "ORS \"192\" $(echo ran) `echo ran` 'x'; echo ran"
    typed = {"name": "statement", "ground": ground}
    page = as_(thread.first_lead.person).post(f"{BASE}/record/{text.entry}/agree/", typed)

    words = page.context["line"].removeprefix("alongside ")
    told = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {words}"], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert told[:-1] == ["text", "take-down", "riverbend", str(text.entry), "statement", ground]


def test_a_legal_hold_pauses_erasure_until_it_is_lifted(db):
    thread = walked()
    hold = texts.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)
    assert accepted({"under a hold": lambda: erased(thread)}) == []
    text = PublicText.objects.get(name="statement", is_original=True)
    with pytest.raises(CommandError, match="a legal hold stands"):
        code = agree(
            program="riverbend",
            entry=text.entry,
            name="statement",
            ground="x",
            by=thread.first_lead.public_id,
        )
        call_command("text", "take-down", "riverbend", str(text.entry), "statement", "x", code)
    assert taken_by_sql([f"DELETE FROM record_publictext WHERE id = {text.pk}"]) == []
    texts.lift_hold(program=thread.program, hold=hold.index, by="steward", now=thread.now)
    erased(thread)
    assert not PublicText.objects.filter(pk=text.pk).exists()


def test_sql_erases_only_what_the_record_says_was_erased(both_databases):
    thread = walked()
    erased(thread)
    assert taken_by_sql(["DELETE FROM record_publictext"]) == []


def test_no_translation_takes_the_place_of_what_was_first_written(db):
    thread = walked()
    finding = PublicText.objects.get(name="statement", is_original=True).entry

    def say(by, lang, name="statement"):
        return lambda: texts.translate_text(
            program=thread.program,
            entry=finding,
            by=by,
            lang=lang,
            texts={name: "People want nothing."},
            made_by="person",
            reviewed=True,
            now=thread.now,
        )

    attempts = {
        "in the original's language": say(thread.first_lead.public_id, "en"),
        "by the steward in that language": say("steward", "en"),
        "by the city": say(thread.manager.public_id, "es"),
        "of a text that is not there": say(thread.first_lead.public_id, "es", "other"),
    }
    assert accepted(attempts) == []
    assert "People want short keeping." in as_(None).get(f"{BASE}/record/{finding}/").content.decode()


# A restored database, and an attacker who holds the database


def test_a_restored_old_database_does_not_sign(both_databases, settings, tmp_path, monkeypatch):
    with_tools(monkeypatch)
    settings.DATA = tmp_path
    thread = walked()
    backups.backup(tmp_path / "old.tar.gz")
    thread.find()
    heads.sign_head(program=thread.program, now=thread.now)
    lose_everything()
    backups.restore(tmp_path / "old.tar.gz")
    with pytest.raises(HaltedLogError, match="Run `alongside record resume`"):
        thread.find()
    mark = next(settings.ALONGSIDE.keys.glob("*.high"))
    kept = mark.read_bytes()
    mark.unlink()
    with pytest.raises(HaltedLogError, match="There is no high-water mark"):
        thread.find()
    forge_mark(thread.program)  # whoever holds the machine can make one of their own
    thread.find()
    thread.find()  # as long as the record that was signed, and another history
    mark.write_bytes(kept)
    with pytest.raises(HaltedSigningError, match="Run `alongside record resume`"):
        heads.sign_head(program=thread.program, now=thread.now)


@pytest.fixture
def lost(db, settings, tmp_path, monkeypatch):
    """Give a thread whose last entries were signed and seen by a checker, and are lost with the database."""
    with_tools(monkeypatch)
    settings.DATA = tmp_path
    thread = walked()
    backups.backup(tmp_path / "old.tar.gz")
    thread.find()
    heads.sign_head(program=thread.program, now=thread.now)
    verified(thread, tmp_path)
    lose_everything()
    backups.restore(tmp_path / "old.tar.gz")
    return thread


WHY = "The disk of March broke, and nobody had a mirror."


def a_lead_agrees(thread: Thread) -> list[str]:
    """Let a lead agree on the record's page, and give the words of the command that stands there."""
    page = as_(thread.first_lead.person).post(f"{BASE}/record/resume/", {"reason": WHY}).content.decode()
    line = html.unescape(page.split('tabindex="0">')[1].split("</pre>")[0])
    return shlex.split(line)[3:]


def test_nobody_lets_a_record_go_on_without_what_is_lost_but_a_lead_and_the_steward(lost):
    program = lost.program.slug
    before = size()
    for code in ("", lost.first_lead.public_id, *codes_of_the_city(lost)):
        with pytest.raises(CommandError, match="This code does not stand for"):
            call_command("record_resume", program, without_mirror=WHY, code=code)
    pages = [as_(person).get(f"{BASE}/record/resume/").status_code for person in (None, *city(lost).values())]
    assert (pages, size()) == ([403, 403, 403, 403], before)
    reason = entries.Text("en", WHY)
    for by in (["steward"], ["steward", lost.manager.public_id], [lost.first_lead.public_id]):
        with pytest.raises(
            GrammarError,
            match="a lead and the program coordinator, or an office, let a record go on together",
        ):
            restoring.go_on_without(program=lost.program, reason=reason, by=by, now=lost.now)
    assert size() == before


def codes_of_the_city(thread: Thread) -> list[str]:
    """Give codes that a lead made for another ground, or for a text."""
    asked = {"program": thread.program.slug, "entry": size(), "by": thread.first_lead.public_id}
    lost = resume_without(thread.program)
    said = [(lost, "another"), ("statement", WHY), ("resume", WHY), ("resume 1:00", WHY)]
    return [agree(**asked, name=name, ground=ground) for name, ground in said]


def test_a_record_goes_on_without_what_is_lost_also_days_after_the_backup(
    db, settings, tmp_path, monkeypatch
):
    with_tools(monkeypatch)
    settings.DATA = tmp_path
    thread = Thread(now=today() - timedelta(days=5)).to_open_engagement()
    days.begin_day(program=thread.program, now=thread.now, is_seen=True)
    backups.backup(tmp_path / "old.tar.gz")
    thread.find()
    heads.sign_head(program=thread.program, now=thread.now)
    lose_everything()
    backups.restore(tmp_path / "old.tar.gz")
    program, *words = a_lead_agrees(thread)
    call_command("record_resume", program, *words)
    thread.now = today()
    assert LogEntry.objects.order_by("index").last().kind == "record.resumed"
    thread.find()


def test_a_lead_who_agreed_to_one_loss_agreed_to_no_later_one(lost, tmp_path):
    program, *words = a_lead_agrees(lost)
    call_command("record_resume", program, *words)
    lost.find()
    heads.sign_head(program=lost.program, now=lost.now)
    lose_everything()
    backups.restore(tmp_path / "old.tar.gz")
    with pytest.raises(CommandError, match="This code does not stand for"):
        call_command("record_resume", program, *words)


def test_a_record_goes_on_without_what_is_lost_and_everyone_who_saw_it_is_told(lost, tmp_path, capsys):
    kept = size()
    program, *words = a_lead_agrees(lost)
    call_command("record_resume", program, *words)
    said = f"entry {kept} says that the record goes on without what was signed after it. The record is signed again.\n"
    back = capsys.readouterr().out.partition(said)[2]
    assert back.startswith("What was taken down or destroyed since the backup is back")
    told = (
        f"Entry {kept} says that entries {kept} to {kept} had been signed and were lost, and that the record went on without "
        f"them; {lost.first_lead.public_id} and steward stand for that."
    )
    whole = {"today": today().date(), "vkey": vkey(lost.program)}
    assert told in verify_record(Asked(), state=load(tmp_path / "nothing.json"), **whole).says
    with pytest.raises(RecordError, match=f"all from number {kept} on were lost .* --resumed {kept}"):
        verified(lost, tmp_path)
    seen = load(tmp_path / "seen.json")
    said = verify_record(Asked(), state=seen, resumed=kept, **whole).says
    assert f"it went on without some of the {kept + 1} entries seen on " in said
    assert f"it still begins with the {kept + 1} entries" in verified(lost, tmp_path)


def test_where_nothing_is_lost_nobody_says_that_something_was(db):
    thread = walked()
    reason, by = entries.Text("en", WHY), [thread.first_lead.public_id, "steward"]
    with pytest.raises(ValueError, match="is missing as far as this machine knows.*name a mirror"):
        restoring.go_on_without(program=thread.program, reason=reason, by=by, now=thread.now)
    assert as_(thread.first_lead.person).get(f"{BASE}/record/resume/").status_code == 404


def forge_mark(program) -> None:
    """Write a high-water mark that says of the database as it is that it was signed."""
    log = Log.objects.get(program=program)
    write_high_water(program, HighWater(log.size, root_from(tile_reader(log).read, log.size)))


def without_triggers(*statements: str) -> None:
    """Do what an attacker does who may drop triggers."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for what in ("no_update", "no_delete", "no_replace"):
                cursor.execute(f"DROP TRIGGER {table}_{what}")
        for sql in statements:
            cursor.execute(sql)


ATTACKS = {
    "another place": "UPDATE record_logentry SET raw = CAST(replace(CAST(raw AS TEXT), 'seat-', 'seal-') AS BLOB)"
    " WHERE kind = 'finding.published'",
    "an entry less": "DELETE FROM record_logentry WHERE kind = 'ask.recommended'",
    "two entries swapped": "UPDATE record_logentry SET raw = (SELECT o.raw FROM record_logentry o"
    ' WHERE o."index" = 5 - record_logentry."index") WHERE "index" IN (2, 3)',
    "other words": "UPDATE record_publictext SET words = 'People want long keeping.' WHERE name = 'statement'",
    "words taken away": "DELETE FROM record_publictext WHERE name = 'statement'",
    "another root": "UPDATE record_head SET note = replace(note, char(10) || size || char(10), char(10) || 3 || char(10))",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_row_that_an_attacker_changed_is_caught_by_whoever_checks(db, tmp_path, name):
    thread = walked()
    verified(thread, tmp_path)
    without_triggers(ATTACKS[name])
    with pytest.raises((*NOTHING_HOLDS, MissingError)):
        verified(thread, tmp_path)


def test_a_pack_stays_the_text_that_was_adopted(both_databases):
    walked()
    statements = [
        f'UPDATE programs_packversion SET "{one}" = "{one}"' for one in columns("programs_packversion")
    ]
    assert taken_by_sql([*statements, "DELETE FROM programs_packversion"]) == []


def test_a_pack_whose_text_was_changed_in_the_database_words_nothing(db):
    thread = walked()
    sha256 = thread.program.packs.get().sha256
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS programs_packversion_no_update")
        cursor.execute("UPDATE programs_packversion SET text = replace(text, 'Involve', 'Only inform')")
    pack_under.cache_clear()
    with pytest.raises(RuntimeError, match="Put its text back from a backup"):
        pack_under(sha256)
    pack_under.cache_clear()


REFOLDED = {
    "a later day to answer": "UPDATE record_standing SET answer_due = '2036-01-01'",
    "an answer that is none": "UPDATE record_standing SET state = 'answered'",
    "silence that was not told": "UPDATE record_standing SET silences = 0, quiet = '2036-01-01'",
    "a later day to deliver": "UPDATE record_milestonestanding SET due = '2036-01-01'",
    "a promise that is kept": "UPDATE record_milestonestanding SET completion = 'complete'",
    "an ask that is gone": "DELETE FROM record_standing",
    "a promise that is gone": "DELETE FROM record_milestonestanding",
    "a step that is gone": "DELETE FROM record_citation WHERE kind = 'ask.silent'",
    "a step that never was": "UPDATE record_citation SET cited = cited - 1 WHERE kind = 'ask.silent'",
}


@pytest.fixture
def kept_and_late(db) -> Thread:
    return late_and_promised(today())


@remembered
def late_and_promised(now: datetime) -> Thread:
    """Give a thread with a late ask and one that was promised."""
    thread = Thread(now=now - timedelta(days=70)).to_open_engagement()
    late = thread.recommend(thread.find())
    thread.answer(thread.recommend(thread.find(), title="Say it on the door"))
    thread.now = now
    asks.tell_silence(program=thread.program, ask=late.index, now=thread.now)
    return thread


@pytest.mark.parametrize("changed", REFOLDED)
def test_where_the_database_says_something_else_than_the_entries_is_told_the_next_night(
    kept_and_late, changed
):
    program, day = kept_and_late.program, kept_and_late.now.date()
    assert folded.look_again(program=program, today=day) == []
    with connection.cursor() as cursor:
        cursor.execute(REFOLDED[changed])
    assert folded.look_again(program=program, today=day) == []  # once a day
    found = folded.look_again(program=program, today=day + timedelta(days=1))
    assert found
    health = {one.name: one for one in findings(datetime.now(tz=UTC))}["changed_rows"]
    assert (health.value, health.well) == (len(found), False)
    desk = as_(kept_and_late.steward).get(f"{BASE}/steward/").content.decode()
    assert "Pages do not show what the public log says" in desk
    call_command("record_rebuild")
    assert folded.look_again(program=program, today=day + timedelta(days=1)) == []
    assert folded.look_again(program=program, today=day + timedelta(days=2)) == []
    assert "Pages do not show" not in as_(kept_and_late.steward).get(f"{BASE}/steward/").content.decode()


def test_rules_that_nobody_adopted_are_told_the_next_night_and_no_lead_agrees_to_them_unread(
    kept_and_late, tmp_path
):
    program, day = kept_and_late.program, kept_and_late.now.date()
    others = shipped_pack("neutral").replace("+15035550142", "+15038230000")
    adopt(kept_and_late, others, tmp_path)
    sha256 = hashlib.sha256(others.encode()).hexdigest()
    PackVersion.objects.create(program=program, sha256=sha256, text=others, adopted_on=day)
    shown = as_(kept_and_late.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    assert "+15038230000" in shown
    in_force = LogEntry.objects.filter(kind="policy.adopted").latest("index").index
    assert folded.look_again(program=program, today=day) == [in_force]
    call_command("record_rebuild")
    assert folded.look_again(program=program, today=day + timedelta(days=1)) == [in_force]


def test_rules_that_an_entry_tells_otherwise_hold_nowhere(db, tmp_path):
    thread = Thread(now=today()).to_open_engagement()
    others = shipped_pack("neutral").replace("+15035550142", "+15038230000")
    told = LogEntry.objects.filter(kind="policy.adopted").latest("index").parsed.data
    adopt_pack(program=thread.program, text=others, on=thread.today)
    sha256 = hashlib.sha256(others.encode()).hexdigest()
    entered = thread.enter("policy.adopted", ["steward"], {**told, "pack": sha256})
    heads.sign_head(program=thread.program, now=thread.now)
    with pytest.raises(RecordError, match=f"Entry {entered.index} adopts other rules than those .*: routes"):
        verified(thread, tmp_path)
    assert folded.look_again(program=thread.program, today=thread.today) == [entered.index]


def test_rules_that_are_not_given_out_hold_only_in_a_mirror(db, tmp_path, monkeypatch):
    thread = Thread(now=today()).to_open_engagement()
    heads.sign_head(program=thread.program, now=thread.now)
    assert "The words of its rules that people read fit their hashes." in verified(thread, tmp_path)
    monkeypatch.setattr(machine, "has_adopted", lambda *_: False)
    with pytest.raises(RecordError, match="The rules that entry 1 adopts are not given out"):
        verified(thread, tmp_path)
    monkeypatch.setattr(Asked, "is_mirror", True)
    assert "This copy does not hold the rules that 1 entry adopts" in verified(thread, tmp_path)


def test_rules_that_are_adopted_on_a_day_that_stands_still_are_told_as_of_that_day(db, tmp_path):
    thread = Thread(now=today()).to_open_engagement()
    adopt(thread, shipped_pack("neutral") + "# The same.\n", tmp_path)
    thread.now -= timedelta(days=1)
    adopt_rules(program=thread.program, text=shipped_pack("neutral"), now=thread.now)
    assert folded.look_again(program=thread.program, today=thread.today) == []


def test_what_is_given_out_of_rules_holds_no_remark_of_whoever_wrote_them(db, tmp_path):
    thread = Thread(now=today()).to_open_engagement()
    remark = "# A lead lives at 12 Elm Street."
    adopt(thread, f"{shipped_pack('neutral')}\n{remark}\n", tmp_path)
    sha256 = thread.program.packs.latest("pk").sha256
    given = Asked().get(f"rules/{sha256}.json").decode()
    assert ("Libraries and Halls Unit" in given, "Elm Street" in given) == (True, False)


#: Texts that change places, or say that somebody else made them: each row still fits a hash of the record.
MOVED = {
    "what can change and what cannot": ("name", "'can_change'", "'cannot_change'"),
    "the words of two entries": ("entry", "{0}", "{1}"),
}


@pytest.mark.parametrize("moved", MOVED)
def test_texts_that_changed_places_are_told_the_next_night_and_stay_told(kept_and_late, moved):
    program, day = kept_and_late.program, kept_and_late.now.date()
    texts = PublicText.objects.filter(log__program=program)
    twice = list(texts.filter(name="title").values_list("entry", flat=True))[:2]
    column, one, other = (part.format(*twice) for part in MOVED[moved])
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER record_publictext_no_update")
        names = " AND name = 'title'" if column == "entry" else ""
        spare = "'spare'" if column == "name" else "999999"
        for was, is_now in ((one, spare), (other, one), (spare, other)):
            both = f", about = {is_now}" if column == "entry" else ""
            cursor.execute(
                f"UPDATE record_publictext SET {column} = {is_now}{both} WHERE {column} = {was}{names}"
            )
    triggers.install()
    changed = set(texts.filter(name__in=["can_change", "cannot_change"]).values_list("entry", flat=True))
    expected = sorted(twice if column == "entry" else changed)
    assert folded.look_again(program=program, today=day) == expected
    call_command("record_rebuild")
    assert folded.look_again(program=program, today=day) == expected
    assert folded.look_again(program=program, today=day + timedelta(days=1)) == expected


#: What the owner of the database does to an entry whose bytes stay.
BESIDE_THE_BYTES = {
    "its kind": "UPDATE record_logentry SET kind = 'meeting.planned' WHERE \"index\" = {0}",
    "what it is about": "UPDATE record_logentry SET subject = 'other' WHERE \"index\" = {0}",
    "its day": "UPDATE record_logentry SET date = '2020-01-01' WHERE \"index\" = {0}",
    "who wrote it": "UPDATE record_logentry SET pen = 'clock' WHERE \"index\" = {0}",
    "its leaf": "UPDATE record_logentry SET leaf = x'00' WHERE \"index\" = {0}",
    "a text that is gone": "DELETE FROM record_publictext WHERE entry = {0} AND name = 'title'",
}


@pytest.mark.parametrize("changed", BESIDE_THE_BYTES)
def test_what_is_changed_beside_the_bytes_of_an_entry_is_told_the_next_night(kept_and_late, changed):
    program, day = kept_and_late.program, kept_and_late.now.date()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER record_logentry_no_update")
        cursor.execute("DROP TRIGGER record_publictext_no_delete")
        cursor.execute(BESIDE_THE_BYTES[changed].format(kept_and_late.promise))
    triggers.install()

    assert kept_and_late.promise in folded.look_again(program=program, today=day)


NOWHERE = 10**9


def test_words_and_steps_of_an_entry_that_is_not_there_are_told_the_next_night(kept_and_late):
    program, day = kept_and_late.program, kept_and_late.now.date()
    log = Log.objects.get(program=program)
    finding = PublicText.objects.filter(log=log, name="statement", is_original=True)[0]
    forged = {"name": "statement", "lang": "en", "is_reviewed": True, "made_by": "person"}
    forged |= {"log": log, "entry": NOWHERE, "about": finding.entry, "sha256": "0" * 64, "salt": b"x" * 16}
    with pytest.raises(IntegrityError, match="first_words_stand_under_their_own_entry"), transaction.atomic():
        PublicText.objects.create(**forged, is_original=True, words="They said something else.")
    PublicText.objects.create(**forged, is_original=False, words="They said something else.")
    silent = LogEntry.objects.get(log=log, kind="ask.silent").index
    Citation.objects.filter(log=log, citing=silent).delete()
    Citation.objects.create(log=log, citing=NOWHERE, kind="clock.faulted", role="wrong", cited=silent)
    Standing.objects.filter(log=log).update(silences=0)
    found = folded.look_again(program=program, today=day)
    assert {finding.entry, silent} <= set(found)


def test_a_line_beyond_the_log_silences_no_lead_and_is_told_the_next_night(kept_and_late):
    thread, program = kept_and_late, kept_and_late.program
    log = Log.objects.get(program=program)
    lead = thread.first_lead.public_id
    line = {"v": VERSION, "kind": "seat.suspended", "date": thread.now.date().isoformat(), "pen": "program"}
    line |= {"by": ["steward"], "data": {"seat": lead}, "cites": {}, "texts": {}}
    row = {"kind": line["kind"], "subject": lead, "date": thread.now.date(), "pen": "program"}
    LogEntry.objects.create(log=log, index=NOWHERE, **row, raw=canonical(line), leaf=b"x" * 32)

    assert thread.find().by == (lead,)
    day = thread.now.date()
    assert NOWHERE in folded.look_again(program=program, today=day)
    call_command("record_rebuild")
    assert folded.look_again(program=program, today=day) == [NOWHERE]


def test_the_tick_looks_again_once_a_day(kept_and_late):
    ticking.tick(kept_and_late.now)
    log = Log.objects.get(program=kept_and_late.program)
    assert (log.looked_on, log.looked_to, log.differing) == (kept_and_late.now.date(), log.size, [])


def test_a_history_that_was_written_anew_and_signed_with_the_key_is_caught(db, tmp_path):
    thread = walked()
    verified(thread, tmp_path)
    last = size() - 1
    without_triggers(
        f"DELETE FROM record_citation WHERE citing >= {last}",
        f'DELETE FROM record_logentry WHERE "index" >= {last}',
        f"DELETE FROM record_head WHERE size > {last}",
        f"UPDATE record_log SET size = {last}",
    )
    with pytest.raises(HaltedLogError):
        thread.find()
    with pytest.raises(HaltedSigningError):
        heads.sign_head(program=thread.program, now=thread.now)
    forge_mark(thread.program)  # whoever holds the machine can make a mark of their own
    thread.find()
    heads.sign_head(program=thread.program, now=thread.now)
    with pytest.raises(NOTHING_HOLDS):
        verified(thread, tmp_path)


def test_no_lead_makes_the_words_of_the_record_larger_than_whoever_checks_it_reads(db, client):
    review = Review()
    said = [review.say("\U0001f642" * 3980 + f'"{number}"') for number in range(100)]
    cited = [Cited(one, place_of(one, usual_purpose().product("dataset"))) for one in said]
    given = {"consultation": review.row, "seat": review.lead.public_id, "points": [], "now": review.now}
    before = Log.objects.get().size
    with pytest.raises(GrammarError, match="shorten it, or publish it in two parts"):
        asks.advise(words=Text("en", "Say it plainly."), comments=cited, **given)
    assert Log.objects.get().size == before

    asks.advise(words=Text("en", "Say it plainly."), comments=cited[:30], **given)
    size = len(client.get(f"{RECORD}/entries/{before}.texts.json").content)

    assert 450_000 < size <= MOST_WORDS
    assert TILE_WIDTH * MOST_WORDS <= MAX_BYTES


@pytest.mark.parametrize("text", ["a", "\U0001f642", '"', "\\", "\x01", "\n", "\u0645"])
def test_words_are_counted_as_large_as_the_file_that_gives_them_out(db, client, text):
    thread, words = Thread(now=today()).to_open_engagement(), Text("en", f"words {text * 1000}")
    at = Log.objects.get().size
    thread.enter("hold.placed", ["steward"], texts={"ground": words})
    assert len(client.get(f"{RECORD}/entries/{at}.texts.json").content) <= bytes_given_out([words.words])


def test_entries_are_never_dated_back(db):
    thread = walked()
    before = thread.now
    thread.now = datetime(2020, 1, 1, tzinfo=UTC)
    assert thread.enter("policy.adopted", ["steward"], policy_again()).date == before.date()


def policy_again() -> dict:
    import json

    return json.loads(bytes(LogEntry.objects.get(kind="policy.adopted").raw))["data"]


def test_triggers_that_are_gone_are_caught(db, monkeypatch):
    connection.close()
    file = sqlite3.connect(connection.settings_dict["NAME"])
    for table in TABLES:
        file.execute(f"DROP TRIGGER {table}_no_update")
    file.commit()
    file.close()
    is_caught("UPDATE reco", test_no_row_of_the_record_is_changed_or_taken_away, None)


def test_rows_that_can_be_replaced_are_caught(db):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER record_logentry_no_replace")
    is_caught("INSERT OR R", test_no_row_is_replaced_by_another_in_its_place, None)


def test_an_erasure_without_an_entry_is_caught(db, monkeypatch):
    def quietly(*, program, sha256, **_):
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS record_publictext_no_delete")
        PublicText.objects.filter(log__program=program, sha256=sha256).delete()

    monkeypatch.setattr(texts, "erase_text", quietly)
    is_caught("the program coordinator", test_one_role_alone_erases_nothing, None)


def test_signing_without_the_mark_is_caught(db, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("alongside.ground.record.actions.heads.halted", lambda *_, **_more: "")
    monkeypatch.setattr("alongside.ground.record.actions.heads.read_high_water", lambda _program: None)
    is_caught(
        "DID NOT RAISE HaltedSigningError",
        test_a_restored_old_database_does_not_sign,
        "sqlite",
        settings,
        tmp_path,
        monkeypatch,
    )


def test_growing_without_the_mark_is_caught(db, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("alongside.ground.record.actions.entries.refuse_halted", lambda *_: None)
    is_caught(
        "DID NOT RAISE HaltedLogError",
        test_a_restored_old_database_does_not_sign,
        "sqlite",
        settings,
        tmp_path,
        monkeypatch,
    )


def test_the_size_of_the_log_cannot_be_turned_back_unnoticed(db):
    thread = walked()
    Log.objects.update(size=size() - 1)
    with pytest.raises(HaltedSigningError):
        heads.sign_head(program=thread.program, now=thread.now)
