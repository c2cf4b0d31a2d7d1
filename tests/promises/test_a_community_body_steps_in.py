"""Promises 2 and 5: where leads are too few, the community body that the leads let the rules name is the second; never the City."""

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from alongside.chain.commitments import actions
from alongside.chain.commitments.tasks import tick
from alongside.chain.keys.models import Wrap
from alongside.cohort.seats import actions as seats
from alongside.core.entries import GrammarError
from alongside.core.policy.load import load_pack
from alongside.core.policy.words import PackError
from alongside.core.refusals import Refused
from alongside.desks.changes import checked
from alongside.ground.people.actions import make_person
from alongside.ground.programs import actions as programs
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import heads
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import LogEntry, MilestoneStanding
from tests.promises.attempts import BASE, agree, as_, city, today
from tests.promises.test_kept_means_verified import verdict
from tests.promises.test_keys_stay_with_the_leads import KEPT, Keys
from tests.support.remembering import remembered
from tests.support.thread import Thread, posted_by_rows
from tests.work.engagements.test_drafting import text_of

pytestmark = pytest.mark.django_db
NEUTRAL = shipped_pack("neutral")
BODY = "neighbors-union/desk"
NAME = "The Example Neighbors Union"
CHECK = {"completion": "complete", "words": "We saw it too."}
START = date(2026, 1, 1)
NAMES = "".join(f'{lang} = "{NAME}", ' for lang in ("en", "es", "vi", "ar"))
TABLE = f'\n[community_body]\noffice = "{BODY}"\nname = {{{NAMES.removesuffix(", ")}}}\n'


def propose(thread, tmp_path, text=NEUTRAL + TABLE):
    file = tmp_path / "pack.toml"
    file.write_text(text)
    call_command("program", "adopt", thread.program.slug, file)


def named(thread, tmp_path):
    """Let the steward propose the body, two of three leads agree, and the steward appoint who acts for it."""
    propose(thread, tmp_path)
    for lead in (thread.first_lead, thread.second_lead):
        agree(lead)
    assert pack_of(thread.program).body == BODY
    thread.neighbor = make_person(email="desk@neighbors.example")
    post = {"email": "desk@neighbors.example", "post": BODY, "from_date": thread.now.date().isoformat()}
    assert as_(thread.steward).post(f"{BASE}/steward/people/appoint/", post).status_code == 302
    programs.take_up(post=thread.neighbor.posts.get(), today=thread.now.date())
    return thread


@pytest.fixture
def thread(db):
    return claimed(today())


@remembered
def claimed(now):
    """A claim that waits for a check, and a community body; three leads sit."""
    found = Thread(now=now).to_open_engagement()
    found.made = found.claim(found.answer(found.recommend(found.find()))[-1])
    with tempfile.TemporaryDirectory() as folder:
        return named(found, Path(folder))


def test_nobody_is_put_into_the_body_or_out_of_it_whose_second_post_would_silence_it(thread):
    given = {"program": thread.program, "from_date": thread.now.date()}
    for person in (thread.staff, thread.steward):
        with pytest.raises(Refused, match="who holds an office or runs the program"):
            programs.give_post(person=person, post=BODY, **given)
    for post in (thread.manager.public_id, "steward"):
        with pytest.raises(Refused, match="who holds an office or runs the program"):
            programs.give_post(person=thread.neighbor, post=post, **given)
    leave(thread, thread.third_lead)
    with pytest.raises(Refused, match="who is or was a lead here"):
        programs.give_post(person=thread.third_lead.person, post=BODY, **given)


def leave(thread, *gone):
    for seat in gone:
        seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)


def page_of(thread):
    return f"{BASE}/commitments/claims/{thread.made.index}/check/"


def last():
    line = LogEntry.objects.order_by("-index").first()
    return line.kind, bytes(line.raw).decode()


def checked_by(thread, by):
    milestone = {"milestone": thread.made.data["milestone"], "completion": "complete"}
    given = {"cites": {"claim": [thread.made.index]}, "texts": {"check": Text("en", "It is done.")}}
    return thread.enter("delivery.verified", by, milestone, **given)


def served_once(thread, post):
    """Let only the first lead sit, who held a post here once, long before."""
    leave(thread, thread.second_lead, thread.third_lead)
    day = thread.first_lead.from_date - timedelta(days=200)
    held = posted_by_rows(thread.program, thread.first_lead.person, post, from_date=day)
    held.until_date = day + timedelta(days=1)
    held.save()
    return as_(thread.first_lead.person)


@pytest.mark.parametrize("post", ["steward", "the bureau"])
def test_a_lead_who_served_the_city_says_so_on_the_log_and_then_the_body_checks_alone(thread, post):
    lead = served_once(thread, thread.manager.public_id if post == "the bureau" else post)
    unit = thread.manager.public_id.split("/")[0] if post == "the bureau" else "steward"
    said = as_(thread.neighbor).post(page_of(thread), CHECK).content.decode()
    assert "or when all leads have said on the log why they cannot" in said
    desk = lead.get(f"{BASE}/week/").content.decode()
    assert ("Say why you cannot check" in desk, page_of(thread) in desk) == (True, True)
    shown = text_of(lead.get(page_of(thread)))
    words = "that its lead once ran the program" if post == "steward" else "that its lead once had a post at"
    assert words in shown
    sent = lead.post(page_of(thread), {"served": "1"})
    told = thread.log.every("seat.declared")[-1]
    seat = thread.first_lead.public_id
    assert (sent.status_code, told.by, told.data) == (302, (seat,), {"seat": seat, "served": unit})
    assert "Say why you cannot check" not in lead.get(f"{BASE}/week/").content.decode()
    assert "Say it on the public log" not in lead.get(page_of(thread)).content.decode()
    lead.post(page_of(thread), {"served": "1"})
    assert len(thread.log.every("seat.declared")) == 1
    assert as_(thread.neighbor).post(page_of(thread), CHECK).status_code == 302
    assert thread.log.every("delivery.verified")[-1].by == (BODY,)


def test_the_clock_says_that_nobody_sits_to_check_where_each_lead_said_that_they_served_the_city(thread):
    lead = served_once(thread, "steward")
    lead.post(page_of(thread), {"served": "1"})
    thread.later(91)
    tick(program=thread.program, now=thread.now)
    kind, raw = last()
    assert (kind, '"nobody_seated":"yes"' in raw) == ("delivery.unchecked", True)


def test_no_lead_is_asked_why_they_cannot_check_while_another_can(thread):
    day = thread.first_lead.from_date - timedelta(days=200)
    held = posted_by_rows(thread.program, thread.first_lead.person, "steward", from_date=day)
    held.until_date = day + timedelta(days=1)
    held.save()
    desk = as_(thread.first_lead.person).get(f"{BASE}/week/").content.decode()
    assert ("Say why you cannot check" in desk, page_of(thread) in desk) == (False, False)


def test_no_page_lets_a_lead_say_that_they_served_the_city_who_did_not(thread):
    before = LogEntry.objects.count()
    as_(thread.first_lead.person).post(page_of(thread), {"served": "1"})
    as_(thread.first_lead.person).post(page_of(thread), {"served": "steward"})
    assert LogEntry.objects.count() == before


def test_the_record_refuses_a_check_by_a_lead_who_said_that_they_ran_the_program(thread):
    first, second = thread.first_lead.public_id, thread.second_lead.public_id
    with pytest.raises(GrammarError, match="only the lead of a place says"):
        thread.enter("seat.declared", ["steward"], {"seat": first, "served": "steward"})
    with pytest.raises(GrammarError, match="is no bureau of the policy in force"):
        thread.enter("seat.declared", [first], {"seat": first, "served": "nobody"})
    thread.enter("seat.declared", [first], {"seat": first, "served": "steward"})
    thread.enter("seat.declared", [first], {"seat": first, "works_for": "nobody"})
    thread.enter("seat.declared", [first], {"seat": first, "served": "open-data"})
    with pytest.raises(GrammarError, match="once ran the program, and checks no promise"):
        checked_by(thread, [first, second])


def test_the_city_alone_names_no_community_body(db, tmp_path, capsys):
    thread = Thread(now=today()).to_open_engagement()
    propose(thread, tmp_path)
    assert "more than half of the seated leads must agree" in capsys.readouterr().out
    assert pack_of(thread.program).body == ""
    shown = as_(thread.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    change = (
        rf"The community body that steps in where leads are too few</th><td[^>]*>None</td><td[^>]*>{NAME}"
    )
    assert re.search(change, shown)


def test_a_pack_whose_body_is_of_the_government_is_refused():
    unit = load_pack(NEUTRAL).units[0].slug
    with pytest.raises(PackError, match="community_body.office: is in a unit of the pack"):
        load_pack((NEUTRAL + TABLE).replace(BODY, f"{unit}/neighbors"))
    with pytest.raises(PackError, match="community_body.office: is not written as unit/office"):
        load_pack((NEUTRAL + TABLE).replace(BODY, "neighbors"))


def test_a_unit_that_left_the_government_is_not_its_body(db, tmp_path):
    thread = Thread(now=today()).open_program()
    programs.Unit.objects.create(program=thread.program, slug="neighbors-union")
    with pytest.raises(CommandError, match="community_body.office: was a unit of the government"):
        propose(thread, tmp_path)


def test_the_body_checks_nothing_while_two_leads_can(thread):
    client = as_(thread.neighbor)
    assert "Nothing waits for a check today" in client.get(f"{BASE}/commitments/checks/").content.decode()
    said = client.post(page_of(thread), CHECK).content.decode()
    assert "leads can check this, so it is theirs first." in said
    thread.check(thread.made, thread.first_lead)
    assert (
        "leads can check this, so it is theirs first." in client.post(page_of(thread), CHECK).content.decode()
    )
    assert verdict(thread) is None


def test_the_body_is_the_second_who_checks_where_only_one_lead_can(thread):
    leave(thread, thread.second_lead, thread.third_lead)
    client = as_(thread.neighbor)
    assert "theirs first" in client.post(page_of(thread), CHECK).content.decode()
    thread.check(thread.made, thread.first_lead)
    waits = as_(thread.first_lead.person).get(f"{BASE}/seat/seconds/").content.decode()
    assert f"{NAME}, a community body outside the government, can be the second too." in waits
    assert page_of(thread) in client.get(f"{BASE}/commitments/checks/").content.decode()
    assert f"You look for {NAME}, outside the government" in client.get(page_of(thread)).content.decode()
    otherwise = client.post(page_of(thread), {**CHECK, "completion": "limited"})
    assert "The lead who looked saw it otherwise." in otherwise.content.decode()
    assert client.post(page_of(thread), CHECK).status_code == 302
    kind, raw = last()
    assert kind == "delivery.verified"
    assert f'"by":["{thread.first_lead.public_id}","{BODY}"]' in raw
    assert verdict(thread) == "verified"


def test_the_body_is_the_second_who_checks_after_ten_days(thread):
    thread.check(thread.made, thread.first_lead)
    thread.later(10)
    entry = actions.check_as_body(
        program=thread.program,
        claim=thread.made.index,
        body=BODY,
        lang="en",
        now=thread.now,
        **CHECK,
    )
    assert entry.by == (thread.first_lead.public_id, BODY)


def test_the_body_checks_alone_where_nobody_else_can(thread):
    leave(thread, *thread.leads)
    assert as_(thread.neighbor).post(page_of(thread), {**CHECK, "completion": "limited"}).status_code == 302
    kind, raw = last()
    assert (kind, f'"by":["{BODY}"]' in raw) == ("delivery.disputed", True)


def test_a_check_by_the_one_lead_whom_the_bureau_employed_afterwards_holds_up_the_body_no_longer(thread):
    leave(thread, thread.second_lead, thread.third_lead)
    thread.check(thread.made, thread.first_lead)
    for unit in (thread.unit.slug, "nobody"):
        as_(thread.first_lead.person).post(f"{BASE}/seat/job/", {"works_for": unit})
    assert as_(thread.neighbor).post(page_of(thread), CHECK).status_code == 302
    kind, raw = last()
    assert (kind, f'"by":["{BODY}"]' in raw) == ("delivery.verified", True)


def silenced(thread, how):
    """Let the steward alone, through forms, do to all three leads what might keep them from checking."""
    steward = as_(thread.steward)
    for seat in thread.leads:
        page = f"{BASE}/steward/seats/{seat.public_id}"
        if how == "paid":
            for payer in (thread.unit.slug, "outside"):
                assert steward.post(f"{page}/pay/", {"paid_by": payer}).status_code == 302
        elif how == "suspended" and seat == thread.first_lead:  # no more than one of three can be
            seats.suspend_seat(seat=seat, ground="Pending", now=thread.now)
        else:
            typed = {"ground": "absent", "reasons": "Never came.", "appeal_to": thread.office.public_id}
            typed |= {"sure": "on"}
            assert steward.post(f"{page}/remove/", typed).status_code == 302


@pytest.mark.parametrize("how", ["paid", "suspended", "removed"])
def test_a_steward_does_not_let_the_body_check_alone_by_silencing_the_leads(thread, how):
    silenced(thread, how)
    client = as_(thread.neighbor)
    assert page_of(thread) not in client.get(f"{BASE}/commitments/checks/").content.decode()
    said = client.post(page_of(thread), CHECK).content.decode()
    assert "leads can check this, so it is theirs first." in said
    assert verdict(thread) is None
    with pytest.raises(GrammarError, match="a delivery is checked by two leads and by no office"):
        thread.enter(
            "delivery.verified",
            [BODY],
            {"milestone": "m1", "completion": "complete"},
            {"claim": [thread.made.index]},
            {"check": Text("en", "We looked.")},
        )


def test_a_steward_does_not_shorten_the_days_after_which_the_body_is_the_second(thread):
    thread.check(thread.made, thread.first_lead)
    for seat in (thread.second_lead, thread.third_lead):
        seats.declare_payer(seat=seat, paid_by=thread.unit.slug, now=thread.now)
    assert "theirs first" in as_(thread.neighbor).post(page_of(thread), CHECK).content.decode()
    assert verdict(thread) is None


def test_leads_who_confirm_that_the_bureau_pays_them_let_the_body_check(thread):
    for seat in thread.leads:
        seats.declare_payer(seat=seat, paid_by=thread.unit.slug, now=thread.now)
        assert "leads can check this" in as_(thread.neighbor).post(page_of(thread), CHECK).content.decode()
        own = {"works_for": "nobody", "paid_by": thread.unit.slug}
        assert as_(seat.person).post(f"{BASE}/seat/job/", own).status_code == 302
    assert as_(thread.neighbor).post(page_of(thread), CHECK).status_code == 302
    assert verdict(thread) == "verified"


def test_the_page_says_that_the_body_looks(thread):
    leave(thread, thread.second_lead, thread.third_lead)
    shown = as_(None).get(f"{BASE}/follow/{thread.promise}/").content.decode()
    assert f"{NAME}, a community body outside the government, looks beside the lead who can" in shown


def test_whoever_serves_the_city_or_sat_as_a_lead_does_not_act_for_the_body(thread):
    leave(thread, *thread.leads)
    for person in (thread.boss, thread.steward, thread.third_lead.person):
        post = posted_by_rows(thread.program, person, BODY, START)
        with pytest.raises(GrammarError, match="Someone in the community body holds an office"):
            actions.check_as_body(
                program=thread.program,
                claim=thread.made.index,
                body=BODY,
                lang="en",
                now=thread.now,
                **CHECK,
            )
        post.delete()


def test_who_acts_for_the_body_has_no_desk_of_the_city_and_no_reader(thread):
    client = as_(thread.neighbor)
    paths = ("unit/", "steward/people/", "week/", "reader/", "reader/keyring/")
    assert {path: client.get(f"{BASE}/{path}").status_code for path in paths} == dict.fromkeys(paths, 403)
    for person in (None, thread.staff):
        assert as_(person).post(page_of(thread), CHECK).status_code in (302, 403)
    assert verdict(thread) is None
    assert BODY not in pack_of(thread.program).offices


def test_the_record_lets_the_body_sign_nothing_else(thread):
    ask = LogEntry.objects.get(kind="ask.recommended").index
    with pytest.raises(GrammarError, match=f"{BODY} does not write entries of this kind"):
        thread.enter("ask.acknowledged", [BODY], cites={"ask": [ask]})


def test_the_body_is_the_second_who_destroys_a_key_where_one_who_holds_it_sits(db, tmp_path):
    keys = Keys(today() - timedelta(days=KEPT + 1))
    thread = named(keys.thread.later(KEPT + 1), tmp_path)
    door = f"{BASE}/seconds/key/{keys.key.entry}/"
    client = as_(thread.neighbor)
    assert "does not wait for the community body" in client.post(door).content.decode()
    keys.destroy(keys.ana)
    assert "does not wait for the community body" in client.post(door).content.decode(), (
        "Ben holds it and sits"
    )
    leave(thread, keys.ben.seat)
    assert door in client.get(f"{BASE}/seat/seconds/").content.decode()
    assert {who: as_(person).post(door).status_code for who, person in city(thread).items()} == dict.fromkeys(
        city(thread), 403
    )
    assert client.post(door).status_code == 302
    kind, raw = last()
    assert (kind, BODY in raw, keys.ana.seat.public_id in raw) == ("key.destroyed", True, True)
    assert not Wrap.objects.exists()


def test_no_page_and_no_paper_says_that_two_leads_looked_where_the_body_looked_alone(thread):
    leave(thread, *thread.leads)
    assert as_(thread.neighbor).post(page_of(thread), CHECK).status_code == 302
    pages = shown_after(thread)
    assert [name for name, said in pages.items() if "two leads" in said.lower()] == []
    alone = f"No lead could check this. {NAME}, outside the government, looked and agrees"
    assert [alone in pages[name] for name in ("thread", "statement")] == [True, True]
    assert "Kept · Complete" in pages["statement"]
    assert "The leads say: We saw it too." not in pages["statement"]
    assert "1 milestone was kept, and people outside that bureau checked it." in pages["year"]
    assert "Kept: those who looked agree." in pages["unit"]
    assert checked([MilestoneStanding.objects.get(claim=thread.made.index)]) == "Those who looked agree."


def test_no_page_and_no_paper_says_that_two_leads_do_not_agree_where_the_body_alone_does_not(thread):
    leave(thread, *thread.leads)
    as_(thread.neighbor).post(page_of(thread), {**CHECK, "completion": "limited"})
    pages = shown_after(thread)
    assert [name for name, said in pages.items() if "two leads" in said.lower()] == []
    alone = f"No lead could check this. {NAME}, outside the government, looked and says that it is not done"
    assert [alone in pages[name] for name in ("thread", "statement")] == [True, True]
    assert "Those who looked said that it is not done." in pages["handover"]
    (disputed,) = MilestoneStanding.objects.filter(claim=thread.made.index)
    assert checked([disputed]) == "Those who looked say that it is not changed."


def shown_after(thread):
    """Give the words of every page that tells what came of a promise, without tags."""
    heads.sign_head(program=thread.program, now=thread.now)
    found = {
        "thread": as_(None).get(f"{BASE}/follow/{thread.promise}/"),
        "statement": as_(None).get(f"{BASE}/projects/library-computers-project/statement/", follow=True),
        "year": as_(None).get(f"{BASE}/years/{thread.now.year}/"),
        "handover": as_(None).get(f"{BASE}/cohort/first/handover/"),
        "unit": as_(thread.boss).get(f"{BASE}/unit/"),
    }
    assert {name: one.status_code for name, one in found.items()} == dict.fromkeys(found, 200)
    return {name: text_of(one) for name, one in found.items()}


def test_the_body_takes_no_side_between_two_leads_of_today_who_saw_it_otherwise(db):
    thread = claimed(today())
    thread.check(thread.made, thread.first_lead)
    thread.check(thread.made, thread.second_lead, "disputed")
    thread.later(10)
    with pytest.raises(Refused, match="saw it otherwise"):
        actions.check_as_body(
            program=thread.program, claim=thread.made.index, body=BODY, lang="en", now=thread.now, **CHECK
        )
