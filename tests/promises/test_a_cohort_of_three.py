"""Every step that takes two leads works in a cohort of three where one is away; where two lost their keys, the page says what there is."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from alongside.chain.findings import actions as findings
from alongside.chain.keys import actions as keys_actions
from alongside.chain.keys.models import EngagementKey
from alongside.chain.keys.queries import keyring_that_waits
from alongside.chain.proposals.queries import to_confirm as proposals_to_confirm
from alongside.cohort.rules.actions import agree_to_rules
from alongside.cohort.rules.models import Proposal
from alongside.cohort.rules.queries import to_read
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seconds import seconds_awaited
from alongside.core.entries import GrammarError
from alongside.core.grammar.keys import founding, is_set_lost
from alongside.core.grammar.log import check_log
from alongside.core.grammar.seats import sits_until
from alongside.core.sealing.keys import recipient_of
from alongside.core.sealing.leads import vouch_statement
from alongside.core.sealing.opening import open_sealed
from alongside.core.workflow.seconds import Proposed
from alongside.ground.record.models import LogEntry
from alongside.site.demo import keys, sealed
from alongside.work.engagements import actions as engagements
from alongside.work.engagements import asking
from tests.chain.opinions.cast import STATEMENTS, decide, decided, offer, propose
from tests.promises.attempts import BASE, adopt, as_, today
from tests.promises.test_the_rules_are_under_two_pens import MILDER
from tests.support.remembering import remembered
from tests.support.thread import QUESTIONS, UNOPENED, Thread

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=120)
LOST = "reported their key lost|does not stand under this key|cannot sign this without a key"
NO = {"reason": "points-at-a-person", "ground": "It names your neighbor."}


@pytest.fixture
def three(db):
    """Give a cohort of three who each hold a key and that of an engagement; something is claimed, and nobody checked it."""
    return _three(today())


@remembered
def _three(now):
    thread = Thread(now=now).open_program().found_keys(3)
    questions = asking.with_ours(QUESTIONS, "offer", ["en", "es"])
    thread.draft_engagement(questions=questions, voices_kept_until=(now + KEPT).date())
    engagements.save_statements(engagement=thread.engagement, statements=STATEMENTS)
    thread.make_keys().open().hear()
    thread.made = thread.claim(thread.answer(thread.question(), "accepted")[-1])
    return thread


def check(thread, one, other):
    """Look whether something was delivered."""
    for seat in (one, other):
        thread.check(thread.made, seat)


SAID = {"smaller": True, "voices": "fewer", "root": "cd" * 32}
FEW = {"en": {"statement": "Some people need it at night."}}


def attest(thread, one):
    """Read what few people said, so that another lead publishes it."""
    content = findings.finding_hash({"promise": thread.promise, **SAID, "words": FEW})
    at = {"program": thread.program, "seat": one, "promise": thread.promise, "now": thread.now}
    draft = findings.keep_draft(sealed=b"age-encryption.org/v1\n", draft_id=None, **at)
    findings.attest(finding=content, draft_id=str(draft.pk), **at)


def few(thread, one, other):
    """Publish what few people said."""
    attest(thread, one)
    findings.publish(
        program=thread.program, seat=other, promise=thread.promise, **SAID, words=FEW, now=thread.now
    )


def opened(thread, one, other):
    """Sign the list of what was opened."""
    sealed.open_voices(story=thread, promise=thread.promise, seats=[one, other], now=thread.now)


def offered(thread, one, other):
    """Decide what becomes of a statement that somebody offered."""
    said = decided(thread.offered, "declined", **NO)
    decide(thread, said, propose(thread, said, one), other)


def key_made(thread, one, other):
    """Make and test a key."""
    thread.draft_engagement("benches")
    sealed.make_engagement_key(story=thread, engagement=thread.engagement, seats=[one, other], now=thread.now)


def papers(thread, one, other):
    """Make recovery papers, and check each."""
    asked = sealed.propose_papers(story=thread, seat=one, now=thread.now)
    sealed.sign_papers(story=thread, asked=asked, seat=other, now=thread.now)


def propose_correction(thread, one):
    """Propose to correct what leads alone promised."""
    return engagements.propose_correction(
        engagement=thread.community,
        about="title",
        words="The title is wider now.",
        lang="en",
        day=None,
        others={"es": "El título es más amplio."},
        by=one.public_id,
        now=thread.now,
    )


def corrected(thread, one, other):
    """Correct what leads alone promised."""
    made = propose_correction(thread, one)
    engagements.sign_correction(correction=made, by=other.public_id, now=thread.now)


def say_yes(thread, one):
    """Agree to milder rules."""
    read = to_read(thread.program, thread.log)
    agree_to_rules(proposal=Proposal.objects.get(), seat=one, read=read, now=thread.now)


def milder(thread, one, other):
    """Agree to milder rules, by two leads."""
    for seat in (one, other):
        say_yes(thread, seat)


def destroy(thread, one):
    """Ask that a key be destroyed."""
    key = EngagementKey.objects.get(engagement="library-computers")
    keys_actions.destroy_key(program=thread.program, key=key, seat=one, ground="Kept as long", now=thread.now)


def destroyed(thread, one, other):
    """Destroy a key."""
    for seat in (one, other):
        destroy(thread, seat)


KINDS = {
    check: "delivery.verified",
    few: "finding.published",
    opened: "voices.opened",
    offered: "offer.decided",
    key_made: "key.tested",
    papers: "recovery.checked",
    corrected: "engagement.corrected",
    milder: "policy.adopted",
    destroyed: "key.destroyed",
}
STEPS = tuple(KINDS)


def voices_in(thread, _one):
    """Let people speak no more: what they said waits to be opened."""


def begun(thread, step, tmp_path):
    """Bring about what a step is about."""
    if step is offered:
        thread.offered = offer(thread, "Nobody should wait in the rain.")
    if step is corrected:
        thread.draft_engagement("benches", community=True).make_keys().open()
        thread.community = thread.engagement
    if step is milder:
        adopt(thread, MILDER["a longer time to answer"], tmp_path)
    if step is destroyed or step is voices_in:
        thread.later(KEPT.days + 1).end_intake()


def lose(thread, seat):
    keys_actions.report_lost_key(program=thread.program, seat=seat.public_id, now=thread.now)
    del thread.keyrings[seat.public_id]  # nothing is locked to it


def suspend(thread, seat):
    seats.suspend_seat(seat=seat, ground="absent", now=thread.now)
    del thread.keyrings[seat.public_id]


def leave(thread, seat):
    seats.leave_seat(seat=seat, on=thread.now.date(), reason="", now=thread.now)
    del thread.keyrings[seat.public_id]


def is_paid(thread, seat):
    thread.enter("seat.declared", [seat.public_id], {"seat": seat.public_id, "paid_by": thread.unit.slug})


AWAY = {
    "all are well": None,
    "one lost hers": lose,
    "one is suspended": suspend,
    "one left": leave,
    "the bureau pays one": is_paid,
}


def entered(thread, act):
    """Act, let anybody judge the whole log, and give the kinds of what was entered."""
    lines = LogEntry.objects.filter(log__program=thread.program)
    before = lines.count()
    act()
    check_log(thread.entries(), origin=thread.program.origin)
    return [one.parsed.kind for one in lines.filter(index__gte=before).order_by("index")]


def new_key(thread, seat):
    """Let a lead make a new keyring; give what waits for two who vouch."""
    known = [one.data["sign_key"] for one in founding(thread.log)]
    ring = thread.keyrings[seat.public_id] = keys.make(known)
    statement = vouch_statement(origin=thread.program.origin, **about(ring, seat))
    return keys_actions.offer_key(
        program=thread.program,
        seat=seat,
        recipient=ring.recipient,
        sign_key=ring.sign_key,
        signature=ring.sign(statement),
        keyring=UNOPENED,
        now=thread.now,
    )


def about(ring, seat):
    return {"seat": seat.public_id, "recipient": ring.recipient, "sign_key": ring.sign_key}


def vouch(thread, asked, *by):
    """Let leads vouch for a key; give the entry of the last."""
    told = None
    for seat in by:
        ring = thread.keyrings[asked.seat.public_id]
        statement = vouch_statement(origin=thread.program.origin, **about(ring, asked.seat))
        told = keys_actions.vouch(
            program=thread.program,
            key=asked,
            seat=seat,
            signature=thread.keyrings[seat.public_id].sign(statement),
            now=thread.now,
        )
    return told


def share(thread, one, other):
    """Let a lead share the keys of all engagements with the new key of another."""
    to = {other.public_id: thread.keyrings[other.public_id].recipient}
    for key in EngagementKey.objects.filter(program=thread.program):
        secret = thread.secrets[key.engagement]
        keys_actions.share_engagement_key(
            program=thread.program,
            key=key,
            seat=one,
            wraps={seat: keys.wrap(secret, recipient) for seat, recipient in to.items()},
            signature=thread.keyrings[one.public_id].lock(
                origin=thread.program.origin, engagement=key.engagement, recipient=key.recipient, keys=to
            ),
            now=thread.now,
        )


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("step", STEPS, ids=lambda one: one.__name__)
def test_two_of_three_take_it_whatever_became_of_the_third(three, step, away, tmp_path):
    begun(three, step, tmp_path)
    if AWAY[away]:
        AWAY[away](three, three.third_lead)
    assert KINDS[step] in entered(three, lambda: step(three, three.first_lead, three.second_lead))


@pytest.mark.parametrize("step", STEPS, ids=lambda one: one.__name__)
def test_a_lead_who_lost_hers_is_no_second_until_two_vouched_for_another(three, step, tmp_path):
    begun(three, step, tmp_path)
    ring = three.keyrings[three.third_lead.public_id]
    lose(three, three.third_lead)
    three.keyrings[three.third_lead.public_id] = ring  # its words turn up again
    both = partial(step, three, three.first_lead, three.third_lead)
    with pytest.raises(GrammarError, match=LOST), transaction.atomic():
        both()
    asked = new_key(three, three.third_lead)
    vouch(three, asked, three.first_lead, three.second_lead)
    share(three, three.first_lead, three.third_lead)
    assert KINDS[step] in entered(three, both)


#: What one lead does first of a step, and what then stands on the desks of the others; of a key and of voices, what stands there before anybody did.
WAITS = {
    check: (lambda thread, one: thread.check(thread.made, one), "Go and look: "),
    few: (attest, "Confirm what few people said: "),
    voices_in: (voices_in, "Open the voices: "),
    offered: (
        lambda thread, one: propose(thread, decided(thread.offered, "declined", **NO), one),
        "Decide what becomes of an offered statement",
    ),
    corrected: (propose_correction, "Sign the correction: "),
    milder: (say_yes, "New rules are proposed"),
    destroyed: (destroy, "Destroy the key: "),
}


def desk_of(thread, seat):
    """Give the headings of what waits for a lead."""
    page = as_(seat.person).get(f"{BASE}/week/").content.decode()
    return [in_words(one) for one in re.findall(r"<h[23][^>]*><a [^>]*>(.*?)</a></h[23]>", page, re.DOTALL)]


@pytest.mark.parametrize("step", WAITS, ids=lambda one: one.__name__)
def test_nothing_that_takes_a_key_waits_for_a_lead_who_lost_hers(db, step, tmp_path):
    is_over = step in {destroyed, voices_in}
    three = _three(today() - (KEPT + timedelta(days=1) if is_over else timedelta()))
    begun(three, step, tmp_path)
    begin, heading = WAITS[step]
    begin(three, three.first_lead)

    def who():
        return [any(each.startswith(heading) for each in desk_of(three, one)) for one in three.leads[1:]]

    assert who() == [True, True], desk_of(three, three.third_lead)
    lose(three, three.third_lead)
    assert who() == [True, False]
    assert "Make a new key" in desk_of(three, three.third_lead)


def test_where_one_left_and_agreed_to_step_in_she_is_the_second_at_once(three):
    ring = three.keyrings[three.third_lead.public_id]
    leave(three, three.third_lead)
    three.keyrings[three.third_lead.public_id] = ring
    former = Seat.objects.get(pk=three.third_lead.pk)
    seats.stay_in_reach(
        person=former.person,
        program=three.program,
        name="seconds",
        reach="503-555-0100",
        offers="",
        until=three.now.date() + timedelta(days=300),
        now=three.now,
    )
    lose(three, three.second_lead)
    asked = new_key(three, three.second_lead)
    assert vouch(three, asked, three.first_lead, former).kind == "key.certified"


def test_who_vouched_and_then_lost_hers_is_in_nobodys_way(three):
    first, second, third = three.leads
    lose(three, third)
    asked = new_key(three, third)
    assert vouch(three, asked, first) is None
    waits = as_(second.person).get(f"{BASE}/seat/seconds/").content.decode()
    assert "Leads who vouched for it: 1 of two." in waits
    lose(three, first)
    assert vouch(three, asked, second) is None
    assert keyring_that_waits(three.program, third, three.now.date()).vouched == [second.public_id]


def test_where_two_lost_theirs_one_word_is_never_enough_and_the_page_says_what_there_is(three):
    """What takes two waits for a former lead who agreed, or until 90 days after the places of the two are over."""
    first, second, third = three.leads
    for seat in (second, third):
        lose(three, seat)
    assert vouch(three, new_key(three, second), first) is None
    pages = [
        in_words(as_(second.person).get(f"{BASE}/reader/{one}").content.decode()) for one in ("keyring/", "")
    ]
    told = "Two leads can make first keys again 90 days after the places of those who lost theirs are over"
    assert [told in one for one in pages] == [True, True]
    ends = max(sits_until(three.log, one.public_id) for one in three.leads)
    assert [is_set_lost(three.log, ends + timedelta(days)) for days in (89, 90)] == [False, True]


def test_a_lead_to_whom_a_key_was_shared_tests_it(three):
    """It was made for two, and one of them lost hers before she tested it."""
    first, second, third = three.leads
    three.draft_engagement("benches")
    gone = three.keyrings.pop(third.public_id)
    secret = three.secrets["benches"] = keys.new_identity()
    own = {one.public_id: three.keyrings[one.public_id].recipient for one in (first, second)}
    key = keys_actions.make_engagement_key(
        program=three.program,
        engagement="benches",
        seat=first,
        recipient=recipient_of(secret),
        wraps={seat: keys.wrap(secret, to) for seat, to in own.items()},
        signature=three.keyrings[first.public_id].lock(
            origin=three.program.origin, engagement="benches", recipient=recipient_of(secret), keys=own
        ),
        now=three.now,
    )
    lose(three, second)
    three.keyrings[third.public_id] = gone
    test = {
        "program": three.program,
        "key": key,
        "nonce": open_sealed(bytes(key.test), [secret]).decode().strip(),
        "now": three.now,
    }
    keys_actions.confirm_test(seat=first, **test)
    with pytest.raises(GrammarError, match="only a lead to whom this key is locked"):
        keys_actions.confirm_test(seat=third, **test)
    share(three, first, third)
    assert entered(three, lambda: keys_actions.confirm_test(seat=third, **test)) == ["key.tested"]


def in_words(page):
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_the_page_of_what_waits_names_no_lead_who_lost_hers_as_the_second(three):
    first, second, third = three.leads
    lose(three, third)
    three.check(three.made, first)
    (step,) = seconds_awaited(three.program, three.now.date())
    assert ([step.leads, step.lost], step.opens) == ([[second], [third]], three.now.date() + timedelta(10))
    lose(three, second)
    (step,) = seconds_awaited(three.program, three.now.date())
    assert ([step.leads, step.lost], step.opens) == ([[], [second, third]], three.now.date())
    page = as_(first.person).get(f"{BASE}/seat/seconds/").content.decode()
    assert "These leads said that their key is lost" in page
    said = decided(offer(three, "Nobody should wait in the rain."), "declined", **NO)
    propose(three, said, first)
    (step,) = proposals_to_confirm(three.program, Proposed.OFFER, three.now.date())
    assert [step.leads, step.lost] == [[], [second, third]]
    assert "Nobody can be the second now. Ask the program coordinator to fill an empty place" in page
