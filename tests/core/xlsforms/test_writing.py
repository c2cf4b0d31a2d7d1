"""Questions go out as an XLSForm and come back as they were."""

import io
import re
import zipfile

from hypothesis import HealthCheck, example, given, settings
from pyxform.xls2xform import convert

from alongside.core.questions import parts_of
from alongside.core.xlsforms.reading import in_tongues, read
from alongside.core.xlsforms.writing import write
from tests.core.xlsforms import forms

NAMES = {"en": "English", "es": "Español", "vi": "Tiếng Việt", "ar": "العربية", "zh-hans": "简体中文"}


def written(form, tags) -> bytes:
    return write(form, name="ramps", title="Ramps", tongues={tag: NAMES[tag] for tag in tags})


def read_back(data, tags):
    found = read(data)
    assert found.left == []
    assert {one.guess for one in found.tongues} == set(tags)
    kept, lacking = in_tongues(found, {one.name: one.guess for one in found.tongues}, tags[0])
    assert lacking == []
    return {"v": 1, "questions": kept}


def text(name, words="Why?"):
    return {"v": 1, "questions": [{"id": name, "kind": "text", "words": {"en": words}}]}, ["en"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(forms.drawn_forms())
@example(text("meta"))
@example(text("data"))
@example(text("ramps"))
@example(text("xml-a"))
@example(text("instance-id"))
@example(text("a-"))
@example(text("audit"))
@example(text("pass-on"))
def test_what_is_written_is_a_form_for_others_and_reads_back_the_same(drawn):
    form, tags = drawn
    parts_of(form, tags)

    data = written(form, tags)

    assert convert(data, file_type=".xlsx", validate=False).xform.startswith("<?xml")
    assert read_back(data, tags) == form


def test_the_same_questions_are_the_same_file():
    form, tags = text("why")

    with zipfile.ZipFile(io.BytesIO(written(form, tags))) as parts:
        assert {one.date_time for one in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        told = re.findall(rb">(\d{4}-[^<]*)</dcterms", parts.read("docProps/core.xml"))
        assert told == [b"2000-01-01T00:00:00Z"] * 2
    assert written(form, tags) == written(form, tags)


def test_a_question_without_words_in_a_language_yet_goes_out_too():
    form = {"v": 1, "questions": [{"id": "why", "kind": "text", "words": {"en": "Why?"}}]}

    assert read_back_partly(written(form, ["en", "es"])) == form["questions"]


def read_back_partly(data):
    found = read(data)
    return in_tongues(found, {one.name: one.guess for one in found.tongues}, "en")[0]


def test_no_word_of_ours_becomes_a_formula_or_an_earlier_answer():
    form, tags = text("why", "=HYPERLINK(1) ${name}\x07")

    data = written(form, tags)

    assert convert(data, file_type=".xlsx", validate=False).xform
    assert read_back_partly(data)[0]["words"] == {"en": "=HYPERLINK(1) $ {name}"}
