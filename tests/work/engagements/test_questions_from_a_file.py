"""Leads bring questions from another tool into a draft, and everyone can take them along."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alongside.core.questions import PASS_ON
from alongside.core.xlsforms.reading import in_tongues, read
from alongside.work.engagements import actions
from tests.core.xlsforms import forms as xlsforms
from tests.core.xlsforms.forms import CHOICES, made
from tests.work import cast
from tests.work.engagements.test_drafting import DRAFT, PUBLIC, as_, lead, now, text_of, typed

HERE = f"{DRAFT}questions/"
FILE = f"{HERE}file/"
HEAD = ["type", "name", "label::English (en)", "label::Español (es)"]


@pytest.fixture
def thread(db):
    return cast.draft()


def sent(data: bytes, name: str = "form.xlsx") -> dict:
    return {"file": SimpleUploadedFile(name, data)}


def look(thread, data: bytes, name: str = "form.xlsx"):
    return lead(thread).post(FILE, sent(data, name))


def fields(response) -> dict[str, str]:
    """Give what the form of a page sends when nothing on it is changed."""
    page, found = response.content.decode(), {}
    for one in re.findall(r"<input[^>]+>", page):
        part = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', one))
        if "name" in part and part.get("type") not in {"checkbox", "radio", "file"}:
            found[part["name"]] = html.unescape(part.get("value", ""))
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def bring(thread, response, **changed):
    return lead(thread).post(FILE, {**fields(response), "bring": "1", **changed})


def told(response) -> str:
    return html.unescape(text_of(response))


def test_a_lead_brings_questions_and_they_stand_after_those_of_the_draft(thread):
    before = now(thread).form["questions"]
    seen = look(thread, xlsforms.good())
    page = told(seen)

    assert "4 questions come after yours" in page
    for words in (
        "Which side?",
        "¿Qué lado?",
        "Where you walk.",
        "North",
        "Norte",
        "Very safe",
        "Muy seguro",
    ):
        assert words in page
    assert now(thread).form["questions"] == before
    assert bring(thread, seen).url == f"{HERE}?done=kept"
    after = now(thread).form["questions"]
    assert after[: len(before)] == before
    found = read(xlsforms.good())
    kept, _lacking = in_tongues(found, {one.name: one.guess for one in found.tongues}, "en")
    assert after[len(before) :] == [{**one, "id": f"q{number}"} for number, one in enumerate(kept, 5)]


def test_a_file_is_known_by_its_bytes_and_not_by_its_name(thread):
    assert "4 questions come after yours" in told(look(thread, xlsforms.good(), "form.xls"))
    assert "This file is no Excel file." in told(look(thread, b"%PDF-1.7", "form.xlsx"))


def test_a_broken_file_is_refused_with_its_row_and_the_cure_and_nothing_changes(thread):
    before = now(thread).form
    page = told(look(thread, made([HEAD, ["select_one gone", "a", "Which?", None]], CHOICES)))

    assert (
        "Row 2 takes its answers from the list “gone”, which the sheet “choices” does not have. Add the list there"
        in page
    )
    assert now(thread).form == before


def test_what_is_left_out_is_told_by_row_and_name_and_what_to_do(thread):
    rows = [
        ["text", "why", "Why?", "¿Por qué?"],
        ["geopoint", "spot", "Where?", "¿Dónde?"],
        ["date", "day", "When?", "¿Cuándo?"],
    ]
    page = told(look(thread, made([HEAD, *rows, ["text", "late", None, "¿Qué más?"]])))

    assert (
        "A place on a map, which could lead to a person. Ask for a wide area, with answers to choose from. row 3 spot"
        in page
    )
    assert "A number, a day or a time. Here people write it in their own words. row 4 day" in page
    assert "Words are missing in English, or two answers read alike. row 5 late" in page


def test_what_may_not_be_asked_is_told_in_each_language_and_does_not_come_along(thread):
    rows = [
        ["text", "a", "Why?", "¿Por qué?"],
        ["text", "b", "What is your citizenship?", "¿Qué necesita?"],
        ["text", "c", "What do you need?", "¿Cuál es su ciudadanía?"],
    ]
    seen = look(thread, made([HEAD, *rows]))
    page = told(seen)

    assert "1 question comes after yours" in page
    assert "2 questions cannot be asked here" in page
    assert "You wrote “citizenship”" in page

    assert "You wrote “Cuál es su ciudadanía”" in page
    assert bring(thread, seen).status_code == 302
    assert [one["words"]["en"] for one in now(thread).form["questions"]][-1] == "Why?"


def test_a_question_that_no_page_here_could_ask_says_why(thread):
    many = [["list_name", "name", "label::English (en)"], *(["l", f"a{n}", f"Answer {n}"] for n in range(21))]
    page = told(
        look(
            thread, made([HEAD, ["select_one l", "a", "Which?", None], ["text", "b", "w" * 401, None]], many)
        )
    )

    assert "Write 2 to 20 answers, one on each line." in page
    assert "at most 400 characters" in page


def test_hard_words_are_told(thread):
    hard = "Considering implementation responsibilities, characterize institutional accountability?"

    assert "This reads like school grade" in told(look(thread, made([HEAD, ["text", "a", hard, None]])))


def test_a_lead_says_which_language_is_which_and_nothing_comes_along_unseen(thread):
    data = made([["type", "name", "label::Mine", "label::Español (es)"], ["text", "a", "Why?", "¿Por qué?"]])
    seen = look(thread, data)
    chosen = fields(seen) | {"tongue-0": "en"}

    assert "No question can be asked here in these languages." in told(seen)
    before = now(thread).form
    moved = lead(thread).post(FILE, chosen | {"bring": "1"})
    assert "You changed a language. These are the questions as they come now." in told(moved)
    assert "1 question comes after yours" in told(moved)
    assert now(thread).form == before
    shown = lead(thread).post(FILE, chosen | {"look": "1"})
    assert "There is a problem" not in told(shown)
    assert bring(thread, shown).status_code == 302
    assert now(thread).form["questions"][-1]["words"] == {"en": "Why?", "es": "¿Por qué?"}


def test_what_a_lead_leaves_out_does_not_come_along_and_stays_ticked(thread):
    seen = look(thread, xlsforms.good())
    before = len(now(thread).form["questions"])
    again = lead(thread).post(FILE, {**fields(seen), "look": "1", "out-2": "on"})

    assert re.search(r'name="out-2"[^>]*checked', again.content.decode())
    assert bring(thread, again, **{"out-2": "on", "out-3": "on", "out-5": "on"}).status_code == 302
    assert [one["words"]["en"] for one in now(thread).form["questions"][before:]] == ["Why there?"]


def test_nothing_is_brought_where_nothing_is_chosen(thread):
    seen = look(thread, made([HEAD, ["text", "a", "Why?", None]]))

    assert "No question is left to bring along." in told(bring(thread, seen, **{"out-2": "on"}))


def test_a_draft_that_somebody_changed_meanwhile_is_shown_again(thread):
    seen = look(thread, xlsforms.good())
    actions.save_reason(engagement=now(thread), words="It changed.")
    again = bring(thread, seen)

    assert "Someone changed this draft while this page was open." in told(again)
    assert bring(thread, again).status_code == 302


def test_a_press_that_is_sent_twice_brings_them_once(thread):
    seen = look(thread, xlsforms.good())
    sending = {**fields(seen), "bring": "1"}
    lead(thread).post(FILE, sending)
    many = len(now(thread).form["questions"])
    client = lead(thread)
    client.post(FILE, sending)

    assert len(now(thread).form["questions"]) == many


def test_what_was_found_cannot_be_changed_on_its_way(thread):
    sending = fields(look(thread, xlsforms.good())) | {"bring": "1"}
    before = now(thread).form
    changed = lead(thread).post(FILE, sending | {"found": sending["found"][:-3] + "abc"})

    assert "Look at its questions" in told(changed)
    assert now(thread).form == before


def test_our_question_to_pass_on_does_not_come_from_a_file(thread):
    page = told(
        look(
            thread,
            made(
                [HEAD, ["text", PASS_ON, "May we give this to the City?", None], ["text", "a", "Why?", None]]
            ),
        )
    )

    assert "1 question comes after yours" in page
    assert "A question of the program’s own. Choose that on the page of your questions. row 2 pass-on" in page


def test_hostile_cells_are_shown_as_words(thread):
    seen = look(thread, made([HEAD, ["text", "<b>n</b>".strip("<>/b"), "<script>alert(1)</script>?", None]]))

    assert "<script>alert(1)" not in seen.content.decode()
    assert "<script>alert(1)</script>?" in html.unescape(seen.content.decode())


def test_on_the_way_to_a_file_what_was_typed_is_saved(thread):
    actions.save_questions(engagement=now(thread), questions=[])
    ana = lead(thread)

    assert "Bring questions from a file" in text_of(ana.get(HERE))
    assert ana.post(HERE, typed(thread, file="1", **{"n1-kind": "text"})).url == FILE
    wrong = {"n1-kind": "one", "n1-words": "Which side?", "file": "1"}
    assert "Write 2 to 20 answers" in text_of(ana.post(HERE, typed(thread, **wrong)))
    assert ana.post(HERE, typed(thread, **wrong, **{"n1-options": "North\nSouth"})).url == FILE
    assert [one["words"]["en"] for one in now(thread).form["questions"]] == ["Which side?"]


def test_only_who_plans_the_engagement_brings_questions(thread):
    client = as_(thread.boss)

    assert client.get(FILE).status_code == 403
    assert client.post(FILE, sent(xlsforms.good())).status_code == 403
    assert client.get(f"{DRAFT}questions.xlsx").status_code == 403


def asked_in(response) -> list[dict]:
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    found = read(b"".join(response) if response.streaming else response.content)
    assert [(one.name, one.guess) for one in found.tongues] == [
        ("English (en)", "en"),
        ("Español (es)", "es"),
    ]
    return in_tongues(found, {one.name: one.guess for one in found.tongues}, "en")[0]


def test_the_questions_of_a_draft_are_taken_along(thread):
    assert asked_in(lead(thread).get(f"{DRAFT}questions.xlsx")) == now(thread).form["questions"]
    assert f'href="{DRAFT}questions.xlsx"' in lead(thread).get(HERE).content.decode()


def test_everyone_takes_the_questions_along_from_the_page_of_an_engagement(db, client):
    thread = cast.opened()
    page = client.get(PUBLIC).content.decode()

    assert f'href="{PUBLIC}questions.xlsx"' in page
    assert asked_in(client.get(f"{PUBLIC}questions.xlsx")) == now(thread).form["questions"]
    assert client.get("/riverbend/en/engagements/nothing-here/questions.xlsx").status_code == 404


def test_a_draft_is_not_taken_along_from_a_public_address(thread, client):
    assert client.get(f"{PUBLIC}questions.xlsx").status_code == 404


def test_what_is_taken_along_comes_back_into_another_draft(thread):
    data = lead(thread).get(f"{DRAFT}questions.xlsx").content
    before = now(thread).form["questions"]
    actions.save_questions(engagement=now(thread), questions=[])

    assert bring(thread, look(thread, data)).status_code == 302
    assert now(thread).form["questions"] == before


@pytest.mark.parametrize("name", ["UCL_Biomass_Plot_Form.xlsx", "buildings.xls"])
def test_a_real_form_is_brought_into_a_draft(thread, name):
    seen = look(thread, xlsforms.real(name), name)
    before = len(now(thread).form["questions"])

    assert bring(thread, seen).status_code == 302
    assert len(now(thread).form["questions"]) > before + 8
