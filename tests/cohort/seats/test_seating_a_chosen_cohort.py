"""A cohort that was chosen already is seated from a table; every row is read first, and nothing is written before."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alongside.cohort.seats.models import Cohort, Seat
from alongside.ground.people.models import Person
from alongside.ground.record.models import LogEntry
from tests.cohort.calls import cast

pytestmark = pytest.mark.django_db
PAGE = "/riverbend/en/steward/cohorts/new/"
TERM = {"name": "The second cohort", "from_date": "2028-01-01", "until_date": "2028-10-31"}


@pytest.fixture
def thread():
    return cast.program()


@pytest.fixture
def steward(thread, site_client):
    site_client.force_login(thread.steward)
    return site_client


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def second_cohort() -> list[Seat]:
    return list(Seat.objects.filter(cohort__slug="the-second-cohort").order_by("pk"))


def test_nothing_is_written_before_the_rows_were_looked_at(steward, thread):
    before = (LogEntry.objects.count(), Person.objects.count(), Cohort.objects.count())
    people = (
        "called,email,language,paid_by\r\nAna Ruiz,ana@example.org,es,outside\r\nNoor,,ar,permits-desk\r\n"
    )

    seen = words(steward.post(PAGE, {**TERM, "people": people}))

    assert "Ana Ruiz ana@example.org es" in seen
    assert (LogEntry.objects.count(), Person.objects.count(), Cohort.objects.count()) == before


def test_confirmed_rows_are_seated_and_the_record_hears_no_name(steward, thread):
    file = SimpleUploadedFile("people.csv", b"Ana Ruiz,ana@example.org,es,outside\nNoor,,ar,permits-desk\n")
    page = steward.post(PAGE, {**TERM, "file": file}).content.decode()
    people = re.search(r'name="people" value="([^"]+)"', page).group(1)

    steward.post(PAGE, {**TERM, "people": people, "confirmed": "yes"})

    seated = second_cohort()
    assert [(one.person.called, one.person.email, one.person.language) for one in seated] == [
        ("Ana Ruiz", "ana@example.org", "es"),
        ("Noor", None, "ar"),
    ]
    assert [one.payer for one in seated] == ["outside", "permits-desk"]
    raw = b"".join(bytes(line.raw) for line in LogEntry.objects.all())
    assert (b"Ana" in raw, b"example.org" in raw, b"Noor" in raw) == (False, False, False)


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        (",ana@example.org,es,", "Write what the person is called."),
        ("Ana,ana(at)example.org,es,", "ana(at)example.org is not an email address"),
        ("Ana,,xx,", "xx is no language of this program"),
        ("Ana,,es,no-such-unit", "no-such-unit is no bureau of this program"),
        ("Ana,,es,", "Write who pays: the short name of a bureau, outside, or nobody."),
        ("Ana,,es,,more", "This row has more than four columns"),
        ("Ana,noor@example.org,es,", "This address stands in row 1 too"),
    ],
)
def test_a_wrong_row_is_told_beside_the_row_and_stops_all(steward, thread, line, cure):
    people = f"Noor,noor@example.org,ar,outside\n{line}\n"

    told = words(steward.post(PAGE, {**TERM, "people": people, "confirmed": "yes"}))

    assert cure in told
    assert "Nothing was written." in told
    assert second_cohort() == []


def test_someone_with_an_account_keeps_it(steward, thread):
    known = thread.first_lead.person

    steward.post(PAGE, {**TERM, "people": f"Another name,{known.email},en,nobody", "confirmed": "yes"})

    assert [one.person for one in second_cohort()] == [known]


def test_only_the_steward_seats_a_cohort(site_client, thread):
    site_client.force_login(thread.first_lead.person)

    assert site_client.get(PAGE).status_code == 403
