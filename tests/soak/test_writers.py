"""Eight writers append at once: every entry gets its place, and no place is left empty.

ALONGSIDE_SOAK_APPENDS is how many each appends (1000).
"""

import os

import pytest

pytestmark = pytest.mark.soak
WRITERS = 8
EACH = int(os.environ.get("ALONGSIDE_SOAK_APPENDS", "1000"))


def test_eight_writers_leave_no_gap(instance):
    ((before,),) = instance.query("SELECT size FROM record_log")

    writers = [instance.start("tests.soak.busy", str(EACH)) for _ in range(WRITERS)]
    for writer in writers:
        writer.communicate(timeout=3600)

    assert [writer.returncode for writer in writers] == [0] * WRITERS, instance.said()
    places = [place for (place,) in instance.query('SELECT "index" FROM record_logentry ORDER BY "index"')]
    assert places == list(range(before + WRITERS * EACH))
    assert instance.query("SELECT size FROM record_log") == [(before + WRITERS * EACH,)]
    subjects = instance.query(
        "SELECT COUNT(DISTINCT subject) FROM record_logentry WHERE kind = 'project.registered'"
    )
    assert subjects == [(WRITERS * EACH + 1,)], "an entry was written twice, or not at all"
    instance.run("alongside.site.cli", "record", "sign")
