"""A forged record in which someone speaks in another's place, or takes another's words down, is refused and named."""

import pytest

from alongside.check.log import RecordError
from alongside.check.source import open_source as source_at
from alongside.check.texts import check_words
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.sealing.voice import form_hash
from tests.check.records import ANA, BEN, CAM, OFFICE, SIGNER, in_grammar, questions, recipient, small

DAY = "2026-04-01"
STEWARD, MANAGER, STREETS = "steward", "water/manager", "streets/manager"
NAMES = ("title", "decision", "can_change", "cannot_change", "reading", "consent")
BOTH = (ANA, OFFICE)
FINDING, ASK, OLD = 14, 15, 16
FROZEN = "are frozen with it in every language; they change only by a correction that both sides sign"


def record_with(languages=("en", "es"), v=2):
    """Give a record whose last entry is a promise in two languages, of which the first is told."""
    record = small(v)
    record.entries[1]["data"]["offices"].append(STREETS)
    key = record.add(
        "key.made", DAY, [ANA], {"engagement": "bus", "recipient": recipient("bus"), "wrapped_to": [ANA, BEN]}
    )
    tested = [record.add("key.tested", DAY, [seat], cites={"key": [key]}) for seat in (ANA, BEN)]
    data = record.entries[11]["data"] | {
        "engagement": "bus",
        "languages": list(languages),
        "recipient": recipient("bus"),
        "form": form_hash(questions(languages)),
        "closes": "2026-06-01",
        "report_back": "2026-08-01",
        "voices_kept_until": "2026-08-01",
        "answer_by": "2026-07-01",
    }
    record.add(
        "engagement.promised", DAY, list(BOTH), data, {"key": [key], "tested": tested}, [*NAMES, "form"]
    )
    return record


def last(record):
    return len(record.entries) - 1


def translate(record, of, by, names, lang="es", *, made_by="person", reviewed=True):
    data = {"lang": lang, "reviewed": reviewed, "made_by": made_by}
    return record.add("text.translated", DAY, list(by), data, {"of": [of]}, names, lang)


def promised(languages=("en", "es")):
    """Give a record with a promise in all its languages, and the promise's place."""
    record = record_with(languages)
    at = last(record)
    for lang in languages[1:]:
        translate(record, at, BOTH, NAMES, lang)
    return record, at


def correct(record, promise, by=BOTH):
    return record.add(
        "engagement.corrected", DAY, list(by), {"about": "title"}, {"engagement": [promise]}, ["correction"]
    )


def refused(record, said):
    with pytest.raises(GrammarError) as error:
        check_log(record.raw(), origin=SIGNER.name)
    assert said in str(error.value)
    assert error.value.index is not None


def test_a_promise_in_all_its_languages_signed_by_both_holds():
    record, at = promised(("en", "es", "vi"))
    corrected = correct(record, at)
    translate(record, corrected, BOTH, ["correction"])
    translate(record, corrected, BOTH, ["correction"], "vi", made_by="machine", reviewed=False)
    assert check_log(record.raw(), origin=SIGNER.name).kinds["text.translated"] == 4


@pytest.mark.parametrize(
    "by", [[ANA], [OFFICE], [STEWARD], [ANA, MANAGER], [BEN, OFFICE], [ANA, STREETS], [*BOTH, STEWARD]]
)
def test_only_those_who_sign_a_promise_say_it_in_another_language(by):
    record = record_with()
    translate(record, last(record), by, NAMES)
    refused(record, FROZEN)


@pytest.mark.parametrize("by", [BOTH, [ANA], [OFFICE], [STEWARD]])
@pytest.mark.parametrize("lang", ["es", "vi"])
@pytest.mark.parametrize("later", [True, False])
def test_nobody_puts_other_words_over_a_promise(by, lang, later):
    record, at = promised()
    if later:
        record.add("seat.suspended", DAY, [STEWARD], {"seat": CAM}, texts=["ground"])
    translate(record, at, by, NAMES, lang)
    refused(record, FROZEN)


def test_both_cannot_add_words_later_in_a_language_that_a_promise_lacks():
    record, at = promised()
    record.add("seat.suspended", DAY, [STEWARD], {"seat": CAM}, texts=["ground"])
    translate(record, at, BOTH, NAMES, "vi")
    refused(record, FROZEN)


@pytest.mark.parametrize("names", [NAMES[:-1], ["title"], [*NAMES, "form"]])
def test_a_promise_is_translated_whole_and_its_form_never(names):
    record = record_with()
    at = last(record)
    translate(record, at, BOTH, names)
    refused(record, FROZEN)


@pytest.mark.parametrize("what", ["nothing", "another act", "end", "another promise's words"])
def test_a_promise_that_lacks_one_of_its_languages_is_named(what):
    record = record_with(("en", "es", "vi"))
    at = last(record)
    if what != "end":
        translate(record, at, BOTH, NAMES)
    if what == "another act":
        record.add("seat.suspended", DAY, [STEWARD], {"seat": CAM}, texts=["ground"])
    if what == "another promise's words":
        translate(record, FINDING, [ANA], ["statement"], "vi")
    refused(record, "vi do not follow")


def test_a_correction_says_it_in_every_language_of_the_promise():
    record, at = promised()
    correct(record, at)
    refused(record, "es do not follow")


@pytest.mark.parametrize("by", [[ANA], [OFFICE], [STEWARD]])
def test_only_those_who_sign_a_correction_say_it_in_another_language(by):
    record, at = promised()
    translate(record, correct(record, at), by, ["correction"])
    refused(record, FROZEN)


@pytest.mark.parametrize("spoil", ["a text in another language", "a language that is not held", "twice"])
def test_a_promise_is_first_written_in_one_of_its_own_languages(spoil):
    record = record_with()
    entry = record.entries[last(record)]
    match spoil:
        case "a text in another language":
            entry["texts"]["consent"]["lang"] = "es"
        case "a language that is not held":
            entry["data"]["languages"] = ["es", "vi"]
        case "twice":
            entry["data"]["languages"] = ["en", "es", "es"]
    refused(record, "a promise is first written in one of its languages")


def spoken(kind):
    """Give a record with words of one kind, and their place and the name of their text."""
    record, at = promised()
    decided = {"decision": "accepted", "signed_off": OFFICE}
    dated = {"office": OFFICE, "milestones": [{"id": "m1", "due": "2026-05-01"}]}
    commitment = [
        ("answer.given", [OFFICE], decided, {"ask": [ASK]}, ["reasons"]),
        ("commitment.made", [OFFICE], dated, {}, ["evidence", "m1"]),
        ("delivery.claimed", [MANAGER], {"milestone": "m1"}, {}, ["claim"]),
        ("delivery.verified", [BEN, CAM], {"milestone": "m1", "completion": "complete"}, {}, ["check"]),
    ]
    match kind:
        case "promise":
            return record, at, "title"
        case "finding":
            return record, FINDING, "statement"
        case "workplan":
            data = {"workplan": "bus", "cohort": "first", "units": ["water"], "version": 1}
            data |= {"questions": ["q1"], "activities": ["a1"]}
            plan = record.add("workplan.proposed", DAY, [OFFICE], data, {}, ["title", "plan"])
            return record, plan, "title"
        case "meeting":
            data, cites = {"meeting": "m", "cohort": "first", "on": DAY}, {"cohort": [2]}
            planned = record.add("meeting.planned", DAY, [ANA], data, cites, ["title", "agenda"])
            return record, planned, "agenda"
        case "project":
            data = {"project": "bus", "unit": "water"}
            project = record.add("project.registered", DAY, [MANAGER], data, {}, ["title", "summary"])
            return record, project, "summary"
        case "brief":
            data = {"project": "bus", "unit": "water"}
            project = record.add("project.registered", DAY, [MANAGER], data, {}, ["title", "summary"])
            given = {"consultation": "bus", "of": "form", "unit": "water", "office": OFFICE}
            given |= {"advice_by": "2026-05-01", "answer_by": "2026-06-01"}
            names = ["title", "what", "decision", "can_change", "cannot_change"]
            brief = record.add("consultation.opened", DAY, [MANAGER], given, {"project": [project]}, names)
            return record, brief, "can_change"
        case "answer" | "commitment" | "claim" | "check":
            role = {
                "commitment.made": "answer",
                "delivery.claimed": "commitment",
                "delivery.verified": "claim",
            }
            for name, by, more, cites, texts in commitment:
                cited = cites or {role[name]: [last(record)]}
                record.add(name, DAY, by, more, cited, texts)
            places = {"answer": (3, "reasons"), "commitment": (2, "evidence"), "claim": (1, "claim")}
            back, name = places.get(kind, (0, "check"))
            return record, last(record) - back, name
        case _:
            return record, OLD, "statement"


LEADS = ("finding", "workplan", "check", "meeting")


@pytest.mark.parametrize("kind", LEADS)
@pytest.mark.parametrize("by", [[OFFICE], [STREETS], [ANA, OFFICE], [STEWARD, OFFICE]])
def test_no_office_translates_what_leads_wrote_or_signed(kind, by):
    record, of, name = spoken(kind)
    translate(record, of, by, [name])
    refused(record, "a lead or the program coordinator adds their translation")


@pytest.mark.parametrize("kind", LEADS)
@pytest.mark.parametrize("by", [[ANA], [STEWARD]])
def test_a_lead_or_else_the_steward_translates_what_leads_wrote_or_signed(kind, by):
    record, of, name = spoken(kind)
    translate(record, of, by, [name])
    check_log(record.raw(), origin=SIGNER.name)


@pytest.mark.parametrize("kind", LEADS)
def test_the_steward_takes_the_place_of_no_leads_translation(kind):
    record, of, name = spoken(kind)
    translate(record, of, [BEN], [name])
    translate(record, of, [STEWARD], [name])
    refused(record, "ask a lead to change them")


@pytest.mark.parametrize("by", [[ANA], [STREETS], [ANA, MANAGER], [STREETS, MANAGER]])
def test_what_the_city_wrote_is_translated_by_nobody_but_its_unit_and_the_steward(by):
    record, of, name = spoken("project")
    translate(record, of, by, [name])
    refused(record, "the bureau that wrote it or the program coordinator adds its translation")


@pytest.mark.parametrize("by", [[OFFICE], [MANAGER], [STEWARD]])
def test_its_unit_or_the_steward_translates_what_the_city_wrote(by):
    record, of, name = spoken("project")
    translate(record, of, by, [name])
    check_log(record.raw(), origin=SIGNER.name)


BINDING = ("answer", "commitment", "claim", "brief")


def a_day_of_its_own(record):
    """Enter something else, so that what follows does not come at once."""
    record.add("seat.suspended", DAY, [STEWARD], {"seat": CAM}, texts=["ground"])


@pytest.mark.parametrize("kind", BINDING)
@pytest.mark.parametrize("by", [[OFFICE], [MANAGER], [STREETS], [STEWARD, MANAGER], [ANA, MANAGER]])
def test_no_office_says_later_in_another_language_what_it_is_bound_by(kind, by):
    record, of, name = spoken(kind)
    a_day_of_its_own(record)
    translate(record, of, by, [name])
    refused(record, "a lead or the program coordinator adds their translation")


@pytest.mark.parametrize("kind", BINDING)
@pytest.mark.parametrize("by", [[ANA], [STEWARD]])
def test_a_lead_or_the_steward_translates_what_binds_an_office(kind, by):
    record, of, name = spoken(kind)
    a_day_of_its_own(record)
    translate(record, of, by, [name])
    check_log(record.raw(), origin=SIGNER.name)


def test_an_office_says_in_other_languages_what_it_is_bound_by_at_once_and_once():
    record, of, _name = spoken("brief")
    names = ("title", "what", "decision", "can_change", "cannot_change")
    translate(record, of, [MANAGER], names)
    translate(record, of, [MANAGER], names, "vi", made_by="machine", reviewed=False)
    check_log(record.raw(), origin=SIGNER.name)
    translate(record, of, [MANAGER], names, "vi")
    refused(record, "a lead or the program coordinator adds their translation")


@pytest.mark.parametrize("kind", BINDING)
@pytest.mark.parametrize("by", [[ANA], [STEWARD]])
@pytest.mark.parametrize("how", [{}, {"made_by": "machine"}, {"reviewed": False}])
def test_the_steward_changes_no_words_that_a_person_stands_for_of_what_binds_an_office(kind, by, how):
    record, of, name = spoken(kind)
    a_day_of_its_own(record)
    translate(record, of, by, [name], **how)
    translate(record, of, [STEWARD], [name])
    refused(record, "ask a lead to change them")


def test_a_lead_changes_words_in_another_language_that_bind_an_office():
    record, of, name = spoken("answer")
    a_day_of_its_own(record)
    for by in (STEWARD, ANA, BEN):
        translate(record, of, [by], [name])
    check_log(record.raw(), origin=SIGNER.name)


def test_a_lead_who_works_for_the_unit_does_not_say_in_another_language_what_binds_it():
    record, of, name = spoken("answer")
    record.add("seat.declared", DAY, [CAM], {"seat": CAM, "works_for": "water"})
    translate(record, of, [CAM], [name])
    refused(record, "works for water, or beside it")


def test_a_lead_does_not_unsay_their_job_for_a_day_to_say_in_another_language_what_binds_that_bureau():
    record, of, name = spoken("answer")
    for employer in ("water", "nobody"):
        record.add("seat.declared", DAY, [CAM], {"seat": CAM, "works_for": employer})
    translate(record, of, [CAM], [name])
    refused(record, "worked for water, or beside it, since this was begun")


def test_a_lead_does_not_unsay_their_job_for_a_day_to_sign_a_workplan_with_that_bureau():
    for employers in (("water", "nobody"), ("nobody",)):
        record, plan, _name = spoken("workplan")
        for employer in employers:
            record.add("seat.declared", DAY, [CAM], {"seat": CAM, "works_for": employer})
        sha256 = record.entries[plan]["texts"]["plan"]["sha256"]
        data = {"workplan": "bus", "plan": sha256}
        record.add("workplan.signed", DAY, [CAM], data, {"version": [plan]})
        if len(employers) > 1:
            refused(record, "worked for water, or beside it, since this was begun")
        else:
            check_log(record.raw(), origin=SIGNER.name)


def test_a_record_of_the_first_grammar_in_which_a_unit_translated_its_answer_holds():
    record, of, name = spoken("answer")
    translate(record, of, [MANAGER], [name])
    record.entries = [in_grammar(1, entry) for entry in record.entries]
    check_log(record.raw(), origin=SIGNER.name)


def test_no_office_translates_what_the_program_wrote():
    record, of, name = spoken("old")
    translate(record, of, [OFFICE], [name])
    refused(record, "a lead or the program coordinator adds their translation")


def test_a_translation_is_not_translated_again():
    record, of, name = spoken("project")
    spanish = translate(record, of, [MANAGER], [name])
    translate(record, spanish, [MANAGER], [name], "vi")
    refused(record, "cite the entry that was first written")


def test_no_other_words_stand_over_a_report_in_a_language_that_it_has():
    record, at = promised()
    record.entries[at]["data"]["closes"] = DAY
    day, told = "2026-04-02", {"lang": "es", "reviewed": True, "made_by": "person"}
    report = record.add(
        "report.published", day, [ANA], {"languages": ["en", "es"]}, {"engagement": [at]}, ["en", "es"]
    )
    record.entries[report]["texts"]["es"]["lang"] = "es"
    record.add("text.translated", day, [STEWARD], told, {"of": [report]}, ["en"], "es")
    refused(record, "has its own words in this language")


def erase(record, of, name, by):
    sha256 = record.entries[of]["texts"][name]["sha256"]
    data, cites = {"sha256": sha256}, {"of": [of]}
    return record.add("text.erased", DAY, list(by), data, cites, texts=["ground"])


@pytest.mark.parametrize("by", [[STEWARD, MANAGER], [ANA, MANAGER]])
def test_a_file_brought_for_review_is_taken_down_by_its_hash_since_grammar_2(by):
    record, brief, _name = spoken("brief")
    data = {"material": "bus", "version": 1, "form": "file", "hash": "ab" * 32}
    file = record.add("material.entered", DAY, [MANAGER], data, {"consultation": [brief]}, ["title"])
    record.add("text.erased", DAY, by, {"sha256": data["hash"]}, {"of": [file]}, texts=["ground"])
    check_log(record.raw(), origin=SIGNER.name)
    record.entries = [in_grammar(1, entry) for entry in record.entries]
    refused(record, "holds no text with this hash")


CITY_ALONE = [[STEWARD, OFFICE], [STEWARD, STREETS]]


@pytest.mark.parametrize("kind", [*LEADS, "promise"])
@pytest.mark.parametrize("by", CITY_ALONE)
def test_two_city_roles_take_no_words_down_that_leads_wrote_or_signed(kind, by):
    record, of, name = spoken(kind)
    erase(record, of, name, by)
    refused(record, "takes it down together with another role")


@pytest.mark.parametrize("kind", [*LEADS, "promise"])
@pytest.mark.parametrize("by", CITY_ALONE)
@pytest.mark.parametrize("who", [[ANA], [STEWARD]])
def test_two_city_roles_take_no_translation_down_that_speaks_for_leads(kind, by, who):
    record, of, name = spoken(kind)
    if kind == "promise":
        of += 1
    else:
        of = translate(record, of, who, [name])
    erase(record, of, name, by)
    refused(record, "takes it down together with another role")


def test_two_city_roles_take_no_translation_down_that_a_lead_made_before_there_was_the_rule():
    record, of, name = spoken("project")
    of = translate(record, of, [ANA], [name])
    record.entries = [in_grammar(1, entry) for entry in record.entries]
    erase(record, of, name, [STEWARD, MANAGER])
    record.entries[-1]["v"] = 2
    refused(record, "a lead takes it down together with another role")


@pytest.mark.parametrize("kind", [*LEADS, "promise"])
def test_a_lead_and_the_steward_take_words_down_that_leads_wrote_or_signed(kind):
    record, of, name = spoken(kind)
    erase(record, of, name, [STEWARD, BEN])
    check_log(record.raw(), origin=SIGNER.name)


@pytest.mark.parametrize("by", [[STEWARD, ANA], [ANA, STREETS], [STEWARD, STREETS]])
@pytest.mark.parametrize("translation", [True, False])
def test_what_the_city_wrote_is_taken_down_only_with_an_office_of_its_unit(by, translation):
    record, of, name = spoken("project")
    if translation:
        of = translate(record, of, [STEWARD], [name])
    erase(record, of, name, by)
    refused(record, "an office of the bureau that wrote it takes it down")


@pytest.mark.parametrize("by", [[STEWARD, MANAGER], [ANA, OFFICE]])
def test_an_office_of_its_unit_takes_down_what_the_city_wrote(by):
    record, of, name = spoken("project")
    erase(record, of, name, by)
    check_log(record.raw(), origin=SIGNER.name)


@pytest.mark.parametrize("kind", BINDING)
@pytest.mark.parametrize(
    "by", [[STEWARD, MANAGER], [STEWARD, ANA], [ANA, STREETS], [STEWARD, STREETS], [STEWARD, ANA, STREETS]]
)
@pytest.mark.parametrize("translation", [True, False])
def test_nobody_takes_down_alone_what_an_office_is_bound_by(kind, by, translation):
    record, of, name = spoken(kind)
    if translation:
        of = translate(record, of, [STEWARD], [name])
    erase(record, of, name, by)
    refused(record, "a lead and an office of its bureau take them down together")


@pytest.mark.parametrize("kind", BINDING)
@pytest.mark.parametrize("by", [[ANA, MANAGER], [STEWARD, OFFICE, BEN]])
def test_a_lead_and_its_unit_take_down_together_what_an_office_is_bound_by(kind, by):
    record, of, name = spoken(kind)
    erase(record, of, name, by)
    check_log(record.raw(), origin=SIGNER.name)


def test_an_erasure_hides_only_the_words_of_the_entry_that_it_cites(verify, tmp_path):
    """Whoever holds the log's key names the hash of the promise in a text of their own, and takes that down."""
    record, of, name = spoken("promise")
    stolen = record.entries[of]["texts"][name]["sha256"]
    cohort = record.add(
        "cohort.seated", DAY, [STEWARD], {"cohort": "b", "from": DAY, "until": "2027-12-31"}, texts=["name"]
    )
    record.entries[cohort]["texts"]["name"]["sha256"] = stolen
    record.words.rows.pop(cohort)
    record.words.rows[of] = [one for one in record.words.rows[of] if one["sha256"] != stolen]
    erase(record, cohort, "name", [STEWARD, OFFICE])
    folder = record.write(tmp_path / "record")
    code, _, said = verify("record", folder, "--state", tmp_path / "seen.json")
    assert (code, f"Entry {cohort}: its text name has the hash of another one" in said) == (1, True)
    entries = [parse(index, raw) for index, raw in enumerate(record.raw())]
    with pytest.raises(RecordError, match=f"Entry {of}: the words of its text {name} are not given out"):
        check_words(source_at(str(folder)), entries)


def takes_the_hash(record, at, name, of):
    """Let a text of an entry be the very text of another entry, or of its own."""
    index, other = of
    record.entries[at]["texts"][name]["sha256"] = record.entries[index]["texts"][other]["sha256"]


def test_no_translation_has_the_very_hash_of_what_it_translates():
    record = record_with()
    at = last(record)
    translated = translate(record, at, BOTH, NAMES)
    check_log(record.raw(), origin=SIGNER.name)
    takes_the_hash(record, translated, "reading", (at, "reading"))
    refused(record, f"Entry {translated}: its text reading has the hash of another one")


def test_no_report_says_two_languages_in_one_text():
    record, at = promised()
    data = {"voices": "fewer", "withdrawn": "fewer"}
    record.add("voices.closed", "2026-08-01", ["clock"], data, {"engagement": [at]})
    report = record.add(
        "report.published", "2026-08-01", [ANA], {"languages": ["en", "es"]}, {"engagement": [at]}, ["en"]
    )
    record.entries[report]["texts"]["es"] = {"lang": "es", "sha256": "cd" * 32}
    check_log(record.raw(), origin=SIGNER.name)
    takes_the_hash(record, report, "es", (report, "en"))
    refused(record, f"Entry {report}: its text es has the hash of another one")


BESIDE = "is paid or employed by water, or beside it, and does not stand for the community beside it"


def test_the_steward_does_not_make_leads_too_few_for_a_take_down_by_saying_that_the_bureau_pays_them():
    record, of, name = spoken("finding")
    record.add("seat.declared", DAY, [ANA], {"seat": ANA, "works_for": "water"})
    for seat in (BEN, CAM):
        record.add("seat.declared", DAY, [STEWARD], {"seat": seat, "paid_by": "water"})
    alone = record.copy()
    erase(record, of, name, [ANA, OFFICE])
    refused(record, BESIDE)
    for seat in (BEN, CAM):
        alone.add("seat.declared", DAY, [seat], {"seat": seat, "paid_by": "water"})
    erase(alone, of, name, [ANA, OFFICE])
    check_log(alone.raw(), origin=SIGNER.name)


def test_a_lead_does_not_unsay_their_job_for_a_day_to_take_words_down_with_that_bureau():
    record, of, name = spoken("finding")
    for employer in ("water", "nobody"):
        record.add("seat.declared", DAY, [ANA], {"seat": ANA, "works_for": employer})
    erase(record, of, name, [ANA, OFFICE])
    refused(record, BESIDE)
