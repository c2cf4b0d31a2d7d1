"""A frozen promise is corrected beside what it says, by both sides; an engagement is paused with its ground."""

import json
import re
from datetime import timedelta

import pytest

from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.programs.queries import pack_of
from alongside.ground.texts import actions as record
from alongside.ground.ui.days import day_in_words
from alongside.work.engagements import actions
from alongside.work.engagements.models import Correction
from tests.support.thread import enter_correction
from tests.work import cast
from tests.work.engagements.test_drafting import as_, lead, text_of

PAGE = "/riverbend/en/engagements/library-computers/"


@pytest.fixture
def thread(db):
    return cast.opened()


def last(thread, kind="engagement.corrected") -> dict:
    return next(one for one in map(json.loads, reversed(thread.entries())) if one["kind"] == kind)


def correction(thread, **more) -> dict:
    day = thread.now.date() + timedelta(days=44)
    return (
        {"about": "closes", "day": day.isoformat(), "words": "The hall was closed for a week."}
        | {"words-es": "La sala estuvo cerrada."}
        | more
    )


def test_a_correction_goes_on_the_record_when_both_sides_signed_it(thread):
    before = thread.entries()
    lead(thread).post(f"{PAGE}correct/", correction(thread))
    assert thread.entries() == before

    boss = as_(thread.boss)
    assert "The hall was closed for a week." in text_of(boss.get(f"{PAGE}correct/"))
    boss.post(f"{PAGE}correct/{Correction.objects.get().pk}/")

    assert last(thread)["by"] == [thread.first_lead.public_id, thread.manager.public_id]
    assert last(thread)["data"] == {"about": "closes", "closes": correction(thread)["day"]}
    shown = text_of(as_(thread.boss).get(PAGE))
    assert "Corrected since" in shown
    assert "The hall was closed for a week." in shown


def test_one_side_alone_corrects_nothing(thread):
    lead(thread).post(f"{PAGE}correct/", correction(thread))
    waits = Correction.objects.get()

    assert as_(thread.second_lead.person).post(f"{PAGE}correct/{waits.pk}/").status_code == 404
    with pytest.raises(Refused, match="The other side signs this correction"):
        actions.sign_correction(correction=waits, by=thread.second_lead.public_id, now=thread.now)


def test_two_leads_who_hold_its_key_correct_a_community_engagement(db):
    thread = cast.opened(community=True)
    first, second, third = (as_(one.person) for one in thread.leads)
    before = thread.entries()
    first.post(f"{PAGE}correct/", correction(thread))
    waits = Correction.objects.get()
    sign = f"{PAGE}correct/{waits.pk}/"
    assert thread.entries() == before
    assert [one.get(f"{PAGE}correct/").status_code for one in (third, as_(thread.boss))] == [404, 404]
    assert [one.post(sign).status_code for one in (first, third, as_(thread.boss))] == [404, 404, 404]
    weeks = [sign in one.get("/riverbend/en/week/").content.decode() for one in (first, second, third)]
    assert weeks == [False, True, False]
    with pytest.raises(Refused, match="Another lead who holds the key signs this correction"):
        actions.sign_correction(correction=waits, by=thread.first_lead.public_id, now=thread.now)
    assert thread.entries() == before

    assert second.post(sign).status_code == 302
    assert last(thread)["by"] == [thread.first_lead.public_id, thread.second_lead.public_id]


def test_the_lead_who_corrected_a_community_engagement_takes_it_back(db):
    thread = cast.opened(community=True)
    first, second = as_(thread.first_lead.person), as_(thread.second_lead.person)
    first.post(f"{PAGE}correct/", correction(thread))
    typed = {"take_back": str(Correction.objects.get().pk)}
    assert "Waiting for another lead" in text_of(first.get(f"{PAGE}correct/"))
    assert "Read and sign" in text_of(second.get(f"{PAGE}correct/"))
    assert second.post(f"{PAGE}correct/", typed).status_code == 404
    assert first.post(f"{PAGE}correct/", typed).status_code == 200
    assert not Correction.objects.exists()


def test_a_lead_without_its_key_corrects_no_engagement_of_the_city(thread):
    third, both = thread.third_lead, (thread.third_lead.public_id, thread.manager.public_id)
    assert as_(third.person).get(f"{PAGE}correct/").status_code == 404
    with pytest.raises(Refused, match="Leads who hold the key of this engagement correct"):
        waiting(thread, third.public_id)
    said = {"about": "title", "words": "Other words.", "lang": "en", "others": {"es": "Otras."}}
    with pytest.raises(GrammarError, match="does not hold the key of this engagement"):
        enter_correction(engagement=thread.engagement, by=both, now=thread.now, **said)


def test_a_day_that_comes_sooner_leaves_people_a_week(thread):
    both = (thread.first_lead.public_id, thread.manager.public_id)
    said = {"about": "closes", "words": "We stop.", "lang": "en", "others": {"es": "Paramos."}}
    given = {"engagement": thread.engagement, "by": both, "now": thread.now, **said}
    today = thread.now.date()
    for days in (0, 6):
        with pytest.raises(GrammarError, match="a day that comes sooner leaves people a week"):
            enter_correction(**given, closes=today + timedelta(days=days))
    assert enter_correction(**given, closes=today + timedelta(days=7)).kind == "engagement.corrected"


def test_a_day_is_corrected_with_a_day(thread):
    response = lead(thread).post(f"{PAGE}correct/", correction(thread, day=""))

    assert "Choose the new day." in text_of(response)
    assert "The hall was closed for a week." in response.content.decode()


def test_the_steward_pauses_with_a_ground_and_lets_people_speak_again(thread):
    steward = as_(thread.steward)
    steward.post(f"{PAGE}pause/", {"ground": "A flood of copies."})
    assert last(thread, "engagement.paused")["kind"] == "engagement.paused"
    told = text_of(steward.get(f"{PAGE}pause/"))
    assert ("Nobody can speak since" in told, "A flood of copies." in told) == (True, True)

    steward.post(f"{PAGE}pause/", {"resume": "1"})

    assert last(thread, "engagement.resumed")
    assert re.search("<seal-voice", steward.get(PAGE).content.decode())


def test_a_pause_without_a_ground_is_refused(thread):
    before = thread.entries()

    assert "Fill in: Why is it paused?" in text_of(as_(thread.steward).post(f"{PAGE}pause/", {"ground": ""}))
    assert thread.entries() == before


def test_only_leads_and_the_steward_pause(thread):
    for who in (thread.staff, thread.boss):
        assert as_(who).post(f"{PAGE}pause/", {"ground": "No."}).status_code == 403


def test_what_is_paused_is_not_paused_twice(thread):
    actions.pause(engagement=thread.engagement, ground="Bots.", by="steward", now=thread.now)

    with pytest.raises(GrammarError, match="it is paused already"):
        actions.pause(engagement=thread.engagement, ground="Bots.", by="steward", now=thread.now)


def plain(response) -> str:
    """Give the text of a page without the space that a tag leaves before a point or inside brackets."""
    return re.sub(r" (?=[.,)])|(?<=\() ", "", text_of(response))


def moved(thread, by, about="report_back", days=70):
    """Correct a day of the promise; give the entry, and the first and the new day in words."""
    first, new = thread.engagement.report_back, thread.engagement.report_back + timedelta(days=days)
    entry = enter_correction(
        engagement=thread.engagement,
        about=about,
        words="The hall was closed for a week.",
        lang="en",
        others={"es": "La sala estuvo cerrada."},
        by=by,
        now=thread.now,
        **{about: new},
    )
    return entry, day_in_words(first), day_in_words(new)


def test_a_corrected_day_stands_beside_the_one_first_promised_and_the_head_says_who_corrected_it(thread):
    _entry, first, new = moved(thread, [thread.first_lead.public_id, thread.manager.public_id])
    shown = plain(as_(thread.boss).get(PAGE))

    today = day_in_words(thread.now.date())
    assert f"You will hear by {new} (was {first})" in shown
    assert f"It was corrected on {today}. Both sides signed the correction." in shown
    assert "It cannot be changed now." not in shown
    assert f"You will hear by {new}. First promised: {first}." in shown


def test_a_promise_that_nobody_corrected_says_that_it_cannot_be_changed(thread):
    shown = plain(as_(thread.boss).get(PAGE))
    assert "It cannot be changed now." in shown
    assert "(was " not in shown


def test_the_entry_of_a_correction_says_what_was_corrected_and_the_new_day(thread):
    entry, first, new = moved(thread, [thread.first_lead.public_id, thread.manager.public_id])
    shown = plain(as_(thread.boss).get(f"/riverbend/en/record/{entry.index}/"))
    told = "What was corrected The day by which people hear back First promised"
    assert f"{told} {first} The new day {new}" in shown


def test_the_thread_names_both_sides_that_signed_a_correction(thread):
    _entry, first, new = moved(thread, [thread.first_lead.public_id, thread.manager.public_id])
    shown = plain(as_(thread.boss).get(f"/riverbend/en/follow/{thread.promise}/"))
    knot = shown[: shown.index("corrected the promise")]
    unit = pack_of(thread.program).words(f"units.{thread.unit.slug}.name", "en")
    assert f"Community leads, {unit}" in knot[-120:]
    assert f"New day: {new}. First promised: {first}." in shown


def test_the_promise_leads_to_its_correction_whoever_may_sign_one_and_nobody_else(thread, client):
    link = f'href="{PAGE}correct/"'

    def leads(person) -> int:
        return as_(person).get(PAGE).content.decode().count(link)

    may = (thread.first_lead.person, thread.boss)
    assert [leads(one) for one in may] == [1, 1]
    assert [leads(one) for one in (thread.steward, thread.staff)] == [0, 0]
    assert (
        client.get(PAGE).content.decode().count(link),
        as_(thread.staff).get(f"{PAGE}correct/").status_code,
    ) == (
        0,
        403,
    )
    assert as_(thread.steward).get(f"{PAGE}correct/").status_code == 403
    assert "CDN-Cache-Control" not in lead(thread).get(PAGE), "no cache keeps what one person sees"


def test_the_form_of_a_correction_shows_beside_it_what_stands_now(thread):
    _entry, first, new = moved(thread, [thread.first_lead.public_id, thread.manager.public_id])
    shown = plain(lead(thread).get(f"{PAGE}correct/"))
    beside = shown[shown.index("What stands now") :]
    assert f"The day by which people hear back {new} (was {first})" in beside
    assert f"The last day to speak {day_in_words(thread.engagement.closes)}" in beside
    words = " ".join(thread.engagement.words["en"]["can_change"].split())
    assert f"What can change {words}" in beside
    today = day_in_words(thread.now.date())
    assert f"(was {first}) Corrected on {today} : The hall was closed for a week." in beside


@pytest.mark.parametrize(
    ("community", "button"),
    [(False, "Sign this correction"), (True, "Sign this correction")],
)
def test_the_button_of_a_correction_says_that_it_signs(db, community, button):
    thread = cast.opened(community=community)
    page = lead(thread).get(f"{PAGE}correct/").content.decode()
    main = page[page.index("</open-key>") :]
    assert re.findall(r"<button[^>]*>([^<]*)</button>", main) == [button]


def waiting(thread, by: str, **more) -> Correction:
    """Write a correction of the last day to speak for one side."""
    given = {"about": "closes", "words": "The hall was closed for a week.", "lang": "en"}
    given |= {"others": {"es": "La sala estuvo cerrada."}, "day": thread.now.date() + timedelta(days=44)}
    given |= {"engagement": thread.engagement, "by": by, "now": thread.now}
    return actions.propose_correction(**given | more)


OLD = "This correction does not count any more."


def test_a_correction_older_than_the_last_one_of_the_same_part_is_not_signed_any_more(thread):
    lead_of = thread.first_lead.public_id
    first = waiting(thread, lead_of)
    title = waiting(thread, lead_of, about="title", day=None)
    better = waiting(thread, lead_of, day=thread.now.date() + timedelta(days=30))
    for one in (better, title):
        actions.sign_correction(correction=one, by=thread.manager.public_id, now=thread.now)
    before, boss = thread.entries(), as_(thread.boss)

    assert OLD in text_of(boss.post(f"{PAGE}correct/{first.pk}/"))
    assert thread.entries() == before
    assert f"correct/{first.pk}/" not in boss.get("/riverbend/en/unit/").content.decode()
    assert "The hall was closed" not in text_of(boss.get(f"{PAGE}correct/")).split("What stands now")[0]


def test_a_correction_that_the_record_has_is_entered_no_second_time_where_its_row_waits_again(thread):
    first = waiting(thread, thread.first_lead.public_id)
    actions.sign_correction(correction=first, by=thread.manager.public_id, now=thread.now)
    back = waiting(thread, thread.first_lead.public_id, day=thread.now.date() + timedelta(days=30))
    actions.sign_correction(correction=back, by=thread.manager.public_id, now=thread.now)
    Correction.objects.update(entry=None)  # as a backup from before them has these rows
    before, boss = thread.entries(), as_(thread.boss)

    for one in (first, back):
        assert OLD in text_of(boss.post(f"{PAGE}correct/{one.pk}/"))
    assert thread.entries() == before
    assert not re.search(r"/correct/\d+/", boss.get("/riverbend/en/unit/").content.decode())


def test_a_correction_that_waited_for_more_than_two_weeks_is_written_again(thread):
    both = (thread.first_lead.public_id, thread.manager.public_id)
    kept = waiting(thread, both[0], now=thread.now - timedelta(days=13))
    old = waiting(thread, both[0], about="report_back", now=thread.now - timedelta(days=15))
    before = thread.entries()
    with pytest.raises(Refused, match=re.escape(OLD)):
        actions.sign_correction(correction=old, by=both[1], now=thread.now)
    assert thread.entries() == before
    actions.sign_correction(correction=kept, by=both[1], now=thread.now)

    page = as_(thread.boss).get(f"{PAGE}correct/{old.pk}/").content.decode()
    again = re.search(rf'href="({PAGE}correct/\?again={old.pk})"', page)
    assert again
    shown = as_(thread.boss).get(again[1]).content.decode()
    assert shown.count("The hall was closed for a week.</textarea>") == 1
    assert shown.count("La sala estuvo cerrada.</textarea>") == 1
    assert shown.count('value="report_back" selected') == 1


def test_the_side_that_wrote_a_correction_takes_it_back_and_has_its_words(thread):
    one = waiting(thread, thread.first_lead.public_id)
    page, typed = f"{PAGE}correct/", {"take_back": str(one.pk)}
    assert "Withdraw it" not in text_of(as_(thread.boss).get(page))
    assert as_(thread.boss).post(page, typed).status_code == 404
    with pytest.raises(Refused, match="Only the side that wrote this correction can withdraw"):
        actions.withdraw_correction(correction=one, by=thread.manager.public_id)

    second = as_(thread.second_lead.person)
    assert "Withdraw it" in text_of(second.get(page))
    shown = second.post(page, typed).content.decode()
    assert shown.count("The hall was closed for a week.</textarea>") == 1
    assert shown.count("La sala estuvo cerrada.</textarea>") == 1
    assert not Correction.objects.exists()
    assert second.post(page, typed).url == page
    assert as_(thread.boss).post(f"{PAGE}correct/{one.pk}/").status_code == 404


def test_under_a_legal_hold_a_correction_that_was_taken_back_is_kept_and_counts_no_more(thread):
    one = waiting(thread, thread.first_lead.public_id)
    record.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)

    lead(thread).post(f"{PAGE}correct/", {"take_back": str(one.pk)})

    assert Correction.objects.count() == 1
    assert "This correction does not count any more." in text_of(lead(thread).get(f"{PAGE}correct/"))


def test_what_is_on_the_record_is_not_taken_back(thread):
    one = waiting(thread, thread.first_lead.public_id)
    actions.sign_correction(correction=one, by=thread.manager.public_id, now=thread.now)
    with pytest.raises(Refused, match="on the public log already"):
        actions.withdraw_correction(correction=one, by=thread.first_lead.public_id)
    assert lead(thread).post(f"{PAGE}correct/", {"take_back": str(one.pk)}).url == f"{PAGE}correct/"
    assert Correction.objects.count() == 1
