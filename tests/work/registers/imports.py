"""Walk a file into a register as staff do, and let the background do its part."""

import io

from django.core.management import call_command

from alongside.work.registers.models import Import
from tests.core.registers.files import csv_bytes
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import as_

PROJECTS = "/riverbend/en/projects/"
HEADINGS = ["id", "use_case_name", "agency", "summary", "development_stage", "contact_email", "note"]


def row(key: str, name: str, stage: str = "Deployed", note: str = "") -> list[str]:
    """Give a row of the made-up register."""
    return [
        key,
        name,
        "Department of Examples",
        f"What {name} is\nin two lines",
        stage,
        "ann@city.example",
        note,
    ]


ROWS = [
    row("A-1", "Counters"),
    row("A-2", "Cameras", "Pilot"),
    row("", "Chat"),
    row("A-2", "Signs", note="=1+1"),
]


def file_of(rows: list[list[str]], name: str = "register.csv") -> io.BytesIO:
    """Give a file to upload."""
    made = io.BytesIO(csv_bytes(HEADINGS, rows, "cp1252"))
    made.name = name
    return made


def work_off() -> None:
    """Let the worker do everything that waits."""
    call_command("db_worker", batch=True, verbosity=0, startup_delay=False)


def upload(
    thread: Thread, file: io.BytesIO, register: str = "", title: str = "Use cases", unit: str = ""
) -> Import:
    """Upload a file as the steward."""
    new = {"title": title, "source": "https://city.example/register", "license": "Public domain"}
    sent = {"register": register, "unit": unit, "file": file} | ({} if register else new)
    response = as_(thread.steward).post(f"{PROJECTS}import/", sent, headers={"origin": "http://testserver"})
    assert response.status_code == 302, response.content.decode()
    return Import.objects.select_related("register").latest("pk")


def mapped(thread: Thread, of: Import, **what: str) -> None:
    """Say what columns are, by their place, and have every row read."""
    response = as_(thread.steward).post(f"{PROJECTS}imports/{of.pk}/columns/", what)
    assert response.status_code == 302, response.content.decode()
    work_off()
    of.refresh_from_db()


def columns(**more: str) -> dict[str, str]:
    """Give the mapping of the made-up register."""
    made = ["key", "name", "body", "summary", "stage", "drop", ""]
    return {f"column-{place}": what for place, what in enumerate(made)} | more


def confirmed(thread: Thread, of: Import) -> None:
    """Say yes."""
    sent = {"revision": of.revision}
    assert as_(thread.steward).post(f"{PROJECTS}imports/{of.pk}/yes/", sent).status_code == 302
    work_off()
    of.refresh_from_db()


def brought_in(thread: Thread, rows: list[list[str]], register: str = "") -> Import:
    """Walk a file all the way."""
    of = upload(thread, file_of(rows), register)
    mapped(thread, of, **columns())
    confirmed(thread, of)
    return of
