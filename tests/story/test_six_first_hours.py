"""Six people come to the first page with nothing but a question, and get on by what they see: no page is a dead end.

Run with -s to read how many pages, screens of a phone and words it took each of them.
"""

import csv
import re
from collections.abc import Callable, Iterator
from functools import partial, reduce
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Locator

from alongside.chain.keys.queries import PASSPHRASE
from alongside.site.demo import translations
from tests.story.hours import Hour
from tests.support.browsers import PHONE, words_before

pytestmark = [pytest.mark.django_db, pytest.mark.story, pytest.mark.usefixtures("demonstration")]

LANGUAGES = {"en": "English", "es": "Español", "ar": "العربية"}
ASKED = "What should library computers remember about you?"
EARLIER = "Street sensors: what may they see, and who may look?"
IDEA = "May software read what you write to the Permits Desk?"
QUESTIONS = ("What may it read, and what not?", "Who should look at what it sorts?")
HEARD = "People want the list of sites gone when they sign out."
PROMISED = "What the City promised, kept and not kept"
LATE = "A public list of every counter"
#: A name of a page in the documents: what stands in italics, or in quotation marks.
NAMED = re.compile(r'\*([^*]+)\*|"([^"]+)"')
ROOT = Path(__file__).parents[2]
COUNTS: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """Print, after all, what it took."""
    yield
    print("", *COUNTS, sep="\n")


@pytest.fixture
def begins(browsing) -> Callable[..., Hour]:
    """Let somebody open the first page."""

    def begin(who: str, **options) -> Hour:
        return Hour(browsing.person(who, **options), who)

    return begin


def count(hour: Hour, what: str) -> int:
    """Write down what it took up to here, and give the pages."""
    COUNTS.append(
        f"{hour.who:<22}{what:<28}{hour.pages:>3} pages{hour.screens:>4} screens{hour.words:>6} words"
    )
    return hour.pages


def says(words: str, lang: str, context: str = "") -> str:
    """Give words of the house, or of the demonstration, as they stand on a page in a language."""
    with override(lang):
        found = translations.of(words, lang) or (pgettext(context, words) if context else gettext(words))
    assert lang == "en" or found != words, f"{words!r} is not said in {lang}; translate it."
    return found


def unlock(lead: Hour) -> None:
    """Unlock the reader with the words that the page of the demonstration told."""
    lead.field("Your six words").fill(PASSPHRASE)
    lead.press("Unlock")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_resident_speaks_keeps_the_receipt_reads_what_came_of_it_and_finds_help(begins, lang):
    dee, say = begins(f"resident, {LANGUAGES[lang]}", phone=True), partial(says, lang=lang)
    if lang != "en":
        dee.follow(LANGUAGES[lang])

    # Where can I say what I think, and who reads it?
    dee.follow(say(ASKED))
    dee.reads(say("Who can read your own words"))
    front = dee.sees(dee.page.get_by_role("link", name=re.compile("5")))
    assert words_before(front) <= 60
    front.click()
    first = dee.heading(re.compile(r"^1\."))
    assert first.evaluate("one => one.getBoundingClientRect().top + scrollY") <= 2 * PHONE["height"]
    assert count(dee, "to the first question") - (lang != "en") <= 2
    dee.field(re.compile(r"^4\.")).fill("Delete it every night. احذفوه كل ليلة 🐟")
    dee.press(say("Send so only leads can read it"))

    # Did they get it, and how do I find it again?
    dee.heading(say("We have it", context="the answers of a person"))
    digits = dee.reads(re.compile(r"^\s*(\d\s*){30}$")).inner_text()
    dee.unfold(re.compile(f"^{say('Close the receipt')}$"))
    dee.press(say("Yes, close the receipt"))
    dee.field(say("The digits of your receipt")).fill(digits)
    dee.press(say("Look"))
    dee.heading(say("Your answers are safe with the leads"))

    # What came of it, the last time?
    dee.follow(say("See what came of every question, without a receipt"))
    dee.follow(say(EARLIER))
    dee.reads(say("What the City answered"))
    dee.reads(say("What was done"))

    # Who can help me?
    dee.follow(say("Help and sanctuary"))
    dee.sees(dee.page.get_by_role("link", name=re.compile("503-555-0101")))
    count(dee, "to who helps")
    assert dee.page.context.cookies() == []


def test_a_resident_with_keys_alone_hears_where_they_are_at_each_step(begins):
    eli = begins("resident, keys alone", phone=True, permissions=["clipboard-read", "clipboard-write"])

    def heard_in_order(name: str) -> None:
        """A page begins with one heading of the first level, this one, and no level is left out below it."""
        eli.sees(eli.page.get_by_role("heading", name=name, level=1))
        eli.page.wait_for_load_state("domcontentloaded")
        levels = eli.levels()
        assert (levels[0], levels.count(1)) == (1, 1)
        assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []

    heard_in_order("Say what you think. See what the City does.")
    assert eli.key("Tab") == 'link "Skip to the main part"'
    eli.key("Enter")
    assert eli.key("Tab") == f'link "{ASKED}"'
    eli.key("Enter")
    heard_in_order(ASKED)
    eli.tabs_to('link "Skip to the main part"')
    eli.key("Enter")
    eli.tabs_to('link "Answer 5 questions"')
    eli.key("Enter")
    assert eli.key("Tab") == 'radio "Yes, most weeks"'
    assert eli.key("Space") == 'radio "Yes, most weeks" [checked]'
    eli.tabs_to('textbox "4. What should the City do, or stop doing?"')
    eli.page.keyboard.type("Delete it every night.")
    eli.tabs_to('button "Send so only leads can read it"')
    eli.key("Enter")

    # What is shown in the place of the questions is in focus, so it is read aloud at once
    heard_in_order("We have it")
    assert eli.hears() == 'heading "We have it" [level=1]'
    assert eli.key("Tab") == 'button "Copy the digits"'
    eli.key("Enter")
    copied = eli.sees(eli.page.get_by_role("status").filter(has_text="Copied."))
    assert copied.bounding_box()["y"] + copied.bounding_box()["height"] <= PHONE["height"]
    eli.tabs_to("text: Close the receipt")
    eli.key("Enter")
    eli.tabs_to('button "Yes, close the receipt"')
    eli.key("Enter")
    heard_in_order("Where is my voice?")
    eli.tabs_to('link "See what came of every question, without a receipt"')
    eli.key("Enter")
    heard_in_order("What came of it")
    eli.tabs_to(f'link "{EARLIER}"')
    eli.key("Enter")
    heard_in_order(EARLIER)
    eli.tabs_to('link "Help and sanctuary"')
    eli.key("Enter")
    heard_in_order("Help and sanctuary")
    eli.tabs_to('link "Call 503-555-0101"')
    count(eli, f"to who helps, {eli.keys} keys")


def top_of(thing: Locator) -> float:
    """Give how far down its page something begins."""
    return thing.evaluate("one => one.getBoundingClientRect().top + scrollY")


@pytest.mark.parametrize("earlier", ["", EARLIER], ids=["empty", "from an earlier one"])
def test_a_lead_takes_an_engagement_from_idea_to_open_with_a_second_lead_and_a_manager(begins, earlier):
    ana, ben = begins("lead", phone=True), begins("second lead", phone=True)
    manager = begins("manager")

    # Nobody asked people about this software. How do I ask them?
    ana.become("Start as a lead")
    ana.follow("Plan an engagement")
    if earlier:
        ana.choose(earlier, "Start from an earlier one")
        ana.press("Fill it in")
    ana.field("What do you ask people, in one line?").fill(IDEA)
    ana.choose("Permits Desk, Manager", "Which office answers?")
    ana.choose(
        re.compile("Whether the software stays after its trial"), "Is it about one of these decisions?"
    )
    ana.field("What is decided?").fill("Whether the software goes on sorting letters.")
    ana.field("What can change?").fill("If it stays at all\nWhich letters it may read")
    ana.field("What cannot change, and why?").fill("Letters must be answered: that is the law.")
    ana.field(re.compile("^Involve: ")).check()
    if earlier:
        ana.press("Save and go on")
        # What its people were asked: is that what I ask?
        for number, words in enumerate(QUESTIONS, 1):
            ana.field(f"Question {number}").fill(words)
    else:
        ana.field("Español").check()
        ana.press("Save and go on")
        ana.field("The question").fill(QUESTIONS[0])
    ana.press("Save and go on")
    if not earlier:
        ana.field("What you ask, in one line").fill("¿Puede un programa leer lo que usted escribe?")
        ana.field("What is decided").fill("Si el programa sigue.")
        ana.field("What can change").fill("Si sigue")
        ana.field("What cannot change, and why").fill("Hay que responder.")
        ana.field("Question 1").fill("¿Qué puede leer?")
        ana.press("Save these words")
    asked = QUESTIONS if earlier else QUESTIONS[:1]
    above = [ana.reads(f"{number}. {words}") for number, words in enumerate(asked, 1)]
    signs = ana.sees(ana.page.get_by_role("button", name="Sign this draft"))
    assert max(top_of(one) for one in above) < top_of(signs)
    assert count(ana, "idea to a signed draft") <= 5
    signs.click()
    unlock(ana)
    ana.press("Let these leads read")
    ana.press("Yes, let them read")
    ana.reads("The test voice opened.")

    # What waits for me?
    ben.become("Ben")
    ben.follow(f"Test the key: {IDEA}")
    unlock(ben)
    ben.reads("The test voice opened.")
    manager.become("Permits Desk, Manager")
    manager.follow(f"Read and sign: {IDEA}")
    manager.press("Sign for the bureau")
    manager.reads("Your bureau signed this draft as it stands.")

    # Is it all there? Then people can speak
    ana.follow("This week")
    ana.follow(f"Open it: {IDEA}")
    opens = ana.sees(ana.page.get_by_role("button", name="Freeze the promise and open"))
    took = count(ana, "idea to open"), count(ben, "to a tested key"), count(manager, "to a signed promise")
    assert [most for most, pages in zip((8, 3, 2), took, strict=True) if pages > most] == []
    opens.click()
    ana.field("Your six words").fill(PASSPHRASE)
    ana.press("Sign it")
    ana.follow("Answer 2 questions" if earlier else "Answer 1 question")


def test_a_lead_reads_24_voices_in_five_screens_and_publishes_what_they_say(begins):
    ana = begins("lead", phone=True)
    ana.become("Start as a lead")

    # What did people say?
    ana.follow("Listen")
    ana.follow(ASKED)
    ana.follow("Open in the reader")
    unlock(ana)
    ana.reads("Voices opened: 27")  # three of them offer a statement
    # The order is a matter of chance, and three that offer a statement are not among the lines
    lines = ana.page.get_by_role("button", name=re.compile(r"^Voice \d+ "))
    last = ana.sees(lines.nth(23))
    assert last.evaluate("one => one.getBoundingClientRect().bottom + scrollY") <= 5 * PHONE["height"]
    count(ana, "to 24 voices read")

    # What do they say together?
    for box in ana.page.get_by_role("checkbox", name=re.compile("^Choose voice ")).all()[:12]:
        box.check()
    ana.press("Write what you heard")
    ana.field("What we heard").fill(HEARD)
    ana.press("See how it will look")
    ana.press("Publish it")
    ana.heading(ASKED)
    ana.reads(HEARD)
    count(ana, "to a published finding")


def test_a_manager_answers_an_ask_from_the_desk_and_another_signs_a_promise(begins):
    libraries, permits = begins("manager"), begins("manager of permits")

    # What does my bureau owe, and by when?
    libraries.become("Start as a bureau manager")
    libraries.follow("Ask the groups first")
    libraries.field("Declined: it is not changed, and why").check()
    libraries.field(re.compile("^Reasons")).fill("The groups were asked in May. Their answer is public.")
    libraries.press("Sign off and publish")
    libraries.reads("1 answer is signed.")
    libraries.sees(libraries.page.get_by_role("button", name="Call it back"))
    count(libraries, "to an answer")

    permits.become("Permits Desk, Manager")
    permits.follow(re.compile("^Read and sign: Permits by mail"))
    permits.press("Sign for the bureau")
    permits.reads("Your bureau signed this draft as it stands.")
    count(permits, "to a signed promise")


def test_the_coordinator_sees_what_waits_approves_late_pay_and_adds_a_person(begins):
    pat = begins("coordinator")
    pat.become("Start as the coordinator")

    # Who waits for their pay?
    pat.follow("Approve unpaid hours")
    pat.reads(re.compile(r"late by \d+ days"))
    pat.field(re.compile("^Ben, .* Listening to people")).check()
    pat.press("Approve the chosen ones")
    pat.reads("The next payment run does not pay 1 entry of it: its row says why.")
    count(pat, "to approved pay")

    # Somebody is new here
    pat.follow("People")
    pat.follow("Appoint someone")
    pat.field("Email to sign in with").fill("new@riverbend.example")
    pat.choose("Permits Desk, Project staff", "What does this person do?")
    pat.press("Appoint")
    pat.reads("This person is appointed, from the day that you chose.")
    pat.heading("new@riverbend.example")
    count(pat, "to a new person")


def test_a_journalist_learns_what_was_not_kept_by_whom_and_how_late_and_checks_it(begins):
    joe = begins("journalist")

    # What was promised and not kept, by which office, how late?
    joe.follow("What came of it")
    joe.follow(PROMISED)
    broken = joe.sees(joe.page.get_by_role("region", name="Promised and not kept"))
    told = broken.get_by_role("listitem").filter(has_text=LATE).inner_text()
    assert "Streets and Signals Unit, Manager\xa0· late by 70 days" in told
    count(joe, "to the answer")
    with joe.page.expect_download() as coming:
        joe.follow("Download every promise (CSV)")
    rows = csv.DictReader(coming.value.path().read_text("utf-8").splitlines())
    (row,) = (one for one in rows if one["title"] == LATE)
    assert (row["office_title"], row["days_late"]) == ("Streets and Signals Unit, Manager", "70")

    # Is it true?
    joe.follow(LATE, inside=broken)
    disputed = joe.page.get_by_role("heading", name=f"Disputed: {LATE}")
    step = joe.page.get_by_role("listitem").filter(has=disputed).last
    joe.unfold("Check this yourself", inside=step)
    joe.follow("The full proof", inside=step)
    joe.heading(re.compile(r"^Entry \d+: Disputed by those who looked$"))
    joe.reads("The list is only in English and does not open on a phone.")
    joe.reads("It is one of")
    joe.unfold("The proof itself, to check without us")
    joe.sees(joe.page.get_by_role("link", name="Download the proof"))
    count(joe, "to a checked entry")

    # And the two other places that sound like it lead there too
    for place in ("Answers due", "Public log"):
        joe.follow(place)
        joe.follow(PROMISED)
        joe.heading(PROMISED)


def test_the_first_hour_of_the_documents_is_gone_by_the_names_it_tells(begins):
    told = (ROOT / "docs/start/first-hour.md").read_text("utf-8")
    steps = re.findall(r"^\*\*\d\. [^*]+\*\*(.+?)(?=\n\n)", told, re.MULTILINE | re.DOTALL)
    resident, follow, lead, city, council = (
        [one[0] or one[1] for one in NAMED.findall(each)] for each in steps[:5]
    )
    assert PASSPHRASE in told
    eve = begins("who read the documents")

    def goes(names: list[str]) -> None:
        """Begin at the first page, and open one after the other."""
        eve.page.goto("/")
        for name in names:
            called = re.compile(f"^{re.escape(name)}")
            there = (eve.page.get_by_role(role, name=called) for role in ("link", "button", "radio"))
            eve.sees(reduce(Locator.or_, there, eve.page.get_by_text(called))).click()

    goes(resident[:-1])
    eve.field("Yes, most weeks").check()
    eve.press(resident[-1])
    eve.heading("We have it")
    goes(follow)
    eve.sees(eve.page.get_by_role("link", name="The full proof"))
    goes(lead[:-1])
    unlock(eve)
    eve.press(lead[-1])
    eve.reads(re.compile("^Voices opened: "))
    goes(city)
    eve.sees(eve.page.get_by_role("alert"))
    goes(council[:1])
    eve.field("Words").fill(council[1])
    eve.press("Search")
    for name in council[1:]:
        eve.follow(name)
    eve.heading(f"Public Involvement Statement: {council[1]}")
    count(eve, "to the council")
