"""A call is published whole, corrected only before the first application, and frozen by the database after it."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from alongside.cohort.applications import actions as applications
from alongside.cohort.calls import actions as calls
from alongside.cohort.calls import queries
from alongside.cohort.calls.actions import correct_call
from alongside.cohort.calls.models import Call, Invitee
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.grammar.selection import MOST_WITNESSES
from alongside.core.policy.linter import lint_question
from alongside.core.quotas import Quota
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import PublicText
from alongside.ground.record.queries import entry_views_where
from alongside.ground.texts.actions import erase_text, translate_text
from tests.cohort.calls import cast
from tests.support.pages import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread():
    return cast.program()


def test_a_call_without_pay_is_refused_by_default(thread):
    made = cast.drafted(thread, pay_amount=None)

    with pytest.raises(Refused, match="This call pays nothing") as refused:
        calls.publish_call(call=made, now=thread.now)

    assert str(refused.value) == (
        "This call pays nothing. Say what it pays: the rules of this program allow no call without pay."
    )
    assert entry_views_where(thread.program, "en", kinds=["call.published"]) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"budget": Decimal("39999.99")}, "may cost more than the budget. Raise it"),
        ({"not_to_exceed": Decimal("8999.99")}, "The pay can come to more than one agreement may cost"),
        (
            {"words": {"en": cast.WORDS["en"], "es": {"title": "Sea líder"}}},
            "Some words are missing in Spanish",
        ),
    ],
)
def test_a_call_that_does_not_add_up_is_refused(thread, changes, words):
    made = cast.drafted(thread, **changes)

    with pytest.raises(Refused, match=words):
        calls.publish_call(call=made, now=thread.now)


def test_a_published_call_says_its_rules_on_the_record_in_every_language(thread):
    cast.published(thread)

    (told,) = entry_views_where(thread.program, "es", kinds=["call.published"])

    assert told.entry.data["pay"] == {"amount": "45.00", "currency": "USD", "per": "hour"}
    assert (told.entry.data["budget"], told.entry.data["not_to_exceed"]) == ("48000.00", "10000.00")
    assert told.entry.data["rubric"] == [{"criterion": "c1", "points": 5}]
    assert told.say("question-q2") == cast.WORDS["es"]["question-q2"]
    assert told.say("sought-s1") == "Inquilinos"


def test_no_question_can_ask_what_the_law_forbids_and_the_law_is_told(thread):
    made = cast.drafted(thread)
    asked = {"question-q3": "What is your immigration status?"}

    with pytest.raises(Refused, match="Nobody may ask it: ") as refused:
        calls.save_part(call=made, part="questions", lines=["q3"], words=asked, now=thread.now)

    (hit,) = lint_question(asked["question-q3"], pack_of(thread.program))
    assert hit.statute in str(refused.value)
    assert Call.objects.get().questions == ["q1", "q2"]


def test_a_question_that_is_rewritten_keeps_its_translation_and_one_that_is_taken_out_leaves_nothing(thread):
    made = cast.drafted(thread)
    rewritten = {"question-q1": "Which street?", "hint-q1": ""}
    calls.save_part(call=made, part="questions", lines=["q1"], words=rewritten, now=thread.now)
    both = {**rewritten, "question-q2": "What else?"}
    calls.save_part(call=made, part="questions", lines=["q1", "q2"], words=both, now=thread.now)

    held = Call.objects.get()
    said = {name for texts in held.words.values() for name in texts if name.startswith(("question", "hint"))}
    assert said == {"question-q1", "question-q2"}
    assert held.say("question-q1", "es") == (cast.WORDS["es"]["question-q1"], "es")
    assert held.say("question-q2", "es") == ("What else?", "en")
    with pytest.raises(Refused, match="Some words are missing in Spanish"):
        calls.publish_call(call=made, now=thread.now)
    assert cast.WORDS["es"]["question-q2"] not in held.words["es"].values()


def test_what_the_law_came_to_forbid_in_one_part_does_not_hold_up_another(thread):
    made = cast.drafted(thread)
    made.words["en"] |= {"question-q1": "Are you a citizen?", "sought-s1": "Are you a citizen?"}
    made.save()

    words = cast.WORDS["en"]
    calls.save_part(call=made, part="sought", lines=cast.SOUGHT, words=words, now=thread.now)
    calls.save_part(call=made, part="questions", lines=["q1", "q2"], words=words, now=thread.now)

    assert calls.publish_call(call=made, now=thread.now).entry is not None


def test_a_forbidden_question_that_is_in_the_rows_cannot_be_published(thread):
    made = cast.drafted(thread)
    made.words["en"]["question-q1"] = "Are you a citizen?"
    made.save()

    with pytest.raises(Refused, match="Nobody may ask it: "):
        calls.publish_call(call=made, now=thread.now)


def test_a_date_is_corrected_on_the_record_before_the_first_application(thread):
    made = cast.published(thread)
    later = made.closes + timedelta(days=7)

    correct_call(
        call=made, about="closes", words="One week more.", lang="en", day=later, count=None, now=thread.now
    )

    assert Call.objects.get().closes == later
    (told,) = entry_views_where(thread.program, "en", kinds=["call.corrected"])
    assert (told.entry.data, told.say("correction")) == (
        {"about": "closes", "day": later.isoformat()},
        "One week more.",
    )


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (900, "Together, the agreements may cost more than the budget. Name fewer places."),
        (1, "these numbers cannot be met with 1 places"),
    ],
)
def test_a_published_call_is_corrected_to_no_places_that_its_budget_or_its_quotas_cannot_hold(
    thread, count, words
):
    made = cast.drafted(thread, selection="lottery")
    least = Quota("part-of-city", "river-side", 2, 4)
    calls.save_quotas(call=made, quotas=[least], now=thread.now)
    made = calls.publish_call(call=made, now=thread.now)
    given = {"call": made, "about": "seats", "words": "Places.", "lang": "en", "day": None, "now": thread.now}

    with pytest.raises(Refused, match=words):
        correct_call(count=count, **given)

    assert Call.objects.get().seats == made.seats
    correct_call(count=made.seats - 1, **given)
    assert Call.objects.get().seats == made.seats - 1


def test_a_draft_whose_places_its_quotas_do_not_fit_is_not_published(thread):
    made = cast.drafted(thread, selection="lottery")
    calls.save_quotas(call=made, quotas=[Quota("part-of-city", "river-side", 3, 4)], now=thread.now)
    calls.save_call(call=made, changes={"seats": 2}, now=thread.now)

    with pytest.raises(Refused, match="these numbers cannot be met with 2 places"):
        calls.publish_call(call=made, now=thread.now)


def test_after_the_first_application_nothing_can_be_corrected(thread):
    made = cast.published(thread)
    cast.begun(made, thread.now)

    with pytest.raises(Refused, match="Someone has applied under these rules"):
        correct_call(call=made, about="seats", words="Fewer.", lang="en", day=None, count=3, now=thread.now)

    assert entry_views_where(thread.program, "en", kinds=["call.corrected"]) == []


def test_the_database_itself_refuses_to_change_a_rule(both_databases):
    thread = cast.program()
    made = cast.published(thread)
    one = Call.objects.filter(pk=made.pk)
    draft = (
        lambda: one.update(
            words={**made.words, "en": {**made.words["en"], "question-q1": "Something else?"}}
        ),
        lambda: one.update(questions=["q1"]),
        lambda: one.update(rubric=[]),
        lambda: one.update(sought=[*made.sought, {"sought": "s9", "least": 1}]),
        lambda: one.update(quotas=[{"category": "age", "value": "under-30", "least": 1, "most": 2}]),
        lambda: one.update(budget=Decimal("50000.00")),
        lambda: one.update(entry=None),
        one.delete,
    )
    for change in draft:
        with pytest.raises(DatabaseError, match="a published call keeps its draft"), transaction.atomic():
            change()
    one.update(seats=5)  # a correction may still do this
    applications.begin(call=made, lang="en", now=thread.now)

    for change in (lambda: one.update(seats=6), *draft):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    with pytest.raises(IntegrityError, match="a_selection_ends_on_a_day_by_an_entry"), transaction.atomic():
        one.update(decided_on=thread.now.date())
    one.update(decided_on=thread.now.date(), decided_entry=9)  # everyone has a decision
    for ended in ({"decided_entry": 10}, {"decided_on": None, "decided_entry": None}):
        with pytest.raises(DatabaseError, match="a selection ends once"), transaction.atomic():
            one.update(**ended)

    held = Call.objects.get()
    assert (held.seats, held.questions, held.words, held.decided_entry) == (5, ["q1", "q2"], made.words, 9)
    assert (held.rubric, held.sought, held.quotas) == (made.rubric, made.sought, made.quotas)


def test_a_draft_can_change_until_it_is_published(thread):
    made = cast.drafted(thread)

    calls.save_call(call=made, changes={"seats": 3}, now=thread.now)
    calls.publish_call(call=made, now=thread.now)

    with pytest.raises(Refused, match="This call is published"):
        calls.save_call(call=made, changes={"seats": 4}, now=thread.now)
    assert Call.objects.get().seats == 3


def test_the_database_itself_refuses_who_is_invited_twice_or_as_two_things(both_databases):
    thread = cast.program()
    made = cast.published(thread)
    one, other, third = (make_person(email=f"{name}@county.example", called=name) for name in "abc")

    def invited(person, role, **given):
        Invitee.objects.create(
            call=made,
            person=person,
            role=role,
            invited_on=thread.now.date(),
            **{"organizations": ["A house"], **given},
        )

    invited(one, "reader", kind="lead")
    invited(one, "types-in")
    invited(other, "writes-down")
    invited(one, "witness", number=1)

    for wrong in (
        lambda: invited(one, "reader", kind="staff"),
        lambda: invited(one, "types-in"),
        lambda: invited(other, "reader", kind="anybody"),
        lambda: invited(other, "types-in", kind="staff"),
        lambda: invited(other, "types-in", number=2),
        lambda: invited(other, "reads"),
        lambda: invited(other, "witness", organizations=["House 2"]),
        lambda: invited(other, "witness", number=MOST_WITNESSES + 1, organizations=["House 2"]),
        lambda: invited(other, "witness", number=1, organizations=["House 2"]),
        lambda: invited(other, "witness", number=2),
        lambda: invited(one, "witness", number=2, organizations=["House 2"]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    invited(third, "witness", number=2, organizations=["House 2"])

    assert sorted(made.invitees.values_list("role", flat=True)) == [
        "reader",
        "types-in",
        "witness",
        "witness",
        "writes-down",
    ]


@pytest.mark.parametrize("part", [None, "doing", "question-q1"])
def test_a_persons_check_of_a_language_ends_where_the_first_words_of_a_call_change(thread, part):
    made = cast.drafted(thread)
    read = queries.first_words(made)
    calls.save_words(call=made, lang="es", texts=cast.WORDS["es"], checked=read, now=thread.now)
    if part == "doing":
        words = {**made.words, "en": {**made.words["en"], "doing": "Nothing at all"}}
        calls.save_call(call=made, changes={"words": words}, now=thread.now)
    if part == "question-q1":
        words = {"question-q1": "Which community do you avoid?", "question-q2": "What else?"}
        calls.save_part(call=made, part="questions", lines=["q1", "q2"], words=words, now=thread.now)
    calls.publish_call(call=made, now=thread.now)

    (told,) = entry_views_where(thread.program, "es", kinds=["call.published"])

    assert told.is_reviewed("doing") is (part is None)


def test_a_call_is_checked_beside_the_first_words_that_the_page_showed(thread):
    made = cast.drafted(thread)
    steward = CheckingClient()
    steward.force_login(thread.steward, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = queries.first_words(made)
    words = {**made.words, "en": {**made.words["en"], "doing": "Nothing at all"}}
    calls.save_call(call=made, changes={"words": words}, now=thread.now)
    page = f"/riverbend/en/steward/calls/{made.slug}/words/es/"

    steward.post(page, {**cast.WORDS["es"], "checked": "on", "first": shown})

    made.refresh_from_db()
    assert not queries.is_checked(made, "es")
    assert "The first words changed since a person checked these." in steward.get(page).content.decode()
    steward.post(page, {**cast.WORDS["es"], "checked": "on", "first": queries.first_words(made)})
    made.refresh_from_db()
    assert queries.is_checked(made, "es")


@pytest.mark.parametrize("who", ["steward", "lead"])
@pytest.mark.parametrize("into", ["es", "vi"])
def test_nobody_says_a_published_call_anew_in_another_language(thread, who, into):
    made = cast.published(thread)
    by = "steward" if who == "steward" else thread.first_lead.public_id
    client = CheckingClient()
    client.force_login(thread.steward if who == "steward" else thread.first_lead.person)
    page = f"/riverbend/en/record/{made.entry}/translations/?into={into}"
    assert "Nobody changes them by a translation." in client.get(page).content.decode()
    with pytest.raises(GrammarError, match="people apply under the words of the call as it was published"):
        translate_text(
            program=thread.program,
            entry=made.entry,
            by=by,
            lang=into,
            texts={"question-q1": "¿Tiene papeles?"},
            made_by="person",
            reviewed=True,
            now=thread.now,
        )
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["text.translated"] == 1


def test_a_question_and_its_hint_are_read_as_one_and_a_correction_is_read_too(thread):
    words = deepcopy(cast.WORDS)
    asked = {"question-q1": "In which country", "hint-q1": "were you born, and in which year did you come?"}
    words["en"] |= asked
    with pytest.raises(Refused, match="Nobody may ask it: "):
        cast.published(thread, words=words)
    with pytest.raises(Refused, match="Nobody may ask it: "):
        calls.save_part(call=Call.objects.get(), part="questions", lines=["q1"], words=asked, now=thread.now)
    made = cast.published(thread, slug="another")
    more = "In question 1, please also write your immigration status."
    with pytest.raises(Refused, match="Nobody may ask it: "):
        correct_call(call=made, about="words", words=more, lang="en", day=None, count=None, now=thread.now)


def test_words_of_a_call_that_are_taken_down_leave_our_copy_also_once_somebody_applied(both_databases):
    thread = cast.program()
    made = cast.published(thread)
    cast.begun(made, thread.now)
    text = PublicText.objects.get(entry=made.published, name="title")
    by = ["steward", thread.first_lead.public_id]
    erase_text(
        program=thread.program, entry=text.entry, sha256=text.sha256, ground="Order 12", by=by, now=thread.now
    )

    held = Call.objects.get(pk=made.pk)
    assert held.words == made.words | {"en": made.words["en"] | {"title": ""}}
    with pytest.raises(DatabaseError, match="cannot change|keeps its draft"), transaction.atomic():
        Call.objects.filter(pk=made.pk).update(words=held.words, questions=["q1"])
