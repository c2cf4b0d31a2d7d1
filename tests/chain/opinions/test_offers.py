"""People offer statements, sealed to the leads; two leads release, merge or decline each, and its author finds that with the receipt."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from alongside.chain.opinions import actions, queries
from alongside.chain.opinions.models import Map, Vote
from alongside.chain.proposals.actions import drop, erase_old
from alongside.chain.proposals.models import Proposal
from alongside.chain.voices.models import Voice
from alongside.chain.voices.queries import mark_lists
from alongside.core.entries import GrammarError
from alongside.core.grammar.acts import act_of_seat
from alongside.core.grammar.versions import KINDS
from alongside.core.kinds import EntryKind
from alongside.core.policy.linter import lint_question
from alongside.core.policy.load import load_pack
from alongside.core.questions import OFFER
from alongside.core.refusals import Refused
from alongside.core.salted import salted_hash
from alongside.core.sealing import receipt
from alongside.core.sealing.acts import salt_in_reader
from alongside.core.workflow.offered_statements import OfferReason
from alongside.core.workflow.seconds import Proposed
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import PublicText
from alongside.ground.texts import actions as texts
from alongside.ground.ui.templatetags.ui import as_seat
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.asking import OFFER_ONE, OFFERED, with_ours
from tests.chain.opinions.cast import (
    SLUG,
    STATEMENTS,
    asked,
    crowd,
    decide,
    decided,
    judge,
    offer,
    propose,
    takes_offers,
    to_judge,
)
from tests.chain.opinions.test_maps import words_of
from tests.chain.referrals.test_giving import as_asked
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
SUNDAYS = {"en": "Nobody should wait in the rain.", "es": "Nadie debe esperar bajo la lluvia."}
MAP, LIST = f"/riverbend/en/engagements/{SLUG}/map/", "/riverbend/en/offers.json"
NO = {"reason": "points-at-a-person", "ground": "It names your neighbor."}


@pytest.fixture
def thread():
    return takes_offers()


def english(words) -> str:
    with override("en"):
        return str(words)


def told(site_client, said, lang="en"):
    """Give what the receipt of a voice finds in the list."""
    tag = receipt.offer_tag(receipt.read_secret(said.secret)).hex()
    rows = json.loads(site_client.get(LIST.replace("/en/", f"/{lang}/")).content)
    return [one for one in rows if one["offer"] == tag]


def test_what_two_leads_decide_is_hashed_alike_here_and_in_their_readers():
    # islands/reader/offering.test.ts has the same
    said = queries.Decided(
        salt="ab",
        offer="cd",
        decision="released",
        statement="",
        reason="",
        lang="es",
        ground="",
        words={"en": "Open on Sundays.", "es": "Abran los domingos."},
    )
    assert hashlib.sha256(queries.content_of(said)).hexdigest() == (
        "0d989e67f3c326f82462548f572b960bf638b9effb39a7390eb3213e0e2940f0"
    )


def test_a_lead_signs_in_her_reader_what_the_record_holds_against_her_key():
    # islands/reader/offering.test.ts writes the same
    told = {"salt": "ab", "offer": "cd" * 32, "statement": "", "reason": "", "lang": "es", "ground": ""}
    said = queries.Decided(decision="released", words={"en": "Open on Sundays.", "es": "Abran."}, **told)
    draft = actions.draft_of(said, promise=7, by=["seat-1a2b3c4d", "seat-5e6f7a8b"], number=9)
    seeded = {"nonce": "0f" * 16, "seed": bytes(range(16)).hex(), "place": 0}
    texts = {
        name: {
            "lang": one.lang,
            "sha256": salted_hash(salt_in_reader(name=name, **seeded), one.words.encode()),
        }
        for name, one in draft.texts.items()
    }
    value = vars(draft) | {"v": 5, "texts": texts}
    given = {"origin": "riverbend.example/record", "nonce": "0f" * 16}
    part = act_of_seat([value], 40, "seat-1a2b3c4d", KINDS, **given)
    assert (
        hashlib.sha256(part).hexdigest() == "91002c0a8e17b99bb52e6bcd49e937df850c9a448f122cfe8209fde3b4e19f3a"
    )


@pytest.mark.parametrize("pack", ["neutral", "portland"])
@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_no_rule_of_a_program_forbids_the_words_of_our_own_question(pack, lang):
    rules = load_pack(shipped_pack(pack))
    for words in (OFFER_ONE, OFFERED):
        with override(lang):
            said = str(words)
        assert (said == english(words)) == (lang == "en")
        assert lint_question(said, rules) == []


def test_a_lead_lets_people_offer_statements_by_one_press_once_there_are_some():
    thread = Thread(now=this_hour()).open_program().draft_engagement()
    lead = as_(thread.first_lead.person)
    at = reverse("engagements:questions", args=["riverbend", "en", SLUG])
    assert "Let people offer statements" not in lead.get(at).content.decode()
    engagements.save_statements(engagement=thread.engagement, statements=STATEMENTS)
    assert "Let people offer statements" in lead.get(at).content.decode()
    lead.post(at, as_asked(lead, at) | {"offer": "1"})
    lead.post(at, as_asked(lead, at) | {"offer": "1"})
    thread.engagement.refresh_from_db()
    added = [one for one in thread.engagement.form["questions"] if one["id"] == OFFER]
    assert added == with_ours([], "offer", ["en", "es"])
    assert lead.get(f"{at}{OFFER}/").status_code == 404


def test_what_somebody_offers_is_sealed_and_stands_nowhere_in_the_clear(thread):
    said = offer(thread, SUNDAYS["en"])

    assert SUNDAYS["en"].encode() not in bytes(Voice.objects.get(mark=said.mark).sealed)
    assert not Proposal.objects.exists()


def test_a_statement_that_two_leads_release_joins_what_people_judge_with_a_number_of_its_own(thread):
    said = offer(thread, SUNDAYS["en"])
    entry = decide(thread, decided(said, words=SUNDAYS))

    assert (entry.kind, entry.data["statement"], len(entry.seats)) == (EntryKind.OFFER_DECIDED, "s9", 2)
    last = asked(thread, "es").statements[-1]
    assert (last.id, last.phrase.words, last.phrase.lang) == ("s9", SUNDAYS["es"], "es")
    judge(thread, receipt.make(), {9: 1})
    assert Vote.objects.get().statement == 9
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("by", ["steward", "first_lead"])
def test_nobody_puts_other_words_before_people_as_a_translation_of_what_was_released(thread, by):
    entry = decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    writer = by if by == "steward" else thread.first_lead.public_id
    about = {"of": [entry.index]}
    with pytest.raises(GrammarError, match="leads released this statement in each language"):
        thread.enter(
            EntryKind.TEXT_TRANSLATED,
            [writer],
            {"lang": "vi", "made_by": "person", "reviewed": True},
            about,
            texts={"en": Text("vi", "Taxes must fall.")},
        )


def test_a_statement_that_was_taken_down_keeps_its_number(thread):
    entry = decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    for one in PublicText.objects.filter(entry=entry.index):
        by = ["steward", thread.second_lead.public_id]
        given = {"entry": one.entry, "sha256": one.sha256, "ground": "Order 12", "by": by}
        texts.erase_text(program=thread.program, now=thread.now, **given)
    more = {"en": "A roof over the stop.", "es": "Un techo en la parada."}
    assert decide(thread, decided(offer(thread, more["en"]), words=more)).data["statement"] == "s10"


def test_the_decision_names_no_voice(thread):
    said = offer(thread, SUNDAYS["en"])
    entry = decide(thread, decided(said, words=SUNDAYS))

    assert said.mark not in json.dumps(entry.value)
    assert entry.data["offer"] == receipt.offer_tag(receipt.read_secret(said.secret)).hex()


def test_the_author_finds_by_receipt_that_it_was_declined_and_why(site_client, thread):
    said, other = offer(thread, "My neighbor Ana shouts."), offer(thread, "Shout less.")
    decide(thread, decided(said, "declined", **NO))

    (row,) = told(site_client, said)
    assert (row["decision"], row["why"], row["ground"]) == (
        "declined",
        "It could point at a person.",
        NO["ground"],
    )
    assert told(site_client, other) == []
    index = json.loads(site_client.get("/marks.json?lang=en").content)
    assert index[0]["offers"] == LIST
    assert "Ana" not in site_client.get(MAP).content.decode()


def test_the_author_finds_by_receipt_into_which_statement_it_went(site_client, thread):
    said = offer(thread, "Put up a sign that says it.")
    decide(thread, decided(said, "merged", statement="s1", ground="The first one says it."))

    (row,) = told(site_client, said, "es")
    assert (row["decision"], row["words"], row["lang"]) == (
        "merged",
        "Un letrero debe decir qué se guarda.",
        "es",
    )
    assert len(asked(thread).statements) == 8


def test_a_receipt_leads_on_to_judge_to_the_map_and_to_offer_again_while_people_can(site_client, thread):
    decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    at = f"/riverbend/en/engagements/{SLUG}/"
    (asked_of,) = json.loads(site_client.get("/marks.json?lang=en").content)[0]["asked"]
    (row,) = json.loads(site_client.get(LIST).content)
    told = {name: asked_of.get(name) for name in ("judge", "map", "say", "offers")}

    assert row["promise"] == asked_of["promise"] == thread.promise
    assert told == {
        "judge": f"{at}statements/",
        "map": f"{at}map/",
        "say": f"{at}#question-{OFFER}",
        "offers": True,
    }
    thread.later(40)
    (after,) = mark_lists("en", thread.now.date())[0]["asked"]
    assert {"judge", "map", "say", "offers"} & {*after} == {"map", "offers"}


def test_the_entry_says_what_two_leads_decided_and_why(site_client, thread):
    entry = decide(thread, decided(offer(thread, "My neighbor Ana shouts."), "declined", **NO))
    html = words_of(site_client.get(f"/riverbend/en/record/{entry.index}/").content.decode())

    assert "Decision It stays out" in html
    assert "Why It could point at a person." in html
    assert html.count("Decided by") == 1
    assert all(as_seat(one) in html for one in entry.seats)
    assert f"What the leads wrote to its author {NO['ground']}" in html
    more = decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    html = words_of(site_client.get(f"/riverbend/en/record/{more.index}/").content.decode())
    assert "Decision Others judge it" in html
    assert "Number among the statements 9" in html


def test_a_statement_that_came_after_the_map_is_named_as_not_in_it(site_client, thread):
    crowd(thread, 40)
    thread.later(1)
    for code in crowd(thread, 10, seed=2):
        judge(thread, code, {1: 1})
    actions.tick(program=thread.program, now=thread.now)
    before = words_of(site_client.get(MAP).content.decode())
    assert "said agree, disagree or pass to 8 statements." in before
    assert "so this map does not have" not in before
    decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    html = words_of(site_client.get(MAP).content.decode())

    assert "said agree, disagree or pass to 8 statements." in html
    assert "so this map does not have it: 9 " + SUNDAYS["en"] in html.split("What is not known yet")[1]


def test_the_room_says_how_many_decisions_wait_for_a_second_lead_to_whoever_can_read_them(thread):
    room = f"/riverbend/en/engagements/{SLUG}/room/"
    lead = as_(thread.first_lead.person)
    assert "No decision waits for a second lead." in lead.get(room).content.decode()
    propose(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))

    assert "1 decision waits for a second lead." in lead.get(room).content.decode()
    assert "offer a statement?" not in as_(thread.boss).get(room).content.decode()


def test_one_lead_alone_decides_nothing(thread):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    with pytest.raises(Refused, match="You wrote this"):
        decide(thread, said, seat=thread.first_lead)
    data = {"offer": said.offer, "decision": "declined", "reason": "too-late"}
    with pytest.raises(GrammarError, match="two leads decide"):
        thread.enter(
            EntryKind.OFFER_DECIDED,
            [thread.first_lead.public_id],
            data,
            {"engagement": [thread.promise]},
            {"ground": Text("en", "Too late.")},
        )
    assert not thread.log.every(EntryKind.OFFER_DECIDED)


def test_the_second_lead_decides_the_very_words_of_the_first(thread):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    bent = replace(said, words={**SUNDAYS, "en": "People may wait in the rain."})
    with pytest.raises(Refused, match="not the words that the other lead wrote"):
        decide(thread, bent, propose(thread, said))


def test_a_proposal_that_came_into_the_table_by_other_hands_decides_nothing(thread):
    said = decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS)
    row = propose(thread, said)
    Proposal.objects.filter(pk=row.pk).update(seat=thread.third_lead)
    with pytest.raises(Refused, match="waits no longer"):
        decide(thread, said, row)


def test_a_statement_is_decided_once(thread):
    said = offer(thread, SUNDAYS["en"])
    decide(thread, decided(said, words=SUNDAYS))
    with pytest.raises(GrammarError, match="decided already"):
        decide(thread, decided(said, "declined", **NO))


@pytest.mark.parametrize(
    ("decision", "more", "why"),
    [
        ("released", {"words": {"en": "Only in English."}}, "in every language of the promise"),
        ("released", {"words": {"en": "x" * 201, "es": "y"}}, "in 200 letters at most"),
        (
            "released",
            {"words": {"en": "A sign should say what is kept", "es": "Otra"}},
            "in these very words",
        ),
        ("released", {"words": {"en": "What is your immigration status?", "es": "Otra."}}, "take it out"),
        ("merged", {"statement": "s99", "ground": "It is there."}, "Choose the statement"),
        ("merged", {"statement": "s1"}, "Write a sentence to its author"),
        ("declined", {"reason": "too-late", "ground": " "}, "Write a sentence to its author"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_with_what_to_do(thread, decision, more, why):
    with pytest.raises(Refused, match=why):
        decide(thread, decided(offer(thread, "Something."), decision, **more))
    assert not thread.log.every(EntryKind.OFFER_DECIDED)


def test_after_the_last_day_nothing_is_released_and_a_no_is_still_told(site_client, thread):
    said = offer(thread, SUNDAYS["en"])
    thread.later(31)
    with pytest.raises(GrammarError, match="nobody can judge statements any more"):
        decide(thread, decided(said, words=SUNDAYS))
    Proposal.objects.all().delete()
    decide(thread, decided(said, "declined", reason=OfferReason.LATE, ground="It came on the last day."))
    assert told(site_client, said)[0]["why"] == "It came too late for others to judge it."


def test_people_who_were_not_asked_offer_nothing():
    thread = to_judge()
    with pytest.raises(Refused, match="not asked here to offer"):
        actions.propose_offer(
            program=thread.program,
            asked=asked(thread),
            seat=thread.first_lead,
            sealed=b"",
            digest="0" * 64,
            now=thread.now,
        )


def test_only_who_wrote_it_takes_a_proposal_out_and_it_goes_by_itself_in_the_end(thread):
    row = propose(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    about = {"program": thread.program, "what": Proposed.OFFER, "promise": thread.promise, "proposal": row.pk}
    with pytest.raises(Refused, match="Only the lead who wrote this"):
        drop(seat=thread.second_lead, now=thread.now, **about)
    drop(seat=thread.first_lead, now=thread.now, **about)
    assert not Proposal.objects.exists()

    row = propose(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    hold = texts.place_hold(program=thread.program, ground="A court asked.", by="steward", now=thread.now)
    erase_old(program=thread.program, today=row.erase_on)
    assert Proposal.objects.exists()
    texts.lift_hold(program=thread.program, hold=hold.index, by="steward", now=thread.now)
    erase_old(program=thread.program, today=row.erase_on - timedelta(days=1))
    assert Proposal.objects.exists()
    erase_old(program=thread.program, today=row.erase_on)
    assert not Proposal.objects.exists()


def test_no_two_leads_merge_into_a_number_that_no_statement_has(thread):
    decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    said = decided(offer(thread, "A roof."), "merged", statement="s10", ground="It is there.")
    by = sorted(one.public_id for one in (thread.first_lead, thread.second_lead))
    data = {"offer": said.offer, "decision": "merged"}
    about, texts_of = {"engagement": [thread.promise]}, {"ground": Text("en", "It is there.")}
    with pytest.raises(GrammarError, match="no statement here has this number"):
        thread.enter(EntryKind.OFFER_DECIDED, by, data | {"statement": "s10"}, about, texts_of)
    thread.enter(EntryKind.OFFER_DECIDED, by, data | {"statement": "s9"}, about, texts_of)


def test_the_page_of_the_map_counts_what_was_released_merged_and_declined_and_why(site_client, thread):
    decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    decide(thread, decided(offer(thread, "A sign."), "merged", statement="s1", ground="It says that."))
    for words in ("Ana shouts.", "Bo shouts."):
        decide(thread, decided(offer(thread, words), "declined", **NO))

    html = " ".join(site_client.get(MAP).content.decode().split())
    assert "Leads decided on 4 statements that people offered." in html
    assert "Others can judge it: 1" in html
    assert "Put together with one that says the same: 1" in html
    assert "Stays out: 2<ul><li>It could point at a person. <b>2</b>" in html
    assert SUNDAYS["en"] in html


def test_the_last_map_is_drawn_of_what_was_released_and_says_which(thread):
    entry = decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    for code in crowd(thread, 30):
        judge(thread, code, {9: 1})
    thread.later(31)
    actions.tick(program=thread.program, now=thread.now)

    (drawn,) = thread.log.every(EntryKind.MAP_DRAWN)
    assert drawn.cites["offer"] == (entry.index,)
    assert 9 in {one["id"] for one in Map.objects.get().data["result"]["statements"]}


def test_a_map_that_leaves_out_what_was_released_is_refused(thread):
    decide(thread, decided(offer(thread, SUNDAYS["en"]), words=SUNDAYS))
    thread.later(31)
    data = dict.fromkeys(("votes", "parameters", "result"), "0" * 64)
    data |= {"computed_by": {"method": "m", "numpy": "2", "scipy": "1"}}
    with pytest.raises(GrammarError, match="name each one that leads released"):
        thread.enter(EntryKind.MAP_DRAWN, ["clock"], data, {"engagement": [thread.promise]})


def test_the_question_is_the_programs_own_and_has_200_letters_at_most(site_client, thread):
    html = site_client.get(f"/riverbend/en/engagements/{SLUG}/").content.decode()

    assert f'id="answer-{OFFER}" rows="3" maxlength="200"' in html
    statements = site_client.get(f"/riverbend/en/engagements/{SLUG}/statements/").content.decode()
    assert f"/engagements/{SLUG}/#question-offer" in statements
