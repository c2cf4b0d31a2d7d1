"""A file that was brought for review stays as it was brought, or goes on a legal ground by two roles; pages say which."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import Error, connection, transaction

from alongside.core.entries import GrammarError
from alongside.ground.record.actions import folded
from alongside.ground.record.queries import differing_entries
from alongside.ground.texts import actions as texts_actions
from alongside.work.consultations.models import Version
from tests.ground.record.test_an_entry_checks_its_words import tamper
from tests.promises.attempts import as_
from tests.work.consultations.cast import SLUG, Review
from tests.work.consultations.test_pages import FIRST, words_of

GROUND = "Order 12 of the court"
FILE = f"{FIRST}file"
CHANGED = "Somebody changed this file after it was brought. It is not the one on the public log."
GONE = "This file is gone, and no entry says why."
DOWN = "This file was taken down on a legal ground. Its hash stays in the public log and explains the gap."
NEW = b"use_case_name\nNobody is watched\n"


@pytest.fixture
def review(db) -> Review:
    return Review()


def change(data: bytes, salt: bytes | None = None) -> None:
    """Change the newest file in the database, past the site."""
    given = [data, *([] if salt is None else [salt])]
    sets = "data = %s" + ("" if salt is None else ", salt = %s")
    tamper("consultations_version", f"UPDATE consultations_version SET {sets}", given)


def take_down(review: Review, version: Version, by: list[str] | None = None):
    return texts_actions.erase_text(
        program=review.program,
        entry=version.entry,
        sha256=hashlib.sha256(bytes(version.salt) + bytes(version.data)).hexdigest(),
        ground=GROUND,
        by=by or ["steward", review.office],
        now=review.now,
    )


# Nobody changes it


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE consultations_version SET data = salt",
        "UPDATE consultations_version SET shown = 'link', data = NULL",
        "UPDATE consultations_version SET entry = 1",
        "UPDATE consultations_version SET data = salt, salt = data",
        "DELETE FROM consultations_version",
    ],
)
def test_the_database_refuses_to_change_what_was_brought(both_databases, sql):
    review = Review()
    review.bring()
    with pytest.raises(Error, match="what was brought for review stays"), transaction.atomic():
        connection.cursor().execute(sql)


def test_the_database_empties_no_file_that_no_entry_took_down(both_databases):
    review = Review()
    first = review.bring()
    second = review.bring(NEW, "other.csv", "other")
    take_down(review, second)
    with pytest.raises(Error, match="what was brought for review stays"), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(data=b"", salt=b"")
    assert bytes(Version.objects.get(pk=first.pk).data) == bytes(first.data)


@pytest.mark.parametrize("salt", [None, bytes(16)])
def test_the_page_says_that_a_file_was_changed(review, salt):
    review.bring()
    assert CHANGED not in words_of(as_(None).get(FIRST))
    change(NEW, salt)
    for person in (None, review.thread.boss, review.lead.person):
        assert CHANGED in words_of(as_(person).get(FIRST))
    assert CHANGED in words_of(as_(review.lead.person).get(f"{FIRST}review/"))


def test_a_file_that_is_gone_without_an_entry_is_told_as_gone(review):
    review.bring()
    change(b"", b"")
    assert GONE in words_of(as_(None).get(FIRST))
    assert as_(None).get(FILE).status_code == 404


def test_a_changed_file_is_told_the_next_night_and_a_rebuild_does_not_hide_it(review):
    version = review.bring()
    review.bring(NEW, "other.csv", "other")
    day = review.day
    assert folded.look_again(program=review.program, today=day) == []
    tamper(
        "consultations_version",
        "UPDATE consultations_version SET data = %s WHERE id = %s",
        [b"what\nNobody\n", version.pk],
    )
    assert folded.look_again(program=review.program, today=day + timedelta(days=1)) == [version.entry]
    call_command("record_rebuild")
    assert differing_entries(review.program) == [version.entry]
    tamper_back = "UPDATE consultations_version SET data = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(tamper_back, [bytes(version.data), version.pk])
    call_command("record_rebuild")
    assert differing_entries(review.program) == []


# It goes on a legal ground


def test_two_roles_take_a_file_down_and_every_page_says_so(both_databases):
    review = Review()
    version = review.bring()
    erased = take_down(review, version)

    left = Version.objects.get(pk=version.pk)
    assert (bytes(left.data), bytes(left.salt)) == (b"", b"")
    page = as_(None).get(FIRST)
    assert (DOWN in words_of(page), GONE in words_of(page)) == (True, False)
    assert f"/record/{erased.index}/" in page.content.decode()
    assert 'href="' + FILE not in page.content.decode()
    assert "Sorting calls" not in page.content.decode()
    assert as_(None).get(FILE).status_code == 404
    lead = as_(review.lead.person).get(f"{FIRST}review/")
    assert (DOWN in words_of(lead), "Sorting calls" in words_of(lead)) == (True, False)
    entry = words_of(as_(None).get(f"/riverbend/en/record/{version.entry}/"))
    assert "The file of this entry was taken down on a legal ground." in entry
    assert f"On what ground {GROUND}" in words_of(as_(None).get(f"/riverbend/en/record/{erased.index}/"))
    assert folded.look_again(program=review.program, today=review.day) == []


def test_a_file_is_kept_by_nobody_between_for_longer_than_a_minute(review):
    review.bring()
    assert as_(None).get(FILE)["Cache-Control"] == "public, max-age=60"


def test_a_comment_on_a_file_that_was_taken_down_still_stands(review):
    version = review.bring()
    review.say(version=version, column=3)
    take_down(review, version)
    assert as_(review.lead.person).get(f"{FIRST}review/").status_code == 200
    assert as_(review.lead.person).get(f"/riverbend/en/consultations/{SLUG}/comments/").status_code == 200


def test_one_role_takes_no_file_down_nor_two_without_its_unit_and_a_hold_pauses_it(review):
    version = review.bring()
    lead = review.lead.public_id
    for by in (["steward"], [review.office]):
        with pytest.raises(GrammarError, match="two roles take a text down together"):
            take_down(review, version, by)
    with pytest.raises(GrammarError, match="the City wrote this; an office of the bureau"):
        take_down(review, version, ["steward", lead])
    texts_actions.place_hold(program=review.program, ground="Case 7", by="steward", now=review.now)
    with pytest.raises(GrammarError, match="a legal hold stands"):
        take_down(review, version)
    assert bytes(Version.objects.get(pk=version.pk).data) == bytes(version.data)


def test_a_file_is_taken_down_by_the_code_of_its_manager(review):
    version = review.bring()
    page = f"/riverbend/en/record/{version.entry}/agree/"
    manager = as_(review.thread.boss)
    assert re.findall(r'name="name" value="([^"]*)"', manager.get(page).content.decode()) == ["title", "file"]
    told = manager.post(page, {"name": "file", "ground": GROUND}).content.decode()
    code = re.search(rf"{review.office}:[\w:-]+", told).group()

    call_command("text", "take-down", "riverbend", str(version.entry), "file", GROUND, code)

    assert DOWN in words_of(as_(None).get(FIRST))
    assert re.findall(r'name="name" value="([^"]*)"', manager.get(page).content.decode()) == ["title"]
    with pytest.raises(CommandError, match="or it was taken down before"):
        call_command("text", "take-down", "riverbend", str(version.entry), "file", GROUND, code)


def test_the_other_files_stay(review):
    version = review.bring()
    review.bring(NEW, "other.csv", "other")
    take_down(review, version)
    assert as_(None).get(FILE.replace("columns", "other")).content == NEW
