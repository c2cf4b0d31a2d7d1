"""Pages of workplans: the list, the version in force, the draft without a script, signing and progress."""

import base64
import html
import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pycrdt import Doc, Text

from alongside.cohort.seats import actions as seats
from alongside.core.entries import GrammarError
from alongside.ground.programs.models import Post
from alongside.ground.texts.actions import translate_text
from alongside.work.projects.actions import move_decision
from alongside.work.workplans import actions
from alongside.work.workplans.queries import offices_of, snapshot
from tests.cohort.seats.cast import circle
from tests.promises.attempts import as_
from tests.work.engagements.test_drafting import text_of
from tests.work.workplans.cast import ACTIVITY, QUESTION, Plan

pytestmark = pytest.mark.django_db
BASE = "/riverbend/en/workplans/"
PAGE = f"{BASE}libraries/"
DRAFT = f"{PAGE}draft/"
SIGN = f"{PAGE}sign/"
SURE = {"sure": "on"}
LIVE = f"{DRAFT}live/"
LATE = "This comes after the decision."


def lead_of(plan):
    return as_(plan.thread.first_lead.person)


def boss_of(plan):
    return as_(plan.thread.boss)


def hidden(page, name):
    """Give the value of a hidden field of a page."""
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def send(client, update: bytes, after: int = 0):
    body = {"after": after, "update": base64.b64encode(update).decode()}
    return client.post(LIVE, json.dumps(body), "application/json")


def test_a_lead_begins_a_plan_with_a_unit_and_comes_to_its_draft():
    plan = Plan()
    page = lead_of(plan).post(
        f"{BASE}new/", {"name": "Street sensors", "units": [plan.thread.unit.slug]}, follow=True
    )
    assert page.redirect_chain == [(f"{BASE}street-sensors/draft/", 302)]
    assert "Street sensors</textarea>" in page.content.decode()


def test_whoever_signs_reads_what_the_plan_is_for_and_its_days_line_by_line():
    plan = Plan().fill().write(plan_about="We look together.\nWe change the rule.")
    page = lead_of(plan).get(SIGN).content.decode()

    assert "We look together.<br>We change the rule." in page
    assert f'datetime="{plan.thread.now.date() + timedelta(days=120)}"' in page


def test_who_begins_or_writes_a_plan_reads_before_that_nobody_can_sign_for_a_bureau():
    plan = Plan()
    lead, unit = lead_of(plan), "Libraries and Halls Unit"
    marked, told = f"{unit} (nobody can sign for it today)", f"Nobody can sign for {unit} today."
    before = marked in text_of(lead.get(f"{BASE}new/")), told in text_of(lead.get(DRAFT))
    Post.objects.filter(person=plan.thread.boss).update(until_date=plan.thread.now.date())
    after = marked in text_of(lead.get(f"{BASE}new/")), told in text_of(lead.get(DRAFT))

    assert (before, after) == ((False, False), (True, True))


def with_a_decision(plan: Plan, *, after: int):
    """Let an activity of the plan be for a decision of its unit, some days after today."""
    plan.fill().touch()
    project = plan.program.projects.get()
    point = plan.thread.schedule_decision(
        "how-long",
        on=plan.thread.now.date() + timedelta(days=after),
        decision="How long records are kept",
        still_open="The days",
        project=project,
    )
    plan.write(activity_decision=str(point.entry))
    return point


def test_a_plan_that_ends_after_its_decision_says_so_in_the_draft_and_before_it_is_signed():
    plan = Plan()
    with_a_decision(plan, after=60)

    for page in (DRAFT, SIGN):
        assert LATE in lead_of(plan).get(page).content.decode()
    plan.write(activity_until=(plan.thread.now.date() + timedelta(days=50)).isoformat())
    for page in (DRAFT, SIGN):
        assert LATE not in lead_of(plan).get(page).content.decode()


def test_whoever_signs_reads_over_the_signature_what_ends_after_its_decision():
    plan = Plan()
    point = with_a_decision(plan, after=150)
    plan.propose()
    told = "What comes after a decision cannot change it."
    before = boss_of(plan).get(SIGN).content.decode()
    on = plan.thread.now.date() + timedelta(days=30)
    words = {"en": {"reason": "The council meets sooner."}}
    move_decision(point=point, on=on, by=plan.manager, words=words, now=plan.thread.now)

    after = boss_of(plan).get(SIGN).content.decode()

    assert (before.count(told), after.count(told)) == (0, 1)
    assert after.index(told) < after.index("Sign this version as")


def test_a_plan_shows_the_day_of_a_decision_that_was_moved_and_what_comes_too_late_for_it():
    plan = Plan()
    point = with_a_decision(plan, after=150)
    plan.sign(plan.propose())
    assert LATE not in boss_of(plan).get(PAGE).content.decode()
    on = plan.thread.now.date() + timedelta(days=30)
    words = {"en": {"reason": "The council meets sooner."}}
    move_decision(point=point, on=on, by=plan.manager, words=words, now=plan.thread.now)

    page = boss_of(plan).get(PAGE).content.decode()
    assert (f"{on:%B} {on.day}, {on.year}</time>" in page, LATE in page) == (True, True)


def test_a_plan_without_a_unit_is_refused_with_its_cure():
    plan = Plan()
    page = lead_of(plan).post(f"{BASE}new/", {"name": "Street sensors"})
    assert "Choose at least one bureau." in page.content.decode()


def test_the_draft_is_a_form_that_saves_every_field():
    plan = Plan()
    lead = lead_of(plan)
    shown = lead.get(DRAFT).content.decode()
    row = plan.first("question")
    typed = {
        "base": json.dumps(plan.draft.values),
        f"{row}.words": QUESTION,
        "plan.from": "2026-12-01",
        "plan.title": "A\r\nB",
    }
    assert f'name="{row}.words"' in shown
    assert lead.post(DRAFT, typed).status_code == 302
    assert [plan.draft.say(name) for name in (f"{row}.words", "plan.from", "plan.title")] == [
        QUESTION,
        "2026-12-01",
        "A\nB",
    ]


def test_two_forms_that_touch_the_same_words_lose_neither_and_say_so():
    plan = Plan().write(plan_title="Meet on Monday")
    base = json.dumps(plan.draft.values)
    first = as_(plan.thread.staff).post(DRAFT, {"base": base, "plan.title": "Meet on Tuesday"})
    second = lead_of(plan).post(DRAFT, {"base": base, "plan.title": "Meet on Friday"})
    page = second.content.decode()
    assert (first.status_code, second.status_code) == (302, 200)
    assert "The other side: “Tuesday”. You: “Friday”." in page
    assert "Meet on Tuesday Friday</textarea>" in page


def test_a_form_whose_base_cannot_be_read_loses_nothing():
    plan = Plan().write(plan_title="Meet on Monday")
    lead_of(plan).post(DRAFT, {"base": "{broken", "plan.title": "Ask elders"})
    assert plan.draft.say("plan.title") == "Meet on Monday Ask elders"


def test_rows_are_added_taken_out_and_put_back_by_buttons():
    plan = Plan().fill()
    lead, row = lead_of(plan), plan.first("goal")
    lead.post(DRAFT, {"add": "support"})
    lead.post(DRAFT, {"out": row})
    page = lead.get(DRAFT).content.decode()
    assert (len(plan.draft.of("support")), plan.draft.of("goal")) == (1, [])
    assert f'name="back" value="{row}"' in page
    lead.post(DRAFT, {"back": row})
    assert plan.draft.of("goal") == [row]


def test_a_form_that_is_refused_gives_back_what_was_typed_and_what_it_was_typed_over():
    plan = Plan().write(plan_title="Short", plan_about="About")
    base, long = json.dumps(plan.draft.values), "x" * 6001
    page = (
        lead_of(plan).post(DRAFT, {"base": base, "plan.title": long, "plan.about": "Anew"}).content.decode()
    )
    assert "A field holds at most 6,000 characters; shorten it" in page
    assert (f"{long}</textarea>" in page, "Anew</textarea>" in page) == (True, True)
    assert json.loads(html.unescape(hidden(page, "base"))) == plan.draft.values
    assert "workplan.js" not in page  # the script would show the draft in place of what was typed
    assert plan.draft.say("plan.title") == "Short"


def test_a_row_that_is_not_there_is_refused_in_words():
    plan = Plan()
    page = lead_of(plan).post(DRAFT, {"out": "goal-00000000"}).content.decode()
    assert "There is no such row in this draft; open the page again." in page


def test_the_script_sends_a_change_and_gets_what_it_lacks():
    plan = Plan()
    document = Doc()
    document.get("plan.title", type=Text).insert(0, "Sensors")
    answer = send(lead_of(plan), document.get_update()).json()
    staff = send(as_(plan.thread.staff), b"").json()
    other = Doc()
    for update in staff["updates"]:
        other.apply_update(base64.b64decode(update))
    assert str(other.get("plan.title", type=Text)) == "Sensors"
    assert answer["number"] == staff["number"]
    assert staff["present"] == [f"Lead (place {plan.lead[5:9]})"]


def test_who_is_there_is_told_by_seat_or_office_and_never_by_address():
    plan = Plan()
    as_(plan.thread.staff).get(DRAFT)
    page = lead_of(plan).get(DRAFT).content.decode()
    assert "Here now: you and " in page
    assert "@" not in page


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"after": 0, "update": "%%%"}',
        '{"after": "x", "update": ""}',
        '{"after": 0, "update": "/////w=="}',
    ],
)
def test_what_is_no_change_is_refused_in_words(body):
    plan = Plan()
    answer = lead_of(plan).post(LIVE, body, "application/json")
    assert (answer.status_code, answer.json()["words"].startswith("This change could not be read")) == (
        422,
        True,
    )


def test_a_draft_is_nobodys_but_its_parties():
    plan = Plan()
    people = {"nobody": None, "steward": plan.thread.steward}
    answers = {
        (who, page): as_(person).get(page).status_code
        for who, person in people.items()
        for page in (DRAFT, SIGN)
    }
    assert set(answers.values()) == {403}
    assert as_(None).get(PAGE).status_code == 404


def test_a_plan_is_read_signed_by_both_and_stands_on_its_page():
    plan = Plan().fill().touch()
    lead, boss = lead_of(plan), boss_of(plan)
    assert (
        lead.post(SIGN, SURE | {"read": hidden(lead.get(SIGN).content.decode(), "read")}).status_code == 302
    )
    before = as_(None).get(PAGE).content.decode()
    shown = boss.get(SIGN).content.decode()
    sent = {"read": hidden(shown, "read"), "version": hidden(shown, "version")}
    assert "Tick the box if you read all of it" in boss.post(SIGN, sent).content.decode()
    assert boss.post(SIGN, SURE | sent).status_code == 302
    after = as_(None).get(PAGE).content.decode()
    assert ("Signed by one side, not in force" in before, "In force: both sides signed" in before) == (
        True,
        False,
    )
    assert ("Signed by one side, not in force" in after, "In force: both sides signed" in after) == (
        False,
        True,
    )
    for words in (QUESTION, ACTIVITY, "It sets the keeping.", "No answer yet in what leads"):
        assert words in after


def test_the_entry_of_a_translated_plan_has_its_page_on_the_record():
    plan = Plan().fill().touch()
    version = plan.propose()
    (made,) = translate_text(
        program=plan.thread.program,
        entry=version.index,
        by=plan.thread.first_lead.public_id,
        lang="vi",
        texts={"plan": '{"v": 1}', "title": "Thư viện"},
        made_by="machine",
        reviewed=False,
        now=plan.thread.now,
    )

    pages = [as_(None).get(f"/riverbend/en/record/{one.index}/") for one in (version, made)]

    assert [one.status_code for one in pages] == [200, 200]


def test_a_signature_on_a_draft_that_was_changed_meanwhile_is_refused_with_its_cure():
    plan = Plan().fill()
    lead = lead_of(plan)
    read = hidden(lead.get(SIGN).content.decode(), "read")
    plan.write(goal_words="Another goal")
    page = lead.post(SIGN, SURE | {"read": read}).content.decode()
    assert "The plan was changed while you read it. Read it again below, then sign." in page
    assert plan.shown is None


def test_a_signature_on_a_version_that_was_replaced_meanwhile_is_refused_with_its_cure():
    plan = Plan().fill()
    plan.propose()
    boss = boss_of(plan)
    shown = boss.get(SIGN).content.decode()
    plan.write(goal_words="Another goal").propose()
    page = boss.post(
        SIGN, SURE | {"read": hidden(shown, "read"), "version": hidden(shown, "version")}
    ).content.decode()
    assert "A newer version was signed while you read." in page
    assert plan.shown.standing.in_force is None


def test_staff_who_do_not_sign_for_the_unit_see_no_button():
    plan = Plan().fill()
    plan.propose()
    staff = as_(plan.thread.staff)
    page = staff.get(SIGN).content.decode()
    assert "or the one who signs for the bureau, can sign." in page
    version = plan.shown.standing.versions[0].proposed
    staff.post(SIGN, SURE | {"read": version.texts["plan"]["sha256"], "version": version.index})
    assert plan.shown.standing.in_force is None


def test_what_a_draft_lacks_is_said_row_by_row():
    plan = Plan()
    page = lead_of(plan).get(SIGN).content.decode()
    for words in (
        "Say what the plan is called.",
        "Write at least one driving question.",
        "Write at least one activity.",
    ):
        assert words in page
    plan.write(activity_what="Listen")
    assert "Choose who sees to activity 1, on one side at least." in lead_of(plan).get(SIGN).content.decode()


def test_a_one_sided_change_is_shown_in_words_and_marks_and_leaves_what_is_in_force():
    plan = Plan()
    plan.in_force()
    plan.write(activity_what="Listen in two libraries").propose(plan.manager)
    page = as_(None).get(PAGE).content.decode()
    assert "Changed by one side only" in page
    assert '<del><span class="unseen">Taken out: </span>three</del>' in page
    assert '<ins><span class="unseen">Added: </span>+ two</ins>' in page
    assert f"<b>{ACTIVITY}</b>" in page
    changes = as_(None).get(f"{PAGE}changes/").content.decode()
    assert "<b>One side only.</b> Not signed by the community leads." in changes


def test_progress_is_told_with_a_day_and_what_shows_it():
    plan = Plan()
    plan.in_force()
    address = f"{PAGE}progress/{plan.first('activity')}/"
    lead, day = lead_of(plan), plan.thread.now.date()
    bare = lead.post(address, {"completion": "limited", "on": day.isoformat(), "evidence": " "})
    ahead = lead.post(
        address, {"completion": "limited", "on": (day + timedelta(days=9)).isoformat(), "evidence": "x"}
    )
    assert "Say what shows it" in bare.content.decode()
    assert "This day is still to come" in ahead.content.decode()
    lead.post(
        address,
        {
            "completion": "limited",
            "on": (day - timedelta(days=1)).isoformat(),
            "evidence": "Two evenings held.",
        },
    )
    page = as_(None).get(PAGE).content.decode()
    assert "Two evenings held." in page
    assert "%" not in page.split("<main")[1].split("</main")[0]


def test_the_last_word_of_each_side_on_an_activity_stands_beside_the_others_with_its_name():
    plan = Plan()
    plan.in_force()
    thread, activity = plan.thread, plan.first("activity")
    for actor, completion, evidence in (
        (plan.lead, "limited", "We began."),
        (plan.lead, "no_evidence", "Nobody listened in any library."),
        (plan.manager, "complete", "All three libraries."),
    ):
        said = {"completion": completion, "on": thread.now.date(), "evidence": evidence}
        actions.tell_progress(plan=plan.row, activity=activity, actor=actor, now=thread.now, **said)

    page = text_of(as_(None).get(PAGE))

    assert "All three libraries." in page
    assert f"No evidence · Lead (place {plan.lead[5:9]})" in page
    assert "Nobody listened in any library." in page
    assert "Complete · Libraries and Halls" in page
    assert "We began." not in page


def test_what_was_told_of_an_activity_stands_under_no_other_words():
    plan = Plan()
    plan.in_force()
    thread, activity = plan.thread, plan.first("activity")
    said = {"completion": "complete", "on": thread.now.date(), "evidence": "All three libraries."}
    actions.tell_progress(plan=plan.row, activity=activity, actor=plan.manager, now=thread.now, **said)

    plan.write(plan_about="The same activity.")
    plan.sign(plan.propose(plan.manager), plan.lead)
    assert "All three libraries." in text_of(as_(None).get(PAGE))

    plan.write(activity_what="Give every lead a room of their own")
    plan.sign(plan.propose(plan.manager), plan.lead)
    page = text_of(as_(None).get(PAGE))
    assert "Give every lead a room of their own" in page
    assert "All three libraries." not in page
    assert "Nothing was told about it yet." in page


def asks(address, person=None):
    client = as_(person)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def test_the_list_asks_as_much_for_three_plans_as_for_one():
    plan = Plan()
    plan.in_force()
    counts = [asks(BASE), asks(BASE, plan.thread.first_lead.person)]
    for name in ("second", "third"):
        more = actions.begin_plan(
            program=plan.program,
            slug=name,
            cohort=plan.row.cohort,
            units=[plan.thread.unit],
            lang="en",
            on=plan.thread.now.date(),
        )
        plan.row = more
        plan.in_force()
    assert counts == [asks(BASE), asks(BASE, plan.thread.first_lead.person)] == [5, 12]


def test_the_page_of_a_plan_asks_as_much_for_many_rows_as_for_few():
    plan = Plan()
    plan.in_force()
    before = [
        asks(PAGE),
        asks(DRAFT, plan.thread.first_lead.person),
        asks(SIGN, plan.thread.first_lead.person),
    ]
    for kind in ("question", "goal", "activity") * 3:
        actions.add_row(plan=plan.row, kind=kind)
    typed = {name: "More" for name in plan.draft.values if name.endswith((".words", ".what"))}
    typed |= {f"{row}.seat": "leads" for row in plan.draft.of("activity")[1:]}
    actions.merge_form(plan=plan.row, base={}, typed=typed)
    plan.sign(plan.propose())
    after = [
        asks(PAGE),
        asks(DRAFT, plan.thread.first_lead.person),
        asks(SIGN, plan.thread.first_lead.person),
    ]
    assert before == after


def test_an_activity_has_owners_on_both_sides_and_each_of_them_is_named():
    plan = Plan(units=2).fill()
    two = plan.thread.second_lead.public_id
    row = plan.first("activity")
    other = next(one for one in offices_of(plan.row) if not one.startswith(plan.thread.unit.slug))
    before = plan.propose()
    typed = {f"{row}.seat2": two, f"{row}.office2": other}
    base = json.dumps(plan.draft.values)
    assert lead_of(plan).post(DRAFT, {"base": base, **typed}).status_code == 302
    page = lead_of(plan).get(DRAFT).content.decode()
    assert "<details open><summary>More who see to it" in page
    version = plan.propose()
    assert (before.data["version"], version.data["version"]) == (1, 2)
    shown = html.unescape(as_(None).get(PAGE).content.decode())
    assert [one["owners"] for one in sheet(plan)] == [
        [("community", plan.lead), ("community", two), ("city", plan.manager), ("city", other)]
    ]
    assert f"place {two[5:9]}" in shown


def sheet(plan):
    """Give the activities of the newest version as pages show them, with actors by their ids."""
    from types import SimpleNamespace

    from alongside.work.workplans.queries import sheet_of

    naming = SimpleNamespace(register={}, actor=str, choice=lambda _field, value: value)
    return sheet_of(plan.shown.says(plan.shown.standing.versions[-1]), naming)["activities"]


def test_a_plan_whose_activities_have_one_owner_a_side_reads_as_before():
    plan = Plan().fill()
    says = snapshot(plan.row, plan.draft)
    assert sorted(says["rows"]["activity"][0]) == [
        "decision",
        "from",
        "id",
        "office",
        "seat",
        "until",
        "what",
    ]


def test_staff_begin_a_plan_with_a_cohort_that_sits_and_choose_where_two_do():
    plan = Plan()
    thread, sent = plan.thread, {"name": "Street sensors", "units": [plan.thread.unit.slug]}
    thread.seat_cohort("second", date(2028, 1, 1), date(2028, 12, 31))
    assert boss_of(plan).post(f"{BASE}new/", sent).status_code == 302
    assert plan.program.workplans.get(slug="street-sensors").cohort.slug == "first"
    circle(thread)
    asked = boss_of(plan).post(f"{BASE}new/", sent)
    assert (asked.status_code, "With which cohort?" in asked.content.decode()) == (200, True)
    assert (
        boss_of(plan).post(f"{BASE}new/", {**sent, "name": "Lights", "cohort": "circle"}).status_code == 302
    )
    assert plan.program.workplans.get(slug="lights").cohort.slug == "circle"
    assert lead_of(plan).post(f"{BASE}new/", {**sent, "name": "Trees"}).status_code == 302
    assert plan.program.workplans.get(slug="trees").cohort.slug == "first"


def test_no_lead_hides_what_another_said_of_an_activity_and_whom_the_bureau_pays_says_nothing_of_it():
    plan = Plan()
    plan.in_force()
    thread, activity = plan.thread, plan.first("activity")
    by = {"plan": plan.row, "activity": activity, "on": thread.now.date(), "now": thread.now}

    def tell(seat, completion, evidence):
        return actions.tell_progress(**by, completion=completion, evidence=evidence, actor=seat.public_id)

    seats.declare_own(seat=thread.third_lead, works_for="nobody", paid_by=thread.unit.slug, now=thread.now)
    with pytest.raises(GrammarError, match="another lead does this"):
        tell(thread.third_lead, "complete", "All is well.")
    tell(thread.first_lead, "no_evidence", "Nobody listened in any library.")
    tell(thread.second_lead, "complete", "All is well.")

    page = text_of(as_(None).get(PAGE))
    assert ("Nobody listened in any library." in page, "All is well." in page) == (True, True)
    tell(thread.first_lead, "complete", "Now they did.")
    page = text_of(as_(None).get(PAGE))
    assert ("Now they did." in page, "All is well." in page) == (True, False)
