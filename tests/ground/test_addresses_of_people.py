"""One address is one person, in whatever letters somebody types it; both databases hold that too."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from tests.site.test_sign_in import ask


def test_an_address_is_kept_in_small_letters(db):
    assert make_person(email="Ana.Ruiz@Example.ORG").email == "ana.ruiz@example.org"


def test_whoever_was_written_down_in_large_letters_gets_the_letter_that_signs_in(db, mailbox):
    make_person(email="Ana.Ruiz@example.org")

    ask(Client(), "ana.ruiz@Example.org")

    assert [letter["to"] for letter in mailbox.letters] == ["ana.ruiz@example.org"]


def test_no_two_people_have_one_address(both_databases):
    make_person(email="ana@example.org")
    other = make_person(email="noor@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(email="Ana@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=other.pk).update(email="Ana@example.org")

    assert [make_person(email=None).email for _ in range(2)] == [None, None], "many have no address"
