"""A Public Involvement Statement is read from the record under one signed head: it says what entries say, and it stays."""

import io
import re
import zipfile
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext
from docx import Document
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Inches
from hypothesis import given, settings, strategies
from pypdf import PdfReader

from alongside.chain.answers import actions as answers
from alongside.chain.asks.tasks import tick as clock_of_asks
from alongside.check.cli import main as verify
from alongside.desks import pdf as papers
from alongside.desks.pdf import set_paper
from alongside.desks.statements.blocks import Grid, Paper, Para, Points, Run, clean, to_data
from alongside.desks.statements.docx import docx_of
from alongside.desks.statements.shelf import Shelf
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import heads
from alongside.ground.record.actions.entries import Text
from alongside.ground.texts import actions as texts_actions
from tests.house.test_addresses import LIST
from tests.support.demonstration import main_of
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import as_, text_of

SLUG = "library-computers-project"
FORMS = ("pdf", "docx", "zip")
KEPT = 12  # of three files that were drawn before: program, head, public key and what was taken down, of each
QUERIES = 15  # of a statement as a page, however much there is


@pytest.fixture
def thread(db):
    return Thread(now=this_hour()).to_open_engagement()


def signed(thread):
    return heads.sign_head(program=thread.program, now=thread.now).size


def address(size="", form="", lang="en", what=f"projects/{SLUG}"):
    here = f"/riverbend/{lang}/{what}/statement/"
    return here + (f"{size}/" if size else "") + (f"statement.{form}" if form else "")


def part(page, heading, after):
    """Give the words of a page from one heading of the statement to another."""
    words = text_of(page).split("Nobody wrote this statement")[-1]
    return words.partition(heading)[2].partition(after)[0]


def test_a_statement_says_what_was_asked_heard_declined_changed_and_left_open(thread, site_client):
    finding = thread.find()
    data = {"smaller": True, "voices": "fewer", "root": "cd" * 32}
    cites = {"engagement": [thread.promise], "beside": [finding.index]}
    leads = [thread.first_lead.public_id, thread.second_lead.public_id]
    words = {"statement": Text("en", "Night workers want longer keeping.")}
    thread.enter("finding.published", leads, data, cites, words)
    (no,) = thread.answer(thread.recommend(finding), "declined", reasons="The law asks for thirty days.")
    answers.contest(
        program=thread.program,
        answer=no.index,
        seat=leads[0],
        words="It does not.",
        lang="en",
        now=thread.now,
    )
    _yes, commitment = thread.answer(thread.recommend(finding, "Keep for one day at most"))
    claim = thread.claim(commitment)
    for seat in (thread.second_lead, thread.third_lead):
        thread.check(claim, seat, "disputed")
    thread.recommend(finding, "Keep for an hour")
    thread.later(70)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)

    page = site_client.get(address(signed(thread)))

    asked = part(page, "Who was asked, and how", "What they said")
    assert "IAP2 Spectrum of Public Participation: Involve" in asked
    assert "English and Spanish" in asked
    said = (
        page.content.decode().partition("What a smaller group sees differently")[2].partition("</table>")[0]
    )
    rows = [re.findall(r"<td\b[^>]*>(.*?)</td>", one, re.DOTALL) for one in said.split("</tr>")]
    side_by_side = [cells for cells in rows if cells]
    assert [["short keeping" in cells[0], "Night workers" in cells[1]] for cells in side_by_side] == [
        [True, True]
    ]
    assert "From fewer voices than we show. Two leads confirmed it." in side_by_side[0][1]
    declined = part(page, "What was declined, and why", "What is open")
    assert "The law asks for thirty days." in declined
    assert "The leads contested it: It does not." in declined
    assert "The answer stands" not in declined
    changed = part(page, "What changed, or will change", "What was declined, and why")
    assert "Two leads looked and say that this is not done" in changed
    assert re.search(r"Disputed \(late by \d+ days?, since [^)]+\) · Limited ", changed)
    opened = part(page, "What is open", "How people heard back")
    assert "No answer was written by the day." in opened
    assert "Declined and contested. The reply is late" in opened
    short = part(page, "In short", "Who was asked")
    assert "3 things were asked of the City: Accepted: 1; Declined: 1; Late: 1 (10 days)." in short
    assert (
        "Answers written (response rate): 2 of the 3 answers that were due or came early are written."
        in short
    )
    assert "Answered on time: 2 of 3." in short
    assert "Promises kept (implementation rate): 0 of 1 milestone that was due is kept" in short


def test_what_was_never_checked_does_not_count_as_kept(thread, site_client):
    _yes, commitment = thread.answer(thread.recommend(thread.find()))
    claim = thread.claim(commitment)
    claimed = text_of(site_client.get(address(signed(thread))))
    for seat in (thread.second_lead, thread.third_lead):
        thread.check(claim, seat)
    verified = text_of(site_client.get(address(signed(thread))))

    assert "Nobody has checked it yet, so it does not count as kept." in claimed
    kept = "Kept · Complete Two leads looked and say that this is done,"
    assert (kept in claimed, kept in verified) == (False, True)
    assert "Called done, not checked yet · No evidence" in claimed
    assert "Promises kept (implementation rate): 1 of 1 milestone that was due is kept" in verified


def test_the_same_head_gives_the_same_files_whatever_came_later(thread, site_client):
    ask = thread.recommend(thread.find())
    size = signed(thread)
    before = [main_of(site_client.get(address(size)).content.decode())]
    before += [site_client.get(address(size, one)).content for one in FORMS]
    thread.answer(ask, "declined", reasons="No.")
    spanish = {"title": "Guardar un día"}
    texts_actions.translate_text(
        program=thread.program,
        entry=ask.index,
        by="steward",
        lang="es",
        texts=spanish,
        made_by="machine",
        reviewed=False,
        now=thread.now,
    )
    thread.later(3)
    later = signed(thread)

    again = [main_of(site_client.get(address(size)).content.decode())]
    again += [site_client.get(address(size, one)).content for one in FORMS]

    assert [one == two for one, two in zip(before, again, strict=True)] == [True] * 4
    assert "Guardar un día" not in text_of(site_client.get(address(size, lang="es")))
    translated = text_of(site_client.get(address(later, lang="es")))
    assert "Guardar un día" in translated
    assert main_of(site_client.get(address(later)).content.decode()) != again[0]
    assert site_client.get(address())["Location"] == address(later)


def test_a_head_that_nobody_signed_has_no_statement(thread, site_client):
    waiting = site_client.get(address())
    size = signed(thread)

    assert "waits for the log’s next signature" in text_of(waiting)
    assert [site_client.get(address(one)).status_code for one in (size - 1, size, size + 1)] == [
        404,
        200,
        404,
    ]
    assert site_client.get(address(what="projects/nothing-here")).status_code == 404


def test_another_project_and_what_follows_from_it_is_in_no_statement_but_its_own(thread, site_client):
    other = thread.register_project("other", "Another project", "Something else.")
    thread.recommend(thread.find())
    size = signed(thread)

    mine, others = (
        text_of(site_client.get(address(size, what=f"projects/{one}"))) for one in (SLUG, other.slug)
    )

    assert ("Keep for a day" in mine, "Another project" in mine) == (True, False)
    assert ("Keep for a day" in others, "no engagement and no consultation names this project" in others) == (
        False,
        True,
    )


def test_a_statement_claims_nothing_of_questions_that_name_no_project_and_leads_to_them(thread, site_client):
    thread.answer(thread.question("What does it cost?"), "declined", reasons="The contract is not public.")

    page = site_client.get(address(signed(thread)))

    beside = "Leads may also ask about a project without naming it on the public log. Such questions are not in this paper: Questions to this bureau"
    assert beside in text_of(page)
    none = "Nothing of what was asked in this project’s engagements, consultations or workplans, or by questions that name it."
    assert part(page, "What was declined, and why", "What is open").strip() == none
    in_short = part(page, "In short", "Who was asked, and how")
    assert (
        "Nothing was asked in this project’s engagements, consultations or workplans, and no question names it."
        in in_short
    )
    assert "No answer was due yet." not in in_short
    listed = re.search(r'href="(/riverbend/en/questions/\?unit=[a-z-]+)"', page.content.decode())
    assert listed, "the statement does not lead to the questions of the bureau"
    assert "What does it cost?" in text_of(site_client.get(listed[1]))
    project = site_client.get(f"/riverbend/en/projects/{SLUG}/").content.decode()
    assert f'href="{listed[1]}"' in project


def test_the_proofs_are_accepted_offline_and_a_changed_word_is_not(thread, site_client, tmp_path, capsys):
    thread.answer(thread.recommend(thread.find()), "declined", reasons="No money.")
    size = signed(thread)
    cited = sorted(
        int(one)
        for one in set(
            re.findall(r"/record/(\d+)/", main_of(site_client.get(address(size)).content.decode()))
        )
    )

    with zipfile.ZipFile(io.BytesIO(site_client.get(address(size, "zip")).content)) as packed:
        packed.extractall(tmp_path)
    proofs = sorted((tmp_path / "entries").iterdir())
    texts, key = tmp_path / "texts.json", (tmp_path / "vkey").read_text().strip()
    line = ["proof", "--vkey", key, "--texts", str(texts), *map(str, proofs)]

    assert sorted(int(one.stem) for one in proofs) == cited
    assert verify(line) == 0
    said = capsys.readouterr().out
    assert f"All {len(cited)} entries are in the public log {thread.program.origin}" in said
    assert f"--vkey {key} --texts texts.json entries/*.tlog-proof" in (tmp_path / "README.txt").read_text()
    texts.write_text(texts.read_text().replace("No money.", "Gladly."))
    assert verify(line) == 1
    assert "do not fit their hash" in capsys.readouterr().err


def test_every_address_in_a_statement_is_one_that_stays(thread, site_client):
    thread.recommend(thread.find())
    paper = Document(io.BytesIO(site_client.get(address(signed(thread), "docx")).content))
    links = {one.target_ref for one in paper.part.rels.values() if one.is_external}
    promised = {one.split()[0] for one in LIST.read_text().splitlines() if one}

    paths = [urlsplit(one).path for one in links]
    found = {f"/{resolve(one).route}" for one in paths}

    assert {urlsplit(one).hostname for one in links} == {"testserver"}
    assert len(links) > 10
    assert found - promised == set()
    assert {site_client.get(one).status_code for one in paths} == {200}


def test_a_translation_nobody_reviewed_says_so_and_words_without_one_keep_their_language(thread, site_client):
    ask = thread.recommend(thread.find())
    texts_actions.translate_text(
        program=thread.program,
        entry=ask.index,
        by="steward",
        lang="ar",
        texts={"title": "يوم واحد", "ask": "احتفظوا بها يوما"},
        made_by="machine",
        reviewed=False,
        now=thread.now,
    )

    page = site_client.get(address(signed(thread), lang="ar")).content.decode()
    main = page.partition("<main")[2]

    assert re.search(r'<span lang="en" dir="ltr">People want short keeping.</span>', main)
    with translation.override("ar"):
        assert gettext("No person has reviewed this translation yet.") in main.partition("يوم واحد")[2]
        added = gettext("Added by the program coordinator on %(day)s.").partition("%(day)s")[0].strip()
        assert added in main.partition("يوم واحد")[2], "who put these words there, and when"
    assert "<b>يوم واحد</b>" in main
    assert ('dir="rtl"' in page.partition("<head")[0], "احتفظوا بها يوما" in main) == (True, True)


def old_finding(thread):
    """Enter one step of a thread from old sources."""
    source = "https://old.example/report"
    data = {"thread": "old-counts", "whose": "community", "event_date": "2022-05"}
    words = {"en": {"title": "A feedback report", "statement": "People asked for signs."}}
    return texts_actions.reconstruct(
        program=thread.program,
        step="finding",
        data=data,
        words=words,
        sources=[source],
        by=["steward", thread.first_lead.public_id],
        now=thread.now,
    )


def test_a_reason_for_asking_again_stands_beside_what_was_said_before(thread, site_client):
    before = [thread.find().index, old_finding(thread).index]
    brief = {
        "consultation": "counter-data",
        "of": "dataset",
        "unit": thread.unit.slug,
        "office": thread.manager.public_id,
        "advice_by": thread.now.date().isoformat(),
        "answer_by": thread.now.date().isoformat(),
    }
    names = ("title", "what", "decision", "can_change", "cannot_change")
    texts = {one: Text("en", f"{one} of the brief") for one in names}
    texts["asked_again"] = Text("en", "The data is new.")
    cites = {"project": [thread.project.entry], "before": before}
    thread.enter("consultation.opened", [thread.manager.public_id], brief, cites, texts)

    page = site_client.get(address(signed(thread)))

    again = part(page, "What was asked before, and why it was asked again", "What they said")
    assert "The data is new. People want short keeping." in again
    assert "People asked for signs. Reconstructed from the public record." in again
    assert "A dataset" in part(page, "Who was asked, and how", "What was asked before")


def test_a_thread_from_old_sources_has_a_statement_that_says_so_with_its_sources(thread, site_client):
    old = old_finding(thread)
    size = signed(thread)
    page = text_of(site_client.get(address(size, what="past/old-counts")))

    (paper,) = [Document(io.BytesIO(site_client.get(address(size, "docx", what="past/old-counts")).content))]
    said = [cell.text for cell in paper.tables[0].rows[1].cells]

    assert "Reconstructed from the public record. Each step has the date of its event and its source." in page
    assert "Nothing was found in the sources. That does not mean that there was none." in page
    assert said == [
        "May 2022",
        f"A feedback report\nPeople asked for signs.\nEntry {old.index}",
        "https://old.example/report",
    ]
    assert site_client.get(address(size, what="past/nothing-here")).status_code == 404


def test_words_that_were_taken_down_are_gone_from_old_statements_too_and_told(
    thread, site_client, tmp_path, capsys
):
    (no,) = thread.answer(thread.recommend(thread.find()), "declined", reasons="Ask Pat, who lives there.")
    size = signed(thread)
    before = site_client.get(address(size)).content.decode()
    texts_actions.erase_text(
        program=thread.program,
        entry=no.index,
        sha256=no.texts["reasons"]["sha256"],
        ground="it named a person",
        by=[thread.first_lead.public_id, thread.manager.public_id],
        now=thread.now,
    )

    after = site_client.get(address(size)).content.decode()
    with zipfile.ZipFile(io.BytesIO(site_client.get(address(size, "zip")).content)) as packed:
        packed.extractall(tmp_path)
    proofs = [str(one) for one in (tmp_path / "entries").iterdir()]
    key, texts = (tmp_path / "vkey").read_text().strip(), str(tmp_path / "texts.json")

    assert ["Ask Pat" in one for one in (before, after, (tmp_path / "texts.json").read_text())] == [
        True,
        False,
        False,
    ]
    assert "These words were taken down. The public log says why." in after
    assert verify(["proof", "--vkey", key, "--texts", texts, *proofs]) == 0
    assert f"Not given are texts of entries {no.index}." in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_docx_has_headings_header_rows_a_language_and_a_direction(thread, site_client, lang):
    thread.answer(thread.recommend(thread.find()), "declined", reasons="No.")
    paper = Document(io.BytesIO(site_client.get(address(signed(thread), "docx", lang)).content))

    names = [one.style.name for one in paper.paragraphs if one.style.name.startswith(("Title", "Heading"))]
    about = paper.core_properties
    tops = [one.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for one in paper.tables]
    spoken = paper.styles.element.find(".//" + qn("w:lang")).get(qn("w:val"))
    ways = {
        "bidi": paper.sections[0]._sectPr.find(qn("w:bidi")) is not None,
        "table": paper.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None,
        "rtl": paper.paragraphs[1].runs[0]._r.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None,
    }

    assert (names[0], names.count("Title"), names[1]) == ("Title", 1, "Heading 1")
    assert set(names[1:]) == {"Heading 1", "Heading 2"}
    assert tops == [True] * 5
    last = paper.tables[-1]  # the proofs: a number of six digits fits on one line, and no row is torn in two
    torn = [one._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None for one in last.rows[1:]]
    assert (last.columns[0].width >= Inches(0.7), any(torn), len(torn)) == (True, False, 6)
    assert {about.author, about.last_modified_by} == {pack_of(thread.program).name.say(lang)}
    assert (about.title.endswith("Records of public computers"), about.language, spoken) == (True, lang, lang)
    assert set(ways.values()) == {lang == "ar"}


#: Letters that XML, a paper or a terminal cannot hold, and those that mean something in XML.
HARD = "\x00\x07\x0b\x1b\x7f\x85\u2028\u202e\ufeff\ufffe\uffff\ud800\udfff<&>]"


@settings(max_examples=100)
@given(strategies.text(), strategies.sampled_from(HARD), strategies.text())
def test_any_words_can_stand_in_xml_once_they_are_clean(before, letter, after):
    words = clean(before + letter + after)
    element = OxmlElement("w:t")
    element.text = words

    assert (parse_xml(serialize_part_xml(element)).text or "") == words


HOSTILE = (
    'a\x00b\x1b[2J </w:t><script>alert(1)</script> & #pagebreak() #panic("no") $x$ *b* \u202egnp.exe ]]>'
)


def hostile(lang="en"):
    grid = Grid(HOSTILE, (HOSTILE, "two"), (((((Run(HOSTILE, is_strong=True),),),) * 2),), (1, 2))
    blocks = (
        Para((Run(HOSTILE, "ar"), Run(HOSTILE, href="https://example.org/"))),
        Points(((Run(HOSTILE),),)),
        grid,
    )
    return Paper(
        (Run(HOSTILE),), lang, HOSTILE, datetime(2026, 3, 2, tzinfo=UTC).date(), "https://example.org", blocks
    )


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_hostile_words_are_words_in_a_docx_and_in_a_pdf(lang):
    paper, shown = hostile(lang), clean(HOSTILE)

    told = Document(io.BytesIO(docx_of(paper)))
    pdf = PdfReader(io.BytesIO(set_paper("paper.typ", to_data(paper))))

    assert told.paragraphs[0].text == told.tables[0].rows[1].cells[1].text == shown
    assert "<script>" in shown
    assert not re.search("[\x00\x1b\u202e]", shown)
    assert len(pdf.pages) == 1


def test_a_pdf_is_tagged_and_says_its_title_and_language(thread, site_client):
    thread.recommend(thread.find())
    pdf = PdfReader(io.BytesIO(site_client.get(address(signed(thread), "pdf")).content))
    root = pdf.trailer["/Root"]
    tags = set(re.findall(r"/S\W+/(\w+)", str(list(walked(root["/StructTreeRoot"])))))

    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en")
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"]) is True
    assert pdf.metadata.title == "Public Involvement Statement: Records of public computers"
    assert pdf.metadata.author is None
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert {"H1", "H2", "Table", "TH", "TD", "Link", "L"} <= tags


def walked(node):
    """Give the kinds of a structure tree's elements."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from walked(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield f"/S /{node['/S'][1:]}"
        if "/K" in node:
            yield from walked(node["/K"])


def test_a_letter_without_a_font_leads_to_the_page_and_the_word_file(thread, site_client):
    thread.answer(thread.recommend(thread.find()), "declined", reasons="Not \u0378 here.")
    size = signed(thread)

    sent = site_client.get(address(size, "pdf"))

    assert sent["Content-Type"].startswith("text/html")
    assert "Some letters cannot be set in a PDF here. Take the Word file" in text_of(sent)
    assert site_client.get(address(size, "docx")).status_code == 200


def test_a_crowd_that_wants_files_waits_for_a_turn_and_is_told_when_to_come_back(thread, client, monkeypatch):
    monkeypatch.setattr(papers, "PATIENCE", 0.01)
    size = signed(thread)

    with papers.DRAWING:
        busy = client.get(address(size, "docx"))
    free = client.get(address(size, "docx"))

    assert (busy.status_code, busy["Retry-After"]) == (503, "60")
    assert "Many files are being made right now. Try again in a minute." in text_of(busy)
    assert free.status_code == 200


def test_a_file_is_drawn_once_until_a_text_changes_however_the_log_grows(
    thread, client, django_assert_num_queries
):
    finding = thread.find()
    thread.answer(thread.recommend(finding), "declined", reasons="No.")
    size = signed(thread)
    drawn = {form: client.get(address(size, form)).content for form in FORMS}
    thread.recommend(finding, "Keep for an hour")
    signed(thread)

    with django_assert_num_queries(KEPT):
        again = {form: client.get(f"{address(size, form)}?fresh").content for form in FORMS}
    spanish = client.get(f"{address(size, 'docx', 'es')}?fresh").content
    texts_actions.erase_text(
        program=thread.program,
        entry=finding.index,
        sha256=finding.texts["statement"]["sha256"],
        ground="A court asked.",
        by=["steward", thread.first_lead.public_id],
        now=thread.now,
    )
    after = client.get(f"{address(size, 'zip')}?fresh").content

    assert (again, spanish == drawn["docx"], after == drawn["zip"]) == (drawn, False, False)


def test_files_that_are_kept_stay_within_a_bound_and_the_oldest_goes_first():
    shelf, pack, other = Shelf(largest=4, most=10), object(), object()
    keys = [(one, *("",) * 8) for one in range(4)]
    for key, size in zip(keys, (4, 4, 4, 5), strict=True):
        shelf.take(keys[0], pack)
        shelf.put(key, pack, b"x" * size)

    kept = [shelf.take(key, pack) is not None for key in keys]
    assert (kept, shelf.take(keys[0], other)) == ([True, False, True, False], None)


def test_a_statement_takes_as_many_queries_for_three_asks_as_for_one(
    thread, client, django_assert_num_queries
):
    thread.answer(thread.recommend(thread.find()), "declined", reasons="No.")
    first = address(signed(thread))
    for _more in range(2):
        thread.answer(thread.recommend(thread.find()), "declined", reasons="No.")
    second = address(signed(thread))
    client.get(address())
    with django_assert_num_queries(QUERIES):
        assert client.get(first).status_code == 200
    with django_assert_num_queries(QUERIES):
        assert client.get(second).status_code == 200


@pytest.mark.parametrize(("who", "desk"), [("staff", "unit"), ("steward", "steward/tasks")])
def test_a_desk_leads_to_the_statements_of_what_is_decided_next(db, who, desk):
    thread = Thread().to_open_engagement()
    thread.schedule_decision(
        "later-decision",
        on=datetime.now(tz=UTC).date().replace(year=datetime.now(tz=UTC).year + 1, day=1),
        decision="How long",
        still_open="All of it",
    )

    page = as_(getattr(thread, who)).get(f"/riverbend/en/{desk}/").content.decode()

    links = re.findall(f'href="{address()}"[^>]*>(.*?)</a>', page, re.DOTALL)
    said = "Public Involvement Statement: Records of public computers"
    told = [re.sub("<[^>]*>", "", one).rpartition("its ")[2] for one in links]
    assert told == [said] * (2 if who == "staff" else 1)  # a bureau reads it by its day, too
