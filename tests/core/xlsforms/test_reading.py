"""XLSForms as people have them: each is read, with what is left out and why, or refused with the row and the cure."""

import io
import re
import zipfile

import pytest

from alongside.core.questions import in_languages, parts_of, read_alike
from alongside.core.refusals import Refused
from alongside.core.xlsforms import sheets
from alongside.core.xlsforms.reading import MOST_QUESTIONS, Found, Left, in_tongues, read
from alongside.core.xlsforms.tongues import guess, nearest
from tests.core.xlsforms import forms
from tests.core.xlsforms.forms import CHOICES, good, made

HEAD = ["type", "name", "label::English (en)"]


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as error:
        read(data)
    return error.value.message


def left(data: bytes) -> list[tuple[int, str, str]]:
    return [(one.row, one.name, one.why) for one in read(data).left]


def brought(data: bytes) -> list[dict]:
    found = read(data)
    return in_tongues(found, {one.name: one.guess for one in found.tongues}, "en")[0]


def test_a_form_becomes_questions_in_each_of_its_languages():
    assert brought(good()) == [
        {
            "id": "side",
            "kind": "one",
            "words": {"en": "Which side?", "es": "¿Qué lado?"},
            "hint": {"en": "Where you walk."},
            "options": [
                {"id": "n", "words": {"en": "North", "es": "Norte"}},
                {"id": "s", "words": {"en": "South", "es": "Sur"}},
            ],
        },
        {
            "id": "when",
            "kind": "several",
            "words": {"en": "When?", "es": "¿Cuándo?"},
            "options": [
                {"id": "am", "words": {"en": "In the morning", "es": "Por la mañana"}},
                {"id": "pm", "words": {"en": "At night", "es": "Por la noche"}},
            ],
        },
        {"id": "why", "kind": "text", "words": {"en": "Why there?", "es": "¿Por qué ahí?"}},
        {
            "id": "safe",
            "kind": "scale",
            "words": {"en": "How safe is it?", "es": "¿Qué tan seguro?"},
            "ends": [{"en": "Not safe", "es": "Nada seguro"}, {"en": "Very safe", "es": "Muy seguro"}],
        },
    ]
    assert left(good()) == []


REFUSED = {
    "FAILS_buildings_0.23.xls": "Row 34 takes its answers from the list “yes_no”",
    "FAILS_health_0.23.xls": "Row 8 takes its answers from the list “yes_no”",
    "FAILS_highways_0.23_is_xlsx_named_xls.xls": "Row 4 of the sheet survey speaks of “feature”",
    # These two break a rule of XLSForm as well, and pyxform reads neither.
    "landuse.xls": "Row 15 of the sheet survey cannot be read.",
    "waterways.xls": "The heading “required_message::French(fr)required_message::English(en)”",
}
READ = {
    "UCL_Biomass_Plot_Form.xlsx": ({"sw": 13, "en": 13}, 13),
    "buildings.xls": ({"en": 40, "sw": 40, "fr": 40, "es": 40}, 40),
    "toilets.xls": ({"en": 26, "fr": 12}, 26),
    "waste_collection.xlsx": ({"en": 35, "sw": 0}, 35),
    "waterpoints.xls": ({"en": 18, "fr": 17}, 19),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_real_form_that_is_broken_is_refused_with_its_place_and_the_cure(name):
    told = refusal(forms.real(name))

    assert told.startswith(REFUSED[name])
    assert any(cure in told for cure in ("Add the list there", "Mend", "Write a column for each"))


@pytest.mark.parametrize("name", READ)
def test_a_real_form_is_read_in_each_of_its_languages(name):
    found = read(forms.real(name))
    tongues = {one.name: one.guess for one in found.tongues}
    whole, many = READ[name]

    assert len(found.questions) == many
    assert {tag: len(in_tongues(found, tongues, tag)[0]) for tag in tongues.values()} == whole
    for tag in tongues.values():
        kept = in_languages({"v": 1, "questions": in_tongues(found, tongues, tag)[0]}, [tag])
        if kept["questions"]:
            parts_of(kept, [tag])
            assert read_alike(kept, [tag]) is None


def test_every_real_form_is_named_here():
    if not forms.real_forms():
        pytest.skip("the real XLSForms lie in ../shared/data/xlsform, which is not here")
    assert {one.name for one in forms.real_forms()} == {*REFUSED, *READ}


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("note", Left.NOTE),
        ("geopoint", Left.PLACE),
        ("geoshape", Left.PLACE),
        ("start-geopoint", Left.PLACE),
        ("image", Left.MEDIA),
        ("audio", Left.MEDIA),
        ("file", Left.MEDIA),
        ("barcode", Left.MEDIA),
        ("background-audio", Left.MEDIA),
        ("deviceid", Left.DEVICE),
        ("start", Left.DEVICE),
        ("username", Left.DEVICE),
        ("rank sides", Left.RANKED),
        ("select_one_from_file list.csv", Left.EXTERNAL),
        ("csv-external", Left.EXTERNAL),
        ("range", Left.RANGE),
        ("acknowledge", Left.UNKNOWN),
    ],
)
def test_what_we_do_not_ask_is_left_out_by_its_row_and_name(kind, why):
    data = made([HEAD, ["text", "a", "First?"], [kind, "b", "Second?"]], CHOICES)

    assert left(data) == [(3, "b", why)]
    assert [one["id"] for one in read(data).questions] == ["a"]


def test_what_is_calculated_is_left_out():
    data = made([[*HEAD, "calculation"], ["text", "a", "First?", None], ["calculate", "b", None, "1 + 1"]])

    assert left(data) == [(3, "b", Left.CALCULATED)]


def test_what_is_asked_again_and_again_is_left_out_whole():
    data = made(
        [
            HEAD,
            ["begin_repeat", "home", "Each home"],
            ["text", "a", "Who?"],
            ["begin_group", "inner", "Inner"],
            ["text", "b", "Where?"],
            ["end_group", None, None],
            ["end_repeat", None, None],
            ["text", "c", "What else?"],
        ]
    )

    assert left(data) == [
        (row, name, Left.REPEAT) for row, name in ((2, "home"), (3, "a"), (4, "inner"), (5, "b"))
    ]
    assert [one["id"] for one in read(data).questions] == ["c"]


def test_groups_are_opened_and_their_headings_and_conditions_told():
    data = made(
        [
            [*HEAD, "relevant"],
            ["text", "a", "Who?", None],
            ["begin_group", "inner", "Inner", "${a} = 'x'"],
            ["text", "b", "Where?", None],
            ["end_group", None, None, None],
        ]
    )

    assert left(data) == [(3, "inner", Left.HEADING), (3, "inner", Left.CONDITION)]
    assert [one["id"] for one in read(data).questions] == ["a", "b"]


def test_what_is_not_brought_of_a_question_is_told_beside_it():
    data = made(
        [
            [*HEAD, "relevant", "constraint", "default", "required", "media::image", "choice_filter"],
            ["text", "a", "First?", None, None, None, None, None, None],
            ["text", "b", "Second?", "${a} = 'x'", ". != ''", "x", "yes", "map.png", None],
            ["select_one sides or_other", "c", "Third?", None, None, None, None, None, None],
            ["integer", "d", "How many?", None, None, None, None, None, None],
            ["date", "e", "When?", None, None, None, None, None, None],
            ["select_one sides", "f", "Sixth?", None, None, None, "no", None, "name = ${a}"],
        ],
        CHOICES,
    )

    assert left(data) == [
        (3, "b", Left.CONDITION),
        (3, "b", Left.LIMIT),
        (3, "b", Left.BEGUN),
        (3, "b", Left.PICTURE),
        (3, "b", Left.MUST),
        (4, "c", Left.OTHER),
        (5, "d", Left.IN_WORDS),
        (6, "e", Left.IN_WORDS),
        (7, "f", Left.FILTER),
    ]
    assert [one["kind"] for one in brought(data)] == ["text", "text", "one", "text", "text", "one"]


def test_what_nobody_could_read_or_tell_apart_is_left_out():
    alike = [
        ["list_name", "name", "label::English (en)"],
        ["two", "a", "Yes"],
        ["two", "b", "yes!"],
        ["none", "a", None],
    ]
    data = made(
        [
            HEAD,
            ["text", "a", "First?"],
            ["text", "b", "You said ${a}?"],
            ["text", "c", "\u202eSecond?"],
            ["text", "d", "\u2800"],
            ["select_one two", "e", "Third?"],
            ["select_one none", "f", "Fourth?"],
        ],
        alike,
    )

    whys = [Left.EARLIER, Left.TURNED, Left.EMPTY, Left.ALIKE, Left.EMPTY]
    assert left(data) == [(row, name, why) for row, name, why in zip(range(3, 8), "bcdef", whys, strict=True)]


def test_entities_are_told():
    data = made(
        [HEAD, ["text", "a", "First?"]],
        entities=[["list_name", "label", "create_if"], ["trees", "a tree", "true()"]],
    )

    assert left(data) == [(2, "entities", Left.ENTITY)]


def test_more_questions_than_anybody_answers_are_told():
    rows = [["text", f"a{number}", f"Question {number}?"] for number in range(MOST_QUESTIONS + 1)]

    assert left(made([HEAD, *rows])) == [(MOST_QUESTIONS + 2, f"a{MOST_QUESTIONS}", Left.MANY)]


def test_more_answers_than_anybody_reads_are_told():
    options = [
        ["list_name", "name", "label::English (en)"],
        *(["l", f"a{n}", f"Answer {n}"] for n in range(101)),
    ]

    assert left(made([HEAD, ["select_one l", "a", "Which?"]], options)) == [(2, "a", Left.LONG)]


def test_a_formula_says_nothing_where_nobody_worked_it_out_and_else_what_it_gave():
    data = made([HEAD, ["text", "b", "Second?"], ["text", "a", "=1+1"]])
    told = "Row 3 of the sheet survey has no words to read. Write them in its label; if a formula makes them, write what it gives."
    worked_out = repacked(data, lambda _name, part: re.sub(rb"(</f>)<v ?(/>|></v>)", rb"\1<v>2</v>", part))

    assert refusal(data) == told
    assert [one["words"] for one in brought(worked_out)] == [{"en": "Second?"}, {"en": "2"}]


def test_hostile_cells_are_words():
    said = "<script>alert(1)</script> =cmd|'/c calc'!A0 {{ secret }}"

    assert brought(made([HEAD, ["text", "a", said]]))[0]["words"] == {"en": said}


def test_names_become_ids_that_a_page_can_use():
    options = [
        ["list_name", "name", "label::English (en)"],
        ["l", "A b", "One"],
        ["l", "a_b", "Two"],
        ["l", "7", "Three"],
    ]
    data = made(
        [
            HEAD,
            ["text", "quote", "First?"],
            ["text", "Who_Are", "Second?"],
            ["select_one l", "who-are", "Third?"],
            ["text", "_9", "Fourth?"],
            ["text", "n" * 60, "Fifth?"],
            ["text", "S1", "Sixth?"],
        ],
        options,
    )
    asked = brought(data)

    assert [one["id"] for one in asked] == ["quote-2", "who-are", "who-are-2", "q-9", "n" * 28, "q-s1"]
    parts_of({"v": 1, "questions": asked}, ["en"])
    assert [one["id"] for one in asked[2]["options"]] == ["a-b", "a-b-2", "q-7"]


def test_a_column_without_a_language_goes_with_the_named_one():
    data = made(
        [HEAD, ["select_one l", "a", "Which?"]],
        [["list_name", "name", "label"], ["l", "x", "One"], ["l", "y", "Two"]],
    )

    assert [(one.name, one.guess) for one in read(data).tongues] == [("English (en)", "en"), ("", "en")]
    assert [one["words"] for one in brought(data)[0]["options"]] == [{"en": "One"}, {"en": "Two"}]


def test_the_language_of_a_form_is_that_of_its_settings():
    data = made(
        [["type", "name", "label"], ["text", "a", "Kwa nini?"]],
        settings=[["default_language"], ["Swahili (sw)"]],
    )

    assert [(one.name, one.guess) for one in read(data).tongues] == [("", "sw")]


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("English (en)", "en"),
        ("English(en)", "en"),
        ("Swahili(swa)", "sw"),
        ("English", "en"),
        ("default", ""),
        ("", ""),
        ("Español", "es"),
        ("Spanish (Mexico)", "es"),
        ("Português (pt-BR)", "pt-br"),
        ("tiếng Việt", "vi"),
        ("العربية", "ar"),
        ("en", "en"),
        ("es_MX", "es-mx"),
        ("Chinese (zh-Hans)", "zh-hans"),
        ("Ilocano (ilo)", "ilo"),
        ("Klingon", ""),
    ],
)
def test_a_language_is_guessed_from_how_people_name_it(name, tag):
    assert guess(name) == tag


@pytest.mark.parametrize(
    ("tag", "offered", "found"),
    [
        ("es", ["en", "es"], "es"),
        ("es-mx", ["en", "es"], "es"),
        ("zh", ["zh-hans", "zh-hant"], ""),
        ("pt", ["pt-br"], "pt-br"),
        ("fr", ["en", "es"], ""),
        ("", ["en"], ""),
    ],
)
def test_a_language_is_that_of_the_program_that_is_nearest(tag, offered, found):
    assert nearest(tag, offered) == found


def test_what_was_found_is_kept_as_json_and_taken_again():
    found = read(good())

    assert Found.of(found.kept()) == found


@pytest.mark.parametrize(
    ("survey", "choices", "told"),
    [
        ([HEAD, ["select_one gone", "a", "Which?"]], CHOICES, "Row 2 takes its answers from the list “gone”"),
        ([HEAD, ["txt", "a", "Why?"]], (), "“txt” is no type of question."),
        (
            [HEAD, ["text", None, "Why?"]],
            (),
            "Row 2 of the sheet survey cannot be read. XLSForm says: “",
        ),
        ([HEAD, ["text", "a b", "Why?"]], (), "Row 2 of the sheet survey cannot be read."),
        (
            [HEAD, ["text", "a", "Why?"], ["text", "a", "How?"]],
            (),
            "Row 3 of the sheet survey cannot be read.",
        ),
        ([HEAD, ["begin_group", "a", "Group"]], (), "Row 2 of the sheet survey cannot be read."),
        ([HEAD], (), "This file has no questions."),
        (
            [["name", "label"], ["a", "Why?"]],
            (),
            "This form cannot be read. XLSForm says: “",
        ),
        (
            [HEAD + ["label::English (en)"], ["text", "a", "Why?", "How?"]],
            (),
            "Two columns of the sheet survey",
        ),
    ],
)
def test_a_broken_form_is_refused_with_its_row_and_the_cure(survey, choices, told):
    assert refusal(made(survey, choices)).startswith(told)


def test_what_the_reader_of_others_trips_over_is_refused_too():
    data = made([[*HEAD, "control"], ["text", "a", "Why?", "x"]])

    assert refusal(data).startswith("Something in this file is no XLSForm, and we cannot tell in which row.")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"type,name,label\ntext,a,Why?\n", b"\xff\xd8\xff"])
def test_another_file_is_refused_by_its_bytes(data):
    assert refusal(data).startswith("This file is no Excel file. Save the form as .xlsx or .xls")


@pytest.mark.parametrize("cut", [8, 200, 2000])
def test_a_file_that_is_cut_off_is_refused(cut):
    assert refusal(good()[:cut]).startswith("This file is damaged")
    assert refusal(sheets.XLS + bytes(cut)).startswith("This file is damaged")


def repacked(data: bytes, change) -> bytes:
    """Write the parts of a file anew, each as `change` gives it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return file.getvalue()


def test_a_file_that_unpacks_to_more_than_a_form_is_refused_before_it_is_read():
    bomb = repacked(good(), lambda name, part: part + b" " * (40 << 20) if "sheet1" in name else part)
    assert len(bomb) < sheets.MOST_BYTES

    assert refusal(bomb).startswith("This file unpacks to far more than a form needs.")


def test_what_a_part_declares_of_its_size_is_what_is_read_of_it():
    """Change the declared size in the directory of the file: nothing more than that comes out."""
    bomb = bytearray(
        repacked(good(), lambda name, part: part + b" " * (40 << 20) if "sheet1" in name else part)
    )
    small = (1000).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as found:
        large = [one.file_size.to_bytes(4, "little") for one in found.infolist() if one.file_size > 1 << 20]
    for size in large:
        bomb = bytearray(bytes(bomb).replace(size, small))

    assert refusal(bytes(bomb)).startswith("This file is damaged")


def test_entities_of_xml_are_not_unfolded():
    laughs = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 500 + b'">'
    laughs += b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)) + b"]>"

    def change(name, part):
        if "sheet1" not in name:
            return part
        start, dash, rest = part.partition(b"<worksheet")
        return start + laughs + dash + rest.replace(b"Which side?", b"&j;")

    assert refusal(repacked(good(), change)).startswith(
        ("This file is damaged", "This file has no questions")
    )


def test_a_cell_far_out_fills_no_memory():
    def change(name, part):
        return part.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )

    assert [one["id"] for one in brought(repacked(good(), change))] == ["side", "when", "why", "safe"]


def test_more_bytes_rows_columns_or_signs_than_a_form_has_are_refused():
    rows = [["text", f"a{number}", "Why?"] for number in range(sheets.MOST_ROWS["survey"] + 1)]
    wide = [*HEAD, *(f"x{number}" for number in range(sheets.MOST_COLUMNS))]

    assert refusal(sheets.XLSX + bytes(sheets.MOST_BYTES)).startswith("This file has more than 1024 KB.")
    assert refusal(made([HEAD, *rows])).startswith("The sheet survey is too large.")
    assert refusal(made([wide, ["text", "a", "Why?"]])).startswith("The sheet survey is too large.")
    assert refusal(made([HEAD, ["text", "a", "x" * 4001]])).startswith(
        "Row 2 of the sheet survey holds more text"
    )
