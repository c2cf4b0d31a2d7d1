"""Both sides: persons are judged, not seats. Nobody signs for two sides, and nobody is two leads."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.management import call_command

from alongside.chain.asks import actions as asks
from alongside.chain.findings import actions as findings
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Seat
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.people.actions import find_or_make_person, make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Post
from alongside.ground.record.actions import entries
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.texts import actions as texts_actions
from alongside.site.demo.sealed import make_keys
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.queries import progress
from alongside.work.invitations import actions as invitations
from tests.check.records import cert, founded, key_of
from tests.promises.attempts import BASE, as_, size, today
from tests.support.thread import UNOPENED, Thread, posted_by_rows, seated_by_rows
from tests.work.invitations.test_invitations import invited
from tests.work.workplans.cast import Plan

pytestmark = pytest.mark.django_db
FINISH = f"{BASE}/drafts/library-computers/finish/"


def ready() -> Thread:
    """Draft an engagement whose key is made and tested; nobody has signed."""
    return Thread(now=today()).open_program().draft_engagement().make_keys()


def seated(thread, person, slug="first") -> Seat:
    """Seat a person; in another cohort than the first, on the day from which that seat has a lead's weight."""
    cohort = thread.first_lead.cohort
    if slug != cohort.slug:
        cohort = thread.seat_cohort(slug, thread.now.date(), date(2028, 12, 31))
        seat = seated_by_rows(cohort, person, thread.now)
        thread.later(30)
        return seat
    return thread.seat(person, cohort)


def posted(thread, person, office=None) -> Post:
    return posted_by_rows(thread.program, person, (office or thread.manager).public_id)


def refused(act) -> str:
    """Try it; give why it was refused. Nothing may be left of it."""
    before = size()
    with pytest.raises(
        (Refused, GrammarError),
        match="A lead has not signed the draft as it|One person holds both roles|Whoever has|where few people said it, two leads confirm it|a lead of the cohort today signs|are one person|ask another lead|only leads who can open the key of this|the term of",
    ) as error:
        act()
    assert size() == before
    return str(error.value)


SIGNS_FOR_BOTH = "works or worked for the other side here"
IN_OFFICE = "also holds an office in this program, and so cannot sign for the community"
UNSIGNED = "A lead has not signed the draft as it stands; ask a lead to sign."
ONE_PERSON = "are one person, who counts once; ask another lead."


def test_a_manager_with_a_seat_cannot_sign_a_promise_as_both_sides(db):
    thread = ready()
    boss = seated(thread, thread.boss)
    engagements.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    with pytest.raises(GrammarError, match=SIGNS_FOR_BOTH):
        engagements.sign(engagement=thread.engagement, actor=boss.public_id, now=thread.now)


def test_who_gave_the_office_up_still_does_not_sign_for_the_other_side(db):
    thread = ready()
    boss = seated(thread, thread.boss)
    Post.objects.filter(person=thread.boss).update(until_date=thread.now.date() - timedelta(days=1))
    engagements.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    with pytest.raises(GrammarError, match=SIGNS_FOR_BOTH):
        engagements.sign(engagement=thread.engagement, actor=boss.public_id, now=thread.now)


def test_whoever_gets_the_office_after_signing_as_a_lead_is_judged_again_at_the_opening(db):
    thread = ready()
    engagements.sign(engagement=thread.engagement, actor=thread.first_lead.public_id, now=thread.now)
    posted(thread, thread.first_lead.person)
    engagements.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    given = {"engagement": thread.engagement, "now": thread.now}
    first, second = thread.first_lead.public_id, thread.second_lead.public_id
    opens = lambda: engagements.open_engagement(**given, by=first)
    assert SIGNS_FOR_BOTH in refused(opens)
    Post.objects.filter(person=thread.first_lead.person).update(until_date=date(2026, 1, 2))
    assert SIGNS_FOR_BOTH in refused(opens)
    engagements.open_engagement(**given, by=second)
    entry = LogEntry.objects.get(kind="engagement.promised")
    assert first not in bytes(entry.raw).decode()


def test_no_form_lets_a_manager_with_a_seat_open_a_promise(db):
    thread = ready()
    seated(thread, thread.boss)
    engagements.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    browser, before = as_(thread.boss), size()
    read = {"draft": progress.draft_hash(thread.engagement)}
    pages = [browser.post(FINISH, {**read, press: "1"}) for press in ("sign", "open")]
    assert ([one.status_code for one in pages], size()) == ([403, 403], before)
    assert "shut to you as long as you hold the post" in pages[0].content.decode()


def test_a_manager_whose_address_is_typed_with_a_large_letter_is_that_manager_and_no_new_lead(db):
    thread = Thread(now=today()).open_program()
    steward, known = as_(thread.steward), Person.objects.count()

    typed = {"called": "Robin", "email": thread.boss.email.capitalize()}
    steward.post(f"{BASE}/steward/seats/alternates/", typed)

    assert (thread.first_lead.cohort.alternates.get().person, Person.objects.count()) == (thread.boss, known)
    steward.post(f"{BASE}/steward/seats/empty/", {"on": thread.now.date().isoformat()})
    assert "holds or held an office" in steward.get(f"{BASE}/steward/seats/call-up/").content.decode()


@pytest.mark.parametrize("post", ["another bureau", "the program"])
def test_nobody_with_a_post_of_the_city_signs_for_the_community(db, post):
    thread = Thread(now=today()).to_open_engagement()
    thread.hear()
    person = thread.second_lead.person
    if post == "the program":
        posted_by_rows(thread.program, person, "steward")
    else:
        posted(thread, person, thread.office)
    said = refused(
        lambda: findings.publish(
            program=thread.program,
            promise=thread.promise,
            seat=thread.second_lead,
            smaller=False,
            voices={"low": 51, "high": 75},
            root="ab" * 32,
            words={"en": {"statement": "People want short keeping."}},
            now=thread.now,
        )
    )
    assert IN_OFFICE in said


def test_a_lead_in_office_can_leave_the_seat(db):
    thread = Thread(now=today()).open_program()
    posted(thread, thread.second_lead.person)
    seat = thread.second_lead
    seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now, ground="not-said")
    assert LogEntry.objects.last().kind == "seat.left"


def test_a_lead_signs_again_once_the_post_is_over(db):
    thread = Thread(now=today()).to_open_engagement()
    posted(thread, thread.first_lead.person, thread.office)
    Post.objects.filter(person=thread.first_lead.person).update(until_date=thread.now.date())
    assert thread.find().kind == "finding.published"


def test_one_person_in_two_seats_does_not_attest_a_small_finding_alone(db):
    thread = Thread(now=today()).to_open_engagement().found_keys(3)
    again = seated(thread, thread.first_lead.person, "second")
    others = [thread.second_lead, thread.third_lead, again]
    make_keys(story=thread, seats=others, keyring=lambda _ring: UNOPENED, now=thread.now)
    small = {"smaller": True, "voices": "fewer", "root": "ab" * 32}
    words = {"en": {"statement": "Some people need it at night."}}
    content = {"promise": thread.promise, **small, "words": words}
    given = {"program": thread.program, "promise": thread.promise, "now": thread.now}
    findings.attest(seat=again, finding=findings.finding_hash(content), **given)
    said = refused(lambda: findings.publish(seat=thread.first_lead, **small, words=words, **given))
    assert said.endswith("where few people said it, two leads confirm it; ask a second lead.")
    by = [thread.first_lead.public_id, again.public_id]
    cites, text = {"engagement": [thread.promise]}, {"statement": entries.Text("en", "Alone.")}
    assert ONE_PERSON in refused(lambda: thread.enter("finding.published", by, small, cites, text))
    findings.attest(seat=thread.second_lead, finding=findings.finding_hash(content), **given)
    entry = findings.publish(seat=thread.first_lead, **small, words=words, **given)
    assert len(entry.seats) == 2


def test_one_person_in_two_seats_does_not_vouch_for_a_key_of_their_own(db):
    thread = Thread(now=today()).open_program().draft_engagement()
    again = seated(thread, thread.first_lead.person, "second")
    origin, leads = thread.program.origin, (thread.second_lead, thread.first_lead)
    second, first = (one.public_id for one in leads)
    at = thread.enter("key.founded", [first], key_of(first)).index
    thread.enter("key.founded", [second], *founded(first, second, origin, at))
    certs = [cert(one.public_id, again.public_id, origin) for one in leads]
    data = {**key_of(again.public_id), "certs": certs}
    said = refused(lambda: thread.enter("key.certified", [one["seat"] for one in certs], data))
    assert ONE_PERSON in said


def test_one_person_in_two_seats_does_not_found_the_keys_alone(db):
    thread = Thread(now=today()).open_program()
    again = seated(thread, thread.first_lead.person, "second")
    first, second = thread.first_lead.public_id, again.public_id
    at = thread.enter("key.founded", [first], key_of(first)).index
    both = founded(first, second, thread.program.origin, at)
    assert ONE_PERSON in refused(lambda: thread.enter("key.founded", [second], *both))


def test_one_person_in_two_seats_does_not_sign_a_list_of_opened_voices_alone(db):
    thread = Thread(now=today()).to_open_engagement()
    again = seated(thread, thread.first_lead.person, "second")
    by = [thread.first_lead.public_id, again.public_id]
    data = {"marks": thread.hear(), "part": 1}
    cites = {"engagement": [thread.promise]}
    said = refused(lambda: thread.enter("voices.opened", by, data, cites))
    assert "only leads who can open the key" in said  # and a second seat of one person is given no key


def test_one_person_in_two_seats_checks_nothing_alone_even_in_a_direct_entry(db):
    thread = Thread(now=today()).to_open_engagement()
    made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    again = seated(thread, thread.first_lead.person, "second")
    by = [thread.first_lead.public_id, again.public_id]
    data, texts = {"milestone": "m1", "completion": "complete"}, {"check": entries.Text("en", "We looked.")}
    said = refused(lambda: thread.enter("delivery.verified", by, data, {"claim": [made.index]}, texts))
    assert ONE_PERSON in said


def test_who_promised_for_the_unit_does_not_check_it_as_a_lead(db):
    thread = Thread(now=today()).to_open_engagement()
    made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    Post.objects.filter(person=thread.boss).update(until_date=thread.now.date() - timedelta(days=1))
    boss = seated(thread, thread.boss)
    by = [thread.first_lead.public_id, boss.public_id]
    data, texts = {"milestone": "m1", "completion": "complete"}, {"check": entries.Text("en", "We looked.")}
    said = refused(lambda: thread.enter("delivery.verified", by, data, {"claim": [made.index]}, texts))
    assert SIGNS_FOR_BOTH in said


def was_of(thread, post, seat=None) -> Seat:
    """Let a lead have held a post before, by rows."""
    seat = seat or thread.first_lead
    held = posted_by_rows(thread.program, seat.person, post)
    Post.objects.filter(pk=held.pk).update(until_date=thread.now.date() - timedelta(days=1))
    return seat


def beside_staff(thread) -> Seat:
    return was_of(thread, f"{thread.unit.slug}/staff")


def signs(thread, seat):
    return lambda: engagements.sign(engagement=thread.engagement, actor=seat.public_id, now=thread.now)


def takes(thread, seat, *, declines=False):
    about = {"program": thread.program, "seat": seat.public_id, "now": thread.now}
    about["invitation"] = invited(thread).index
    if declines:
        return lambda: invitations.decline(words="No time.", lang="en", **about)
    return lambda: invitations.take(**about)


def agrees_to_learn(thread, seat):
    about = {"program": thread.program, "now": thread.now}
    asked = asks.ask_to_learn(office=thread.manager.public_id, **about).index
    return lambda: asks.agree_to_learn(asked=asked, unit=thread.unit.slug, seat=seat.public_id, **about)


@pytest.mark.parametrize("begun", [signs, takes, partial(takes, declines=True), agrees_to_learn])
@pytest.mark.parametrize("post", ["libraries-and-halls/staff", "open-data/staff"])
def test_whoever_was_of_the_bureau_takes_and_signs_nothing_beside_it_for_the_community(db, begun, post):
    thread = ready()
    act = begun(thread, was_of(thread, post))
    if post.startswith("open-data"):
        act()
        return
    assert SIGNS_FOR_BOTH in refused(act)


@pytest.mark.parametrize("is_first", [True, False])
def test_whoever_was_of_a_bureau_of_a_workplan_signs_it_as_no_lead(db, is_first):
    plan = Plan(now=today(), units=2).fill()
    (other,) = plan.row.units.exclude(pk=plan.thread.unit.pk)
    was = was_of(plan.thread, f"{other.slug}/manager")
    version = None if is_first else plan.propose(plan.manager)  # the other bureau has not signed
    assert SIGNS_FOR_BOTH in refused(
        lambda: plan.sign(version, was.public_id) if version else plan.propose(was.public_id)
    )


@pytest.mark.parametrize("post", ["libraries-and-halls/staff", "open-data/staff"])
def test_whoever_was_of_the_bureau_says_no_answer_of_it_in_another_language(db, post):
    thread = Thread(now=today()).to_open_engagement()
    (given,) = thread.answer(thread.recommend(thread.find()), "declined")
    was = was_of(thread, post)
    data, text = {"lang": "es", "reviewed": True, "made_by": "person"}, {"reasons": entries.Text("es", "No.")}
    says = lambda: thread.enter("text.translated", [was.public_id], data, {"of": [given.index]}, text)
    assert says().seats if post.startswith("open-data") else SIGNS_FOR_BOTH in refused(says)


def test_whoever_was_of_the_bureau_neither_reports_back_nor_closes(db):
    thread = Thread(now=today()).to_open_engagement()
    thread.later(31).end_intake()
    was = beside_staff(thread)
    data, cites = {"languages": ["en", "es"]}, {"engagement": [thread.promise]}
    texts = {lang: entries.Text(lang, "This came of it.") for lang in ("en", "es")}
    report = lambda seat: thread.enter("report.published", [seat.public_id], data, cites, texts)
    assert SIGNS_FOR_BOTH in refused(lambda: report(was))
    cites = {**cites, "report": [report(thread.second_lead).index]}
    close = lambda: thread.enter("engagement.closed", [was.public_id], {}, cites)
    assert SIGNS_FOR_BOTH in refused(close)


@pytest.mark.parametrize("post", ["libraries-and-halls/staff", "steward"])
def test_whoever_was_of_the_bureau_or_ran_the_program_checks_no_promise_of_it(db, post):
    thread = Thread(now=today()).to_open_engagement()
    made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    was, page = was_of(thread, post), f"{BASE}/commitments/claims/{made.index}/check/"
    by = [was.public_id, thread.second_lead.public_id]
    for kind, completion in (("verified", "complete"), ("disputed", "limited")):
        data, texts = {"milestone": "m1", "completion": completion}, {"check": entries.Text("en", "Seen.")}
        said = refused(
            lambda kind=kind, data=data, texts=texts: thread.enter(
                f"delivery.{kind}", by, data, {"claim": [made.index]}, texts
            )
        )
        assert SIGNS_FOR_BOTH in said
    assert "or you ran the program" in as_(was.person).get(page).content.decode()
    assert page not in as_(was.person).get(f"{BASE}/week/").content.decode()
    assert page in as_(thread.second_lead.person).get(f"{BASE}/week/").content.decode()


def test_a_steward_who_holds_an_office_takes_no_text_down_alone(db):
    thread = Thread(now=today()).open_program().draft_engagement()
    Post.objects.filter(person=thread.boss).update(until_date=thread.now.date() - timedelta(days=1))
    posted(thread, thread.steward)
    text = PublicText.objects.filter(name="summary").latest("pk")
    given = {"program": thread.program, "entry": text.entry, "sha256": text.sha256, "ground": "A court."}
    by = ["steward", thread.manager.public_id]
    said = refused(lambda: texts_actions.erase_text(**given, by=by, now=thread.now))
    assert said.startswith("One person holds both roles")
    posted(thread, make_person(email="other.manager@riverbend.example"))
    assert texts_actions.erase_text(**given, by=by, now=thread.now).kind == "text.erased"


@pytest.mark.parametrize("how", ["left", "suspended", "before the term"])
def test_a_seat_that_is_not_in_force_signs_nothing_through_any_action(db, how):
    thread = Thread(now=today()).to_open_engagement()
    thread.hear()
    seat = thread.first_lead
    if how == "left":
        seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now, ground="not-said")
    elif how == "suspended":
        seats.suspend_seat(seat=seat, ground="harm", now=thread.now)
    else:
        first, last = (thread.now.date() + timedelta(days=days) for days in (400, 800))
        thread.first_lead = thread.seat("early", thread.seat_cohort("next", first, last))
    refused(thread.find)


def test_a_signature_of_a_lead_who_left_counts_no_more_and_does_not_stand_in_the_way(db):
    thread = ready()
    for actor in (thread.third_lead.public_id, thread.manager.public_id):
        engagements.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    seats.leave_seat(
        seat=thread.third_lead,
        on=thread.now.date(),
        reason="",
        now=thread.now,
        ground="not-said",
    )
    given = {"engagement": thread.engagement, "now": thread.now}
    gone, stays = thread.third_lead.public_id, thread.first_lead.public_id
    assert refused(lambda: engagements.open_engagement(**given, by=gone)) == UNSIGNED
    engagements.open_engagement(**given, by=stays)
    assert LogEntry.objects.filter(kind="engagement.promised").count() == 1


@pytest.mark.parametrize("line", [[], ["erase"], ["correct", "--email", "gone@riverbend.example"]])
def test_whoever_is_erased_or_gets_another_address_comes_back_as_the_same_person(line):
    thread = Thread(now=today()).to_open_engagement()
    made = thread.claim(thread.answer(thread.recommend(thread.find()))[-1])
    Person.objects.filter(pk=thread.boss.pk).update(email="boss@riverbend.example")
    Post.objects.filter(person=thread.boss).update(until_date=thread.now.date() - timedelta(days=1))
    if line:
        call_command("person", line[0], "boss@riverbend.example", *line[1:], verbosity=0)
    again = find_or_make_person(email="boss@riverbend.example")
    seat = thread.seat(again, thread.first_lead.cohort)
    by = [thread.first_lead.public_id, seat.public_id]
    data, words = {"milestone": "m1", "completion": "complete"}, {"check": entries.Text("en", "We looked.")}

    with pytest.raises(GrammarError, match="works or worked for the other side"):
        thread.enter("delivery.verified", by, data, {"claim": [made.index]}, words)
