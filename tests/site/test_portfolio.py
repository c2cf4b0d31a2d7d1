"""A portfolio is a lead's own, follows from rows, and is set as PDF with what people wrote as data."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from alongside.cohort.seats import actions as seats
from alongside.cohort.training.actions import begin_track
from alongside.cohort.training.models import Completion
from alongside.desks.pdf import MissingGlyphError, set_paper
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import as_, text_of

PAGE = "/riverbend/en/seat/portfolio/"
QUERIES = 13  # of the whole page, signed in; however much there is


@pytest.fixture
def thread(db):
    return Thread(now=this_hour()).to_open_engagement()


def test_a_portfolio_says_what_came_of_what_the_lead_asked(thread):
    _given, commitment = thread.answer(thread.recommend(thread.find()))
    claim = thread.claim(commitment)
    for seat in (thread.second_lead, thread.third_lead):
        thread.check(claim, seat, "disputed")

    first, second = (text_of(as_(one.person).get(PAGE)) for one in (thread.first_lead, thread.second_lead))

    assert "Accepted. 0 of 1 milestone kept. 1 disputed." in first
    assert "Keep for a day" not in second
    assert ("Disputed," in first, "Disputed," in second) == (False, True)


def test_it_stays_when_the_seat_is_over_and_those_who_never_sat_have_none(thread):
    seat = thread.first_lead
    seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    cohort = as_(seat.person).get("/riverbend/en/cohort/first/").content.decode()

    assert as_(seat.person).get(PAGE).status_code == 200
    assert (
        PAGE in cohort,
        PAGE in as_(thread.staff).get("/riverbend/en/cohort/first/").content.decode(),
    ) == (
        True,
        False,
    )
    assert as_(thread.staff).get(PAGE).status_code == 404


def test_whoever_left_still_comes_to_the_papers_of_their_training(thread):
    seat, on = thread.first_lead, thread.now.date()
    words = {"program": thread.program, "slug": "privacy", "titles": {"en": "Privacy"}}
    track = begin_track(**words, audience="leads", now=thread.now)
    done = Completion.objects.create(track=track, person=seat.person, seat=seat, on=on)
    seats.leave_seat(seat=seat, on=on, reason="", now=thread.now)
    former = as_(seat.person)

    links = re.findall(r'href="(/riverbend/en/training/[^"]*)"', former.get(PAGE).content.decode())

    assert links == [f"/riverbend/en/training/papers/{done.pk}/"]
    assert [former.get(f"{links[0]}{one}").status_code for one in ("", "certificate/")] == [200, 200]
    assert PAGE in former.get(links[0]).content.decode()


def test_the_pdf_bears_the_name_that_was_typed_and_nothing_keeps_it(thread):
    lead = as_(thread.first_lead.person)

    sent = lead.post(PAGE, {"name": "Ana *Ruiz* #let x = 1"})

    assert (sent.status_code, sent["Content-Type"], sent["Cache-Control"]) == (
        200,
        "application/pdf",
        "private, no-store",
    )
    assert sent.content.startswith(b"%PDF-")
    assert "Ruiz" not in lead.get(PAGE).content.decode()


def test_a_letter_without_a_font_is_told_with_its_cure(thread):
    page = as_(thread.first_lead.person).post(PAGE, {"name": "Ana \u0378"})

    assert page["Content-Type"].startswith("text/html")
    assert "Some letters cannot be set in a PDF here. Print this page instead" in text_of(page)


def paper(**more):
    line = {"title": "A title", "lang": "en", "dir": "ltr", "text": "Said of it"}
    section = {"heading": "Heading", "why": "", "lines": [line | more]}
    told = {"title": "Portfolio", "name": "", "lang": "en", "dir": "ltr", "intro": "Intro", "check": "Check"}
    return set_paper("portfolio.typ", told | {"sections": [section]})


def test_a_paper_is_set_from_a_folder_that_cannot_be_read(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert pages_of(paper()) == 1


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def faces_of(page):
    """Name the faces of a page, without the tag and the encoding that each is embedded with."""
    names = (str(one.get_object()["/BaseFont"]) for one in page["/Resources"]["/Font"].get_object().values())
    return {name.partition("+")[2].removesuffix("-Identity-H") for name in names}


LATIN, CJK, EMOJI = {"NotoSans-Regular", "NotoSans-Bold"}, {"NotoSansCJKsc-Regular"}, {"NotoEmoji-Regular"}


@pytest.mark.parametrize(
    ("words", "faces"),
    [
        ("Đợt đầu tiên", LATIN),
        ("Первый набор", LATIN),
        ("Keep 🙂 it 👍🏽", LATIN | EMOJI),
        ("社区代表与市政府一起工作", LATIN | CJK),
        ("社區代表與市政府", LATIN | CJK),
        ("지역사회 대표", LATIN | CJK),
        ("コミュニティ", LATIN | CJK),
    ],
)
def test_many_scripts_are_set_with_the_fonts_we_ship_and_can_be_copied_out_again(words, faces):
    (page,) = PdfReader(BytesIO(paper(title=words))).pages

    assert page.extract_text().splitlines()[3:5] == [f"• {words}", "Said of it"]
    assert faces_of(page) == faces


def test_arabic_is_set_with_the_font_we_ship():
    (page,) = PdfReader(BytesIO(paper(title="الدورة الأولى", dir="rtl", lang="ar"))).pages

    assert faces_of(page) == {*LATIN, "NotoSansArabic-Bold"}


@pytest.mark.parametrize(
    "words", ["#pagebreak() #pagebreak()", '#panic("no")', "$", "*", '#include "/etc/passwd"', "] #"]
)
def test_what_people_wrote_is_never_read_as_markup(words):
    assert pages_of(paper(title=words, text=words)) == 1


@pytest.mark.parametrize("words", ["\u0378", "a\x00b"])
def test_a_letter_that_no_font_has_or_no_paper_may_hold_is_refused_by_name(words):
    with pytest.raises(MissingGlyphError, match="print the page instead"):
        paper(title=words)


def test_a_portfolio_takes_as_many_queries_for_three_asks_as_for_one(thread, django_assert_num_queries):
    lead = as_(thread.first_lead.person)
    thread.recommend(thread.find())
    with django_assert_num_queries(QUERIES):
        assert lead.get(PAGE).content.decode().count("Keep for a day") == 1
    for _more in range(2):
        thread.recommend(thread.find())
    with django_assert_num_queries(QUERIES):
        assert lead.get(PAGE).content.decode().count("Keep for a day") == 3
