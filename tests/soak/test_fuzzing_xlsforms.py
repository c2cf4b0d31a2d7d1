"""XLSForms, real and made, are changed in their bytes, their parts and their cells: each is refused with a cure, or gives questions that can be asked.

ALONGSIDE_SOAK_XLSFORMS is how many in all (20,000); ALONGSIDE_SOAK_SEED repeats a run.
"""

import io
import os
import random
import time
import zipfile

import pytest

from alongside.core.questions import in_languages, parts_of, read_alike
from alongside.core.refusals import Refused
from alongside.core.xlsforms.reading import Found, in_tongues, read
from alongside.core.xlsforms.sheets import XLSX
from alongside.core.xlsforms.writing import write
from tests.core.xlsforms import forms
from tests.soak.test_fuzzing import mutant

pytestmark = pytest.mark.soak
MUTANTS = int(os.environ.get("ALONGSIDE_SOAK_XLSFORMS", "20000"))
SEED = int(os.environ.get("ALONGSIDE_SOAK_SEED", "7"))
#: No file holds a machine for longer, in seconds of its own work.
LONGEST = 10
#: What a cell may hold that a tool trips over.
CELLS = [
    *(
        "",
        " ",
        "=1+1",
        "#N/A",
        "${a}",
        "${",
        "${nobody}",
        "${a} = ",
        "((((",
        "selected(${a}, 'x')",
        "start=1 end=5",
    ),
    *(
        "begin_repeat",
        "end_group",
        "begin group",
        "select_one sides",
        "select_one ${a}",
        "select_multiple x or_other",
    ),
    *(
        "range",
        "note",
        "calculate",
        "geopoint",
        "rank whens",
        "entities",
        "start=1 end=x step=0",
        "a b",
        "A",
        "__",
        "\u202ex",
    ),
    *(
        "label",
        "label::",
        "label::English (en)",
        "hint::x::y",
        "media::image",
        "name",
        "type",
        "\u2800",
        "x" * 3999,
        "a" * 900,
    ),
    *(
        "instance::a",
        "bind::relevant",
        "bind",
        "control",
        "label:English",
        "jr:count",
        "1e309",
        "-0",
        "9" * 400,
        "_x0000_",
    ),
]


def in_parts(draw: random.Random, good: bytes) -> bytes:
    """Change one part of an .xlsx file and pack it again, so that the change is read."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = draw.choice(
            [one for one in names if "sheet" in one or "Strings" in one or "workbook" in one] or names
        )
        for name in names:
            new.writestr(name, mutant(draw, old.read(name)) if name == chosen else old.read(name))
    return file.getvalue()


def in_cells(draw: random.Random) -> bytes:
    """Change cells, rows and columns of a made form."""
    sheets = {"survey": [[*one] for one in forms.SURVEY], "choices": [[*one] for one in forms.CHOICES]}
    for _ in range(draw.randint(1, 6)):
        rows = sheets[draw.choice(["survey", "survey", "choices"])]
        row = draw.choice(rows)
        way = draw.randrange(6)
        if way < 3:
            row[draw.randrange(len(row))] = draw.choice(CELLS)
        elif way == 3:
            rows.insert(draw.randrange(len(rows) + 1), [draw.choice([*CELLS, *one[:1]]) for one in zip(row)])
        elif way == 4:
            rows.insert(draw.randrange(len(rows) + 1), [*row])
        else:
            for one, said in zip(rows, [draw.choice(CELLS), *(draw.choice([*CELLS, None]) for _ in rows)]):
                one.append(said)
    extra = {"settings": [["default_language", "form_id"], [draw.choice(CELLS), draw.choice(CELLS)]]}
    return forms.made(**sheets, **(extra if draw.random() < 0.3 else {}))


def refuse_unless_it_can_be_asked(found: Found) -> None:
    """Fail where a question was read that core.questions refuses, or that cannot go out again."""
    tongues = {one.name: one.guess or "und" for one in found.tongues}
    for tag in set(tongues.values()):
        kept, lacking = in_tongues(found, tongues, tag)
        assert len(kept) + len(lacking) == len(found.questions)
        if kept:
            asked = in_languages({"v": 1, "questions": kept}, [tag])
            parts_of(asked, [tag])
            assert read_alike(asked, [tag]) is None
            assert in_tongues(
                read(write(asked, name="f", title="F", tongues={tag: tag})), {f"{tag} ({tag})": tag}, tag
            )
    assert Found.of(found.kept()) == found


def look_at(data: bytes) -> int:
    began = time.thread_time()
    try:
        found = read(data)
    except Refused as refused:
        assert refused.message.strip()
        found = None
    assert time.thread_time() - began < LONGEST
    if found is None:
        return 0
    refuse_unless_it_can_be_asked(found)
    return 1


@pytest.mark.parametrize("way", ["bytes", "parts", "cells"])
def test_a_changed_form_is_refused_with_a_cure_or_can_be_asked(way):
    real = [one.read_bytes() for one in forms.real_forms()]
    draw, taken = random.Random(f"{SEED} {way}"), 0
    good = (
        [*real, forms.good()]
        if way == "bytes"
        else [one for one in [*real, forms.good()] if one.startswith(XLSX)]
    )

    for number in range(max(1, MUTANTS // 3)):
        data = (
            in_cells(draw)
            if way == "cells"
            else (mutant if way == "bytes" else in_parts)(draw, draw.choice(good))
        )
        try:
            taken += look_at(data)
        except Exception as error:
            pytest.fail(f"mutant {number} of {way} (seed {SEED}): {error!r}")
    assert taken or MUTANTS < 1000 or way == "bytes"
