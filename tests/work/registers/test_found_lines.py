"""A line that came in from a file is found by its words, and no longer once its row is gone or it is on the record."""

from django.core.management import call_command

from alongside.ground.record.models import SearchDoc
from alongside.work.registers.actions import lose_lines
from tests.work import cast
from tests.work.registers.imports import ROWS, brought_in, row


def docs() -> list[tuple]:
    names = ("source", "group", "unit", "heading", "words")
    return sorted(SearchDoc.objects.filter(source="listing").values_list(*names))


def test_imported_lines_are_found_until_their_rows_are_gone(db, client) -> None:
    thread = cast.program()
    first = brought_in(thread, ROWS)
    page = client.get("/riverbend/en/search/?q=camaras+counterz").content.decode()
    assert "We found no “counterz”." in page
    found = client.get("/riverbend/en/search/?q=counterz&what=project").content.decode()
    assert ("We looked for “counters”" in found, "From lists that the City published" in found) == (
        True,
        True,
    )
    before = docs()
    lose_lines(program=thread.program, listings=[SearchDoc.objects.filter(source="listing").first().about])
    call_command("record_rebuild")
    assert (docs(), len(before)) == (before, 4)
    brought_in(thread, [row("A-2", "Cameras", "Pilot")], first.register.slug)
    assert [heading for _source, _group, _unit, heading, _words in docs()] == ["cameras"]
