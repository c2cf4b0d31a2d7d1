"""Ways to forge a record with the log's own key, by what they break. Each takes a record that holds and breaks one rule.

A recipe changes the entries of a `Forged` record at a place that it draws, and gives the number of the entry that a
verifier must name; `says` is what it must say of it.
"""

import base64
import itertools
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alongside.core.canonical import canonical
from alongside.core.grammar.versions import KINDS, VERSION
from alongside.core.policy.parts import ALONE
from alongside.core.sealing.keys import recipient_bytes, recipient_text
from alongside.core.sealing.leads import vouch_statement
from alongside.core.workflow.levels import quarter_of
from tests.check.records import with_what_they_saw
from tests.support.acts import HANDS, with_acts

type Value = dict[str, Any]
DAYS = (
    "closes",
    "report_back",
    "answer_by",
    "answer_due",
    "ack_due",
    "on",
    "until",
    "from",
    "reply_due",
    "advice_by",
)
ASKS = ("ask.recommended", "ask.questioned", "ask.advised")
FINAL = ("accepted", "accepted_in_part", "declined", "told", "told_in_part")
CLOCK = ("ask.silent", "ask.escalated")
#: Texts that are in no language.
UNSPOKEN = ("sources", "links", "link")
OPENED = ("engagement.promised",)


_SALTS = itertools.count()


def said(lang: str = "en") -> Value:
    """Give a text that nobody said before."""
    return {"lang": lang, "sha256": f"{next(_SALTS):064x}"}


class NothingHereError(LookupError):
    """The record has no entry that a recipe could begin with."""


class Forged:
    """The entries of a record as values, to be forged; what it draws follows from its seed."""

    def __init__(self, entries: list[Value], origin: str, seed: int) -> None:
        self.entries, self.origin, self.draw = deepcopy(entries), origin, random.Random(seed)

    def __getitem__(self, index: int) -> Value:
        return self.entries[index]

    def all(self, kind: str, where: Callable[[Value], bool] = lambda _one: True) -> list[int]:
        """List the entries of a kind."""
        return [place for place, one in enumerate(self.entries) if one["kind"] == kind and where(one)]

    def pick(self, *kinds: str, where: Callable[[Value], bool] = lambda _one: True) -> int:
        """Draw an entry of these kinds."""
        found = [place for kind in kinds for place in self.all(kind, where)]
        if not found:
            raise NothingHereError(kinds)
        return self.draw.choice(found)

    def citing(self, index: int, kind: str) -> list[int]:
        """List the entries of a kind that cite an entry."""
        return self.all(kind, lambda one: any(index in cited for cited in one["cites"].values()))

    def cut(self, index: int) -> None:
        """Forget this entry and all after it."""
        del self.entries[index:]

    def add(
        self, kind: str, by: list[str], data: Value | None = None, cites: Value | None = None, **more: Any
    ) -> int:
        """Add an entry at the end; `on` is its day, else that of the last entry, `texts` the names of its texts."""
        index = len(self.entries)
        on = more.get("on") or self.entries[-1]["date"]
        texts = {name: said("zxx" if name in UNSPOKEN else "en") for name in more.get("texts", ())}
        if kind == "report.published":
            texts = {lang: said(lang) for lang in texts}
        self.entries.append(
            {
                "v": VERSION,
                "kind": kind,
                "date": max(str(on), self.entries[-1]["date"]),
                "pen": KINDS[kind].pen,
                "by": by,
                "data": with_what_they_saw(kind, by, data or {}),
                "cites": cites or {},
                "texts": texts,
            }
        )
        return index

    def again(self, index: int, **data: Any) -> int:
        """Add an entry once more at the end, with other data."""
        one = deepcopy(self.entries[index])
        one["data"] |= data
        one["texts"] = {name: said(text["lang"]) for name, text in one["texts"].items()}
        one["date"] = self.entries[-1]["date"]
        self.entries.append(one)
        return len(self.entries) - 1

    def seats(self) -> list[str]:
        """List the seats that sit at the end of the record."""
        over = {self[one]["data"]["seat"] for kind in ("seat.left", "seat.removed") for one in self.all(kind)}
        return [one for place in self.all("seat.taken") if (one := self[place]["data"]["seat"]) not in over]

    def holders(self, promise: int) -> list[str]:
        """List the seats to which the key of an engagement is locked and that sit."""
        locked = self[self[promise]["cites"]["key"][0]]["data"]["wrapped_to"]
        return [one for one in locked if one in self.seats()]

    def policy(self) -> Value:
        """Give the policy in force."""
        return dict(self[self.all("policy.adopted")[-1]]["data"])

    def junior(self, unit: str) -> str:
        """Draw an office of a unit that does not sign for it."""
        of_unit = [one for one in self.policy()["offices"] if one.split("/")[0] == unit]
        return self.draw.choice([one for one in of_unit if one not in self.policy()["signing"]])

    def other_unit(self, unit: str) -> str:
        """Draw an office that signs for another unit."""
        return self.draw.choice([one for one in self.policy()["signing"] if one.split("/")[0] != unit])

    def manager(self, unit: str) -> str:
        """Give the office that signs for a unit."""
        return next(one for one in self.policy()["signing"] if one.split("/")[0] == unit)

    def marks(self, promise: int) -> list[str]:
        """List the seal marks of an engagement."""
        return [
            mark for one in self.citing(promise, "voices.published") for mark in self[one]["data"]["marks"]
        ]

    def fresh(self, count: int) -> list[str]:
        """Draw seal marks that nobody has, sorted."""
        return sorted(f"{self.draw.getrandbits(256):064x}" for _ in range(count))

    def owed(self) -> int:
        """Draw an ask without a final answer, as it was asked."""
        return self.pick(*ASKS, where=lambda one: not self._is_answered(self.entries.index(one)))

    def _is_answered(self, ask: int) -> bool:
        return bool(self.citing(ask, "answer.given") or self.citing(ask, "ask.raised"))

    def office_of(self, ask: int) -> str:
        """Give the office that was asked."""
        return str(self[ask]["data"]["office"])

    def raw(self) -> list[bytes]:
        """Give the entries as the log holds them."""
        return [canonical(one) for one in self.signed()]

    def signed(self) -> list[Value]:
        """Give the entries, each that leads sign with their own keys signed as it stands now: what is forged is all else."""
        return with_acts(self.entries, origin=self.origin, hands=HANDS)


@dataclass(frozen=True)
class Recipe:
    """A way to forge, what the verifier says of it, and which promise it breaks."""

    name: str
    promise: int
    says: str
    forge: Callable[[Forged], int]


RECIPES: list[Recipe] = []


def breaks(promise: int, says: str) -> Callable[[Callable[[Forged], int]], Callable[[Forged], int]]:
    """Register a recipe under its name; `says` is a part of what the verifier says."""

    def register(forge: Callable[[Forged], int]) -> Callable[[Forged], int]:
        RECIPES.append(Recipe(forge.__name__, promise, says, forge))
        return forge

    return register


def day_after(day: str, days: int) -> str:
    """Give a day some days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


# --- Promise 1: the promise comes first ------------------------------------------------------------------------------


def of_the_city(log: Forged) -> int:
    return log.pick("engagement.promised", where=lambda one: not one["data"]["community"])


@breaks(1, "the bureau must sign the promise")
def a_promise_without_the_unit(log):
    at = of_the_city(log)
    log[at]["by"] = [one for one in log[at]["by"] if one.startswith("seat-")]
    return at


@breaks(1, "a lead must sign the promise")
def a_promise_without_a_lead(log):
    at = of_the_city(log)
    log[at]["by"] = [one for one in log[at]["by"] if "/" in one]
    return at


@breaks(1, "signs this with an office that signs for it")
def a_promise_that_junior_staff_signed(log):
    at = of_the_city(log)
    unit = log[at]["data"]["unit"]
    log[at]["by"] = [one if one.startswith("seat-") else log.junior(unit) for one in log[at]["by"]]
    return at


@breaks(1, "the office that will answer belongs to the bureau that signs")
def a_promise_that_another_unit_answers(log):
    at = of_the_city(log)
    log[at]["data"]["office"] = log.other_unit(log[at]["data"]["unit"])
    return at


@breaks(1, "a community engagement has no promise by the city")
def a_promise_of_the_city_in_an_engagement_of_the_community(log):
    at = log.pick("engagement.promised", where=lambda one: one["data"]["community"])
    log[at]["data"]["answer_by"] = day_after(log[at]["data"]["report_back"], log.draw.randint(1, 90))
    return at


@breaks(1, "years ahead; name a nearer one")
def a_promise_that_ends_in_a_far_year(log):
    at, year = log.pick(*OPENED), log.draw.randint(2040, 9999)
    days = {"closes": "01-01", "report_back": "06-01", "answer_by": "09-01", "voices_kept_until": "12-31"}
    log[at]["data"] |= {name: f"{year}-{day}" for name, day in days.items() if name in log[at]["data"]}
    return at


@breaks(1, "people are told how long voices are kept; name the day")
def a_promise_that_names_no_day_to_which_voices_are_kept(log):
    at = log.pick(*OPENED)
    del log[at]["data"]["voices_kept_until"]
    return at


@breaks(1, "data lacks backup_days; add it|backup_days must be a whole number from 1 to 366")
def a_promise_that_does_not_say_when_copies_leave_the_backups(log):
    at = log.pick(*OPENED)
    if log.draw.random() < 0.5:
        del log[at]["data"]["backup_days"]
    else:
        log[at]["data"]["backup_days"] = log.draw.choice([0, -1, 367, 10**6, "30", True])
    return at


@breaks(1, "voices are kept for 10 years at most")
def a_promise_that_keeps_voices_for_ever(log):
    at = log.pick(*OPENED)
    log[at]["data"]["voices_kept_until"] = f"{log.draw.randint(2040, 9999)}-12-31"
    return at


@breaks(1, "must be a day written as YYYY-MM-DD")
def a_day_in_another_form(log):
    kind = log.draw.choice(
        ["engagement.promised", "ask.recommended", "ask.questioned", "cohort.seated", "call.published"]
    )
    at = log.pick(kind)
    name = log.draw.choice([one for one in DAYS if one in log[at]["data"]])
    year, week, month = log.draw.randint(2026, 2030), log.draw.randint(10, 52), log.draw.randint(1, 9)
    log[at]["data"][name] = log.draw.choice(
        [f"{year}-W{week}-{month % 7 + 1}", f"{year}-{month}-1", f"{year}{month:02d}11"]
    )
    return at


@breaks(1, "the dates must come in order")
def a_promise_that_reports_back_before_it_closes(log):
    at = log.pick(*OPENED)
    log[at]["data"]["report_back"] = day_after(log[at]["data"]["closes"], -log.draw.randint(1, 20))
    return at


@breaks(1, "the policy shows no group below")
def a_promise_with_a_smaller_k(log):
    at = log.pick(*OPENED)
    log[at]["data"]["k"] = log.draw.randint(2, log.policy()["k"] - 1)
    return at


@breaks(1, "this engagement is promised already")
def a_second_promise(log):
    made = [log[at]["cites"]["decision"][0] for at in log.all("decision.made")]
    at = log.pick(*OPENED, where=lambda one: not set(one["cites"].get("decision", ())) & set(made))
    return log.again(at, **{name: day_after(log[-1]["date"], 99) for name in DAYS if name in log[at]["data"]})


@breaks(1, "names another key than the one that was tested")
def a_promise_with_an_untested_key(log):
    at = log.pick(*OPENED)
    keys = [
        one for one in log.all("key.made") if log[one]["data"]["engagement"] != log[at]["data"]["engagement"]
    ]
    log[at]["data"]["recipient"] = log[log.draw.choice(keys)]["data"]["recipient"]
    return at


@breaks(1, "each lead tests a key once, and alone")
def a_key_that_one_lead_tested_twice(log):
    key = log.pick("key.made")
    first, *later = log.citing(key, "key.tested")
    at = log.draw.choice(later)
    log[at]["by"] = list(log[first]["by"])
    return at


@breaks(1, "has no key that counts")
def a_key_locked_to_a_ghost(log):
    at = log.pick("key.made")
    log[at]["data"]["wrapped_to"].append(f"seat-{log.draw.getrandbits(32):08x}")
    return at


def corrected(log: Forged, promise: int, about: str, by: list[str] | None = None, **days: str) -> int:
    data = {"about": about, **days}
    both = by or log[promise]["by"]
    return log.add("engagement.corrected", list(both), data, {"engagement": [promise]}, texts=("correction",))


def standing_promise(log: Forged) -> int:
    """Draw a promise of the city that is not closed."""
    return log.pick(
        "engagement.promised",
        where=lambda one: one["data"]["closes"] > log[-1]["date"] and not one["data"]["community"],
    )


@breaks(1, "sign its correction together")
def a_correction_by_one_side(log):
    promise = standing_promise(log)
    return corrected(
        log, promise, log.draw.choice(["title", "consent", "reading"]), [log.draw.choice(log[promise]["by"])]
    )


@breaks(1, "two leads correct a community engagement|does not hold the key of this engagement")
def a_community_engagement_that_one_lead_corrects(log):
    promise = log.pick("engagement.promised", where=lambda one: one["data"]["community"])
    holders = log.holders(promise)
    others = [one for one in log.seats() if one not in holders]
    if len(holders) > 1 and others and log.draw.random() < 0.5:
        return corrected(log, promise, "title", [holders[0], log.draw.choice(others)])
    return corrected(log, promise, "title", [log.draw.choice(holders)])


@breaks(1, "a day that comes sooner leaves people a week")
def a_correction_that_closes_before_anyone_hears_of_it(log):
    promise = standing_promise(log)
    return corrected(log, promise, "closes", closes=day_after(log[-1]["date"], log.draw.randint(0, 6)))


@breaks(1, "signs this with an office that signs for it")
def a_correction_that_junior_staff_signed(log):
    promise = standing_promise(log)
    by = [log.draw.choice(log.seats()), log.junior(log[promise]["data"]["unit"])]
    return corrected(log, promise, "title", by)


@breaks(1, "changes the one thing that it is about")
def a_correction_of_a_word_that_moves_a_day(log):
    promise = standing_promise(log)
    return corrected(log, promise, "title", closes=day_after(log[-1]["date"], log.draw.randint(1, 60)))


@breaks(1, "a correction of a day names the new day")
def a_correction_of_a_day_without_a_day(log):
    return corrected(log, standing_promise(log), log.draw.choice(["closes", "report_back", "answer_by"]))


@breaks(1, "a corrected day lies between today and")
def a_correction_to_a_far_or_past_day(log):
    about = log.draw.choice(["report_back", "answer_by"])
    days = log.draw.choice([log.draw.randint(1000, 9000), -log.draw.randint(1, 200)])
    return corrected(log, standing_promise(log), about, **{about: day_after(log[-1]["date"], days)})


@breaks(1, "after the last day to speak")
def a_correction_that_hears_after_the_report(log):
    promise = standing_promise(log)
    later = day_after(
        max(log[promise]["data"]["report_back"], log[promise]["data"]["answer_by"]), log.draw.randint(1, 20)
    )
    return corrected(log, promise, "closes", closes=later)


@breaks(1, "the last voices are in")
def a_correction_that_opens_an_intake_again(log):
    ended = log.pick("voices.closed")
    promise = log[ended]["cites"]["engagement"][0]
    log.cut(ended + 1)
    later = day_after(log[-1]["date"], log.draw.randint(1, 60))
    return corrected(log, promise, "closes", closes=later)


@breaks(1, "this engagement is closed")
def a_correction_of_what_is_closed(log):
    promise = log[log.pick("engagement.closed")]["cites"]["engagement"][0]
    return corrected(log, promise, log.draw.choice(["title", "consent"]))


@breaks(1, "it is paused already|it is not paused")
def a_pause_out_of_turn(log):
    promise = standing_promise(log)
    if log.draw.random() < 0.5:
        return log.add("engagement.resumed", ["steward"], {}, {"engagement": [promise]})
    log.add("engagement.paused", ["steward"], {}, {"engagement": [promise]}, texts=["ground"])
    return log.add("engagement.paused", ["steward"], {}, {"engagement": [promise]}, texts=["ground"])


def standing_community_promise(log: Forged) -> int:
    """Draw a promise of leads alone under which people can speak."""
    return log.pick(
        "engagement.promised",
        where=lambda one: one["data"]["closes"] > log[-1]["date"] and one["data"]["community"],
    )


@breaks(1, "the City has promised nothing here")
def a_pause_by_the_city_of_what_leads_hold_alone(log):
    cites = {"engagement": [standing_community_promise(log)]}
    if log.draw.random() < 0.5:
        return log.add("engagement.paused", ["steward"], {}, cites, texts=["ground"])
    log.add("engagement.paused", [log.draw.choice(log.seats())], {}, cites, texts=["ground"])
    return log.add("engagement.resumed", ["steward"], {}, cites)


@breaks(3, "only a lead lets people speak again")
def a_pause_of_the_leads_that_the_steward_ends_within_its_days(log):
    cites = {"engagement": [standing_promise(log)]}
    paused = log.add("engagement.paused", [log.draw.choice(log.seats())], {}, cites, texts=["ground"])
    if log.draw.random() < 0.5:
        log.add("engagement.paused", ["steward"], {}, cites, texts=["ground"])
    later = day_after(log[paused]["date"], log.draw.randint(0, 6))
    return log.add("engagement.resumed", ["steward"], {}, cites, on=later)


@breaks(1, "your side has paused this once|the last day to speak is over")
def a_second_pause_by_the_steward_alone(log):
    cites = {"engagement": [standing_promise(log)]}
    paused = log.add("engagement.paused", ["steward"], {}, cites, texts=["ground"])
    later = day_after(log[paused]["date"], log.draw.randint(7, 60))
    return log.add("engagement.paused", ["steward"], {}, cites, texts=["ground"], on=later)


@breaks(1, "people can speak to")
def an_intake_that_ends_without_the_days_of_a_pause(log):
    promise = standing_promise(log)
    log.add("engagement.paused", ["steward"], {}, {"engagement": [promise]}, texts=["ground"])
    count = len(log.marks(promise))
    told = {"voices": {"low": count, "high": count} if count else "fewer", "withdrawn": "fewer"}
    later = day_after(closes_of(log, promise), log.draw.randint(1, 7))
    return log.add("voices.closed", ["clock"], told, {"engagement": [promise]}, on=later)


def closes_of(log: Forged, promise: int) -> str:
    """Give the last day to speak as it was last corrected."""
    told = [log[one]["data"].get("closes") for one in log.citing(promise, "engagement.corrected")]
    return next((one for one in reversed(told) if one), log[promise]["data"]["closes"])


# --- Promise 2: the city cannot read it -------------------------------------------------------------------------------


@breaks(2, "does not stand under this key")
def a_certificate_that_is_no_signature(log):
    at = log.pick("key.certified")
    junk = [
        b"not a signature",
        b"",
        bytes(64),
        log.draw.randbytes(64),
        log.draw.randbytes(log.draw.randint(1, 90)),
    ]
    log.draw.choice(log[at]["data"]["certs"])["signature"] = (
        base64.b64encode(log.draw.choice(junk)).decode() or "not a signature"
    )
    return at


@breaks(2, "does not stand under this key")
def a_certificate_by_whoever_holds_the_server(log):
    at = log.pick("key.certified")
    own = {name: log[at]["data"][name] for name in ("seat", "recipient", "sign_key")}
    said = vouch_statement(origin=log.origin, **own)
    server = Ed25519PrivateKey.from_private_bytes(log.draw.randbytes(32))
    log.draw.choice(log[at]["data"]["certs"])["signature"] = base64.b64encode(server.sign(said)).decode()
    return at


@breaks(2, "does not stand under this key")
def a_key_put_in_the_place_of_the_one_that_was_vouched_for(log):
    at = log.pick("key.certified")
    mine = Ed25519PrivateKey.from_private_bytes(log.draw.randbytes(32))
    log[at]["data"]["sign_key"] = mine.public_key().public_bytes_raw().hex()
    return at


@breaks(2, "does not stand under this key")
def a_certificate_of_another_lead(log):
    one, other = log.all("key.certified")[:2]
    log[other]["data"]["certs"] = deepcopy(log[one]["data"]["certs"])
    return other


@breaks(2, "a key needs two leads to vouch for it|names something twice")
def a_key_that_one_lead_vouches_for_twice(log):
    at = log.pick("key.certified")
    cert = log.draw.choice(log[at]["data"]["certs"])
    log[at]["data"]["certs"] = [cert, dict(cert)]
    log[at]["by"] = [cert["seat"]]
    return at


@breaks(2, "cannot vouch for a key")
def a_key_that_vouches_for_itself(log):
    at = log.pick("key.certified")
    own = log[at]["data"]["seat"]
    log[at]["data"]["certs"][0]["seat"] = own
    log[at]["by"][0] = own
    return at


@breaks(2, "two leads brought the first keys already")
def a_third_founding_key(log):
    founded, later = log.pick("key.founded"), log.pick("key.certified")
    seat = log[later]["data"]["seat"]
    log.cut(later)
    one = log.again(founded, seat=seat, sign_key=f"{log.draw.getrandbits(256):064x}")
    log[one]["by"] = [seat]
    return one


@breaks(2, "a lead brings their own key")
def a_founding_key_that_another_seat_brings(log):
    at = log.pick("key.founded")
    log[at]["by"] = [log.draw.choice([one for one in log.seats() if one != log[at]["data"]["seat"]])]
    return at


@breaks(2, "this key is on the public log already")
def a_key_that_another_seat_has(log):
    at = log.all("key.founded")[1]
    name = log.draw.choice(["recipient", "sign_key"])
    log[at]["data"][name] = log[log.all("key.founded")[0]]["data"][name]
    return at


@breaks(2, "this is not a whole key")
def a_key_that_is_none(log):
    at = log.pick("key.founded", "key.made")
    log[at]["data"]["recipient"] = "age1" + "q" * log.draw.randint(1, 70)
    return at


@breaks(2, "this key is on the public log already")
def an_engagement_that_a_lead_alone_reads(log):
    at = log.pick("key.made")
    log[at]["data"]["recipient"] = log[log.pick("key.founded", "key.certified")]["data"]["recipient"]
    return at


@breaks(2, "this is another key than the one that was made")
def a_share_of_another_key(log):
    promise = log.pick(*OPENED)
    key = log[promise]["cites"]["key"][0]
    other = log.draw.choice([one for one in log.all("key.made") if one != key])
    data = {**log[key]["data"], "recipient": log[other]["data"]["recipient"], "wrapped_to": log.seats()[:1]}
    return log.add("key.shared", log.holders(promise)[:1], data, {"key": [key]})


NOT_SIGNED = "does not stand under this key"


@breaks(2, NOT_SIGNED)
def a_key_that_did_not_sign_itself(log):
    at = log.pick("key.certified", "key.founded")
    seed = log.draw.randbytes(32)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(log.draw.randbytes(90))
    log[at]["data"]["signature"] = base64.b64encode(signature).decode()
    return at


@breaks(2, NOT_SIGNED)
def a_key_with_which_anybody_signs(log):
    at = log.all("key.founded")[0]
    log[at]["data"]["sign_key"] = f"01{'0' * 62}"
    log[at]["data"]["signature"] = base64.b64encode(bytes([1, *bytes(63)])).decode()
    return at


@breaks(2, "this is not a whole key")
def a_second_spelling_of_a_key(log):
    at = log.pick("key.made")
    raw = recipient_bytes(log[at]["data"]["recipient"])
    log[at]["data"]["recipient"] = recipient_text(raw[:31] + bytes([raw[31] | 128]))
    return at


@breaks(2, NOT_SIGNED)
def a_key_that_the_server_put_in_the_place_of_the_leads(log):
    at = log.pick("key.made")
    log[at]["data"]["recipient"] = recipient_text(log.draw.randbytes(31) + b"\x21")
    return at


@breaks(2, NOT_SIGNED)
def a_key_that_another_lead_is_said_to_have_made(log):
    at = log.pick("key.made")
    (maker,) = log[at]["by"]
    log[at]["by"] = [log.draw.choice([one for one in log[at]["data"]["wrapped_to"] if one != maker])]
    return at


@breaks(2, NOT_SIGNED)
def a_key_signed_by_whoever_holds_the_server(log):
    at = log.pick("key.made")
    seed = log.draw.randbytes(32)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(log.draw.randbytes(90))
    log[at]["data"]["signature"] = base64.b64encode(signature).decode()
    return at


@breaks(2, NOT_SIGNED)
def a_key_that_is_locked_to_fewer_leads_than_its_maker_signed(log):
    at = log.pick("key.made", where=lambda one: len(one["data"]["wrapped_to"]) > 2)
    own = [one for one in log[at]["data"]["wrapped_to"] if one not in log[at]["by"]]
    log[at]["data"]["wrapped_to"].remove(log.draw.choice(own))
    return at


@breaks(2, NOT_SIGNED)
def a_share_that_the_lead_did_not_sign(log):
    promise = log.pick(*OPENED)
    key = log[promise]["cites"]["key"][0]
    sharer = next(one for one in log.holders(promise) if one not in log[key]["by"])
    return log.add("key.shared", [sharer], dict(log[key]["data"]), {"key": [key]})


@breaks(2, "a batch below")
def a_batch_below_k(log):
    at = log.pick("voices.published")
    del log[at]["data"]["marks"][log.draw.randint(1, log.policy()["k"] - 1) :]
    return at


@breaks(2, "a further part comes right after a full one")
def a_batch_of_one_mark_as_part_2(log):
    at = log.pick("voices.published")
    promise = log[at]["cites"]["engagement"]
    if log.citing(promise[0], "voices.closed") or log.draw.random() < 0.5:
        log.cut(at + 1)
    marks = log.fresh(log.draw.randint(1, 5))
    part = log.draw.choice([2, 2, 2, 3, 900])
    return log.add("voices.published", ["clock"], {"marks": marks, "part": part}, {"engagement": promise})


@breaks(2, "a seal mark is on the public log already")
def the_same_marks_in_two_engagements_or_twice(log):
    at = log.pick("voices.published")
    promise = log.draw.choice([one for one in log.all(*OPENED) if not log.citing(one, "voices.closed")])
    some = log.draw.sample(log[at]["data"]["marks"], log.draw.randint(1, 10))
    marks = sorted([*some, *log.fresh(12)])
    return log.add("voices.published", ["clock"], {"marks": marks, "part": 1}, {"engagement": [promise]})


@breaks(2, "in sorted order|names something twice")
def marks_in_the_order_in_which_people_came(log):
    at = log.pick("voices.published", "voices.opened")
    marks = log[at]["data"]["marks"]
    log[at]["data"]["marks"] = log.draw.choice([marks[::-1], [*marks[1:], marks[0]], [*marks, marks[-1]]])
    return at


@breaks(2, "the last batch is out")
def a_batch_after_the_last_one(log):
    promise = log[log.pick("voices.closed")]["cites"]["engagement"]
    return log.add(
        "voices.published", ["clock"], {"marks": log.fresh(12), "part": 1}, {"engagement": promise}
    )


@breaks(2, "tell that number")
def an_end_that_tells_another_number(log):
    at = log.pick("voices.closed")
    count = log[at]["data"]["voices"]["low"]
    off = log.draw.choice([-1, 1]) * log.draw.randint(1, count - 1)
    low, high = sorted([count, count + off])
    log[at]["data"]["voices"] = log.draw.choice(
        [
            {"low": count + off, "high": count + off},
            {"low": high, "high": low},
            {"low": low, "high": high},
            "fewer",
        ]
    )
    return at


@breaks(2, "a range of people begins at")
def withdrawals_told_as_a_count(log):
    at, k = log.pick("voices.closed"), log.policy()["k"]
    low, wide = log.draw.randint(k, 99), log.draw.randint(-9, k - 2)
    told = log.draw.choice([(low, low), (low, low + wide), (log.draw.randint(1, k - 1), 99)])
    log[at]["data"]["withdrawn"] = {"low": told[0], "high": max(told[1], 1)}
    return at


@breaks(2, "the intake ends the day after")
def an_intake_that_ends_before_its_day(log):
    promise = standing_promise(log)
    count = len(log.marks(promise))
    told = {"low": count, "high": count} if count else "fewer"
    data = {"voices": told, "withdrawn": "fewer"}
    return log.add("voices.closed", ["clock"], data, {"engagement": [promise]})


def opened(log: Forged, **more: Any) -> int:
    """Sign a list of what was opened once more."""
    at = log.pick("voices.opened")
    promise = log[at]["cites"]["engagement"][0]
    by = log.draw.sample(log.holders(promise), 2)
    data = {"marks": log[at]["data"]["marks"], "part": 1} | more
    return log.add("voices.opened", by, data, {"engagement": [promise]})


@breaks(2, "some of these voices are not on the public log")
def opened_voices_that_nobody_sent(log):
    marks = log[log.pick("voices.opened")]["data"]["marks"]
    return opened(log, marks=sorted([*marks, *log.fresh(log.draw.randint(1, 9))]))


@breaks(2, "a list below")
def a_list_of_few_opened_voices(log):
    marks = log[log.pick("voices.opened")]["data"]["marks"]
    return opened(log, marks=marks[: log.draw.randint(1, log.policy()["k"] - 1)])


@breaks(2, "how many were not opened can be counted")
def a_range_beside_what_can_be_counted(log):
    return opened(log, not_opened="fewer")


@breaks(2, "two leads sign the list")
def a_list_that_one_lead_signed(log):
    at = opened(log)
    log[at]["by"] = log[at]["by"][:1]
    return at


@breaks(2, "only leads who can open the key")
def a_list_by_a_lead_without_the_key(log):
    at = log.pick("voices.opened")
    key = log[log[at]["cites"]["engagement"][0]]["cites"]["key"][0]
    taken = [log[one]["data"]["seat"] for one in log.all("seat.taken")]
    others = [one for one in taken if one not in log[key]["data"]["wrapped_to"]]
    log[at]["by"][log.draw.randrange(2)] = log.draw.choice(others)
    return at


# --- Promise 3: the community holds the pen ---------------------------------------------------------------------------


@breaks(3, "does not write entries of this kind")
def a_finding_by_an_office(log):
    at = log.pick("finding.published", "advice.published", "ask.recommended", "voices.opened")
    log[at]["by"].append(log.draw.choice(log.policy()["offices"]))
    return at


@breaks(3, "this root stands over no voice")
def a_finding_over_nothing(log):
    at = log.pick("finding.published")
    log[at]["data"]["root"] = log.draw.choice(
        ["0" * 64, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
    )
    return at


@breaks(3, "voices are on the public log; say no more")
def a_finding_over_more_voices_than_there_are(log):
    at = log.pick("finding.published")
    count = len(log.marks(log[at]["cites"]["engagement"][0]))
    low = log.draw.randint(log.policy()["k"], 2 * count)
    log[at]["data"]["voices"] = {"low": low, "high": max(low, count) + log.draw.randint(1, 99)}
    return at


@breaks(3, "tells a small count")
def a_finding_as_exact_as_a_count(log):
    at, k = log.pick("finding.published"), log.policy()["k"]
    count = len(log.marks(log[at]["cites"]["engagement"][0]))
    low = log.draw.randint(k + 1, count)
    log[at]["data"]["voices"] = {"low": low, "high": min(count, low + log.draw.randint(0, k - 2))}
    return at


@breaks(3, "is told as fewer")
def a_finding_below_k_or_upside_down(log):
    at, k = log.pick("finding.published"), log.policy()["k"]
    low = log.draw.randint(1, k - 1)
    log[at]["data"]["voices"] = log.draw.choice([{"low": low, "high": 60}, {"low": k + low, "high": k}])
    return at


@breaks(3, "two leads confirm it")
def a_small_finding_by_one_lead(log):
    at = log.pick("finding.published")
    log[at]["by"], log[at]["data"]["voices"] = log[at]["by"][:1], "fewer"
    return at


@breaks(3, "told in another range before")
def the_same_voices_in_two_ranges(log):
    at = log.pick("finding.published", where=lambda one: one["data"]["voices"] != "fewer")
    return log.again(
        at, voices={"low": log.policy()["k"], "high": len(log.marks(log[at]["cites"]["engagement"][0]))}
    )


@breaks(3, "heard in the same engagement")
def a_finding_beside_one_of_another_engagement(log):
    at = log.pick("finding.published")
    promise = standing_promise(log)
    data = {"smaller": True, "voices": "fewer", "root": f"{log.draw.getrandbits(256):064x}"}
    cites = {"engagement": [promise], "beside": [at]}
    return log.add("finding.published", log.draw.sample(log.seats(), 2), data, cites, texts=("statement",))


@breaks(3, "the words are the community's")
def a_translation_of_a_finding_by_an_office(log):
    of = log.pick("finding.published", "ask.recommended", "advice.published")
    name = next(iter(log[of]["texts"]))
    lang = log.draw.choice(["es", "vi", "ar", "so"])
    data = {"lang": lang, "reviewed": True, "made_by": "person"}
    at = log.add(
        "text.translated", [log.draw.choice(log.policy()["offices"])], data, {"of": [of]}, texts=(name,)
    )
    log[at]["texts"][name] = said(lang)
    return at


BINDING = ("answer.given", "contest.replied", "commitment.made", "delivery.claimed", "consultation.opened")


@breaks(4, "an office is bound by these words")
def other_words_of_an_office_for_what_it_is_bound_by(log):
    of = log.pick(*BINDING)
    name = log.draw.choice(sorted(name for name, one in log[of]["texts"].items() if one["lang"] != "zxx"))
    lang = log.draw.choice([one for one in ("es", "vi", "ar", "so") if one != log[of]["texts"][name]["lang"]])
    unit, person = log[of]["by"][0].split("/")[0], log.draw.random() < 0.5
    offices = [one for one in log.policy()["offices"] if one.split("/")[0] == unit]
    data = {"lang": lang, "reviewed": person, "made_by": "person" if person else "machine"}
    log.add("hold.placed", ["steward"], texts=["ground"])
    at = log.add("text.translated", [log.draw.choice(offices)], data, {"of": [of]}, texts=(name,))
    log[at]["texts"][name] = said(lang)
    return at


@breaks(5, "an office is bound by these words")
def words_that_an_office_is_bound_by_taken_down_without_a_lead(log):
    of = log.pick(*BINDING)
    text = log[of]["texts"][log.draw.choice(sorted(log[of]["texts"]))]["sha256"]
    unit = log[of]["by"][0].split("/")[0]
    by = ["steward", log.draw.choice([one for one in log.policy()["offices"] if one.split("/")[0] == unit])]
    return log.add("text.erased", by, {"sha256": text}, {"of": [of]}, texts=["ground"])


@breaks(3, "belongs to its own consultation")
def advice_on_what_another_unit_showed(log):
    of = log.pick("advice.published")
    others = log.all(
        "material.entered", lambda one: one["cites"]["consultation"] != log[of]["cites"]["consultation"]
    )
    if not others:
        raise NothingHereError
    at = log.again(of)
    log[at]["cites"]["material"] = [*log[at]["cites"].get("material", []), log.draw.choice(others)]
    return at


# --- Promise 4: the city must answer ----------------------------------------------------------------------------------


def answered(log: Forged, ask: int, by: list[str], decision: str = "declined", **more: Any) -> int:
    data = {"decision": decision, "signed_off": by[-1], **more}
    return log.add("answer.given", by, data, {"ask": [ask]}, texts=("reasons",))


def unit_of(log: Forged, ask: int) -> str:
    return log.office_of(ask).split("/")[0]


@breaks(4, "signs this with an office that signs for it")
def an_answer_that_junior_staff_signed(log):
    ask = log.pick(
        *ASKS,
        where=lambda one: not log.citing(log.entries.index(one), "answer.given") and _has_junior(log, one),
    )
    return answered(log, ask, [log.junior(unit_of(log, ask))])


def _has_junior(log: Forged, one: Value) -> bool:
    unit = one["data"]["office"].split("/")[0]
    rest = set(log.policy()["offices"]) - set(log.policy()["signing"])
    return any(each.split("/")[0] == unit for each in rest) and not log.citing(
        log.entries.index(one), "ask.raised"
    )


@breaks(4, "signs this with an office that signs for it")
def an_answer_that_another_unit_signed_off(log):
    ask = log.owed()
    unit = unit_of(log, ask)
    return answered(log, ask, [log.manager(unit), log.other_unit(unit)])


@breaks(4, "only that bureau may do this")
def an_answer_by_another_unit(log):
    ask = log.owed()
    return answered(log, ask, [log.other_unit(unit_of(log, ask))])


@breaks(4, "this has its answer")
def a_second_answer(log):
    at = log.pick("answer.given", where=lambda one: one["data"]["decision"] in FINAL)
    ask = log[at]["cites"]["ask"][0]
    return answered(log, ask, [log.manager(unit_of(log, ask))], log.draw.choice(["declined", "deferred"]))


@breaks(4, "this has its answer")
def a_no_after_a_yes_in_the_reply_to_not_yet(log):
    ask = log.owed()
    office, today = log.manager(unit_of(log, ask)), log[-1]["date"]
    answer = answered(log, ask, [office], "deferred", until=day_after(today, log.draw.randint(9, 300)))
    contest = contested(log, answer, today)
    said = {"decision": log.draw.choice(["accepted", "accepted_in_part"]), "signed_off": office}
    yes = log.add("contest.replied", [office], said, {"contest": [contest]}, texts=("reply",))
    made = {"office": office, "milestones": [{"id": "m1", "due": day_after(today, 90)}]}
    log.add("commitment.made", [office], made, {"answer": [yes]}, texts=("evidence", "m1"))
    return answered(log, ask, [office])


@breaks(4, "a deferral needs the day|that day is too far off")
def a_deferral_to_no_day_to_a_past_day_or_to_a_far_year(log):
    ask = log.owed()
    by = [log.manager(unit_of(log, ask))]
    past = day_after(log[-1]["date"], -log.draw.randint(0, 99))
    far = f"{log.draw.randint(2040, 9999)}-06-01"
    more = log.draw.choice([{}, {"until": past}, {"until": far}, {"until": far}])
    return answered(log, ask, by, "deferred", **more)


@breaks(4, "only a question is told")
def a_recommendation_that_is_told(log):
    ask = log.pick(
        "ask.recommended",
        "ask.advised",
        where=lambda one: not log.citing(log.entries.index(one), "answer.given"),
    )
    return answered(log, ask, [log.manager(unit_of(log, ask))], "told")


def extended(log: Forged, until: str) -> int:
    ask = log.owed()
    by = [log.manager(unit_of(log, ask))]
    return log.add("ask.extended", by, {"until": until}, {"ask": [ask]}, texts=("reason",))


@breaks(4, "that day is too far off")
def an_extension_to_a_far_year(log):
    return extended(log, f"{log.draw.randint(2040, 9999)}-{log.draw.randint(1, 12):02d}-09")


@breaks(4, "more time was taken twice|more time ends by")
def more_time_again_and_again(log):
    ask = log.owed()
    by, first = [log.manager(unit_of(log, ask))], date.fromisoformat(log[ask]["data"]["answer_due"])
    start = max(first, date.fromisoformat(log[-1]["date"])) + timedelta(days=1)
    for turn in range(3):
        until = (start + timedelta(days=9 * turn)).isoformat()
        at = log.add("ask.extended", by, {"until": until}, {"ask": [ask]}, texts=("reason",))
    return at


@breaks(4, "more time ends by")
def more_time_beyond_a_year(log):
    ask = log.owed()
    by, until = (
        [log.manager(unit_of(log, ask))],
        day_after(log[ask]["data"]["answer_due"], log.draw.randint(367, 600)),
    )
    return log.add("ask.extended", by, {"until": until}, {"ask": [ask]}, texts=("reason",))


@breaks(5, "can be claimed again from")
def a_claim_again_right_after_a_dispute(log):
    at = log.pick("delivery.disputed")
    log.cut(at + 1)
    claim = log[at]["cites"]["claim"][0]
    on = day_after(log[at]["date"], log.draw.randint(0, 13))
    data, cites = log[claim]["data"], log[claim]["cites"]
    return log.add("delivery.claimed", log[claim]["by"], data, cites, texts=("claim",), on=on)


@breaks(4, "more time means a later day")
def an_extension_to_an_earlier_day(log):
    return extended(log, day_after(log[-1]["date"], -log.draw.randint(200, 300)))


@breaks(4, "more time means a day to come")
def more_time_until_a_day_that_is_past(log):
    at = log.pick(
        "ask.silent",
        where=lambda one: (
            not any(log.citing(one["cites"]["ask"][0], kind) for kind in ("answer.given", "ask.raised"))
        ),
    )
    log.cut(at + 1)
    ask, by = log[at]["cites"]["ask"], [log.manager(log[at]["data"]["office"].split("/")[0])]
    return log.add("ask.extended", by, {"until": log[at]["date"]}, {"ask": ask}, texts=("reason",))


@breaks(4, "this office has it already|is not an office of the policy in force")
def a_transfer_to_nowhere(log):
    ask = log.owed()
    by = [log.manager(unit_of(log, ask))]
    to = log.draw.choice([log.office_of(ask), f"nobody-{log.draw.randint(1, 99)}/manager"])
    return log.add("ask.transferred", by, {"office": to}, {"ask": [ask]}, texts=("reason",))


@breaks(4, "the answer is due by")
def an_ask_with_a_longer_clock(log):
    at = log.pick(*ASKS)
    log[at]["data"]["answer_due"] = day_after(log[at]["data"]["answer_due"], log.draw.randint(1, 4000))
    return at


@breaks(4, "these days are over|the rules give this office until")
def an_ask_that_is_born_late(log):
    at = log.pick(*ASKS)
    log[at]["data"]["ack_due"] = day_after(log[at]["date"], -log.draw.randint(1, 200))
    return at


@breaks(4, "the rules give this office until")
def an_ask_that_is_due_sooner_than_the_rules_give(log):
    at = log.pick(*ASKS)
    name, days = log.draw.choice([("answer_due", 1), ("ack_due", 3)])
    log[at]["data"][name] = day_after(log[at]["data"][name], -log.draw.randint(days, days + 2))
    if name == "ack_due":
        log[at]["data"][name] = day_after(log[at]["date"], log.draw.randint(0, 4))
    return at


@breaks(4, "before the answer is due")
def an_ask_that_is_acknowledged_after_its_answer(log):
    at = log.pick(*ASKS)
    log[at]["data"]["ack_due"] = day_after(log[at]["data"]["answer_due"], log.draw.randint(1, 90))
    return at


@breaks(4, "names nothing that was heard")
def a_recommendation_that_rests_on_nothing(log):
    at = log.pick("ask.recommended")
    del log[at]["cites"]["finding"]
    return at


@breaks(4, "heard in another engagement")
def an_ask_that_hides_the_promise_it_rests_on(log):
    at = log.pick("ask.recommended")
    mine = log[at]["cites"].pop("engagement")
    others = [one for one in log.all(*OPENED) if [one] != mine and one < at]
    if others and log.draw.random() < 0.5:
        log[at]["cites"]["engagement"] = [log.draw.choice(others)]
    return at


@breaks(4, "is not an office of the policy in force")
def an_ask_to_an_office_that_there_is_not(log):
    at = log.pick("ask.recommended", "ask.questioned")
    log[at]["data"]["office"] = f"nobody-{log.draw.randint(1, 999)}/manager"
    log[at]["cites"].pop("list", None)
    return at


@breaks(4, "is late by|is not late yet")
def a_silence_of_other_days(log):
    at = log.pick("ask.silent")
    log[at]["data"]["days"] += log.draw.randint(1, 300)
    return at


@breaks(4, "the answer is owed by")
def a_silence_of_another_office(log):
    at = log.pick(*CLOCK)
    log[at]["data"]["office"] = log.other_unit(log[at]["data"]["office"].split("/")[0])
    return at


@breaks(4, "the stage is silence-1")
def words_of_the_clock(log):
    at = log.pick("ask.silent", "vacancy.late")
    log[at]["data"]["stage"] = log.draw.choice(["shame", "silence", "silence-0", "quarter-x", "city-is-lazy"])
    return at


@breaks(4, "this silence is told already")
def a_silence_told_twice(log):
    at = log.pick("ask.silent")
    log.cut(at + 1)
    return log.again(at)


@breaks(4, "is not late yet")
def a_silence_before_its_day(log):
    ask = log.pick(
        *ASKS,
        where=lambda one: (
            one["data"]["answer_due"] >= log[-1]["date"]
            and not log.citing(log.entries.index(one), "answer.given")
        ),
    )
    data = {"office": log.office_of(ask), "days": log.draw.randint(1, 9), "stage": "silence-1"}
    return log.add("ask.silent", ["clock"], data, {"ask": [ask]})


@breaks(4, "this has its answer")
def a_silence_about_an_answer(log):
    ask = log[log.pick("answer.given", where=lambda one: one["data"]["decision"] in FINAL)]["cites"]["ask"][0]
    data = {"office": log.office_of(ask), "days": 9, "stage": "silence-1"}
    return log.add("ask.silent", ["clock"], data, {"ask": [ask]})


@breaks(4, "says yes, and no commitment follows")
def a_yes_without_a_commitment(log):
    at = log.pick("commitment.made")
    yes = log[at]["cites"]["answer"][0]
    log.cut(yes + 1)
    if log.draw.random() < 0.5:
        log.again(log.pick("answer.given"))
    return yes


@breaks(4, "the bureau that said yes commits to it")
def a_commitment_by_another_unit(log):
    at = log.pick("commitment.made")
    log[at]["by"] = [log.other_unit(log[at]["by"][0].split("/")[0])]
    return at


@breaks(4, "a milestone lies more than|before today")
def a_milestone_in_a_far_or_past_year(log):
    at = log.pick("commitment.made")
    year = log.draw.choice([log.draw.randint(2045, 9999), log.draw.randint(1990, 2020)])
    log.draw.choice(log[at]["data"]["milestones"])["due"] = f"{year}-05-01"
    return at


@breaks(4, "a milestone is not called links")
def a_milestone_that_nobody_may_say_in_another_language(log):
    at = log.pick("commitment.made")
    one = log.draw.choice(log[at]["data"]["milestones"])
    log[at]["texts"]["links"] = log[at]["texts"].pop(one["id"]) | {"lang": "zxx"}
    one["id"] = "links"
    return at


@breaks(4, "a milestone has no words")
def a_milestone_without_words(log):
    at = log.pick("commitment.made")
    del log[at]["texts"][log.draw.choice(log[at]["data"]["milestones"])["id"]]
    return at


def contested(log: Forged, answer: int, on: str) -> int:
    return log.add(
        "answer.contested",
        [log.seats()[0]],
        {"reply_due": day_after(on, log.policy()["clocks"]["reply_days"])},
        {"answer": [answer]},
        texts=("contest",),
        on=on,
    )


@breaks(4, "was contested once")
def a_second_contest(log):
    at = log.pick("answer.contested")
    log.cut(at + 1)
    return log.again(at)


@breaks(4, "a later answer took the place")
def a_contest_of_a_not_yet_that_another_answer_followed(log):
    ask = log.owed()
    office, today = log.manager(unit_of(log, ask)), log[-1]["date"]
    answer = answered(log, ask, [office], "deferred", until=day_after(today, log.draw.randint(9, 300)))
    answered(log, ask, [office])
    return contested(log, answer, today)


@breaks(4, "a later answer took the place")
def a_silence_about_a_contest_of_a_not_yet_that_another_answer_followed(log):
    ask = log.owed()
    office, today = log.manager(unit_of(log, ask)), log[-1]["date"]
    answer = answered(log, ask, [office], "deferred", until=day_after(today, log.draw.randint(9, 300)))
    due = day_after(today, log.policy()["clocks"]["reply_days"])
    contest = contested(log, answer, today)
    answered(log, ask, [office])
    data, on = {"office": office}, day_after(due, log.draw.randint(1, 60))
    return log.add("contest.silent", ["clock"], data, {"contest": [contest]}, on=on)


@breaks(4, "can be contested until")
def a_contest_after_its_days(log):
    at = log.pick(
        "answer.given", where=lambda one: not log.citing(log.entries.index(one), "answer.contested")
    )
    on = day_after(max(log[at]["date"], log[-1]["date"]), 31 + log.draw.randint(0, 60))
    return contested(log, at, on)


SOONER = "the rules give this office until"


@breaks(4, f"the reply is due by|{SOONER}")
def a_contest_with_another_clock(log):
    at = log.pick("answer.contested")
    off = log.draw.choice([log.draw.randint(31, 3000), log.draw.randint(-300, 29)])
    log[at]["data"]["reply_due"] = day_after(log[at]["date"], off)
    return at


@breaks(4, "signs this with an office that signs for it|only that bureau may write it")
def a_reply_that_another_office_signed(log):
    at = log.pick("contest.replied")
    unit = log[at]["by"][0].split("/")[0]
    who = log.draw.choice([log.other_unit(unit), log.junior(unit)])
    log[at]["by"], log[at]["data"]["signed_off"] = [who], who
    return at


@breaks(
    4,
    f"a question is raised to another office|a question is raised to the office above|the reply is due by|{SOONER}",
)
def a_question_raised_to_nobody(log):
    at = log.pick("ask.raised")
    way = log.draw.randrange(4)
    if way == 0:
        log[at]["data"]["to"] = log[at]["data"]["office"]
    elif way == 3:
        owes = log[at]["data"]["office"].split("/")[0]
        others = [log.junior(owes), *log.policy()["signing"]]
        log[at]["data"]["to"] = log.draw.choice([one for one in others if one != log.policy()["escalate_to"]])
    else:
        off = log.draw.randint(-9, 29) if way == 1 else 400
        log[at]["data"]["reply_due"] = day_after(log[at]["date"], off)
    return at


# Lateness that is hushed up: what was due is done late, and the silence in between is not on the record


def late_day(log: Forged, due: str, office: str) -> str:
    """Draw a day on which the silence about what an office owed must be on the record."""
    unit = office.split("/")[0]
    agreed = log.all("learning.agreed", lambda one: one["data"]["unit"] == unit)
    learns = [log[one]["data"]["until"] for one in agreed]
    return day_after(max(due, log[-1]["date"], *learns), 2 + log.draw.randint(0, 200))


def never_late(log: Forged) -> int:
    """Draw an ask of which nothing was told, moved or answered."""
    moved = ("answer.given", "ask.raised", "ask.silent", "ask.extended", "ask.transferred")
    return log.pick(
        *ASKS, where=lambda one: not any(log.citing(log.entries.index(one), kind) for kind in moved)
    )


HUSHED = "and no entry before this one says that"


def ask_and_day(log: Forged) -> tuple[int, list[str], str]:
    """Draw an ask that is not late yet, the manager who signs for its unit, and a day on which it is."""
    ask = never_late(log)
    office = log.office_of(ask)
    return ask, [log.manager(office.split("/")[0])], late_day(log, log[ask]["data"]["answer_due"], office)


@breaks(4, HUSHED)
def a_late_answer_as_if_it_came_in_time(log):
    ask, by, on = ask_and_day(log)
    more = log.draw.choice([{}, {"decision": "deferred", "until": day_after(on, 20)}])
    data = {"decision": "declined", "signed_off": by[0]} | more
    return log.add("answer.given", by, data, {"ask": [ask]}, texts=("reasons",), on=on)


@breaks(4, HUSHED)
def more_time_taken_after_the_day(log):
    ask, by, on = ask_and_day(log)
    until = day_after(on, log.draw.randint(1, 90))
    return log.add("ask.extended", by, {"until": until}, {"ask": [ask]}, texts=("reason",), on=on)


def bureau(log: Forged, unit: str) -> str:
    """Give the bureau of a unit."""
    within = {one["unit"]: one["within"] for one in log.policy()["within"]}
    while unit in within:
        unit = within[unit]
    return unit


def bureau_that_learns(log: Forged, *others: str) -> str:
    """Let a bureau that was asked nothing, and is none of these, learn from now on; give the office that signs for it."""
    busy = {
        bureau(log, log[one]["data"]["office"].split("/")[0])
        for kind in (*ASKS, "ask.transferred", "commitment.made")
        for one in log.all(kind)
    }
    busy |= {bureau(log, log[one]["data"]["to"].split("/")[0]) for one in log.all("ask.raised")}
    busy |= {bureau(log, log[one]["data"]["unit"]) for one in log.all("learning.asked")}
    office = log.draw.choice(
        [one for one in log.policy()["signing"] if bureau(log, one.split("/")[0]) not in {*busy, *others}]
    )
    unit = office.split("/")[0]
    asked = log.add("learning.asked", [office], {"unit": unit})
    until = day_after(log[-1]["date"], 90)
    lead = log.draw.choice(free_of(log, unit))
    log.add("learning.agreed", [lead], {"unit": unit, "until": until}, {"asked": [asked]})
    return office


def free_of(log: Forged, unit: str) -> list[str]:
    """List the seats that nobody of a unit's bureau ever paid or employed."""
    told = [log[one]["data"] for kind in ("seat.taken", "seat.declared") for one in log.all(kind)]
    ties = [(one["seat"], one[name]) for one in told for name in ("paid_by", "works_for") if name in one]
    bound = {seat for seat, by in ties if bureau(log, by) == bureau(log, unit)}
    return [one for one in log.seats() if one not in bound]


def bound_to(log: Forged, unit: str) -> str:
    """Let a unit pay or employ a lead from now on; give the seat."""
    seat, name = log.draw.choice(log.seats()), log.draw.choice(["paid_by", "works_for"])
    log.add("seat.declared", [seat if name == "works_for" else "steward"], {"seat": seat, name: unit})
    return seat


STANDS_BESIDE = "does not stand for the community beside it"


@breaks(4, f"{STANDS_BESIDE}|a learning period ends by")
def a_learning_period_that_a_lead_gives_whom_the_bureau_pays(log):
    busy = {bureau(log, log[one]["data"]["unit"]) for one in log.all("learning.asked")}
    office = log.draw.choice(
        [one for one in log.policy()["signing"] if bureau(log, one.split("/")[0]) not in busy]
    )
    unit = office.split("/")[0]
    seat = bound_to(log, unit)
    asked = log.add("learning.asked", [office], {"unit": unit})
    if log.draw.random() < 0.5:  # unsaid for a day
        told = {"seat": seat, "paid_by": "outside"}
        log.add("seat.declared", ["steward"], told)
        log.add("seat.declared", [seat], {"seat": seat, "works_for": "outside"})
    data = {"unit": unit, "until": log[-1]["date"]}
    return log.add("learning.agreed", [seat], data, {"asked": [asked]})


@breaks(3, STANDS_BESIDE)
def a_take_down_by_a_unit_and_a_lead_whom_it_pays(log):
    of = log.pick("finding.published")
    office = log.draw.choice(log.policy()["signing"])
    by = [bound_to(log, office.split("/")[0]), office]
    sha256 = log[of]["texts"]["statement"]["sha256"]
    return log.add("text.erased", by, {"sha256": sha256}, {"of": [of]}, texts=["ground"])


@breaks(8, STANDS_BESIDE)
def a_day_that_a_unit_and_a_lead_whom_it_pays_agree_on(log):
    office = log.draw.choice(log.policy()["signing"])
    by, day = [bound_to(log, office.split("/")[0]), office], log[-1]["date"]
    if log.draw.random() < 0.5:
        return log.add("record.resumed", by, {"kept": len(log.entries)}, texts=["reason"])
    return log.add("clock.agreed", by, {"from": day, "until": day_after(day, 9)}, on=day_after(day, 9))


@breaks(7, "another lead closes this")
def a_close_by_the_one_lead_whom_the_unit_pays(log):
    promise = log.pick(
        "engagement.promised",
        where=lambda one: "unit" in one["data"] and one["data"]["closes"] < log[-1]["date"],
    )
    for one in log.citing(promise, "engagement.closed"):
        log.cut(one)
    for one in log.citing(promise, "report.published"):
        log.cut(one)
    unit, languages = log[promise]["data"]["unit"], log[promise]["data"]["languages"]
    free = {
        log[at]["data"]["seat"]
        for kind in ("seat.taken", "seat.declared")
        for at in log.all(kind, lambda one: one["data"].get("paid_by") == "outside")
    }
    seat, cites = log.draw.choice(sorted(free & set(log.seats()))), {"engagement": [promise]}
    report = log.add("report.published", [seat], {"languages": languages}, cites, texts=languages)
    log.add("seat.declared", [seat], {"seat": seat, log.draw.choice(["paid_by", "works_for"]): unit})
    return log.add("engagement.closed", [seat], {}, cites | {"report": [report]})


@breaks(4, HUSHED)
def an_ask_handed_to_a_bureau_that_learns_and_answered_late(log):
    ask = never_late(log)
    by, due = [log.manager(unit_of(log, ask))], log[ask]["data"]["answer_due"]
    office = bureau_that_learns(log, bureau(log, unit_of(log, ask)))
    log.add("ask.transferred", by, {"office": office}, {"ask": [ask]}, texts=("reason",))
    on = day_after(max(due, log[-1]["date"]), 2 + log.draw.randint(0, 20))
    data = {"decision": "declined", "signed_off": office}
    return log.add("answer.given", [office], data, {"ask": [ask]}, texts=("reasons",), on=on)


@breaks(4, "a bureau has one learning period|it is for the first days of a bureau")
def a_new_unit_of_an_old_bureau_that_learns_anew(log):
    rules = log.policy()
    above = log.draw.choice([log[one]["data"]["office"].split("/")[0] for one in log.all("ask.recommended")])
    offices, signing = ([*rules[one], "new-office/manager"] for one in ("offices", "signing"))
    within = [*rules["within"], {"unit": "new-office", "within": above}]
    log.add("policy.adopted", ["steward"], rules | {"offices": offices, "signing": signing, "within": within})
    asked = log.add("learning.asked", ["new-office/manager"], {"unit": "new-office"})
    data = {"unit": "new-office", "until": day_after(log[-1]["date"], 90)}
    return log.add("learning.agreed", [log.draw.choice(log.seats())], data, {"asked": [asked]})


@breaks(4, HUSHED)
def an_ask_handed_on_after_the_day(log):
    ask, by, on = ask_and_day(log)
    to = log.other_unit(unit_of(log, ask))
    return log.add("ask.transferred", by, {"office": to}, {"ask": [ask]}, texts=("reason",), on=on)


@breaks(4, "take more time first, then hand it on")
def an_ask_handed_on_in_its_last_days(log):
    ask, by, _late = ask_and_day(log)
    last = log[ask]["data"]["answer_due"]
    on = max(log[-1]["date"], day_after(last, -log.draw.randint(0, 3)))
    to = log.other_unit(unit_of(log, ask))
    return log.add("ask.transferred", by, {"office": to}, {"ask": [ask]}, texts=("reason",), on=on)


@breaks(4, HUSHED)
def a_second_lateness_under_the_silence_of_the_first(log):
    at = log.pick(
        "ask.silent",
        where=lambda one: (
            not any(log.citing(one["cites"]["ask"][0], kind) for kind in ("answer.given", "ask.raised"))
        ),
    )
    ask, office = log[at]["cites"]["ask"][0], log[at]["data"]["office"]
    log.cut(at + 1)
    by, until = [log.manager(office.split("/")[0])], day_after(log[-1]["date"], log.draw.randint(1, 60))
    log.add("ask.extended", by, {"until": until}, {"ask": [ask]}, texts=("reason",))
    data = {"decision": "declined", "signed_off": by[0]}
    return log.add(
        "answer.given", by, data, {"ask": [ask]}, texts=("reasons",), on=late_day(log, until, office)
    )


@breaks(4, HUSHED)
def a_late_reply_to_a_contest_as_if_it_came_in_time(log):
    contest = log.pick("answer.contested")
    log.cut(contest + 1)
    (office, *_more) = log[log[contest]["cites"]["answer"][0]]["by"]
    on = late_day(log, log[contest]["data"]["reply_due"], office)
    data = {"decision": "stands", "signed_off": log.manager(office.split("/")[0])}
    return log.add(
        "contest.replied", [data["signed_off"]], data, {"contest": [contest]}, texts=("reply",), on=on
    )


@breaks(4, HUSHED)
def a_late_reply_above_as_if_it_came_in_time(log):
    raised = log.pick("ask.raised")
    log.cut(raised + 1)
    above = log[raised]["data"]["to"]
    on = late_day(log, log[raised]["data"]["reply_due"], above)
    data, by = {"decision": log.draw.choice(["stands", "told"])}, [log.manager(above.split("/")[0])]
    return log.add("raise.replied", by, data, {"raise": [raised]}, texts=("reply",), on=on)


@breaks(4, HUSHED)
def a_late_delivery_as_if_it_came_in_time(log):
    made = log.pick("commitment.made")
    log.cut(made + 1)
    office, one = log[made]["data"]["office"], log.draw.choice(log[made]["data"]["milestones"])
    on = late_day(log, one["due"], office)
    return log.add(
        "delivery.claimed",
        [office],
        {"milestone": one["id"]},
        {"commitment": [made]},
        texts=("claim",),
        on=on,
    )


# What the clock should have told is left out: another entry stands in its place, and the record goes on


def left_out(log: Forged, at: int) -> int:
    """Put a meeting in the place of what the clock told; give what it told of."""
    (about,) = next(iter(log[at]["cites"].values()))
    cohort = log.pick("cohort.seated")
    data = {"meeting": f"m{at}", "cohort": log[cohort]["data"]["cohort"], "on": log[at]["date"]}
    texts = {"title": said(), "agenda": said()}
    log.entries[at] |= {
        "kind": "meeting.planned",
        "pen": "program",
        "by": ["steward"],
        "data": data,
        "texts": texts,
    }
    log[at]["cites"] = {"cohort": [cohort]}
    return about


def told_last(log: Forged, kind: str) -> int:
    """Draw what the clock told last of something that nobody has done yet."""
    last: dict[tuple[int, str], int] = {}
    for at, one in enumerate(log.entries):
        about = [
            (index, one["data"].get("milestone", "")) for cited in one["cites"].values() for index in cited
        ]
        if one["kind"] == kind:
            last[about[0]] = at
        elif one["kind"] in {"answer.given", "seat.taken", "delivery.claimed"}:
            for each in about:
                last.pop(each, None)
    if not last:
        raise NothingHereError(kind)
    return log.draw.choice(sorted(last.values()))


@breaks(4, "and no entry from .* on says that none came so far")
def a_later_silence_that_is_left_out(log):
    return left_out(log, told_last(log, log.draw.choice(["ask.silent", "commitment.late"])))


@breaks(4, "no entry says that the office above was told")
def an_office_above_that_never_hears(log):
    return left_out(log, told_last(log, "ask.escalated"))


@breaks(4, "leaves a seat empty")
def an_empty_seat_that_is_left_out(log):
    return left_out(log, told_last(log, "vacancy.late"))


@breaks(4, "asks leads for help")
def an_invitation_that_nobody_took_and_nobody_tells_of(log):
    return left_out(log, told_last(log, "invitation.unanswered"))


@breaks(4, "That the intake has ended is not on the record")
def an_intake_whose_end_is_left_out(log):
    at = log.pick("voices.closed")
    for over in ended_after(log, log[at])[:1]:
        log.cut(over)
    return left_out(log, at)


def ended_after(log: Forged, ended: Value) -> list[int]:
    """List what closed the engagement whose intake ended, or destroyed its key."""
    (promise,) = ended["cites"]["engagement"]
    return sorted([*log.citing(promise, "engagement.closed"), *log.citing(promise, "key.destroyed")])


@breaks(2, "the last voices are not on the public log yet")
def an_engagement_that_is_over_before_its_last_voices(log):
    at = log.pick("voices.closed", where=lambda one: bool(ended_after(log, one)))
    (first, *_later) = ended_after(log, log[at])
    left_out(log, at)
    return first


@breaks(4, "a learning period ends by")
def a_learning_period_of_an_office_that_was_raised_to_long_ago(log):
    at = log.pick("ask.raised")
    unit = log[at]["data"]["to"].split("/")[0]
    office = log.manager(unit)
    asked = log.add("learning.asked", [office], {"unit": unit}, on=day_after(log[-1]["date"], 100))
    until = day_after(log[-1]["date"], log.draw.randint(0, 90))
    lead = log.draw.choice(free_of(log, unit))
    return log.add("learning.agreed", [lead], {"unit": unit, "until": until}, {"asked": [asked]})


# --- Promise 5: kept means verified -----------------------------------------------------------------------------------


def checked(log: Forged) -> int:
    return log.pick("delivery.verified", "delivery.disputed")


@breaks(5, "checked by two leads and by no office|does not write entries of this kind")
def a_check_by_one_lead_or_with_an_office(log):
    at = checked(log)
    log[at]["by"] = [
        log[at]["by"][0],
        *([log.draw.choice(log.policy()["offices"])] if log.draw.random() < 0.5 else []),
    ]
    return at


def tie_of(log: Forged, at: int) -> tuple[str, str]:
    """Draw a seat that checked, and the unit whose claim it was."""
    claim = log[log[at]["cites"]["claim"][0]]
    seats = [one for one in log[at]["by"] if one.startswith("seat-")]
    return log.draw.choice(seats), claim["by"][0].split("/")[0]


@breaks(5, "was paid or employed by .* since this was promised")
def a_check_by_whom_the_bureau_paid_or_employed_until_the_day_before(log):
    at = checked(log)
    (seat, unit), check = tie_of(log, at), log[at]
    name = log.draw.choice(["paid_by", "works_for"])
    only_kept = name == "paid_by" and check["kind"] == "delivery.verified" and log.draw.random() < 0.5
    by = "steward" if only_kept else seat
    log.cut(at)
    for one in (unit, log.draw.choice(["outside", "nobody"])):
        log.add("seat.declared", [by], {"seat": seat, name: one})
    log.entries.append({**check, "v": VERSION})
    return len(log.entries) - 1


@breaks(5, "checked by two leads and by no office")
def a_check_by_the_body_alone_where_the_steward_alone_silenced_the_leads(log):
    at = checked(log)
    check, unit, body = log[at], tie_of(log, at)[1], "neighbors-union/desk"
    log.cut(at)
    seats = log.seats()
    log.add("policy.adopted", ["steward", *seats], log.policy() | {"body": body})
    hears = [one["data"]["appeals_to"] for one in log.entries if one["kind"] == "charter.adopted"]
    hears = hears[-1:] or log.policy()["offices"][:1]
    removed = {"ground": "absent", "appeal_to": hears[0], "appeal_by": day_after(log[-1]["date"], 30)}
    does = {"seat.declared": {"paid_by": unit}, "seat.removed": removed}
    how = log.draw.choice(list(does))
    for seat in seats:
        log.add(how, ["steward"], {"seat": seat, **does[how]})
    log.entries.append({**check, "v": VERSION, "by": [body]})
    return len(log.entries) - 1


@breaks(4, "another lead does this")
def what_leads_say_once_of_an_answer_by_a_lead_whom_the_bureau_pays(log):
    kinds = ("answer.contested", "answer.unreasoned", "ask.raised", "ask.clarified", "report.published")
    at = log.pick(*kinds, where=lambda one: "unit" in asked_of(log, one))
    one = log[at]
    unit, seat = asked_of(log, one)["unit"], one["by"][0]
    log.cut(at)
    name = log.draw.choice(["paid_by", "works_for"])
    for said in (unit, log.draw.choice(["outside", "nobody"]))[: log.draw.randint(1, 2)]:
        log.add("seat.declared", [seat], {"seat": seat, name: said})
    log.entries.append({**one, "v": VERSION})
    return len(log.entries) - 1


def asked_of(log: Forged, one: Value) -> Value:
    """Give the unit of what leads write about: that was asked, or that promised the engagement; nothing where none did."""
    if one["kind"] == "report.published":
        promise = log[one["cites"]["engagement"][0]]["data"]
        return {"unit": promise["unit"]} if "unit" in promise else {}
    while not one["kind"].startswith("ask.") or "ask" in one["cites"]:
        one = log[one["cites"].get("ask", one["cites"].get("answer"))[0]]
    return {"unit": one["data"]["office"].split("/")[0]}


@breaks(4, "each lead does it once, and alone|has its reply")
def a_contest_that_a_lead_joins_twice_or_too_late(log):
    at = log.pick("answer.contested")
    others = [one for one in log.seats() if one not in log[at]["by"]]
    if log.citing(at, "contest.replied") and log.draw.random() < 0.5:
        return log.add("contest.joined", [others[0]], {}, {"contest": [at]}, texts=("contest",))
    reply = [*log.citing(at, "contest.replied"), *log.citing(at, "contest.silent")]
    log.cut(min(reply, default=len(log.entries)))
    if log.draw.random() < 0.5:
        return log.add("contest.joined", log[at]["by"], {}, {"contest": [at]}, texts=("contest",))
    log.add("contest.joined", [others[0]], {}, {"contest": [at]}, texts=("contest",))
    return log.add("contest.joined", [others[0]], {}, {"contest": [at]}, texts=("contest",))


@breaks(1, "worked for .* since this was begun and cannot sign with it")
def a_job_unsaid_for_a_day_to_sign_with_that_bureau(log):
    promise = standing_promise(log)
    by = log[promise]["by"]
    seat, unit = next(one for one in by if one.startswith("seat-")), log[promise]["data"]["unit"]
    for one in (unit, log.draw.choice(["outside", "nobody"])):
        log.add("seat.declared", [seat], {"seat": seat, "works_for": one})
    return corrected(log, promise, "title")


@breaks(
    5,
    "only the lead of a place says for whom they also work|a lead says who pays their own place, and no other",
)
def a_tie_that_somebody_else_unsays(log):
    seat, other = log.draw.sample(log.seats(), 2)
    unit = log.policy()["offices"][0].split("/")[0]
    told, by = log.draw.choice([("works_for", "steward"), ("works_for", other), ("paid_by", other)])
    return log.add("seat.declared", [by], {"seat": seat, told: log.draw.choice([unit, "nobody"])})


@breaks(5, "is no bureau of the policy in force")
def a_tie_to_a_unit_that_is_none(log):
    unit = f"{log.policy()['offices'][0].split('/')[0]}-{log.draw.randrange(100)}"
    if log.draw.random() < 0.5:
        at = log.pick("seat.taken")
        log[at]["data"]["paid_by"] = unit
        return at
    seat = log.draw.choice(log.seats())
    by, told = log.draw.choice([(seat, "works_for"), ("steward", "paid_by")])
    return log.add("seat.declared", [by], {"seat": seat, told: unit})


@breaks(5, "the claim is about another milestone")
def a_check_of_another_milestone(log):
    at = checked(log)
    log[at]["data"]["milestone"] = f"m{log.draw.randint(50, 99)}"
    return at


@breaks(5, "this claim is checked already")
def a_second_check(log):
    at = checked(log)
    log.cut(at + 1)
    return log.again(at)


@breaks(5, "must be one of")
def a_verdict_that_contradicts_its_words(log):
    at = checked(log)
    kept = log[at]["kind"] == "delivery.verified"
    log[at]["data"]["completion"] = log.draw.choice(
        ["limited", "not_started"] if kept else ["complete", "substantial"]
    )
    return at


@breaks(5, "only that bureau claims its delivery")
def a_claim_by_another_unit(log):
    at = log.pick("delivery.claimed")
    log[at]["by"] = [log.other_unit(log[at]["by"][0].split("/")[0])]
    return at


@breaks(5, "this is claimed already")
def a_claim_over_one_that_waits(log):
    at = log.pick("delivery.claimed")
    log.cut(at + 1)
    return log.again(at)


@breaks(
    5,
    "this milestone is claimed|told late only after its day|has no such milestone|another office promised this",
)
def a_delay_that_is_none(log):
    at = log.pick("delivery.claimed")
    commitment = log[at]["cites"]["commitment"][0]
    due = next(
        one["due"]
        for one in log[commitment]["data"]["milestones"]
        if one["id"] == log[at]["data"]["milestone"]
    )
    log.cut(at + 1)
    on = day_after(max(due, log[-1]["date"]), log.draw.randint(1, 90))
    late = (date.fromisoformat(on) - date.fromisoformat(due)).days
    office = log.draw.choice([log[commitment]["data"]["office"], log.policy()["offices"][0]])
    data = {
        "milestone": log[at]["data"]["milestone"],
        "office": office,
        "days": late + log.draw.choice([0, 0, 3]),
        "stage": "silence-1",
    }
    return log.add("commitment.late", ["clock"], data, {"commitment": [commitment]}, on=on)


@breaks(5, "the days to check this claim are not over|this claim is checked")
def a_claim_called_unchecked(log):
    check = checked(log)
    claim = log[check]["cites"]["claim"][0]
    data = {"milestone": log[claim]["data"]["milestone"], "nobody_seated": "no"}
    on = day_after(log[-1]["date"], log.draw.choice([0, 400]))
    return log.add("delivery.unchecked", ["clock"], data, {"claim": [claim]}, on=on)


# --- Promise 6: both sign ---------------------------------------------------------------------------------------------


@breaks(6, "this side has signed this version")
def one_side_signs_for_both(log):
    at = log.pick("workplan.proposed", where=lambda one: one["by"][0].startswith("seat-"))
    log.cut(at + 1)
    data = {"workplan": log[at]["data"]["workplan"], "plan": log[at]["texts"]["plan"]["sha256"]}
    return log.add("workplan.signed", [log.draw.choice(log.seats())], data, {"version": [at]})


@breaks(6, "these are not the words of the version")
def a_signature_over_other_words(log):
    at = log.pick("workplan.signed")
    log[at]["data"]["plan"] = f"{log.draw.getrandbits(256):064x}"
    return at


@breaks(6, "signs this with an office that signs for it")
def a_workplan_that_junior_staff_signed(log):
    at = log.pick("workplan.signed", where=lambda one: "/" in one["by"][0])
    log[at]["by"] = [log.junior(log[at]["by"][0].split("/")[0])]
    return at


@breaks(6, "only the leads of the cohort and the bureaus of the plan")
def a_workplan_that_another_unit_signed(log):
    at = log.pick("workplan.signed", where=lambda one: "/" in one["by"][0])
    log[at]["by"] = [log.other_unit(log[at]["by"][0].split("/")[0])]
    return at


@breaks(6, "keeps its cohort and its bureaus")
def a_version_that_leaves_out_a_side(log):
    at = log.pick("workplan.proposed")
    more = {
        "version": log[at]["data"]["version"] + 1,
        "units": [log.other_unit(log[at]["data"]["units"][0]).split("/")[0]],
    }
    one = log.again(at, **more)
    log[one]["cites"]["before"] = [at]
    return one


@breaks(6, "the next version is number")
def a_version_that_was_never_there(log):
    at = log.pick("workplan.proposed")
    log[at]["data"]["version"] += log.draw.randint(1, 50)
    return at


@breaks(6, "both sides have not signed this version")
def progress_of_a_plan_that_one_side_signed(log):
    at = log.pick(
        "workplan.proposed", where=lambda one: not log.citing(log.entries.index(one), "workplan.signed")
    )
    activity = log.draw.choice(log[at]["data"]["activities"])
    data = {
        "workplan": log[at]["data"]["workplan"],
        "activity": activity,
        "completion": "not_started",
        "on": log[-1]["date"],
    }
    return log.add("workplan.progressed", list(log[at]["by"]), data, {"version": [at]})


@breaks(6, "this side has said it for this quarter")
def a_level_that_one_side_said_twice(log):
    return log.again(log.pick("project.assessed", "workplan.assessed"))


@breaks(6, "this quarter is not over")
def a_level_of_a_quarter_that_is_not_over(log):
    at = log.pick("project.assessed", "workplan.assessed")
    log[at]["data"]["quarter"] = quarter_of(date.fromisoformat(log[at]["date"]))
    return at


# --- Promise 7: everyone hears back -----------------------------------------------------------------------------------


@breaks(7, "people can speak to")
def a_report_back_while_people_can_speak(log):
    promise = log.pick("engagement.promised", where=lambda one: one["data"]["closes"] >= log[-1]["date"])
    languages = log[promise]["data"]["languages"]
    lead = log.draw.choice(log.seats())
    return log.add(
        "report.published", [lead], {"languages": languages}, {"engagement": [promise]}, texts=languages
    )


@breaks(7, "the report-back belongs to another engagement")
def a_close_with_another_report(log):
    report = log.pick("report.published")
    promise = standing_promise(log)
    return log.add("engagement.closed", log.seats()[:1], {}, {"engagement": [promise], "report": [report]})


@breaks(7, "the report-back lacks|needs its own words")
def a_report_that_lacks_a_language(log):
    at = log.pick("report.published")
    gone = log.draw.choice(log[at]["data"]["languages"])
    del log[at]["texts"][gone]
    if log.draw.random() < 0.5:
        log[at]["data"]["languages"].remove(gone)
    return at


@breaks(7, "people have heard back already")
def a_second_report(log):
    at = log.pick("report.published")
    log.cut(at + 1)
    return log.again(at)


@breaks(7, "covers what is of another engagement")
def a_report_that_covers_another_engagement(log):
    promise = standing_promise(log)
    languages = log[promise]["data"]["languages"]
    cites = {"engagement": [promise], "covers": [log.pick("finding.published", "ask.recommended")]}
    return log.add("report.published", log.seats()[:1], {"languages": languages}, cites, texts=languages)


@breaks(7, "this engagement is closed")
def a_second_close(log):
    return log.again(log.pick("engagement.closed"))


# --- Promise 8: nothing is rewritten ----------------------------------------------------------------------------------


def open_decision(log: Forged) -> int:
    """Draw a decision that was not made."""
    made = {log[one]["cites"]["decision"][0] for one in log.all("decision.made")}
    return log.draw.choice([one for one in log.all("decision.scheduled") if one not in made])


def told_of_decision(log: Forged, at: int, kind: str, on: str, by: str = "") -> int:
    """Move a decision, or tell that it was made, by an office of its project's unit or by another."""
    unit = log[log[at]["cites"]["project"][0]]["data"]["unit"]
    own = [one for one in log.policy()["offices"] if one.split("/")[0] == unit]
    name = {"decision.moved": "reason", "decision.made": "outcome"}[kind]
    data = {"decision": log[at]["data"]["decision"], "on": on}
    return log.add(kind, [by or log.draw.choice(own)], data, {"decision": [at]}, texts=[name])


@breaks(1, "gives it a day and tells what was decided")
def a_decision_that_another_unit_moves_or_makes(log):
    at = open_decision(log)
    units = {log[log[at]["cites"]["project"][0]]["data"]["unit"], log[at]["data"]["office"].split("/")[0]}
    others = [one for one in log.policy()["offices"] if one.split("/")[0] not in units]
    kind, today = log.draw.choice(["decision.moved", "decision.made"]), log[-1]["date"]
    return told_of_decision(log, at, kind, today, log.draw.choice(others))


@breaks(1, "gives it a day and tells what was decided")
def a_decision_that_another_unit_schedules(log):
    at = log.pick("decision.scheduled")
    units = {log[log[at]["cites"]["project"][0]]["data"]["unit"], log[at]["data"]["office"].split("/")[0]}
    log[at]["by"] = [
        log.draw.choice([one for one in log.policy()["offices"] if one.split("/")[0] not in units])
    ]
    return at


@breaks(6, "the bureau of a project says what it is|is no bureau of the policy in force")
def a_project_in_the_name_of_another_bureau(log):
    at = log.pick("project.registered", "project.described")
    told = log[at]["cites"]["project"][0] if log[at]["kind"] == "project.described" else at
    others = [one for one in log.policy()["offices"] if one.split("/")[0] != log[told]["data"]["unit"]]
    if told == at and log.draw.random() < 0.5:
        log[at]["data"]["unit"] = "nobody-there"
    else:
        log[at]["by"] = [log.draw.choice(others)]
    return at


@breaks(1, "is moved to a day from today on|within ten years|is not told as made before")
def a_decision_in_a_year_that_nobody_meant(log):
    at, today = open_decision(log), log[-1]["date"]
    if log.draw.random() < 0.4:
        return told_of_decision(log, at, "decision.made", log.draw.choice(["2001-01-01", "2025-12-31"]))
    far = [day_after(today, -1), "2001-01-01", "9998-01-01", day_after(today, 3700)]
    return told_of_decision(log, at, "decision.moved", log.draw.choice(far))


@breaks(1, "within ten years")
def a_decision_that_is_scheduled_for_a_far_year(log):
    at = log.pick("decision.scheduled")
    log[at]["data"]["on"] = log.draw.choice(["9998-01-01", day_after(log[at]["date"], 3700)])
    return at


NAMED = "Ana Lopez, 12 Elm Street"


@breaks(8, "data holds ground, which this kind does not know")
def a_ground_in_the_log_itself(log):
    said = {"ground": NAMED}
    kind = log.draw.choice(["hold.placed", "engagement.paused", "seat.suspended"])
    if kind == "seat.suspended":
        return log.add(kind, ["steward"], {"seat": log.draw.choice(log.seats()), **said}, texts=["ground"])
    cites = {"engagement": [standing_promise(log)]} if kind == "engagement.paused" else {}
    return log.add(kind, ["steward"], said, cites, texts=["ground"])


@breaks(8, "data holds (links|sources|link), which this kind does not know")
def an_address_in_the_log_itself(log):
    at = log.pick("delivery.claimed", "material.entered")
    name = {"delivery.claimed": "links", "material.entered": "link"}[log[at]["kind"]]
    log[at]["data"][name] = [NAMED] if name == "links" else f"https://city.example/?who={NAMED}"
    return at


@breaks(8, "holds no words of a language")
def links_that_are_said_to_be_words(log):
    at = log.pick("delivery.claimed")
    log[at]["texts"]["links"] = said()
    return at


@breaks(8, "addresses and sources are in no language")
def other_links_as_a_translation(log):
    at = log.pick("delivery.claimed")
    log[at]["texts"]["links"] = said("zxx")
    data = {"lang": "es", "reviewed": True, "made_by": "person"}
    by, cites = [log[at]["by"][0]], {"of": [at]}
    index = log.add("text.translated", by, data, cites)
    log[index]["texts"] = {"links": {"lang": "es", "sha256": "cd" * 32}}
    return index


@breaks(
    8,
    "must be the code of a language|must be the digits that its source gave|must be the name of a time zone",
)
def words_in_the_place_of_a_code(log):
    at = log.pick(
        "policy.adopted", "call.published", "lottery.drawn", "engagement.promised", "report.published"
    )
    data = log[at]["data"]
    if "seed" in data:
        data["seed"] = NAMED
    elif "time_zone" in data and log.draw.random() < 0.5:
        data["time_zone"] = NAMED
    else:
        data["languages"] = [*data["languages"], "Ana Lopez"]
    return at


@breaks(8, "the name of a text has 90 letters at most")
def a_text_whose_name_is_a_sentence(log):
    at = log.pick("commitment.made")
    log[at]["texts"]["ana-lopez-of-12-elm-street-" * 4 + "x"] = said()
    return at


@breaks(8, "before the entry in front of it")
def an_entry_that_is_dated_back(log):
    at = log.draw.randrange(2, len(log.entries))
    log[at]["date"] = day_after(log[at - 1]["date"], -log.draw.randint(1, 4000))
    return at


@breaks(8, "the version never falls")
def an_entry_in_an_older_grammar(log):
    at = log.pick("seat.taken", "ask.recommended", "voices.published", "key.certified")
    log[at]["v"] = 1
    return at


@breaks(8, "a link may look back, never forward")
def a_link_to_what_is_to_come(log):
    at = log.pick("ask.recommended", "voices.published", "seat.taken", "answer.given", "report.published")
    role = log.draw.choice(sorted(log[at]["cites"]))
    log[at]["cites"][role][0] = at + log.draw.randint(0, 3000)
    log[at]["cites"][role] = log[at]["cites"][role][:1]
    return at


@breaks(8, "which this kind does not know")
def words_in_the_log(log):
    at = log.draw.randrange(1, len(log.entries))
    log[at]["data"][log.draw.choice(["note", "name", "email"])] = "Ana"
    return at


@breaks(8, "words are never in the log")
def a_text_in_the_clear(log):
    at = log.pick("finding.published", "ask.recommended", "charter.adopted")
    log.draw.choice(list(log[at]["texts"].values()))["words"] = "Ana said this."
    return at


@breaks(8, "two roles take a text down together")
def a_text_that_one_role_took_down(log):
    of = log.pick("finding.published", "report.published", "engagement.promised")
    text = log.draw.choice(sorted(one["sha256"] for one in log[of]["texts"].values()))
    return log.add("text.erased", ["steward"], {"sha256": text}, {"of": [of]}, texts=["ground"])


@breaks(8, "a legal hold stands")
def a_text_taken_down_under_a_hold(log):
    of = log.pick("finding.published", "report.published", "engagement.promised")
    text = log.draw.choice(sorted(one["sha256"] for one in log[of]["texts"].values()))
    log.add("hold.placed", ["steward"], texts=["ground"])
    by = ["steward", log.draw.choice(log.seats()), log.manager(log.policy()["signing"][0].split("/")[0])]
    return log.add("text.erased", by, {"sha256": text}, {"of": [of]}, texts=["ground"])


@breaks(8, "has the hash of another one on the record")
def a_file_for_review_that_is_called_as_a_text(log):
    at = log.pick("material.entered", where=lambda one: "hash" in one["data"])
    texts = [text["sha256"] for one in log.entries[:at] for text in one["texts"].values()]
    log[at]["data"]["hash"] = log.draw.choice(texts)
    return at


@breaks(8, "an office of the bureau that wrote it takes it down")
def a_file_for_review_taken_down_without_its_unit(log):
    of = log.pick("material.entered", where=lambda one: "hash" in one["data"])
    by, sha256 = ["steward", log.draw.choice(log.seats())], log[of]["data"]["hash"]
    return log.add("text.erased", by, {"sha256": sha256}, {"of": [of]}, texts=["ground"])


@breaks(8, "holds no text with this hash")
def a_file_for_review_taken_down_in_the_name_of_another(log):
    of, other = log.draw.sample(log.all("material.entered", lambda one: "hash" in one["data"]), 2)
    by, sha256 = ["steward", log[of]["by"][0]], log[other]["data"]["hash"]
    return log.add("text.erased", by, {"sha256": sha256}, {"of": [of]}, texts=["ground"])


@breaks(8, "signs this with an office that signs for it")
def a_hold_by_junior_staff(log):
    junior = sorted(set(log.policy()["offices"]) - set(log.policy()["signing"]))
    return log.add("hold.placed", [log.draw.choice(junior)], texts=["ground"])


@breaks(8, "another bureau placed this hold|was lifted already")
def a_hold_lifted_twice_or_by_another_unit(log):
    unit = log.draw.choice(log.policy()["signing"]).split("/")[0]
    hold = log.add("hold.placed", [log.manager(unit)], texts=["ground"])
    who = log.draw.choice([log.manager(unit), log.other_unit(unit)])
    if who == log.manager(unit):
        log.add("hold.lifted", ["steward"], cites={"hold": [hold]})
    return log.add("hold.lifted", [who], cites={"hold": [hold]})


@breaks(8, "a program opens once|a log opens with")
def a_log_that_begins_twice(log):
    if log.draw.random() < 0.5:
        log.cut(0 + 1)
        del log.entries[0]
        log.entries.append(
            {
                "v": VERSION,
                "kind": "cohort.ended",
                "date": "2026-01-01",
                "pen": "program",
                "by": ["steward"],
                "data": {},
                "cites": {},
                "texts": {},
            }
        )
        return 0
    return log.again(0)


# --- The rules of the partnership -------------------------------------------------------------------------------------


@breaks(6, "these are not the words of the group agreement")
def a_signature_over_another_charter(log):
    at = log.pick("charter.signed")
    log[at]["data"]["hash"] = f"{log.draw.getrandbits(256):064x}"
    return at


@breaks(2, "a range of people begins at")
def a_small_group_told_as_a_range(log):
    at = log.pick("meeting.held", "selection.closed", "lottery.announced")
    names = {"people", "applications", "shortlisted", "tickets"} & set(log[at]["data"])
    low, k = log.draw.randint(1, 60), log.policy()["k"]
    high = max(1, low + log.draw.randint(-5, k - 2))
    log[at]["data"][log.draw.choice(sorted(names))] = {"low": low, "high": high}
    return at


@breaks(6, "the term ends before it begins")
def a_term_that_ends_before_it_begins(log):
    at = log.pick("cohort.seated", "seat.taken")
    log[at]["data"]["until"] = day_after(log[at]["data"]["from"], -log.draw.randint(1, 900))
    return at


@breaks(6, "the term of this cohort runs until|names another cohort than the one it cites")
def a_cohort_that_ended_before_its_term(log):
    at = log.pick("cohort.seated", where=lambda one: one["data"]["until"] >= log[-1]["date"])
    name = log.draw.choice([log[at]["data"]["cohort"], "another"])
    return log.add(
        "cohort.ended", [log.draw.choice(["steward", "clock"])], {"cohort": name}, {"cohort": [at]}
    )


@breaks(
    6,
    "names something twice|promise once|named once|each of them once|each once|each unit once|later and later",
)
def a_list_that_names_something_twice(log):
    at = log.pick("engagement.promised", "key.made", "workplan.proposed", "policy.adopted")
    lists = [one for one in log[at]["data"].values() if isinstance(one, list)]
    found = log.draw.choice(lists)
    found.append(log.draw.choice(found))
    return at


@breaks(6, "signs and is not an office|lacks signing")
def a_policy_under_which_anybody_signs(log):
    at = log.pick("policy.adopted")
    if log.draw.random() < 0.5:
        del log[at]["data"]["signing"]
    else:
        log[at]["data"]["signing"].append(f"nobody-{log.draw.randint(1, 99)}/manager")
    return at


@breaks(
    6,
    "this cohort is on the public log already|this project is on the public log already|this decision is on the public log already",
)
def a_thing_told_twice(log):
    return log.again(log.pick("cohort.seated", "project.registered", "decision.scheduled"))


@breaks(8, "the place is empty for")
def an_empty_seat_of_other_days(log):
    at = log.pick("vacancy.late")
    log[at]["data"]["days"] += log.draw.choice([-1, 1]) * log.draw.randint(1, 40)
    log[at]["data"]["days"] = max(1, log[at]["data"]["days"])
    return at


@breaks(8, "a total is told when its quarters are over")
def pay_of_days_to_come(log):
    at = log.pick("pay.totaled")
    log[at]["data"]["until"] = f"{log.draw.randint(2027, 2090)}-Q{log.draw.randint(1, 4)}"
    return at


@breaks(6, "one of its offices")
def an_invitation_in_the_name_of_another_unit(log):
    at = log.pick("invitation.made")
    log[at]["data"]["office"] = log.other_unit(log[at]["data"]["unit"])
    return at


@breaks(8, "a day that no calendar has|has happened|this ends before it began")
def an_old_event_of_no_day(log):
    steps = ["promise", "finding", "ask", "answer"]
    days = log.draw.choice(
        [
            {"event_date": "2021-13"},
            {"event_date": "2019-02-30"},
            {"event_date": "2099-01"},
            {"event_date": "2020-05", "until": "2019"},
        ]
    )
    return old_event(log, log.draw.choice(steps), **days)


def old_event(log: Forged, step: str, by: list[str] | None = None, **data: str) -> int:
    told = {"thread": "pipes", "whose": "city", **data}
    texts = ("title", "statement", "sources")
    return log.add(f"reconstructed.{step}", by or ["steward"], told, texts=texts)


@breaks(5, "happened before this log")
def a_delivery_of_yesterday_as_one_from_old_sources(log):
    opened, last = log[0]["date"], log[len(log.entries) - 1]["date"]
    days = [opened, last, opened[:7], last[:7], opened[:4]]
    step, whole = log.draw.choice(["delivery", "answer", "promise"]), log.draw.random() < 0.7
    if whole:
        return old_event(log, step, event_date=log.draw.choice(days))
    return old_event(log, step, event_date="2019", until=log.draw.choice(days))


@breaks(3, "a lead tells with the program coordinator")
def what_the_community_said_as_the_steward_tells_it(log):
    step = log.draw.choice(["finding", "voices", "ask"])
    return old_event(log, step, whose=log.draw.choice(["community", "both"]), event_date="2021-05")


@breaks(8, "the program coordinator tells it")
def an_old_event_that_a_lead_tells_alone(log):
    return old_event(log, "finding", log.seats()[:1], whose="community", event_date="2021-05")


@breaks(8, "a corrected day is to come|the days must come in order|this call has closed")
def a_call_that_closed_before_people_knew(log):
    at = log.pick("call.published")
    published = log[at]
    log.cut(at + 1)
    moved = day_after(published["date"], -log.draw.randint(1, 99))
    data = {"about": log.draw.choice(["closes", "decides"]), "day": moved}
    return log.add("call.corrected", ["steward"], data, {"call": [at]}, texts=("correction",))


@breaks(8, "people need at least 14 days to apply")
def a_call_to_which_only_friends_apply_in_time(log):
    at = log.pick("call.published")
    published = log[at]
    closes = day_after(published["date"], log.draw.randint(0, 13))
    if log.draw.random() < 0.5:
        log.cut(at + 1)
        opens = {"about": "opens", "day": day_after(published["data"]["closes"], -log.draw.randint(0, 13))}
        soon = log.draw.choice([{"about": "closes", "day": max(closes, published["data"]["opens"])}, opens])
        return log.add("call.corrected", ["steward"], soon, {"call": [at]}, texts=("correction",))
    published["data"] |= {"opens": min(published["data"]["opens"], closes), "closes": closes}
    return at


@breaks(8, "people wait for the draw")
def a_seed_that_nobody_lives_to_see(log):
    at = log.pick("lottery.announced")
    log[at]["data"]["seed_day"] = f"{log.draw.randint(2046, 2099)}-01-01"
    return at


@breaks(8, "the day lies outside the term of this place")
def a_seat_left_before_its_term(log):
    seat = log.draw.choice(log.seats())
    return log.add("seat.left", [seat], {"seat": seat, "on": "2020-01-01", "ground": "not-said"})


def removed(log: Forged, seat: str) -> int:
    """Let the steward remove a seat as the rules say; give the entry."""
    charters = log.all("charter.adopted", lambda one: one["data"]["cohort"] == cohort_of(log, seat))
    to = log[charters[-1]]["data"]["appeals_to"] if charters else log.policy()["signing"][0]
    until = day_after(log.entries[-1]["date"], 30)
    return log.add(
        "seat.removed", ["steward"], {"seat": seat, "ground": "absent", "appeal_to": to, "appeal_by": until}
    )


@breaks(3, "only the lead leaves their own place")
def a_seat_that_the_steward_left_for_its_lead(log):
    seat = log.draw.choice(log.seats())
    return log.add("seat.left", ["steward"], {"seat": seat, "ground": "no-time"})


@breaks(3, "the group agreement names")
def a_charter_that_nobody_signed_and_that_hears_an_appeal(log):
    at = log.pick(
        "charter.adopted", where=lambda one: bool(log.citing(log.entries.index(one), "charter.signed"))
    )
    cohort, before = log[at]["data"]["cohort"], log[at]["data"]["appeals_to"]
    to = log.draw.choice([one for one in log.policy()["signing"] if one != before])
    seats = [one for one in log.seats() if cohort_of(log, one) == cohort]
    cites = {"cohort": log[at]["cites"]["cohort"], "replaces": [log.all("charter.adopted")[-1]]}
    data = {"cohort": cohort, "appeals_to": to, "alarms_to": to}
    log.add("charter.adopted", ["steward"], data, cites, texts=tuple(log[at]["texts"]))
    until = day_after(log.entries[-1]["date"], 30)
    data = {"seat": log.draw.choice(seats), "ground": "absent", "appeal_to": to, "appeal_by": until}
    return log.add("seat.removed", ["steward"], data)


@breaks(3, "the rules give 30 days to appeal")
def a_removal_that_leaves_fewer_days_to_appeal_than_the_rules(log):
    index = removed(log, log.draw.choice(log.seats()))
    log[index]["data"]["appeal_by"] = day_after(log[index]["date"], log.draw.randint(1, 29))
    return index


def cohort_of(log: Forged, seat: str) -> str:
    """Give the cohort of a seat."""
    return str(log[log.pick("seat.taken", where=lambda one: one["data"]["seat"] == seat)]["data"]["cohort"])


@breaks(5, "ends within a year after it|five years at most")
def a_seat_that_sits_for_good(log):
    cohort = log.pick("cohort.seated")
    name, late = log[cohort]["data"]["cohort"], f"{log.draw.randint(2040, 2099)}-01-01"
    first = log[cohort]["data"]["from"]
    if log.draw.random() < 0.3:
        data = {"cohort": "for-good", "from": first, "until": late}
        return log.add("cohort.seated", ["steward"], data, texts=("name",))
    ways = [{"until": late}, {"from": day_after(first, -log.draw.randint(1, 2000))}]
    data = {"seat": "seat-0badf00d", "cohort": name, "from": first, "until": log[cohort]["data"]["until"]}
    data |= {"paid_by": "outside", **log.draw.choice(ways)}
    return log.add("seat.taken", ["steward"], data, {"cohort": [cohort]})


@breaks(3, "takes and lays down their own role|moves or cancels it")
def a_lead_who_gives_roles_or_cancels_what_others_planned(log):
    one, other = log.draw.sample(log.seats(), 2)
    if log.draw.random() < 0.5:
        held = [log[at]["data"] for at in log.all("role.changed", lambda told: told["data"]["seat"] == other)]
        free = [
            role
            for role in ("chair", "note-taker", "peer-coach")
            if role not in {told["role"] for told in held}
        ]
        return log.add("role.changed", [one], {"seat": other, "role": free[0], "change": "takes"})
    cohort = log.pick("cohort.seated")
    data = {
        "meeting": "another",
        "cohort": log[cohort]["data"]["cohort"],
        "on": day_after(log.entries[-1]["date"], 9),
    }
    cites, texts = {"cohort": [cohort]}, ("title", "agenda")
    planned = log.add("meeting.planned", [log.draw.choice([other, "steward"])], data, cites, texts=texts)
    return log.add("meeting.changed", [one], {"change": "cancelled"}, {"planned": [planned]})


@breaks(3, "has signed these minutes; another lead confirms them")
def one_lead_confirms_the_minutes_that_they_published(log):
    one, cohort = log.draw.choice(log.seats()), log.pick("cohort.seated")
    on = log.entries[-1]["date"]
    data = {"meeting": "another", "cohort": log[cohort]["data"]["cohort"], "on": on}
    planned = log.add("meeting.planned", [one], data, {"cohort": [cohort]}, texts=("title", "agenda"))
    told = {"on": on, "people": "fewer"}
    texts = ("minutes", "decision-1")
    held = log.add("meeting.held", [one], told, {"planned": [planned]}, texts=texts)
    return log.add("meeting.confirmed", [one], {}, {"held": [held]})


def speaks(log: Forged, seat: str, on: str = "") -> int:
    """Let a seat say something that takes no one else: that its lead takes a role, plans a meeting, or leaves."""
    if log.draw.random() < 0.5:
        data = {"seat": seat, "role": "peer-coach", "change": "takes"}
        return log.add("role.changed", [seat], data, on=on)
    cohort = log.pick("cohort.seated")
    day = day_after(on or log.entries[-1]["date"], 9)
    data = {"meeting": "another", "cohort": log[cohort]["data"]["cohort"], "on": day}
    return log.add("meeting.planned", [seat], data, {"cohort": [cohort]}, texts=("title", "agenda"), on=on)


@breaks(3, "is over; ask a lead|was removed; ask a lead|is suspended; ask another lead")
def a_seat_that_speaks_when_it_was_left_removed_or_suspended(log):
    seat = log.draw.choice(log.seats())
    way = log.draw.choice(["left", "removed", "suspended", "over"])
    if way == "removed":
        removed(log, seat)
    if way == "suspended":
        log.add("seat.suspended", ["steward"], {"seat": seat}, texts=["ground"])
    if way == "left":
        log.add("seat.left", [seat], {"seat": seat, "ground": "no-time"})
    term = log.pick("seat.taken", where=lambda one: one["data"]["seat"] == seat)
    late = day_after(log[term]["data"]["until"], log.draw.randint(1, 300))
    return speaks(log, seat, late if way == "over" else "")


@breaks(3, "the term of seat-0badf00d begins on")
def a_seat_that_speaks_before_its_term(log):
    cohort = log.pick("cohort.seated")
    name, until = (log[cohort]["data"][one] for one in ("cohort", "until"))
    first = day_after(log.entries[-1]["date"], log.draw.randint(1, 30))
    data = {"seat": "seat-0badf00d", "cohort": name, "from": first, "until": until, "paid_by": "outside"}
    log.add("seat.taken", ["steward"], data, {"cohort": [cohort]})
    return speaks(log, "seat-0badf00d")


@breaks(4, "only that bureau may write it")
def a_step_of_an_ask_with_another_bureau_beside(log):
    at = log.pick("ask.acknowledged", "ask.extended", "ask.unclear")
    unit = log[at]["by"][0].split("/")[0]
    others = [one for one in log.policy()["signing"] if one.split("/")[0] != unit]
    log[at]["by"] = [log.draw.choice(others), *log[at]["by"]]
    return at


@breaks(3, "was suspended within the last year")
def a_suspension_after_another(log):
    data, words = {"seat": log.draw.choice(log.seats())}, ["ground"]
    term = log.pick("seat.taken", where=lambda one: one["data"]["seat"] == data["seat"])
    first = log.add("seat.suspended", ["steward"], data, texts=words)
    later = min(day_after(log[first]["date"], log.draw.randint(0, 300)), log[term]["data"]["until"])
    return log.add("seat.suspended", ["steward"], data, texts=words, on=later)


@breaks(3, "the days to decide this appeal are over|can still be decided")
def an_appeal_that_is_decided_late_or_by_the_clock_too_soon(log):
    seat = log.draw.choice(log.seats())
    removal = removed(log, seat)
    appeal = log.add("removal.appealed", [seat], {}, {"removal": [removal]})
    if log.draw.random() < 0.5:
        soon = day_after(log[appeal]["date"], log.draw.randint(0, 30))
        return log.add("removal.decided", ["clock"], {"decision": "lifted"}, {"appeal": [appeal]}, on=soon)
    late = day_after(log[appeal]["date"], log.draw.randint(31, 300))
    by, data = [log[removal]["data"]["appeal_to"]], {"decision": "stands"}
    return log.add("removal.decided", by, data, {"appeal": [appeal]}, on=late)


@breaks(8, "nobody could decide the appeal|the group agreement names")
def a_removal_that_nobody_could_undo(log):
    seat = log.draw.choice(log.seats())
    until = day_after(log.entries[-1]["date"], 30)
    data = {"seat": seat, "ground": "absent", "appeal_to": "nobody/nobody", "appeal_by": until}
    return log.add("seat.removed", ["steward"], data)


@breaks(5, "a person stands for these words in this language")
def a_commitment_in_other_words_before_its_day(log):
    at = log.pick("commitment.made")
    names = sorted(log[at]["texts"])
    told = {"lang": "vi", "reviewed": True, "made_by": "person"}
    for _ in range(2):
        index = log.add("text.translated", ["steward"], told, {"of": [at]}, texts=names)
        log[index]["texts"] = {name: said("vi") for name in names}
    return index


@breaks(6, "a person stands for these words in this language")
def words_that_leads_signed_said_otherwise_again_in_another_language(log):
    kinds = (
        "charter.adopted",
        "workplan.proposed",
        "delivery.verified",
        "delivery.disputed",
        "answer.contested",
    )
    at = log.pick(*kinds, where=lambda one: one["kind"] != "charter.adopted" or is_signed(log, one))
    names = sorted(log[at]["texts"])
    lang = log.draw.choice([one for one in ("vi", "so") if one != log[at]["texts"][names[0]]["lang"]])
    told = {"lang": lang, "reviewed": log.draw.random() < 0.5, "made_by": "person"}
    for _ in range(2):
        index = log.add("text.translated", ["steward"], told, {"of": [at]}, texts=names)
        log[index]["texts"] = {name: said(lang) for name in names}
    return index


def is_signed(log: Forged, charter: Value) -> bool:
    """Say whether a lead signed a charter."""
    signed = log.citing(log.entries.index(charter), "charter.signed")
    return any(one.startswith("seat-") for place in signed for one in log[place]["by"])


@breaks(4, "more than half of the seated leads sign it")
def a_policy_by_the_steward_alone_that_is_milder(log):
    rules = log.policy()
    milder = [
        {
            "clocks": rules["clocks"]
            | {"answer_days": rules["clocks"]["answer_days"] + log.draw.randint(1, 900)}
        },
        {"clocks": rules["clocks"] | {"contest_days": rules["clocks"]["contest_days"] - 1}},
        {"k": 1000},
        {"languages": ["fr"]},
        {"topics": rules["topics"][1:]},
        {"signing": rules["offices"]},
    ]
    return log.add("policy.adopted", ["steward"], rules | log.draw.choice(milder))


@breaks(4, "more than half of the seated leads sign it")
def a_policy_under_which_silence_is_told_once_more_in_ten_years_or_pay_comes_late(log):
    rules = log.policy()
    milder = [
        {"silence_days": [*rules["silence_days"], 3650]},
        {"cohort_clocks": rules["cohort_clocks"] | {"pay_business_days": 3000}},
        {"cohort_clocks": rules["cohort_clocks"] | {"vacancy_days": 3650}},
        {"cohort_clocks": rules["cohort_clocks"] | {"appeal_days": 1}},
        {"cohort_clocks": rules["cohort_clocks"] | {"appeal_days": 330}},
    ]
    return log.add("policy.adopted", ["steward"], rules | log.draw.choice(milder))


@breaks(4, "more than half of the seated leads sign it")
def a_policy_under_which_working_days_are_rare_at_once_or_step_by_step(log):
    rules = log.policy()
    most = rules["working_days"]
    steps = log.draw.choice([[100], [4, 8], [3, 5, 6]])
    for fewer in steps[:-1]:
        log.add("policy.adopted", ["steward"], rules | {"working_days": most - fewer})
    return log.add("policy.adopted", ["steward"], rules | {"working_days": most - steps[-1]})


@breaks(5, "within names each unit once|goes round in a circle|topics names each once")
def a_unit_that_leaves_its_bureau_by_a_second_place_or_a_circle(log):
    rules = log.policy()
    pair = log.draw.choice(rules["within"])
    other = log.draw.choice([one for one in rules["offices"] if one.split("/")[0] not in pair.values()])
    ways = [
        {"within": [*rules["within"], {"unit": pair["unit"], "within": other.split("/")[0]}]},
        {"within": [*rules["within"], {"unit": pair["within"], "within": pair["unit"]}]},
        {"topics": [{**rules["topics"][0], "sha256": "ab" * 32}, *rules["topics"]]},
    ]
    return log.add("policy.adopted", ["steward"], rules | log.draw.choice(ways))


@breaks(5, "more than half of the seated leads sign it")
def a_new_unit_outside_every_bureau(log):
    rules = log.policy()
    offices, signing = ([*rules[one], "new-office/manager"] for one in ("offices", "signing"))
    within = [*rules["within"], {"unit": "new-office", "within": "newer-office"}]
    more = log.draw.choice([{}, {"within": within}])
    return log.add("policy.adopted", ["steward"], rules | {"offices": offices, "signing": signing} | more)


@breaks(5, "only that bureau claims its delivery")
def a_claim_under_which_an_office_of_another_bureau_stands(log):
    at = log.pick("delivery.claimed")
    log.cut(at + 1)
    log[at]["v"] = VERSION
    others = [one for one in log.policy()["signing"] if one.split("/")[0] != log[at]["by"][0].split("/")[0]]
    log[at]["by"].append(log.draw.choice(others))
    return at


@breaks(4, "a milestone is no evidence of itself")
def a_milestone_that_is_its_own_evidence(log):
    at = log.pick("commitment.made")
    log.cut(at + 1)
    one = log[at]
    milestone = log.draw.choice(one["data"]["milestones"])
    one["texts"].pop(milestone["id"])
    milestone["id"] = "evidence"
    one["v"] = VERSION
    return at


@breaks(3, "a lead tells with the program coordinator what the community said")
def an_old_finding_that_is_said_to_be_the_citys(log):
    step = log.draw.choice(["finding", "voices", "ask"])
    return old_event(log, step, whose="city", event_date="2021-05")


@breaks(3, "ask a lead who has been here for longer")
def what_the_community_said_before_by_a_friend_of_the_day(log):
    friend = seated_anew(log)[0]
    return old_event(log, "finding", ["steward", friend], whose="community", event_date="2021-05")


@breaks(3, "ask a lead who has been here for longer")
def an_invitation_that_a_friend_of_the_day_takes(log):
    at = log.pick("invitation.taken", "invitation.declined")
    log.cut(at + 1)
    kept = log.entries.pop()
    log.entries.append({**kept, "v": VERSION, "by": seated_anew(log)[:1]})
    return len(log.entries) - 1


@breaks(7, "says each language in that language")
def a_report_back_whose_words_are_in_another_language(log):
    at = log.pick("report.published", where=lambda one: len(one["texts"]) > 1)
    log.cut(at + 1)
    one, other = log.draw.sample(sorted(log[at]["texts"]), 2)
    log[at]["texts"][one]["lang"] = other
    log[at]["v"] = VERSION
    return at


NO_UNIT = "is a word of the public log for somebody else"


@breaks(6, NO_UNIT)
def a_unit_under_whose_name_an_office_signs_for_the_community(log):
    rules = log.policy()
    above = log.draw.choice(rules["offices"]).split("/")[0]
    unit = log.draw.choice(["community", f"seat-{log.draw.randrange(16**8):08x}", "steward", "clock"])
    offices, signing = ([*rules[one], f"{unit}/liaison"] for one in ("offices", "signing"))
    within = [*rules["within"], {"unit": unit, "within": above}]
    return log.add(
        "policy.adopted", ["steward"], rules | {"offices": offices, "signing": signing, "within": within}
    )


@breaks(5, NO_UNIT)
def a_bureau_that_holds_everyone_whom_no_bureau_pays(log):
    rules = log.policy()
    above = log.draw.choice(rules["offices"]).split("/")[0]
    within = [*rules["within"], {"unit": log.draw.choice(["outside", "nobody"]), "within": above}]
    return log.add("policy.adopted", ["steward"], rules | {"within": within})


@breaks(3, NO_UNIT)
def a_community_body_that_is_named_like_a_seat(log):
    return log.add(
        "policy.adopted",
        ["steward", *log.seats()],
        log.policy() | {"body": log.draw.choice(["seat-0badcafe/desk", "nobody/desk", "community/desk"])},
    )


@breaks(5, "body does not write entries of this kind")
def a_check_by_one_lead_and_a_body_that_is_only_a_word(log):
    at = log.pick("delivery.verified", "delivery.disputed")
    log.cut(at + 1)
    log.entries[at] |= {"v": VERSION, "by": [log[at]["by"][0], "body"]}
    return at


@breaks(5, "more than half of the seated leads sign it")
def a_unit_that_is_left_out_of_its_bureau(log):
    rules = log.policy()
    pair = {"unit": "payroll", "within": log.draw.choice(rules["within"])["within"]}
    log.add("policy.adopted", ["steward"], rules | {"within": [*rules["within"], pair]})
    return log.add("policy.adopted", ["steward"], rules)


@breaks(4, "holds words; say in which language")
def words_in_no_language(log):
    kinds = ["answer.given", "delivery.claimed", "finding.published", "ask.recommended"]
    at = log.pick(*kinds)
    for text in log[at]["texts"].values():
        text["lang"] = "zxx"
    return at


@breaks(3, "this place is removed, so its lead cannot act")
def a_suspension_of_a_seat_that_is_removed(log):
    seat = log.draw.choice(log.seats())
    removal = removed(log, seat)
    later = day_after(log[removal]["date"], log.draw.randint(0, 20))
    return log.add("seat.suspended", ["steward"], {"seat": seat}, texts=["ground"], on=later)


@breaks(4, "more than half of the leads of a cohort can act at any time")
def a_suspension_of_more_leads_than_leave_most_able_to_act(log):
    cohort = log.draw.choice([cohort_of(log, one) for one in log.seats()])
    seats = [one for one in log.seats() if cohort_of(log, one) == cohort]
    log.draw.shuffle(seats)
    able = (len(seats) - 1) // 2
    for one in seats[:able]:
        if log.draw.random() < 0.5:
            removed(log, one)
        else:
            log.add("seat.suspended", ["steward"], {"seat": one}, texts=["ground"])
    return log.add("seat.suspended", ["steward"], {"seat": seats[able]}, texts=["ground"])


@breaks(3, "the rules give .* days to appeal")
def a_removal_whose_days_to_appeal_run_out_in_a_suspension(log):
    seat = log.draw.choice(log.seats())
    log.add("seat.suspended", ["steward"], {"seat": seat}, texts=["ground"])
    return removed(log, seat)


@breaks(3, "removed within the last year, and that fell")
def a_removal_after_one_that_fell(log):
    seat = log.draw.choice(log.seats())
    removal = removed(log, seat)
    appeal = log.add("removal.appealed", [seat], {}, {"removal": [removal]})
    by = [log[removal]["data"]["appeal_to"]]
    log.add("removal.decided", by, {"decision": "lifted"}, {"appeal": [appeal]})
    return removed(log, seat)


@breaks(3, "more than half of the seated leads sign it")
def a_policy_that_sends_alarms_elsewhere(log):
    rules = log.policy()
    others = [one for one in rules["offices"] if one != rules["alarms"].get("to")]
    said = {"to": log.draw.choice(others), "body": "ab" * 32, "alarm_days": 1, "message_days": 3000}
    name = log.draw.choice([*said])
    return log.add("policy.adopted", ["steward"], rules | {"alarms": rules["alarms"] | {name: said[name]}})


@breaks(3, "more than half of the seated leads sign it")
def a_policy_that_moves_the_edges_of_ranges(log):
    rules = log.policy()
    edges = rules["bands"]
    moved = log.draw.choice([edges[1:], [edges[0] + 1, *edges[1:]]])
    return log.add("policy.adopted", ["steward"], rules | {"bands": moved})


@breaks(4, "this changes what people read in the rules")
def a_policy_that_rewords_what_people_read(log):
    rules = log.policy()
    part = log.draw.choice(sorted(rules["parts"].keys() - ALONE))
    return log.add("policy.adopted", ["steward"], rules | {"parts": rules["parts"] | {part: "cd" * 32}})


@breaks(3, "lacks (bands|alarms|parts)")
def a_policy_that_tells_no_edges_no_parts_or_nobody_who_hears_alarms(log):
    rules = log.policy()
    del rules[log.draw.choice(["bands", "alarms", "parts"])]
    return log.add("policy.adopted", ["steward"], rules)


@breaks(4, "lacks cohort_clocks")
def a_policy_that_leaves_out_clocks(log):
    rules = log.policy()
    del rules["cohort_clocks"]
    return log.add("policy.adopted", ["steward"], rules)


@breaks(4, "more than half of the seated leads sign it")
def a_majority_made_by_emptying_seats(log):
    seats = log.seats()
    for one in seats[1:]:
        removed(log, one)
    rules = log.policy()
    clocks = rules["clocks"] | {"answer_days": rules["clocks"]["answer_days"] + 1}
    return log.add("policy.adopted", ["steward", seats[0]], rules | {"clocks": clocks})


def seated_anew(log: Forged, count: int = 2, name: str = "") -> list[str]:
    """Let the steward seat people beside the leads who sit: in a cohort of their own, or in the one that is named."""
    today = log[-1]["date"]
    term = {"from": today, "until": day_after(today, 300)}
    if name:
        at = log.pick("cohort.seated", where=lambda one: one["data"]["cohort"] == name)
        term = {one: log[at]["data"][one] for one in ("from", "until")}
    else:
        at = log.add("cohort.seated", ["steward"], {"cohort": "friends", **term}, texts=("name",))
    seats = [f"seat-0badf0{one:02x}" for one in range(count)]
    for one in seats:
        data = {"seat": one, "cohort": name or "friends", "paid_by": "outside", **term}
        log.add("seat.taken", ["steward"], data, {"cohort": [at]})
    return seats


def milder(log: Forged, seats: list[str], **more: Any) -> int:
    """Let the steward and seats adopt rules under which an office may take a day longer to answer."""
    rules = log.policy()
    clocks = rules["clocks"] | {"answer_days": rules["clocks"]["answer_days"] + log.draw.randint(1, 900)}
    return log.add("policy.adopted", ["steward", *seats], rules | {"clocks": clocks}, **more)


TOO_NEW = "signs this from .* on; ask a lead who has been here for longer"


@breaks(4, TOO_NEW)
def a_majority_made_by_filling_seats(log):
    name = log.draw.choice(["", cohort_of(log, log.seats()[0])])
    return milder(log, seated_anew(log, log.draw.randint(8, 40), name))


@breaks(4, "more than half of the seated leads sign it, in each cohort")
def a_majority_of_all_that_is_none_of_the_older_cohort(log):
    own = log.draw.sample(log.seats(), log.draw.randint(0, len(log.seats()) // 2))
    friends = seated_anew(log, 30)
    return milder(log, [*own, *friends], on=day_after(log[-1]["date"], 31))


def friends_who_check(log: Forged, claim: int, by: list[str]) -> int:
    kind, completion = log.draw.choice(
        [("delivery.verified", "complete"), ("delivery.disputed", "not_started")]
    )
    data = {"milestone": log[claim]["data"]["milestone"], "completion": completion}
    return log.add(kind, by, data, {"claim": [claim]}, texts=("check",))


@breaks(5, TOO_NEW)
def a_check_by_whom_the_steward_seated_that_day(log):
    claim = log.pick("delivery.claimed")
    log.cut(claim + 1)
    friends = seated_anew(log)
    older = [one for one in free_of(log, "none") if one not in friends]
    return friends_who_check(log, claim, [log.draw.choice([*older, friends[0]]), friends[1]])


@breaks(5, TOO_NEW)
def a_check_by_a_cohort_that_follows_one_in_its_first_days(log):
    claim = log.pick("delivery.claimed")
    log.cut(claim + 1)
    last = max(log[one]["data"]["until"] for one in log.all("seat.taken"))
    on = day_after(last, 2)
    term = {"from": on, "until": day_after(on, 300)}
    for name, ends in (("next", "ab"), ("friends", "cd")):
        at = log.add("cohort.seated", ["steward"], {"cohort": name, **term}, texts=("name",), on=on)
        for end in ends:
            data = {"seat": f"seat-0badfa0{end}", "cohort": name, "paid_by": "outside", **term}
            log.add("seat.taken", ["steward"], data, {"cohort": [at]}, on=on)
    return friends_who_check(log, claim, [f"seat-0badfa0{one}" for one in "cd"])


@breaks(3, TOO_NEW)
def what_needs_a_leads_weight_by_whom_the_steward_seated_that_day(log):
    of, promise, day = log.pick("finding.published"), standing_promise(log), log[-1]["date"]
    (friend, other), later = seated_anew(log), day_after(day, 9)
    way = log.draw.randint(0, 4)
    if way == 0:
        sha256 = log[of]["texts"]["statement"]["sha256"]
        return log.add("text.erased", ["steward", friend], {"sha256": sha256}, {"of": [of]}, texts=["ground"])
    if way == 1:
        return corrected(log, promise, "title", [friend, log.manager(log[promise]["data"]["unit"])])
    if way == 2:
        return log.add("record.resumed", ["steward", friend], {"kept": len(log.entries)}, texts=["reason"])
    if way == 3:
        return log.add("clock.agreed", ["steward", friend], {"from": day, "until": later}, on=later)
    data = {"smaller": True, "voices": "fewer", "root": f"{log.draw.getrandbits(256):064x}"}
    by = [log.draw.choice([*log.seats(), other]), friend]
    by = [by[0] if by[0] != friend else other, friend]
    return log.add("finding.published", by, data, {"engagement": [promise]}, texts=("statement",))


@breaks(4, f"{TOO_NEW}|a learning period ends by")  # of a bureau that is no longer new, too
def a_learning_period_by_whom_the_steward_seated_that_day(log):
    busy = {bureau(log, log[one]["data"]["unit"]) for one in log.all("learning.asked")}
    office = log.draw.choice(
        [one for one in log.policy()["signing"] if bureau(log, one.split("/")[0]) not in busy]
    )
    unit = office.split("/")[0]
    asked = log.add("learning.asked", [office], {"unit": unit})
    friend = seated_anew(log)[0]
    data = {"unit": unit, "until": log[-1]["date"]}
    return log.add("learning.agreed", [friend], data, {"asked": [asked]})


@breaks(7, TOO_NEW)
def a_close_by_whom_the_steward_seated_that_day(log):
    closed = log.pick("engagement.closed")
    cites = dict(log[closed]["cites"])
    log.cut(closed)
    return log.add("engagement.closed", [seated_anew(log)[0]], {}, cites)


@breaks(2, TOO_NEW)
def a_key_that_whom_the_steward_seated_that_day_vouch_for(log):
    at = log.pick("key.certified")
    whole = deepcopy(log[at])
    log.cut(at)
    lead = log.seats()[0]
    later = day_after(log[-1]["date"], 8)
    log.add("seat.declared", [lead], {"seat": lead, "paid_by": "outside"}, on=later)
    friend = seated_anew(log)[0]
    whole["by"][0] = whole["data"]["certs"][0]["seat"] = friend
    whole["date"] = log[-1]["date"]
    log.entries.append(whole)
    return len(log.entries) - 1


@breaks(5, "the term of a cohort is 90 days at least")
def a_cohort_of_some_days(log):
    today = log[-1]["date"]
    data = {"cohort": "friends", "from": today, "until": day_after(today, log.draw.randint(0, 88))}
    return log.add("cohort.seated", ["steward"], data, texts=("name",))


@breaks(5, "begins 31 days before it is entered")
def a_cohort_that_began_long_ago(log):
    today = log[-1]["date"]
    first = day_after(today, -log.draw.randint(32, 900))
    data = {"cohort": "friends", "from": first, "until": day_after(today, 300)}
    return log.add("cohort.seated", ["steward"], data, texts=("name",))


@breaks(6, "begins within 30 days and lasts to the end of the term|begins within the term of its cohort")
def an_empty_seat_that_somebody_fills_who_never_sits(log):
    seat = log.draw.choice(log.seats())
    cohort = log.pick("cohort.seated", where=lambda one: one["data"]["cohort"] == cohort_of(log, seat))
    left = log.add("seat.left", [seat], {"seat": seat, "ground": "by-choice"})
    today, last = log[-1]["date"], log[cohort]["data"]["until"]
    ways = [
        {"from": day_after(last, 1), "until": day_after(last, 100)},
        {"from": today, "until": day_after(today, 1)},
        {"from": day_after(today, log.draw.randint(31, 60))},
    ]
    data = {"seat": "seat-0badf00d", "cohort": log[cohort]["data"]["cohort"], "from": today, "until": last}
    data |= {"paid_by": "outside", **log.draw.choice(ways)}
    return log.add("seat.taken", ["steward"], data, {"cohort": [cohort], "vacancy": [left]})


@breaks(4, "advice is given within 2 years")
def a_consultation_whose_advice_waits_for_nobody(log):
    at = log.pick("consultation.opened")
    year = log.draw.randint(2040, 2999)
    log[at]["data"] |= {"advice_by": f"{year}-01-01", "answer_by": f"{year}-02-01"}
    return at


@breaks(4, "the rules give this office until")
def advice_that_came_late_and_is_bound_to_the_day_of_its_brief(log):
    brief = log[log.pick("ask.advised")]["cites"]["consultation"]
    first = log.all("ask.advised", lambda told: told["cites"]["consultation"] == brief)[0]
    log[brief[0]]["data"]["advice_by"] = day_after(log[first]["date"], -1)
    return first


@breaks(4, "answers come within 2 years of the advice")
def a_consultation_whose_answers_never_come(log):
    at = log.pick("consultation.opened")
    log[at]["data"]["answer_by"] = f"{log.draw.randint(2040, 9999)}-12-31"
    return at


@breaks(4, "lies more than 10 years ahead")
def a_meeting_or_a_call_in_a_far_year(log):
    far = f"{log.draw.randint(2045, 9999)}-12-31"
    if log.draw.random() < 0.4:
        at = log.pick("call.published")
        log[at]["data"] |= dict.fromkeys(log.draw.choice([("closes", "decides"), ("decides",)]), far)
        return at
    cohort = log.pick("cohort.seated")
    data = {"meeting": "another", "cohort": log[cohort]["data"]["cohort"], "on": far}
    cites, texts, moves = {"cohort": [cohort]}, ("title", "agenda"), log.draw.random() < 0.5
    soon = data | {"on": day_after(log[-1]["date"], 9)}
    planned = log.add("meeting.planned", ["steward"], soon if moves else data, cites, texts=texts)
    if not moves:
        return planned
    return log.add("meeting.changed", ["steward"], {"change": "moved", "on": far}, {"planned": [planned]})


def noticed(log: Forged, seat: str) -> str:
    """Let a lead say that they leave on a day to come; give the day."""
    until = log[log.pick("seat.taken", where=lambda one: one["data"]["seat"] == seat)]["data"]["until"]
    on = min(day_after(log.entries[-1]["date"], log.draw.randint(10, 60)), until)
    log.add("seat.left", [seat], {"seat": seat, "on": on, "ground": "by-choice"})
    return str(on)


@breaks(4, "more than half of the seated leads sign it")
def a_majority_of_those_who_gave_notice(log):
    seats = log.seats()
    for one in seats[1:]:
        noticed(log, one)
    rules = log.policy()
    clocks = rules["clocks"] | {"answer_days": rules["clocks"]["answer_days"] + 1}
    signer = log.draw.choice(seats)
    return log.add("policy.adopted", ["steward", signer], rules | {"clocks": clocks})


@breaks(6, "someone has stepped into this vacancy already")
def two_leads_in_one_seat_that_was_left_and_removed(log):
    seat = log.draw.choice(log.seats())
    taken = log.pick("seat.taken", where=lambda one: one["data"]["seat"] == seat)
    noticed(log, seat)
    gone = removed(log, seat)
    on = day_after(log[gone]["data"]["appeal_by"], 1)
    data = {**log[taken]["data"], "from": on, "paid_by": "outside"}
    first, second = log.draw.sample([gone - 1, gone], 2)
    for new, vacancy in (("seat-0badf00d", first), ("seat-0badf00e", second)):
        cites = {"cohort": log[taken]["cites"]["cohort"], "vacancy": [vacancy]}
        index = log.add("seat.taken", ["steward"], {**data, "seat": new}, cites, on=on)
    return index


@breaks(4, "the office above hears of this silence; name it")
def a_silence_that_is_told_to_who_is_silent(log):
    at = log.pick("ask.escalated")
    silent = log[at]["data"]["office"]
    log[at]["data"]["to"] = log.draw.choice([silent, log.other_unit("city-manager")])
    return at


@breaks(5, "leads who could check are seated that day")
def a_check_that_nobody_is_said_to_be_seated_for(log):
    claim = log.pick("delivery.claimed")
    log.cut(claim + 1)
    data = {"milestone": log[claim]["data"]["milestone"], "nobody_seated": "yes"}
    on = day_after(log[claim]["date"], log.policy()["clocks"]["verify_days"] + 1)
    return log.add("delivery.unchecked", ["clock"], data, {"claim": [claim]}, on=on)


@breaks(4, "leads have until .* at least to answer")
def an_invitation_that_leaves_leads_no_days(log):
    at = log.pick("invitation.made")
    log[at]["data"]["answer_by"] = day_after(log[at]["date"], log.draw.randint(0, 9))
    return at


@breaks(1, "people can speak on this to .* an office that signs for its bureau")
def a_decision_that_junior_staff_make_before_people_are_heard(log):
    cited = {
        one
        for at in log.all("engagement.promised", still_open(log))
        for one in log[at]["cites"].get("decision", ())
    }
    at, today = log.draw.choice(sorted(cited)), log[-1]["date"]
    unit = log[log[at]["cites"]["project"][0]]["data"]["unit"]
    kind, by = (
        log.draw.choice(["decision.moved", "decision.made"]),
        log.draw.choice(["steward", log.junior(unit)]),
    )
    return told_of_decision(log, at, kind, today, by)


@breaks(1, "people can speak on this to .* an office that signs for its bureau")
def a_decision_that_the_steward_tells_the_day_after_as_made_while_people_spoke(log):
    at = log.pick("engagement.promised", where=still_open(log))
    point, closes = log[at]["cites"]["decision"][0], log[at]["data"]["closes"]
    made = day_after(closes, -log.draw.randint(0, 3))
    return log.add(
        "decision.made",
        ["steward"],
        {"decision": log[point]["data"]["decision"], "on": made},
        {"decision": [point]},
        texts=("outcome",),
        on=day_after(closes, 1),
    )


def still_open(log: Forged) -> Callable[[Value], bool]:
    """Choose the promises under which people can speak on the last day of the record."""
    return lambda one: one["data"]["closes"] >= log[-1]["date"] and "decision" in one["cites"]


@breaks(3, "stricter for the City; propose this when the next cohort begins")
def a_rule_that_gags_the_next_cohort_before_it_sits(log):
    over = max(log[at]["data"]["until"] for at in log.all("seat.taken"))
    rules = log.policy()
    topics = [*rules["topics"], {"id": "housing", "sha256": "ab" * 32}]
    clocks, appeals = rules["clocks"] | {"verify_days": 1}, rules["cohort_clocks"] | {"appeal_days": 330}
    gag = log.draw.choice([{"k": 1000}, {"topics": topics}, {"clocks": clocks}, {"cohort_clocks": appeals}])
    return log.add("policy.adopted", ["steward"], rules | gag, on=day_after(over, 1))


@breaks(4, "the program coordinator signs rules, alone or beside leads")
def rules_that_leads_adopt_without_the_steward(log):
    by = log.seats()[: log.draw.randint(1, len(log.seats()))]
    rules = log.policy()
    clocks = rules["clocks"] | {"answer_days": rules["clocks"]["answer_days"] - 1}
    return log.add("policy.adopted", by, rules | {"clocks": clocks})


@breaks(4, TOO_NEW)
def a_follow_up_that_a_seat_spends_on_its_first_day(log):
    friend = seated_anew(log)[0]
    followed = [cited for at in log.all("ask.questioned") for cited in log[at]["cites"].get("follows", ())]
    answered_ones = [log[at]["cites"]["ask"][0] for at in log.all("answer.given")]
    asked = log.pick(
        "ask.questioned",
        where=lambda one: (
            "follows" not in one["cites"]
            and log.entries.index(one) in answered_ones
            and log.entries.index(one) not in followed
        ),
    )
    office, today = log.office_of(asked), log[-1]["date"]
    clocks = log.policy()["clocks"]
    given = (("ack_due", "acknowledge_business_days"), ("answer_due", "answer_days"))
    days = {name: day_after(today, clocks[clock]) for name, clock in given}
    return log.add(
        "ask.questioned", [friend], {"office": office, **days}, {"follows": [asked]}, texts=["title", "ask"]
    )


@breaks(1, "the promise lacks its questions")
def a_promise_without_its_questions(log):
    at = log.pick(*OPENED)
    del log[at]["texts"]["form"]
    return at


@breaks(8, "must be the digits that its source gave")
def a_draw_whose_numbers_are_written_until_they_fit(log):
    at = log.pick("lottery.drawn")
    seed = log[at]["data"]["seed"]
    other = [seed.replace(" ", mark) for mark in (", ", "-", "  ", " .")]
    log[at]["data"]["seed"] = log.draw.choice([*other, f"0{seed}", f"{seed} ", seed.replace(" ", " 0")])
    return at


@breaks(3, "whose bureau this is about; another lead does this")
def an_invitation_that_a_lead_takes_whom_the_unit_employs(log):
    at = log.pick("invitation.taken")
    log.cut(at + 1)
    kept = log.entries.pop()
    unit = log[kept["cites"]["invitation"][0]]["data"]["unit"]
    taker, other = kept["by"][0], next(one for one in log.seats() if one not in kept["by"])
    log.add("seat.declared", [taker], {"seat": taker, "works_for": unit})
    log.add("seat.declared", [other], {"seat": other, "paid_by": "outside"})
    log.entries.append({**kept, "v": VERSION})
    return len(log.entries) - 1


@breaks(6, "draw for as many, or for as many alternates as people are left")
def a_lottery_for_fewer_places_than_the_call_has(log):
    at = log.pick("lottery.announced")
    call = log[log[at]["cites"]["call"][0]]["data"]
    ways = [{"seats": call["seats"] + 1}]
    if log[at]["data"]["tickets"] != "fewer" and log[at]["data"]["seats"] < log[at]["data"]["tickets"]["low"]:
        ways.append({"alternates": 0})
    log[at]["data"] |= log.draw.choice(ways)
    return at


@breaks(6, "rows were lost or came from nowhere")
def a_register_that_loses_rows_between_two_files(log):
    at = log.pick("register.imported")
    wrong = log.draw.choice(
        [{"listed": log[at]["data"]["listed"] + 1}, {"gone": log[at]["data"]["gone"] + 1}]
    )
    log[at]["data"] |= wrong
    return at


@breaks(8, "the first two witnesses can still run it")
def a_third_witness_while_the_first_two_can_be_waited_for(log):
    at = log.pick("lottery.attested")
    log[at]["data"]["witness"] = log.draw.randint(3, 9)
    return at
