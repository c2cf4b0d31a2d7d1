"""A restored record goes on as the history that was signed, or not at all."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError

from alongside.check.log import RecordError, fetch_log
from alongside.check.source import FolderSource, SavingSource, SourceError, WebSource
from alongside.check.texts import check_words
from alongside.cohort.seats.actions import seat_cohort
from alongside.core.grammar.check import parse
from alongside.core.ledger.nodes import root_from
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.actions.rules import enter_policy
from alongside.ground.record.models import Log, LogEntry, PublicText
from alongside.ground.record.signing import (
    HaltedLogError,
    HaltedSigningError,
    HighWater,
    read_high_water,
    read_key,
    write_high_water,
)
from alongside.ground.record.tiles import tile_reader
from alongside.site.backups import backup, restore
from alongside.site.resuming import resume, waiting
from tests.site.conftest import opened
from tests.site.test_backups import folder, lose_everything  # noqa: F401 -- folder is a fixture
from tests.site.test_two_machines import another_key

NAMES = {"en": "First cohort", "es": "Primera cohorte"}


def texts() -> list[tuple]:
    """List all public texts with everything that is known of them."""
    fields = ("entry", "about", "name", "lang", "is_original", "is_reviewed", "made_by", "sha256", "words")
    return list(PublicText.objects.order_by("entry", "name").values_list(*fields))


def root_of(program) -> bytes:
    """Give the root over what the database holds."""
    log = Log.objects.get(program=program)
    return root_from(tile_reader(log).read, log.size)


@pytest.fixture
def mirror(live_site, folder, delta, clock) -> Path:
    """Back up, let the record grow and be signed, mirror it, and then restore the old backup."""
    sign_head(program=delta, now=clock)
    backup(folder / "old.tar.gz")
    seat_cohort(
        program=delta,
        slug="one",
        names=NAMES,
        from_date=date(2026, 3, 1),
        until_date=date(2027, 3, 1),
        now=clock,
    )
    sign_head(program=delta, now=clock)
    source = SavingSource(WebSource(f"{live_site.url}/delta/record"), folder / "mirror")
    fetched = fetch_log(source, [read_key(delta).verifier])
    check_words(source, [parse(place, raw) for place, raw in enumerate(fetched.entries)])
    source.keep()
    (folder / "before").write_text(repr(texts()))
    lose_everything()
    restore(folder / "old.tar.gz")
    return folder / "mirror"


def test_a_restored_old_backup_refuses_to_sign(mirror, delta, clock):
    with pytest.raises(HaltedSigningError, match="Run `alongside record resume`"):
        sign_head(program=delta, now=clock)


def test_a_restored_old_log_does_not_grow_until_it_resumed(both_databases, settings, tmp_path, clock):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    program = opened("delta", clock)
    signed = sign_head(program=program, now=clock)
    write_high_water(program, HighWater(signed.size + 1, signed.root))

    with pytest.raises(HaltedLogError, match="3 entries were signed and this database holds 2"):
        enter_policy(program=program, now=clock)

    assert (Log.objects.get().size, LogEntry.objects.count()) == (2, 2)
    write_high_water(program, HighWater(signed.size, signed.root))
    assert enter_policy(program=program, now=clock).index == 2


def test_a_restored_backup_does_not_grow(mirror, delta, clock):
    with pytest.raises(HaltedLogError, match="Run `alongside record resume`"):
        enter_policy(program=delta, now=clock)
    assert Log.objects.get().size == 2


def test_it_takes_back_what_was_signed_and_goes_on(mirror, delta, clock):
    assert Log.objects.get().size == 2
    assert list(waiting()) == ["delta"]
    assert len(resume(program=delta, address=str(mirror)).entries) == 2
    assert waiting() == {}
    assert repr(texts()) == (mirror.parent / "before").read_text()
    enter_policy(program=delta, now=clock)
    assert sign_head(program=delta, now=clock).size == 5


def test_a_mirror_in_which_an_entry_was_touched_is_refused(mirror, delta):
    bundle = next((mirror / "tile" / "entries").rglob("*.p/4"))
    bundle.write_bytes(bundle.read_bytes().replace(b'"one"', b'"two"'))
    with pytest.raises(RecordError, match="is not the entry that was put on the record there"):
        resume(program=delta, address=str(mirror))
    assert Log.objects.get().size == 2


def test_a_record_that_went_its_own_way_after_the_restore_is_refused(mirror, delta, clock, folder):
    restored = Log.objects.get().size
    mark = folder / "keys" / "delta.high"
    kept = mark.read_bytes()
    write_high_water(
        delta, HighWater(2, root_of(delta))
    )  # someone makes a mark of their own, so that the log grows again
    enter_policy(program=delta, now=clock)
    mark.write_bytes(kept)
    with pytest.raises(CommandError, match="are not ours|nothing is missing"):
        resume(program=delta, address=str(mirror))
    assert Log.objects.get().size == restored + 1


def test_a_machine_that_was_put_back_whole_takes_back_what_was_signed_before_it_serves(mirror, delta, clock):
    write_high_water(delta, HighWater(2, root_of(delta)))  # as a snapshot of the whole machine has it
    assert waiting() == {}, "nothing here can know"
    assert len(resume(program=delta, address=str(mirror)).entries) == 2
    enter_policy(program=delta, now=clock)
    assert sign_head(program=delta, now=clock).size == 5


@pytest.mark.parametrize("more", [1, 3])
def test_a_machine_that_was_put_back_whole_and_went_on_is_told_of_two_histories(mirror, delta, clock, more):
    write_high_water(delta, HighWater(2, root_of(delta)))
    for _ in range(more):
        enter_policy(program=delta, now=clock)
        sign_head(program=delta, now=clock)
    with pytest.raises(CommandError, match="are not ours, and its 4 are signed with our key"):
        resume(program=delta, address=str(mirror))


def test_a_mirror_signed_by_someone_else_is_refused(mirror, delta, settings):
    another_key(delta, settings)
    with pytest.raises(RecordError, match="cannot be believed"):
        resume(program=delta, address=str(mirror))


def test_a_mirror_behind_what_was_signed_last_is_refused(mirror, delta, clock):
    source = FolderSource(mirror)
    assert len(resume(program=delta, address=str(mirror)).entries) == 2
    enter_policy(program=delta, now=clock)
    sign_head(program=delta, now=clock)
    lose_everything()
    restore(mirror.parent / "old.tar.gz")
    with pytest.raises(HaltedSigningError, match="does not lead to what was signed last"):
        resume(program=delta, address=source.address)


def unmarked(folder, mark: bytes | None) -> None:
    """Put back what was copied when the program opened: the key, and no mark or the first one."""
    file = folder / "keys" / "delta.high"
    file.unlink()
    if mark is not None:
        file.write_bytes(mark)


@pytest.fixture(params=["no mark", "the first mark"])
def put_back(request, delta, folder) -> bytes | None:
    """Give the mark that somebody copied when the program opened, before anything was signed, or none."""
    return (folder / "keys" / "delta.high").read_bytes() if request.param == "the first mark" else None


def test_a_key_without_the_last_mark_neither_signs_nor_lets_the_log_grow(
    put_back, mirror, delta, clock, folder
):
    unmarked(folder, put_back)
    why = (
        "another machine signed since" if put_back else "There is no high-water mark beside the key of delta"
    )
    with pytest.raises(HaltedSigningError, match=why):
        sign_head(program=delta, now=clock)
    with pytest.raises(HaltedLogError, match=why):
        enter_policy(program=delta, now=clock)
    assert list(waiting()) == ["delta"]


def test_it_goes_on_from_the_head_of_a_mirror_also_without_a_mark_of_its_own(
    put_back, mirror, delta, clock, folder
):
    unmarked(folder, put_back)
    assert len(resume(program=delta, address=str(mirror)).entries) == 2
    assert read_high_water(delta).size == 4
    enter_policy(program=delta, now=clock)
    assert sign_head(program=delta, now=clock).size == 5


def test_another_machine_takes_over_only_from_a_head_that_it_compared_with_a_mirror(
    mirror, delta, clock, folder, settings
):
    resume(program=delta, address=str(mirror))
    first, second = folder / "keys", folder / "second"
    second.mkdir()
    (second / "delta.key").write_bytes((first / "delta.key").read_bytes())
    on_first = settings.ALONGSIDE
    settings.ALONGSIDE = dataclasses.replace(on_first, keys=second)
    with pytest.raises(HaltedSigningError, match="no high-water mark"):
        sign_head(program=delta, now=clock)

    assert len(resume(program=delta, address=str(mirror)).entries) == 0
    enter_policy(program=delta, now=clock)
    assert sign_head(program=delta, now=clock).size == 5
    settings.ALONGSIDE = on_first
    with pytest.raises(HaltedSigningError, match="another machine signed since"):
        sign_head(program=delta, now=clock)


def test_a_record_that_may_not_go_on_is_read_as_ever_and_takes_nothing_in(mirror, delta, client):
    pages = ["/delta/en/", "/delta/en/record/", "/delta/en/record/1/"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    reply = client.post("/delta/en/record/")
    assert reply.status_code == 503
    assert "<h1>Nothing can be added right now</h1>" in reply.content.decode()


def test_a_record_that_may_not_go_on_gives_mirrors_no_older_head(mirror, live_site, delta, clock):
    before = (mirror / "checkpoint").read_bytes()
    source = SavingSource(WebSource(f"{live_site.url}/delta/record"), mirror)
    with pytest.raises(SourceError, match="checkpoint answers with 503; try again later"):
        fetch_log(source, [read_key(delta).verifier])
    assert (mirror / "checkpoint").read_bytes() == before
    live_site.troubles.clear()  # the server logs that it had nothing to give
    resume(program=delta, address=str(mirror))
    sign_head(program=delta, now=clock)
    assert fetch_log(source, [read_key(delta).verifier]).head.size == 4
