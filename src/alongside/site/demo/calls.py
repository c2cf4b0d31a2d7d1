"""Acts of the calls: each says and asks the same; people apply, on the site, on paper and by voice; panels are made."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Application
from alongside.cohort.calls import actions as calls
from alongside.cohort.calls.actions import begin_call
from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries import rules_of
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews.models import Reading
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota, unmet
from alongside.ground.programs.models import Program
from alongside.site.demo import translations

if TYPE_CHECKING:
    from alongside.ground.people.models import Person


@cache
def said() -> dict[str, Any]:
    """Give what every call says, asks and looks for, and what people answer who apply."""
    return tomllib.loads(Path(__file__).with_name("calls.toml").read_text("utf-8"))


def draft_call(
    *,
    program: Program,
    words: Mapping[str, Mapping[str, str]] | None = None,
    quotas: Sequence[Sequence[Any]] = (),
    now: datetime,
    **rules: Any,
) -> Call:
    """Draft a call as every call is, but for the words and rules that are its own."""
    money = ("pay_amount", "budget", "not_to_exceed")
    terms = {name: Decimal(one) if name in money else one for name, one in said()["terms"].items()}
    common = {lang: translations.each_of(said()["words"], lang) for lang in translations.ALL}
    made = begin_call(
        program=program,
        languages=translations.ALL,
        words={lang: {**texts, **(words or {}).get(lang, {})} for lang, texts in common.items()},
        now=now,
        **{**terms, **rules},
    )
    if quotas:
        calls.save_quotas(call=made, quotas=[Quota(*one) for one in quotas], now=now)
    return made


def apply(*, call: Call, applicants: Sequence[str], speaks: bool = False, pack: Pack, now: datetime) -> None:
    """Let made-up people apply on the site, and send it; who `speaks` answers the last question by voice."""
    for one in applicants:
        lang = said()["applicants"][one].get("lang", "en")
        made = applications.begin(call=call, lang=lang, now=now).application
        _fill(made, one, now)
        if speaks:
            applications.save_recording(application=made, section=call.asked[-1], content=sound(), now=now)
        applications.send(application=made, pack=pack, now=now)


def _fill(application: Application, applicant: str, now: datetime) -> None:
    """Write what an applicant says; who has no answer to the last question gives the first one again."""
    person = said()["applicants"][applicant]
    email = f"{person['name'].lower().replace(' ', '-')}.{application.call.slug}@riverbend.example"
    contact = {"name": person["name"], "email": email, "other": "Leave word at the library desk"}
    fill(application=application, contact=contact, answers=[*person["said"], person["said"][0]], now=now)
    brings = [f"sought-{key}" for key in person["brings"]]
    applications.save_brings(application=application, sought=brings, now=now)
    if application.call.quotas:
        applications.save_balance(application=application, values={"part-of-city": person["part"]}, now=now)


def fill(
    *,
    application: Application,
    contact: Mapping[str, str],
    answers: Sequence[str],
    organizations: Sequence[str] = (),
    conflict: str = "",
    now: datetime,
) -> None:
    """Write who applies, what they answer to one question after the other, and whom they are close to."""
    applications.save_contact(application=application, values={"sender": "person", **contact}, now=now)
    for section, words in zip(application.call.asked, answers, strict=False):
        applications.save_answer(application=application, section=section, words=words, seen=0, now=now)
    declared = {"works_for_government": False, "earns_from_it": False, "close_to_staff": False}
    values = {**declared, "organizations": list(organizations), "words": conflict}
    applications.save_conflicts(application=application, values=values, now=now)


def type_in(
    *, call: Call, applicant: str, by: "Person", read_back: bool = False, pack: Pack, now: datetime
) -> None:
    """Let a lead type in a paper form, and read it back to whoever wrote it."""
    lang = said()["applicants"][applicant].get("lang", "en")
    made = applications.assist(call=call, by=by, came_by="paper", organization="", lang=lang, now=now)
    _fill(made, applicant, now)
    if read_back:
        applications.confirm_read_back(application=made, by=by, pack=pack, now=now)


def begin_to_apply(*, call: Call, words: str, now: datetime) -> None:
    """Let someone begin an answer and stop."""
    made = applications.begin(call=call, lang="en", now=now).application
    applications.save_answer(application=made, section=call.asked[0], words=words, seen=0, now=now)


def _sent(call: Call) -> list[Application]:
    """List the applications that were sent, by their random names."""
    return list(call.applications.live().order_by("reference"))


def read_all(*, call: Call, below: int, words: str, now: datetime) -> None:
    """Let everyone read; so many applications stay below the line."""
    for place, one in enumerate(_sent(call)):
        for reading in Reading.objects.filter(application=one).select_related("reader__call__program"):
            _score(reading, words, low=place < below, now=now)


def read_one(*, call: Call, kind: str, words: str, now: datetime) -> None:
    """Let a reader of a kind read the first application that they were given."""
    first = Reading.objects.filter(reader__call=call, reader__kind=kind).order_by("pk")[0]
    _score(first, words, low=False, now=now)


def _score(reading: Reading, words: str, *, low: bool, now: datetime) -> None:
    given = {
        one["criterion"]: (max(1, one["points"] // 3 if low else one["points"] - 1), words)
        for one in reading.reader.call.rubric
    }
    reviews.score(reading=reading, given=given, notes="", now=now)


def decide(*, call: Call, below: int, no: str, lottery: str, now: datetime) -> None:
    """Write what the panel decided on those above the line: no to the first, the lottery for the others."""
    for place, one in enumerate(_sent(call)[below:]):
        outcome, reasons = ("lottery", lottery) if place else ("no", no)
        reviews.decide(application=one, outcome=outcome, reasons=reasons, now=now)


def make_panels(*, call: Call, now: datetime) -> None:
    """Make the list of panels that the lottery draws from."""
    asked = lotteries.ask_for_panels(call=call, quotas=rules_of(call), widened="", now=now)
    lotteries.make_panels(asked=asked, find=by_looking_at_all)


def by_looking_at_all(
    facts: lotteries.Facts, quotas: Sequence[Quota], seats: int, _count: int
) -> list[list[str]]:
    """Find every panel that meets the quotas; the pool of the story is small enough to need no package."""
    return [list(one) for one in combinations(sorted(facts), seats) if not unmet(one, facts, quotas)]


def sound() -> bytes:
    """Make a second of quiet sound, as a stand-in for a voice."""
    samples = bytes(128 + round(12 * math.sin(place / 6)) for place in range(8000))
    head = b"WAVEfmt " + (16).to_bytes(4, "little") + b"\1\0\1\0" + (8000).to_bytes(4, "little") * 2
    body = head + b"\1\0\x08\0" + b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(body).to_bytes(4, "little") + body
