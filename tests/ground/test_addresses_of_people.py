"""One address is one person, in whatever letters somebody types it; both databases hold that too."""

import pytest
from django.core.management import CommandError, call_command
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


def test_an_upgrade_lowers_the_addresses_that_stand(both_databases):
    nobody, ana = make_person(email=None), make_person(email="ana@example.org")
    call_command("migrate", "people", "0004", verbosity=0)
    Person.objects.filter(pk=ana.pk).update(email="Ana@Example.org")

    call_command("migrate", verbosity=0)

    kept = dict(Person.objects.values_list("pk", "email"))
    assert kept == {nobody.pk: None, ana.pk: "ana@example.org"}


def test_an_upgrade_that_would_give_two_accounts_one_address_changes_nothing_and_says_the_cure(
    both_databases,
):
    ana, robin = make_person(email="ana@example.org"), make_person(email="robin@example.org")
    call_command("migrate", "people", "0004", verbosity=0)
    Person.objects.filter(pk=robin.pk).update(email="Ana@example.org")
    told = (
        rf"Accounts {ana.pk} and {robin.pk} have one email address, in large and small letters\..*"
        r"filter\(pk=NUMBER\)\.update\(email=None, is_active=False\)"
    )

    with pytest.raises(CommandError, match=told):
        call_command("migrate", verbosity=0)

    assert Person.objects.get(pk=robin.pk).email == "Ana@example.org"
    Person.objects.filter(pk=robin.pk).update(email=None, is_active=False)
    call_command("migrate", verbosity=0)
    assert Person.objects.get(pk=ana.pk).email == "ana@example.org"
