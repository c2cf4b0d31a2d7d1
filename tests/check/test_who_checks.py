"""Kept means verified by people outside the bureau: the log tells who pays and employs each seat, and which units are one bureau."""

from datetime import date, timedelta

import pytest

from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.grammar.versions import VERSION
from tests.check.records import ANA, BEN, CAM, OFFICE, SIGNER, small

UNITS = ("water", "pipes", "meters", "parks")
WAS = "delivery.verified: seat-bbbbbbbb was paid or employed by {} since this was promised and cannot check it; ask another lead."
WITHIN = [{"unit": "pipes", "within": "water"}, {"unit": "meters", "within": "water"}]


def find(record, kind):
    return next(at for at, one in enumerate(record.entries) if one["kind"] == kind)


def promised(
    by="water/manager",
    payers=("outside", "outside", "outside"),
    owner=None,
    moved_from=None,
    through=None,
    put_off=False,
    old=False,
    first=(),
):
    """A record in which an office promised, says that it delivered, and everybody has a payer.

    `first` is what was declared of BEN before the promise. `owner` is whom the promise binds, if not the office that
    signs; `moved_from` is whom the leads asked first; `through` had the ask for a moment, and said "not yet" if `put_off`. `old` says that all but the check was written in the first version
    of the grammar.
    """
    owner = owner or by
    record = small(1 if old else VERSION)
    offices = [OFFICE, *(f"{unit}/manager" for unit in UNITS)]
    told = {"offices": offices} if old else {"offices": offices, "signing": offices, "within": WITHIN}
    record.entries[find(record, "policy.adopted")]["data"] |= told
    seats = [one for one in record.entries if one["kind"] == "seat.taken"]
    for seat, payer in zip(seats, payers, strict=True):
        seat["data"]["paid_by"] = payer
        if not payer:
            del seat["data"]["paid_by"]
    for said in first:
        declare(record, BEN, by=BEN if "works_for" in said else "steward", **said)
    ask = record.add(
        "ask.recommended",
        "2026-03-02",
        [ANA],
        {"office": moved_from or by, "ack_due": "2026-03-09", "answer_due": "2026-05-01"},
        {
            "finding": [find(record, "finding.published")],
            "engagement": [find(record, "engagement.promised")],
        },
        ["title", "ask"],
    )
    for one, other in ((by, through), (through, by)) if through else ():
        if put_off and one == through:
            later = {"decision": "deferred", "signed_off": one, "until": "2026-03-20"}
            record.add("answer.given", "2026-03-02", [one], later, {"ask": [ask]}, ["reasons"])
        record.add("ask.transferred", "2026-03-02", [one], {"office": other}, {"ask": [ask]}, ["reason"])
    if moved_from:
        record.add("ask.transferred", "2026-03-02", [moved_from], {"office": by}, {"ask": [ask]}, ["reason"])
    given = {"decision": "accepted", "signed_off": by}
    answer = record.add("answer.given", "2026-03-03", [by], given, {"ask": [ask]}, ["reasons"])
    made = record.add(
        "commitment.made",
        "2026-03-03",
        [by],
        {"office": owner, "milestones": [{"id": "m1", "due": "2026-03-20"}]},
        {"answer": [answer]},
        ["evidence", "m1"],
    )
    record.claim = record.add(
        "delivery.claimed", "2026-03-04", [owner], {"milestone": "m1"}, {"commitment": [made]}, ["claim"]
    )
    record.v = VERSION
    return record


def declare(record, seat, by="steward", on="2026-03-01", **said):
    record.add("seat.declared", on, [by], {"seat": seat, **said})


def checked(record, by=(ANA, BEN), kind="delivery.verified"):
    data = {"milestone": "m1", "completion": "complete" if kind == "delivery.verified" else "limited"}
    record.add(kind, "2026-03-05", list(by), data, {"claim": [record.claim]}, ["check"])
    return record


def disputed(record, by=(ANA, BEN)):
    return checked(record, by, "delivery.disputed")


def holds(record):
    return check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


def refused(record):
    with pytest.raises(GrammarError) as error:
        check_log(record.raw(), origin=SIGNER.name)
    return str(error.value).partition(": ")[2]


def test_two_leads_whom_the_city_does_not_pay_verify():
    record = checked(promised())
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


@pytest.mark.parametrize(
    ("promiser", "payer"),
    [("water", "water"), ("pipes", "water"), ("water", "pipes"), ("pipes", "meters")],
    ids=["the bureau", "the one above", "one below", "one beside"],
)
def test_no_lead_paid_within_the_bureau_verifies(promiser, payer):
    record = checked(promised(f"{promiser}/manager", ("outside", payer, "outside")))
    said = refused(record)
    if promiser == payer:
        assert said.startswith("delivery.verified: seat-bbbbbbbb is paid")
    else:
        assert said == (
            f"delivery.verified: seat-bbbbbbbb is paid or employed by {payer}, which is of one bureau with {promiser}, "
            "and cannot check what it promised or was asked; ask another lead."
        )


def test_a_lead_paid_by_another_bureau_verifies():
    record = checked(promised(payers=("outside", "parks", "outside")))
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


def test_a_lead_of_whom_nobody_said_who_pays_does_not_verify():
    said = refused(checked(promised(payers=("outside", "", "outside"))))
    assert said == (
        "delivery.verified: nobody has said who pays seat-bbbbbbbb, so this lead cannot check; "
        "they say it on their own page, or the program coordinator enters it."
    )


def test_a_lead_employed_within_the_bureau_does_not_verify_what_was_promised_before_they_left_it():
    record = promised()
    declare(record, BEN, by=BEN, on="2026-03-04", works_for="meters")
    after = record.copy()
    assert "is paid or employed by meters" in refused(checked(record))
    declare(after, BEN, by=BEN, on="2026-03-05", works_for="nobody")
    assert refused(checked(after)) == WAS.format("meters")
    after = promised(first=({"works_for": "meters"}, {"works_for": "nobody"}))
    assert check_log(checked(after).raw(), origin=SIGNER.name).entries == len(after.entries)
    still = promised(first=({"works_for": "meters"},))
    declare(still, BEN, by=BEN, on="2026-03-04", works_for="nobody")
    assert refused(checked(still)) == WAS.format("meters")


def test_nobody_unsays_for_a_day_who_pays_a_checker():
    record = promised(payers=("outside", "pipes", "outside"))
    declare(record, BEN, on="2026-03-04", paid_by="outside")
    checked(record)
    declare(record, BEN, on="2026-03-05", paid_by="pipes")
    assert refused(record) == WAS.format("pipes")


def test_a_lead_whom_the_bureau_paid_only_before_its_promise_verifies():
    record = promised(payers=("outside", "pipes", "outside"), first=({"paid_by": "outside"},))
    assert check_log(checked(record).raw(), origin=SIGNER.name).entries == len(record.entries)


def said_by(name):
    return BEN if name == "works_for" else "steward"


@pytest.mark.parametrize("name", ["paid_by", "works_for"])
def test_who_pays_or_employs_a_seat_is_a_unit_of_the_policy_or_outside_or_nobody(name):
    record = promised()
    declare(record, BEN, by=said_by(name), on="2026-03-04", **{name: "watter"})
    assert refused(record) == (
        "seat.declared: watter is no bureau of the policy in force; name one it has, or outside, or nobody."
    )
    record = promised()
    for one in ("pipes", "outside", "nobody"):
        declare(record, BEN, by=said_by(name), on="2026-03-04", **{name: one})
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


def test_who_pays_a_seat_that_is_taken_is_a_unit_of_the_policy():
    record = promised(payers=("outside", "watter", "outside"))
    assert refused(record) == (
        "seat.taken: watter is no bureau of the policy in force; name one it has, or outside, or nobody."
    )


def test_an_old_log_may_name_a_payer_whom_no_policy_has():
    record = promised(payers=("outside", "watter", "outside"), old=True)
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


@pytest.mark.parametrize("by", ["steward", ANA])
def test_only_the_lead_of_a_seat_says_for_whom_they_work(by):
    record = small()
    declare(record, BEN, by=by, on="2026-03-04", works_for="water")
    assert refused(record) == (
        "seat.declared: only the lead of a place says for whom they also work; ask them to say it on their own page."
    )


def test_nobody_says_for_whom_a_lead_works_when_a_seat_is_taken():
    record = small()
    record.entries[find(record, "seat.taken")]["data"]["works_for"] = "water"
    assert refused(record) == (
        "seat.taken: data holds works_for, which this kind does not know; leave it out."
    )


def test_a_lead_says_who_pays_their_own_seat_and_no_other():
    record = small()
    for said in ({"paid_by": "outside"}, {"paid_by": "water", "works_for": "nobody"}):
        declare(record, ANA, by=ANA, on="2026-03-04", **said)
    assert holds(record)
    declare(record, ANA, by=BEN, on="2026-03-04", paid_by="outside")
    assert refused(record) == (
        "seat.declared: a lead says who pays their own place, and no other; ask the lead of that place, or the program coordinator."
    )


def test_a_lead_of_whom_only_they_said_who_pays_verifies():
    record = promised(payers=("outside", "", "outside"))
    declare(record, BEN, by=BEN, on="2026-03-04", paid_by="nobody")
    assert holds(checked(record))


@pytest.mark.parametrize("then", [{"paid_by": "pipes"}, {"paid_by": "outside"}], ids=["still", "unsaid"])
def test_what_the_steward_alone_says_of_pay_keeps_a_lead_from_kept_and_not_from_not_kept(then):
    record = promised()
    for one in ({"paid_by": "pipes"}, then):
        declare(record, BEN, on="2026-03-04", **one)
    assert "pipes" in refused(checked(record.copy()))
    assert holds(disputed(record))


def confirmed(record, *seats):
    """Let leads say on their own pages what the steward wrote when they were seated."""
    for one in record.entries[:]:
        if one["kind"] == "seat.taken" and one["data"]["seat"] in seats:
            declare(
                record, one["data"]["seat"], one["data"]["seat"], "2026-03-04", paid_by=one["data"]["paid_by"]
            )
    return record


def test_what_the_steward_wrote_at_the_seating_keeps_a_lead_from_kept_and_not_from_not_kept():
    record = promised(payers=("outside", "pipes", "outside"))
    assert "is paid or employed by pipes" in refused(checked(record.copy()))
    assert holds(disputed(record))
    same = promised("pipes/manager", payers=("outside", "pipes", "outside"))
    assert holds(disputed(same))


def test_what_was_written_at_a_seating_of_grammar_1_keeps_them_from_both():
    record = promised(payers=("outside", "water", "outside"), old=True)
    for one in (checked(record.copy()), disputed(record)):
        assert "is paid or employed by water" in refused(one)


def test_what_the_lead_says_or_confirms_of_pay_keeps_them_from_both():
    seated = confirmed(promised(payers=("outside", "pipes", "outside")), BEN)
    for by in (BEN, "steward"):
        declare(seated, BEN, by=by, on="2026-03-04", paid_by="outside")
    own = promised()
    for one in ("pipes", "outside"):
        declare(own, BEN, by=BEN, on="2026-03-04", paid_by=one)
    for record in (seated, own):
        assert refused(checked(record.copy())) == WAS.format("pipes")
        assert refused(disputed(record)) == WAS.format("pipes").replace("verified", "disputed")


def test_where_the_steward_and_the_lead_differ_on_who_pays_both_count():
    record = promised(payers=("outside", "outside", "outside"), first=({"paid_by": "pipes"},))
    declare(record, BEN, by=BEN, on="2026-03-04", paid_by="outside")
    assert "is paid or employed by pipes" in refused(checked(record))
    record = promised()
    declare(record, BEN, by=BEN, on="2026-03-04", paid_by="pipes")
    declare(record, BEN, by="steward", on="2026-03-05", paid_by="outside")
    assert "is paid or employed by pipes" in refused(checked(record))


def test_a_lead_whose_term_is_over_still_says_for_whom_they_work():
    record = promised()
    record.add("seat.left", "2026-03-04", [BEN], {"seat": BEN})
    declare(record, BEN, by=BEN, on="2026-03-04", works_for="pipes")
    assert "is paid or employed by pipes" in refused(checked(record))


def test_a_lead_who_works_for_the_unit_does_not_sign_its_correction():
    record = promised()
    data, cites = {"about": "title"}, {"engagement": [find(record, "engagement.promised")]}
    other = record.copy()
    for one, employer in ((record, "pipes"), (other, "parks")):
        declare(one, ANA, by=ANA, on="2026-03-04", works_for=employer)
        one.add("engagement.corrected", "2026-03-05", [ANA, OFFICE], data, cites, ["correction"])
    assert refused(record) == (
        "engagement.corrected: seat-aaaaaaaa works for pipes, or beside it, and cannot sign with it for the community; "
        "ask another lead."
    )
    assert check_log(other.raw(), origin=SIGNER.name).entries == len(other.entries)


def test_a_lead_does_not_unsay_their_job_for_a_day_to_sign_a_correction():
    record = promised()
    data, cites = {"about": "title"}, {"engagement": [find(record, "engagement.promised")]}
    for one in ("pipes", "nobody"):
        declare(record, ANA, by=ANA, on="2026-03-04", works_for=one)
    record.add("engagement.corrected", "2026-03-05", [ANA, OFFICE], data, cites, ["correction"])
    assert refused(record) == (
        "engagement.corrected: seat-aaaaaaaa worked for pipes, or beside it, since this was begun and cannot sign with it "
        "for the community; ask another lead."
    )


def employed(record, begun, ended):
    """Let ANA say before an entry of one kind that she works for the unit of the promise, and before one of another that she does not."""
    told = {"kind": "seat.declared", "pen": "program", "by": [ANA], "cites": {}, "texts": {}}
    for kind, employer in ((ended, "nobody"), (begun, "water")):
        at = find(record, kind)
        on = record.entries[at - 1]["date"]
        record.entries.insert(
            at,
            {**told, "v": record.entries[at]["v"], "date": on, "data": {"seat": ANA, "works_for": employer}},
        )
        for one in record.entries[at + 1 :]:
            one["cites"] = {role: [n + (n >= at) for n in cited] for role, cited in one["cites"].items()}
    return record


def test_a_lead_whom_the_unit_employed_since_the_key_was_made_does_not_sign_its_promise():
    assert refused(employed(small(), "key.made", "engagement.promised")) == (
        "engagement.promised: seat-aaaaaaaa worked for water, or beside it, since this was begun and cannot sign with it "
        "for the community; ask another lead."
    )
    assert holds(employed(small(), "key.founded", "key.made"))


def test_a_policy_without_the_nesting_of_units_is_refused():
    record = small()
    del record.entries[find(record, "policy.adopted")]["data"]["within"]
    assert refused(record) == "policy.adopted: data lacks within; add it."


def test_the_city_alone_takes_no_unit_out_of_its_bureau():
    record = promised()
    policy = record.entries[find(record, "policy.adopted")]["data"]
    record.add("policy.adopted", "2026-03-05", ["steward"], {**policy, "within": WITHIN[:1]})
    assert "more than half of the seated leads sign it" in refused(record)


def test_an_office_binds_no_other_bureau():
    assert refused(promised(owner="parks/manager")) == (
        "commitment.made: parks/manager is not of the bureau that signs this; name an office of your own bureau as its owner."
    )
    record = promised(owner="pipes/manager")
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


@pytest.mark.parametrize("kind", ["delivery.verified", "delivery.disputed"])
def test_no_lead_whom_the_bureau_pays_that_was_asked_first_checks(kind):
    record = confirmed(promised(moved_from="parks/manager", payers=("outside", "parks", "outside")), BEN)
    data = {"milestone": "m1", "completion": "complete" if kind == "delivery.verified" else "limited"}
    record.add(kind, "2026-03-05", [ANA, BEN], data, {"claim": [record.claim]}, ["check"])
    assert refused(record) == (
        f"{kind}: seat-bbbbbbbb is paid or employed by parks and cannot check what it promised or was asked; ask another lead."
    )


def test_no_lead_whom_the_bureau_pays_that_signed_for_another_checks():
    record = promised(owner="parks/manager", payers=("outside", "water", "outside"), old=True)
    assert "is paid or employed by water" in refused(checked(record))


def declined(payers, office=OFFICE):
    """A record in which an office said no, and leads said who pays them before; gives the answer too."""
    record = promised(payers=payers)
    record.entries = record.entries[: find(record, "ask.recommended") + 1]
    for seat, payer in zip((ANA, BEN, CAM), payers, strict=True):
        declare(record, seat, by=seat, paid_by=payer)
    ask = find(record, "ask.recommended")
    given = {"decision": "declined", "signed_off": office}
    answer = record.add("answer.given", "2026-03-03", [office], given, {"ask": [ask]}, ["reasons"])
    return record, answer


def contested(record, answer, by, on="2026-03-05"):
    due = (date.fromisoformat(on) + timedelta(days=30)).isoformat()
    record.add("answer.contested", on, [by], {"reply_due": due}, {"answer": [answer]}, ["contest"])
    return record


def stopped(record, how, seat=CAM):
    data = {"seat": seat}
    if how == "seat.removed":
        data |= {"ground": "absent", "appeal_to": "water/manager", "appeal_by": "2026-05-03"}
    record.add(how, "2026-03-04", ["steward"], data, texts=["ground"] if how == "seat.suspended" else [])


@pytest.mark.parametrize("how", ["seat.suspended", "seat.removed"])
def test_a_lead_whom_the_bureau_pays_contests_while_no_other_lead_can_act(how):
    record, answer = declined(("water", "water", "outside"))
    assert "another lead does this" in refused(contested(record.copy(), answer, ANA))
    stopped(record, how)
    assert holds(contested(record, answer, ANA))


def taken_down(record, by):
    of = find(record, "finding.published")
    sha256 = record.entries[of]["texts"]["statement"]["sha256"]
    record.add(
        "text.erased", "2026-03-05", [by, "water/manager"], {"sha256": sha256}, {"of": [of]}, ["ground"]
    )
    return record


@pytest.mark.parametrize("how", ["seat.suspended", "seat.removed"])
def test_the_steward_opens_no_take_down_to_leads_of_a_bureau_by_stopping_the_others(how):
    record, _ = declined(("water", "water", "outside"))
    stopped(record, how)
    assert "does not stand for the community beside it" in refused(taken_down(record, ANA))


def test_the_steward_keeps_no_words_from_being_taken_down_by_saying_and_unsaying_who_pays():
    record, _ = declined(("outside", "outside", "outside"))
    assert holds(taken_down(record.copy(), ANA))
    for said in ("water", "outside"):
        for seat in (ANA, BEN, CAM):
            declare(record, seat, on="2026-03-04", paid_by=said)
    assert holds(taken_down(record, ANA))


def test_the_steward_makes_no_room_for_leads_of_a_bureau_by_saying_that_it_pays_the_others():
    record, _ = declined(("water", "outside", "outside"))
    for seat in (BEN, CAM):
        declare(record, seat, on="2026-03-04", paid_by="water")
    assert "does not stand for the community beside it" in refused(taken_down(record.copy(), ANA))
    assert holds(taken_down(record, BEN))


def test_leads_whom_a_bureau_pays_through_which_an_ask_only_went_say_not_kept_and_not_kept_not():
    record = promised(through="parks/manager", payers=("parks", "parks", "parks"))
    record = confirmed(record, ANA, BEN, CAM)
    assert "is paid or employed by parks" in refused(checked(record.copy()))
    unchecked = record.copy()
    data = {"milestone": "m1", "nobody_seated": "yes"}
    unchecked.add("delivery.unchecked", "2026-07-01", ["clock"], data, {"claim": [record.claim]})
    assert "leads who could check are seated that day" in refused(unchecked)
    assert holds(disputed(record))


def test_a_bureau_that_said_not_yet_and_handed_the_ask_on_keeps_no_lead_from_not_kept():
    record = promised(through="parks/manager", payers=("parks", "parks", "parks"), put_off=True)
    record = confirmed(record, ANA, BEN, CAM)
    assert "is paid or employed by parks" in refused(checked(record.copy()))
    assert holds(disputed(record))


def test_a_bureau_through_which_an_ask_only_went_leaves_the_contest_to_its_leads():
    record, _ = declined(("water", "parks", "parks"))
    ask, given = find(record, "ask.recommended"), record.entries.pop()
    for one, other in ((OFFICE, "parks/manager"), ("parks/manager", OFFICE)):
        record.add("ask.transferred", "2026-03-03", [one], {"office": other}, {"ask": [ask]}, ["reason"])
    answer = len(record.entries)
    record.entries.append(given)
    assert "another lead does this" in refused(contested(record.copy(), answer, ANA))
    assert holds(contested(record, answer, BEN))


def test_a_bureau_that_said_not_yet_and_handed_the_ask_back_ties_none_of_its_leads():
    record, _ = declined(("parks", "outside", "outside"))
    ask, given = find(record, "ask.recommended"), record.entries.pop()
    parks, reason = "parks/manager", ["reason"]
    record.add("ask.transferred", "2026-03-03", [OFFICE], {"office": parks}, {"ask": [ask]}, reason)
    later = {"decision": "deferred", "signed_off": parks, "until": "2026-03-20"}
    record.add("answer.given", "2026-03-03", [parks], later, {"ask": [ask]}, ["reasons"])
    record.add("ask.transferred", "2026-03-03", [parks], {"office": OFFICE}, {"ask": [ask]}, reason)
    answer = len(record.entries)
    record.entries.append(given)
    assert holds(contested(record, answer, ANA))


def merged_away(record, unit, on="2026-03-04"):
    """Let the leads agree to rules that have a unit no more."""
    rules = dict(next(one for one in record.entries if one["kind"] == "policy.adopted")["data"])
    rules |= {
        name: [one for one in rules[name] if one.split("/")[0] != unit] for name in ("offices", "signing")
    }
    rules["within"] = [one for one in rules["within"] if one["unit"] != unit]
    record.add("policy.adopted", on, ["steward", ANA, BEN], rules)
    return record


@pytest.mark.parametrize(("promiser", "payer"), [("meters", "pipes"), ("water", "parks")])
def test_whom_a_unit_paid_that_was_merged_away_is_paid_by_its_bureau_and_by_who_answers_for_it(
    promiser, payer
):
    record = promised(f"{promiser}/manager", ("outside", payer, "outside"), first=[{"paid_by": payer}])
    record = merged_away(confirmed(record, BEN), payer)
    for one in (checked(record.copy()), disputed(record.copy())):
        assert f"seat-bbbbbbbb was paid or employed by {payer} since this was promised" in refused(one)
    assert holds(checked(record, (ANA, CAM)))


def test_whom_a_unit_paid_that_was_merged_away_checks_what_another_bureau_promised():
    record = promised("parks/manager", ("outside", "pipes", "outside"))
    assert holds(checked(merged_away(confirmed(record, BEN), "pipes")))
