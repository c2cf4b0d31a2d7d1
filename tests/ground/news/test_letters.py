"""Whoever wants to hear back gets a letter a week at most; nothing ties an address to a voice, and one press stops it."""

import re
import tarfile
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alongside.desks import news as page
from alongside.ground.gate.limits import Doorman
from alongside.ground.news import actions
from alongside.ground.news.models import LastNews, Subscription
from alongside.ground.texts import actions as record
from alongside.site.backups import backup
from alongside.site.ticking import tick_program
from tests.promises.attempts import as_
from tests.site.test_backups import folder  # noqa: F401 -- the fixture
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of

NEWS = "/riverbend/en/news/"
ANA = "ana@example.net"
HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def thread(db, monkeypatch):
    monkeypatch.setattr(page, "DOOR", Doorman(most=1000, name="news-tests"))
    return Thread(now=this_hour()).to_open_engagement()


def stranger():
    """Give a browser that has no cookie, as nobody's has here, and no form token."""
    return Client(enforce_csrf_checks=True)


def ask(address=ANA, at=NEWS, **more):
    return stranger().post(at, {"address": address, "website": "", **more}, **HERE)


def work():
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)


def letters(mailoutbox):
    """Let the worker send, and give what went out."""
    work()
    found = list(mailoutbox)
    mailoutbox.clear()
    return found


def link_in(letter, part="link"):
    return re.search(rf"/riverbend/\w+/news/{part}/\S+", letter.body)[0]


def press(address):
    return stranger().post(address, **HERE)


def reader(mailoutbox, address=ANA, at=NEWS):
    """Let somebody ask and confirm."""
    ask(address, at)
    press(link_in(letters(mailoutbox)[-1]))
    return Subscription.objects.get(address=address)


def told(thread, mailoutbox, days=0):
    thread.later(days)
    for _twice in range(2):
        tick_program(thread.program, thread.now)
    return [one for one in letters(mailoutbox) if "/follow/" in one.body]


def test_letters_come_only_after_the_link_of_the_first_one_was_pressed(thread, mailoutbox):
    told(thread, mailoutbox)
    ask()
    (first,) = letters(mailoutbox)
    thread.find()
    assert told(thread, mailoutbox) == []
    assert Client().get(link_in(first)).status_code == 200  # programs that read mail open links
    assert Subscription.objects.get().state == "asked"

    assert press(link_in(first)).url == f"{NEWS}?at=on"
    thread.find()
    assert [one.to for one in told(thread, mailoutbox, days=8)] == [[ANA]]


@pytest.mark.parametrize(
    ("said", "fields", "leads_to"),
    [("", 1, ""), ("old", 1, ""), ("sent", 0, NEWS), ("on", 0, "/riverbend/en/follow/"), ("off", 0, NEWS)],
)
def test_after_a_press_the_page_says_what_comes_next_and_asks_for_no_address_again(
    thread, mailoutbox, said, fields, leads_to
):
    page = Client().get(f"{NEWS}?at={said}").content.decode()
    before_what_is_kept = page.split("<main")[1].split("What we keep")[0]
    assert before_what_is_kept.count('type="email"') == fields
    assert re.findall(r'<a href="([^"]+)"', before_what_is_kept) == [leads_to] * bool(leads_to)
    ask()
    (first,) = letters(mailoutbox)
    assert (f"“{first.subject}”" in page) is (said == "sent")
    assert ("If your address is new to us, we sent it an email." in page) is (said == "sent")
    without = page.split('id="other-h"')[1].split("<ul")[0]
    assert ("We send no letters on paper." in without, 'href="tel:' in without) == (True, True)


def test_the_link_works_once_and_only_its_hash_is_kept(thread, mailoutbox):
    ask()
    link = link_in(letters(mailoutbox)[0])
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(list(Subscription.objects.values()))
    press(link)

    assert Subscription.objects.get().token_hash == ""
    assert press(link).url == f"{NEWS}?at=old"


def test_an_address_that_nobody_confirms_is_gone_after_the_next_day(thread, mailoutbox):
    actions.ask(program=thread.program, address=ANA, lang="en", now=thread.now, write=lambda _key: None)
    for days, left in ((0, 1), (1, 1), (1, 0)):
        told(thread, mailoutbox, days=days)
        assert Subscription.objects.count() == left


def test_a_known_address_and_an_unknown_one_are_answered_alike_and_cost_the_same(thread, mailoutbox):
    reader(mailoutbox)
    found = []
    for address in (ANA, "nobody@example.net"):
        with CaptureQueriesContext(connection) as asked:
            went = ask(address)
        sql = [re.sub(r"'[^']*'", "?", one["sql"]) for one in asked.captured_queries]
        found.append((went.status_code, went.url, went.content, dict(went.cookies), len(sql)))
    assert found[0] == found[1]
    assert found[0][1] == f"{NEWS}?at=sent"
    assert [one.to for one in letters(mailoutbox)] == [["nobody@example.net"]]


def test_an_address_gets_one_first_letter_a_day(thread, mailoutbox):
    for _each in range(3):
        ask()
    assert len(letters(mailoutbox)) == 1


def test_nothing_is_kept_beside_address_and_language_and_no_row_keeps_a_day(thread, mailoutbox):
    one = reader(mailoutbox)
    told(thread, mailoutbox)
    kept = Subscription.objects.values().get(pk=one.pk)
    assert kept == {
        "id": one.pk,
        "program_id": thread.program.pk,
        "address": ANA,
        "lang": "en",
        "state": "confirmed",
        "asked_on": None,
        "is_settled": True,
        "token_hash": "",
    }


def test_no_place_in_the_table_says_who_came_after_whom(thread, mailoutbox):
    names = [f"{number:02d}@example.net" for number in range(30)]
    for name in names:
        actions.ask(program=thread.program, address=name, lang="en", now=thread.now, write=lambda _key: None)
    tick_program(thread.program, thread.now)

    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT address FROM news_subscription ORDER BY {place}")
        lie = [address for (address,) in cursor.fetchall()]
    assert sorted(lie) == names
    assert lie != names


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_all_rows_are_written_anew_is_not_lost(both_databases):
    thread, together = Thread(now=this_hour()).to_open_engagement(), Barrier(2)
    names = [f"{number:02d}@example.net" for number in range(40)]

    def asked():
        for name in names:
            actions.ask(
                program=thread.program, address=name, lang="en", now=thread.now, write=lambda _key: None
            )

    def settled():
        for _each in names:
            actions.tick(program=thread.program, now=thread.now, write=lambda _key: None)

    def run(act):
        together.wait()
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (asked, settled)))

    assert sorted(Subscription.objects.values_list("address", flat=True)) == names


def test_no_table_of_letters_points_at_a_person_a_seat_or_a_question():
    named = {field.name for model in (Subscription, LastNews) for field in model._meta.get_fields()}
    assert named == {
        *("id", "program", "address", "lang", "state", "asked_on", "is_settled", "token_hash"),
        *("size", "on"),
    }


def test_the_letter_says_only_that_something_is_new_in_the_language_of_its_reader(thread, mailoutbox):
    told(thread, mailoutbox)
    reader(mailoutbox)
    reader(mailoutbox, "luz@example.net", "/riverbend/es/news/")
    thread.find()
    found = {one.to[0]: one for one in told(thread, mailoutbox)}

    assert found[ANA].subject.startswith("Something new is on ")
    plain = re.sub(r"https?://\S+", "", found[ANA].body)
    assert (
        plain.split()
        == (
            "You asked us to write when something new is on the site. You can read it here: We write at most once a week. "
            "To stop the emails and delete your address, open this page:"
        ).split()
    )
    assert found["luz@example.net"].subject.startswith("Hay algo nuevo en ")
    assert "/riverbend/es/follow/" in found["luz@example.net"].body


def test_a_reader_gets_one_letter_a_week_at_most_and_none_where_nothing_is_new(thread, mailoutbox):
    told(thread, mailoutbox)
    reader(mailoutbox)
    finding = thread.find()
    assert len(told(thread, mailoutbox)) == 1
    thread.recommend(finding)  # it asks the City; nothing came of it yet
    assert told(thread, mailoutbox, days=8) == []
    for days, count in ((0, 1), (3, 0), (4, 1), (30, 0)):
        if days != 30:
            thread.find()
        assert len(told(thread, mailoutbox, days=days)) == count


def test_one_press_stops_the_letters_and_the_address_is_gone_at_once(thread, mailoutbox):
    told(thread, mailoutbox)
    reader(mailoutbox)
    thread.find()
    (letter,) = told(thread, mailoutbox)
    stop = link_in(letter, "stop")
    assert Client().get(stop).status_code == 200
    assert Subscription.objects.exists()

    assert press(stop).url == f"{NEWS}?at=off"
    assert not Subscription.objects.exists()
    assert press(stop).url == f"{NEWS}?at=off"


def test_the_button_of_a_mail_program_stops_the_letters_without_a_page(thread, mailoutbox):
    told(thread, mailoutbox)
    reader(mailoutbox)
    thread.find()
    (letter,) = told(thread, mailoutbox)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>").partition("/riverbend/")[2]

    # The machine of a provider asks: it has no cookie, no form token and no origin.
    stranger().post(f"/riverbend/{stop}", {"List-Unsubscribe": "One-Click"})
    assert not Subscription.objects.exists()


def test_nobody_stops_letters_with_words_that_are_not_ours(thread, mailoutbox):
    one = reader(mailoutbox)
    for key in ("x", one.pk.hex, f"{one.pk.hex}.wrong"):
        assert press(f"{NEWS}stop/{key}/").url == f"{NEWS}?at=off"
    assert Subscription.objects.exists()


def test_a_legal_hold_keeps_no_address_of_who_stops(thread, mailoutbox):
    told(thread, mailoutbox)
    reader(mailoutbox)
    thread.find()
    (letter,) = told(thread, mailoutbox)
    record.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)
    press(link_in(letter, "stop"))
    assert not Subscription.objects.exists()


def test_no_backup_holds_an_address(thread, mailoutbox, folder):
    reader(mailoutbox)
    backup(folder / "one.tar.gz")
    with tarfile.open(folder / "one.tar.gz") as archive:
        whole = b"".join(archive.extractfile(name).read() for name in archive.getnames())
    assert b"riverbend" in whole
    assert ANA.encode() not in whole


def test_who_asks_too_often_is_told_and_nobody_is_noted(thread, mailoutbox, monkeypatch):
    monkeypatch.setattr(page, "DOOR", Doorman(most=1, name="news-flood"))
    assert ask().status_code == 302
    assert ask("other@example.net").status_code == 429
    assert list(Subscription.objects.values_list("address", flat=True)) == [ANA]


def test_a_machine_that_fills_in_every_field_is_sent_on_and_nothing_is_kept(thread):
    assert ask(website="https://spam.example").url == f"{NEWS}?at=sent"
    assert not Subscription.objects.exists()


def test_these_pages_set_no_cookie_and_take_nothing_from_another_site(thread, mailoutbox):
    ask()
    link = link_in(letters(mailoutbox)[0])
    for address in (NEWS, link, f"{NEWS}stop/x/", "/riverbend/en/poster/"):
        assert dict(Client().get(address).cookies) == {}
    assert dict(press(link).cookies) == {}
    assert stranger().post(NEWS, {"address": ANA}, HTTP_ORIGIN="https://other.example").status_code == 403


def test_somebody_who_asks_the_program_is_erased_without_a_letter_at_hand(thread, mailoutbox):
    reader(mailoutbox)
    call_command("program", "no-letters", "riverbend", ANA.upper())
    assert not Subscription.objects.exists()


def test_a_poster_leads_to_the_question_that_is_open_and_to_no_other(thread, site_client):
    shown = site_client.get("/riverbend/es/poster/library-computers/")
    assert "/riverbend/es/engagements/library-computers/" in text_of(shown)
    assert 'class="qr"' in shown.content.decode()
    assert Client().get("/riverbend/es/poster/no-such-question/").status_code == 404


@pytest.mark.parametrize("at", ["", "?at=sent", "?at=on", "?at=old", "?at=off"])
def test_the_page_says_what_a_court_could_see(thread, at):
    words = text_of(Client().get(f"{NEWS}{at}"))
    assert "A court can demand the list of addresses." in words


def test_leads_and_staff_find_no_list_of_addresses_anywhere(thread, mailoutbox):
    reader(mailoutbox)
    for person in (thread.first_lead.person, thread.steward, thread.staff):
        for place in ("news/", "steward/", "week/", "unit/", "about/keeps/"):
            assert ANA not in as_(person).get(f"/riverbend/en/{place}", follow=True).content.decode()
