"""Rows of pay are only added: the database itself refuses to change or delete one, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from alongside.cohort.pay.actions import claims
from alongside.cohort.pay.models import Attachment, Payment, StopAt
from alongside.ground.record import triggers
from tests.cohort.pay.cast import paid_by_the_hour

PNG = ("image/png", b"not looked at")


def paid_cohort():
    """Give a cast in which every table of pay that an everyday walk fills has a row."""
    cast = paid_by_the_hour()
    cast.approve(cast.log(note="At the library."), cast.cost(bill=PNG), cast.log(cast.second))
    cast.run()
    cast.back()
    return cast


def test_no_row_of_pay_is_changed_deleted_or_replaced(both_databases):
    paid_cohort()
    models = [one for one in apps.get_app_config("pay").get_models() if one is not StopAt]
    passed = []
    for model in models:
        table = model._meta.db_table
        attempts = [f"UPDATE {table} SET id = id", f"DELETE FROM {table}"]
        attempts += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"] * (both_databases == "sqlite")
        if model.objects.exists():
            passed += [sql for sql in attempts if is_taken(sql)]
    assert passed == []
    assert {one.__name__ for one in models if not one.objects.exists()} <= {
        "Proposal",
        "Raised",
        "Correction",
    }
    assert triggers.missing() == []


def test_what_came_of_a_claim_and_a_payment_is_filled_once(both_databases):
    cast = paid_cohort()
    day = f"'{cast.today}'"
    claim, payment = "UPDATE pay_claim SET", "UPDATE pay_payment SET"
    assert is_taken(f"{claim} reminded_on = {day}")
    waiting = cast.log(cast.third).pk
    passed = [
        f"{claim} verdict = 'taken-back'",
        f"{claim} reason = 'It took two hours.'",
        f"{claim} verdict = NULL, reason = NULL, decided_by_id = NULL, decided_on = NULL",
        f"{claim} verdict = 'approved', decided_on = {day} WHERE id = {waiting}",
        f"{claim} payment_id = NULL",
        f"{claim} payment_id = payment_id + 1",
        f"{payment} rejected_on = {day}",
        f"{claim} reminded_on = {day}",
        f"{claim} reminded_on = NULL",
        f"{claim} erased_on = {day}",
        f"{claim} erased_on = {day}, erased_by = 'pay', minor = minor + 1",
        f"{payment} paid_on = '2001-01-01'",
        f"{payment} paid_on = NULL, file_id = NULL",
    ]
    assert [one for one in passed if is_taken(one)] == []
    assert is_taken(f"{claim} erased_on = {day}, erased_by = 'pay'")
    assert set(Payment.objects.values_list("paid_on", flat=True)) == {cast.today}
    sent_back = f"{payment} rejection = 'Closed.', rejected_by_id = {cast.steward.pk}, rejected_on = {day}"
    assert [is_taken(sent_back), is_taken(sent_back)] == [True, False]


def is_taken(sql):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        assert "only added" in str(error), sql
        return False
    return True


def test_what_a_lead_added_goes_only_on_its_day(both_databases):
    cast = paid_cohort()
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
        Attachment.objects.all().delete()
    cast.thread.now += timedelta(days=366 * 8)
    assert claims.erase(program=cast.program, now=cast.now) == 3  # the claims of the cast
    assert Attachment.objects.count() == 0
