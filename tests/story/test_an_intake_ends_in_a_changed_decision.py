"""A unit asks leads for help in one form; in the end it tells what it decided, and the exported statement says the whole way."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from docx import Document
from pypdf import PdfReader

from alongside.check.cli import main as verify
from alongside.ground.record.actions import heads
from alongside.ground.record.models import LogEntry
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Engagement
from tests.story.steps import HOME, click, press, sign_in, to_desk, unfold
from tests.support.thread import QUESTIONS, WORDS, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

HELP = "Help us hear people about counters"
DECIDED_ON = "How long the counters keep pictures"
OPEN = "How long pictures are kept, and who may look"
OUTCOME = "Pictures are gone after one day, because people asked for it. Who may look did not change."
#: What a statement must say, in the order of the way: asked, heard, recommended, answered, promised, decided.
WAY = (
    HELP,
    "English and Spanish",
    "People want short keeping.",
    "Keep records for one day.",
    "We can do this.",
    "Set it everywhere.",
    OUTCOME,
)


def given_a_decision_to_come(thread, calendar):
    """Put a project of the unit on the register, with a decision in seventy days."""
    thread.project = thread.register_project("counters", "Counters in the park", "They count who passes.")
    thread.decision = thread.schedule_decision(
        "keeping", on=calendar.day(thread, 70), decision=DECIDED_ON, still_open=OPEN
    )


def ask_for_help(staff, calendar, thread):
    """Fill the one form, from the desk of a unit."""
    to_desk(staff, "Our desk")
    unfold(staff, "All else that you do here")
    click(staff, "Ask leads for help")
    staff.get_by_label("What do you want help with, in one line?").fill(HELP)
    staff.get_by_label("Which decision on the register is it about?").select_option(index=1)
    staff.get_by_label("What is decided?").fill(DECIDED_ON)
    staff.get_by_label("What is still open?").fill(OPEN)
    staff.get_by_label("On which day is it decided?").fill(str(calendar.day(thread, 70)))
    staff.get_by_role("radio", name=re.compile("Involve")).first.check()
    staff.get_by_label("What is there to pay people for their time?").fill("1500")
    staff.get_by_label("What is there for interpreters and translation?").fill("400")
    press(staff, "Ask in public")
    staff.get_by_role("heading", name=HELP).wait_for()


def take_it_and_plan(lead, thread):
    """Take it from a lead's week, and save the first step of the draft that it fills in."""
    to_desk(lead, "This week")
    click(lead, f"A bureau asks for help: {HELP}")
    press(lead, "I take it")
    click(lead, "Plan an engagement for it")
    filled = {
        "What do you ask people, in one line?": HELP,
        "What is decided?": DECIDED_ON,
        "What can change?": OPEN,
        "Which office answers?": thread.office.public_id,
        "Is it about one of these decisions?": str(thread.decision.pk),
    }
    assert {label: lead.get_by_label(label).input_value() for label in filled} == filled
    assert lead.get_by_role("radio", name=re.compile("Involve:")).first.is_checked()
    lead.get_by_label("Which office answers?").select_option(thread.manager.public_id)
    lead.get_by_label("What cannot change, and why?").fill("That the counters stay.")
    press(lead, "Save and go on")  # nothing was said before
    lead.get_by_role("heading", name="The first question").wait_for()


def walk_to_the_answer(thread, turn):
    """Walk the middle by actions, as another story clicks it: promise, finding, recommendation, answer, commitment."""
    thread.engagement = Engagement.objects.get()
    words = {lang: WORDS[lang] | thread.engagement.words.get(lang, {}) for lang in ("en", "es")}
    changes = {"languages": ["en", "es"], "words": words}
    engagements.save_draft(engagement=thread.engagement, changes=changes)
    engagements.save_questions(engagement=thread.engagement, questions=QUESTIONS)
    thread.make_keys().open()
    turn(35)
    ask = thread.recommend(thread.find())
    turn(20)
    thread.answer(ask)


def tell_what_was_decided(staff, day):
    """Tell it on the page of the decision, from the desk of a unit."""
    to_desk(staff, "Our desk")
    click(staff, "City projects")
    click(staff, "Counters in the park")
    click(staff, DECIDED_ON)
    click(staff, "Tell what was decided")
    staff.get_by_label("On which day was it decided?").fill(day)
    staff.get_by_label("What was decided?").fill(OUTCOME)
    press(staff, "Put it on the public log")
    staff.locator("dd", has_text=OUTCOME).wait_for()


def downloaded(page, name):
    """Click a link and give the file that comes."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name, exact=True).first.click()
    return io.BytesIO(coming.value.path().read_bytes())


def missing_from(words):
    """List what a statement does not say of the way."""
    said = " ".join(words.split())
    return [one for one in WAY if one not in said]


def test_a_units_intake_ends_in_a_decision_that_changed_and_a_statement_says_so(
    browsing, live_site, calendar, mailbox, tmp_path, capsys
):
    def turn(ago):
        calendar.ago = timedelta(days=ago)
        thread.now = calendar.now()

    # Given a unit with a project on the register, and a decision to come
    calendar.ago = timedelta(days=75)
    thread = Thread(now=calendar.now()).open_program()
    given_a_decision_to_come(thread, calendar)
    staff = browsing.person("the staff")
    lead = browsing.person("the lead", phone=True, signed_in=thread.first_lead.person)
    anyone = browsing.person("anyone", phone=True)

    # When its staff ask for help in one form, a lead takes it, and the draft of an engagement is begun with it
    sign_in(staff, mailbox, thread.staff.email)
    ask_for_help(staff, calendar, thread)
    take_it_and_plan(lead, thread)
    assert Engagement.objects.get().invitation == LogEntry.objects.get(kind="invitation.made").index

    # And people are heard, the leads ask, the City says yes, and staff tell what was decided and what changed
    walk_to_the_answer(thread, turn)
    turn(5)
    tell_what_was_decided(staff, str(calendar.day(thread)))
    heads.sign_head(program=thread.program, now=thread.now)

    # Then the invitation leads to what followed, and the statement of the project says the whole way
    lead.goto(f"{HOME}invitations/help-us-hear-people-about-counters/")
    click(lead, HELP)
    lead.get_by_role("heading", name=HELP).wait_for()
    anyone.goto(f"{HOME}projects/counters/")
    click(anyone, "Public Involvement Statement")
    anyone.get_by_role("heading", name="Public Involvement Statement: Counters in the park").wait_for()
    assert missing_from(anyone.locator("main").inner_text()) == []
    row = anyone.get_by_role("row", name=DECIDED_ON).inner_text()
    assert f"Decided: {OUTCOME}" in " ".join(row.split())

    # And so do the files that anyone takes along; their proofs hold on a computer of one's own
    pdf = PdfReader(downloaded(anyone, "Download (PDF)"))
    assert missing_from(" ".join(page.extract_text() for page in pdf.pages)) == []
    docx = Document(downloaded(anyone, "Download (Word)"))
    cells = [cell.text for table in docx.tables for row in table.rows for cell in row.cells]
    assert missing_from(" ".join(cells)) == []
    zipfile.ZipFile(downloaded(anyone, "Download the proofs (ZIP)")).extractall(tmp_path)
    key, texts = (tmp_path / "vkey").read_text().strip(), tmp_path / "texts.json"
    told = LogEntry.objects.get(kind="decision.made").index
    proofs = sorted(str(one) for one in (tmp_path / "entries").iterdir())
    check = ["proof", "--vkey", key, "--texts", str(texts), *proofs]
    assert (str(tmp_path / "entries" / f"{told}.tlog-proof") in proofs, verify(check)) == (True, 0)
    assert f"All {len(proofs)} entries are in the public log" in capsys.readouterr().out
    texts.write_text(texts.read_text().replace(OUTCOME, "Nothing changed."))
    assert verify(check) == 1
    assert anyone.context.cookies() == []
