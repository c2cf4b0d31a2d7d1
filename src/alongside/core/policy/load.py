"""Read a policy pack from its TOML and refuse, with the place and the cure, what is not whole."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from unicodedata import category
from zoneinfo import ZoneInfo

from alongside.core.entries import unit_of
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.policy import NO_WITNESS, policy_in
from alongside.core.policy.calls import Category, Demographic
from alongside.core.policy.holidays import is_rule
from alongside.core.policy.linter import lint_question
from alongside.core.policy.pack import MOST_DAYS, Pack, is_no_unit
from alongside.core.policy.pay import COLUMNS, NEEDED
from alongside.core.policy.purpose import FACTS, usual_purpose
from alongside.core.policy.reading import every, read
from alongside.core.policy.safeguards import EMAIL, OFFICE
from alongside.core.policy.safeguards import LONGEST as LONGEST_CARE
from alongside.core.policy.shapes import MOST_DAYS_KEPT, Route
from alongside.core.policy.words import PackError, Words
from alongside.core.words import as_seen

#: What is wrong with a pack, as a check finds it.
type Found = Iterator[PackError]


def hears_alarms(pack: Pack) -> Found:
    """Find a `[charter]` or `[federal]` table that names nobody who is there."""
    rules, federal = pack.charter, pack.federal
    for name in ("alarm_days", "alarm_kept_days", "message_kept_days"):
        fine = 1 <= getattr(rules, name) <= LONGEST_CARE
        yield from _unless(fine, f"charter.{name}", f"must be from 1 to {LONGEST_CARE}.")
    known = rules.alarm_to is None or pack.office(rules.alarm_to)
    yield from _unless(known, "charter.alarm_to", "is no office; name one as unit/office.")
    body = rules.alarm_body
    yield from _unless(
        body is None or EMAIL.match(body.email), "charter.alarm_body.email", "is no email address."
    )
    known = federal.attorney is None or pack.office(federal.attorney)
    yield from _unless(
        known, "federal.attorney", "is no office; name one as unit/office, or use attorney_words."
    )
    for place, one in enumerate(federal.statutes):
        secure = one.source.startswith("https://")
        yield from _unless(secure, f"federal.statutes[{place}].source", "does not begin with https://.")


#: Every page says it in the middle of our sentences: a name, and nothing that says more or that a browser reads.
MOST_CALLED = 40
ARTICLES = frozenset({"the", "el", "la", "los", "las"})
SMALL_WORDS = ARTICLES | {"of", "and", "for", "de", "del", "y", "và", "و"}


def is_called_by_a_name(pack: Pack) -> Found:
    """Find a `government.short` that is more than what somebody is called, or calls somebody else."""
    for code, short in pack.government.short.by_lang.items():
        fine = _is_name(short)
        cure = f"is no short name, of at most {MOST_CALLED} letters; write one as the City."
        yield from _unless(fine, f"government.short.{code}", cure)
        known = ARTICLES | _words(pack.government.name.by_lang.get(code, ""))
        cure = "has a word that is not in government.name, so pages could promise it of somebody else; write words of that name."
        yield from _unless(_words(short) <= known, f"government.short.{code}", cure)


def calls_its_people_by_names(pack: Pack) -> Found:
    """Find a name of the leads or the coordinator that is no name, or has leads pass for the government."""
    purpose = pack.purpose
    for role, names in (("leads", purpose.leads), ("coordinator", purpose.coordinator)):
        for code, name in names.by_lang.items() if names else ():
            where = f"purpose.{role}.{code}"
            yield from _unless(_is_name(name), where, f"is no short name, of at most {MOST_CALLED} letters.")
            theirs = _words(pack.government.name.by_lang.get(code, "")) - SMALL_WORDS
            cure = (
                "has a word of government.name; leads are no part of the government, so call them by another."
            )
            yield from _unless(role != "leads" or not _words(name) & theirs, where, cure)


def _is_name(name: str) -> bool:
    fits = len(name) <= MOST_CALLED and name.lower() not in ARTICLES
    return fits and all(category(one)[0] in "LM" or one in " -.'’" for one in name)


def _words(name: str) -> set[str]:
    """Give the words of a name, without the article that Arabic writes into a word."""
    return {one.removeprefix("ال") for one in name.lower().replace("-", " ").split()}


def names_a_body_outside(pack: Pack) -> Found:
    """Find a `[community_body]` that is an office or a unit of the government."""
    if (body := pack.community_body) is None:
        return
    fine = OFFICE.match(body.office)
    yield from _unless(fine, "community_body.office", "is not written as unit/office, in small letters.")
    unit = unit_of(body.office)
    yield from _unless(
        not is_no_unit(unit),
        "community_body.office",
        "begins with a word of the record for somebody else; write a longer one.",
    )
    inside = unit in {one.slug for one in pack.units}
    yield from _unless(
        not inside, "community_body.office", "is in a unit of the pack; name a body outside the government."
    )


def lets_go(pack: Pack) -> Found:
    """Find a `[kept]` table without a day: a class that is not there or has no years."""
    name = pack.kept.comments
    fine = name is None or any(one.id == name and one.years for one in pack.retention)
    yield from _unless(fine, "kept.comments", "is no retention class with years; name one by its id.")
    fine = 1 <= pack.kept.strategy_days <= MOST_DAYS_KEPT
    yield from _unless(fine, "kept.strategy_days", f"must be from 1 to {MOST_DAYS_KEPT}.")


def _unless(fine: object, key: str, cure: str) -> Found:
    if not fine:
        yield PackError(key, cure)


ID = re.compile(r"[a-z0-9][a-z0-9-]{0,29}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
HALF_A_DAY = 12 * 60
MOST_QUICK = 4


def pays_as_it_can(pack: Pack) -> Found:
    """Find a `[pay]` table that would fail when somebody is paid."""
    pay = pack.pay
    for code in pay.currencies or ("",):
        yield from _unless(CURRENCY.match(code), "pay.currencies", "holds no currency; write one as USD.")
    fine = len(pay.quick_minutes) <= MOST_QUICK and all(1 <= one <= HALF_A_DAY for one in pay.quick_minutes)
    cure = f"must be at most {MOST_QUICK} numbers from 1 to {HALF_A_DAY}."
    yield from _unless(fine, "pay.quick_minutes", cure)
    ids = [one.id for one in (*pay.kinds_of_work, *pay.kinds_of_cost)]
    yield from _unless(
        all(ID.match(one) for one in ids), "pay.work", "needs ids of small letters and hyphens."
    )
    yield from _unless(
        len(ids) == len(set(ids)), "pay.work", "names a kind twice among work and costs; keep one."
    )
    known = pay.retention is None or any(one.id == pay.retention for one in pack.retention)
    yield from _unless(known, "pay.retention", "is no retention class of the pack; name one by its id.")
    yield from _has_a_file(pack)


def _has_a_file(pack: Pack) -> Found:
    finance = pack.pay.finance
    lacking = [one for one in NEEDED if one not in finance.columns]
    yield from _unless(not lacking, "pay.finance.columns", f"lacks {', '.join(lacking)}; add it.")
    strange = [one for one in finance.columns if one not in COLUMNS]
    yield from _unless(not strange, "pay.finance.columns", f"may hold only {', '.join(COLUMNS)}.")
    named = finance.tel and TEL.match(finance.tel) and finance.tel_shown
    fine = named or not (finance.tel or finance.tel_shown)
    yield from _unless(
        fine, "pay.finance.tel", "is not a number to dial, as +15035550101, or lacks tel_shown."
    )
    cure = 'holds "name" if and only if needs_name = true; finance works with the payee number.'
    yield from _unless(("name" in finance.columns) == finance.needs_name, "pay.finance.columns", cure)


#: A longer one leaves no room for languages and the search on a phone.
LONGEST_MASTHEAD = 20


def fits_at_the_top(pack: Pack) -> Found:
    """Find a `masthead` that is too long for a phone."""
    for lang, said in pack.masthead.by_lang.items() if pack.masthead else ():
        cure = f"is longer than {LONGEST_MASTHEAD} letters; shorten it, the whole name stands beside it."
        yield from _unless(len(said) <= LONGEST_MASTHEAD, f"masthead.{lang}", cure)


def says_what_it_is_about(pack: Pack) -> Found:
    """Find a `[purpose]` whose lists name something twice, nothing, or what no bureau can tell."""
    purpose = pack.purpose
    ids: dict[str, list[str]] = {
        "sorts": [one.id for one in purpose.sorts],
        "products": [one.id for one in purpose.products],
        "facts": list(purpose.facts),
        "courses": list(purpose.courses),
    }
    ids |= {f"products.{one.id}.headings": [each.id for each in one.headings] for one in purpose.products}
    for name, listed in ids.items():
        yield from _once(f"purpose.{name}", listed)
        fine = name == "facts" or all(SLUG.match(one) for one in listed)
        yield from _unless(fine, f"purpose.{name}", "needs ids of small letters, digits and hyphens.")
        yield from _unless(listed or name == "courses", f"purpose.{name}", "is empty; name one.")
    strange = next((one for one in purpose.facts if one not in FACTS), None)
    cure = f"holds {strange}; a bureau tells only {', '.join(FACTS)}."
    yield from _unless(strange is None, "purpose.facts", cure)


def names_each_once(pack: Pack) -> Found:
    """Find two harms, communities, frameworks or levels of one id, and a pack without a framework."""
    yield from _unless(pack.frameworks, "frameworks", "is empty; a promise names a level of one.")
    yield from _once("frameworks", (one.id for one in pack.frameworks))
    for one in pack.frameworks:
        yield from _once(f"frameworks.{one.id}.levels", (level.id for level in one.levels))
    yield from _once("harms", (one.id for one in pack.harms))
    yield from _once("communities", (one.id for one in pack.communities))


SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
CHOICE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
TEL = re.compile(r"\+?[0-9]{3,15}\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
HELP = ("urgent", "legal", "bias", "sanctuary", "discrimination", "other")
SMALLEST_K = 2
LONGEST = 3650
LONGEST_CALL = 36_500
#: Days off in a year at most: every clock of working days waits for them.
MOST_HOLIDAYS = 40
MOST_WITNESSES = 16
#: A witness on the same machine may do without a certificate, as in a trial.
WITNESS_URL = re.compile(
    r"https://[^/?#@\s]+[^?#@\s]*\Z|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^?#\s]*)?\Z"
)
#: Silence is told again after so many months at most.
SELDOM = 3


@lru_cache(maxsize=32)
def load_pack(text: str) -> Pack:
    """Read a policy pack from TOML text; a pack is never changed, so the same text gives the same pack.

    Raises PackError, whose message names the key as a dotted path and says the cure; it lists all that is wrong.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError("(the file)", f"is not TOML: {error}; mend that line.") from error
    pack: Pack = read(Pack, table, "")
    if wrong := [one for check in CHECKS for one in check(pack)]:
        raise PackError.of(wrong)
    return pack


def made_up(pack: Pack) -> Found:
    """Find what no program with real people may adopt: a made-up pack, made-up numbers, and addresses that are examples."""
    yield from _unless(
        not pack.made_up, "made_up", "is true; write a pack of your own, and take the line out."
    )
    cure = "is true; write a number that somebody answers, and take the line out."
    numbers = [(f"help[{place}]", one.demonstration) for place, one in enumerate(pack.help)]
    for name, ways in (("routes", pack.routes), ("calls.ways", pack.calls.ways)):
        numbers += [(f"{name}[{place}]", one.demonstration) for place, one in enumerate(ways)]
    for key, is_shown in numbers:
        yield from _unless(not is_shown, f"{key}.demonstration", cure)
    for path, said in every(str, pack):
        yield from _unless(
            "example.org" not in said, path, "names example.org; write an address that is there."
        )


def _is_this_version(pack: Pack) -> Found:
    yield from _unless(pack.version == 1, "version", "is not 1; this release reads version 1.")


def _has_languages(pack: Pack) -> Found:
    yield from _unless(pack.language("en"), "languages", "lacks en; English is what others fall back to.")
    for place, one in enumerate(pack.languages):
        where = f"languages[{place}]"
        yield from _unless(
            LANGUAGE.match(one.code), f"{where}.code", "is not a language code; write one as es."
        )
        yield from _unless(one.direction in {"ltr", "rtl"}, f"{where}.direction", "is neither ltr nor rtl.")
    yield from _once("languages", (one.code for one in pack.languages))


def _says_all_in_complete_languages(pack: Pack) -> Found:
    known = {one.code for one in pack.languages}
    is_told = pack.purpose is not usual_purpose()
    for key, words in every(Words, pack):
        is_purpose = key.startswith("purpose.")
        if is_purpose and not is_told:
            continue
        for code in words.by_lang:
            # A purpose that packs share has words in more languages than each of them.
            yield from _unless(
                code in known or is_purpose,
                f"{key}.{code}",
                f"is no language of the pack; list {code} first.",
            )
        for code in pack.complete_languages:
            yield from _unless(
                code in words.by_lang,
                f"{key}.{code}",
                f"is missing; write it, or set complete = false for {code}.",
            )


def _has_a_time_zone(pack: Pack) -> Found:
    try:
        ZoneInfo(pack.time_zone)
    except (KeyError, ValueError, OSError):
        yield PackError("time_zone", "is not a time zone; write one as America/Los_Angeles.")


def _hides_small_counts(pack: Pack) -> Found:
    yield from _unless(pack.k >= SMALLEST_K, "k", f"is below {SMALLEST_K}; a smaller k points at one person.")
    rises = all(a < b for a, b in zip((pack.k, *pack.bands), pack.bands, strict=False))
    yield from _unless(pack.bands and rises, "bands", "must rise, and begin above k; write the upper edges.")


def _has_clocks(pack: Pack) -> Found:
    for name, value in vars(pack.clocks).items():
        many, most = isinstance(value, tuple), MOST_DAYS.get(name, LONGEST)
        fine = all(1 <= one <= most for one in (value if many else (value,)))
        yield from _unless(fine, f"clocks.{name}", f"must be from 1 to {most}.")
    silence = pack.clocks.silence_days
    rises = silence and list(silence) == sorted(set(silence))
    yield from _unless(
        rises and silence[0] == 1,
        "clocks.silence_days",
        "must rise, from the day after; write them as [1, 30].",
    )
    yield from _unless(
        pack.clocks.silence_repeat_months <= SELDOM,
        "clocks.silence_repeat_months",
        f"is over {SELDOM}; silence is told again each quarter or sooner.",
    )
    yield from _unless(pack.clocks.monitor_years <= 100, "clocks.monitor_years", "is over 100 years.")  # noqa: PLR2004 -- nobody monitors longer


def _has_holidays(pack: Pack) -> Found:
    for place, one in enumerate(pack.holidays):
        where = f"holidays[{place}]"
        yield from _unless(one.rule or one.days, where, "has neither rule nor days; add one.")
        fine = one.rule is None or is_rule(one.rule)
        yield from _unless(
            fine, f"{where}.rule", 'cannot be read; write "third monday of january" or "july 4".'
        )
    every_year = sum(1 for one in pack.holidays if one.rule)
    years = Counter(day.year for one in pack.holidays for day in one.days)
    yield from _unless(
        every_year + max(years.values(), default=0) <= MOST_HOLIDAYS,
        "holidays",
        f"are more than {MOST_HOLIDAYS} days in a year; each day off makes people wait longer, so name fewer.",
    )


def _has_units(pack: Pack) -> Found:
    slugs = [one.slug for one in pack.units]
    yield from _once("units", slugs)
    yield from _told_apart("units", pack, [one.name for one in pack.units])
    for place, one in enumerate(pack.units):
        where = f"units[{place}]"
        yield from _slug(f"{where}.slug", one.slug)
        yield from _unless(
            not is_no_unit(one.slug),
            f"{where}.slug",
            "is a word of the record for somebody else; write a longer one, as community-affairs.",
        )
        yield from _unless(one.offices, f"{where}.offices", "is empty; a unit answers by an office.")
        yield from _unless(
            sum(each.is_manager for each in one.offices) == 1,
            f"{where}.offices",
            "needs one office with is_manager = true, which signs.",
        )
        yield from _once(f"{where}.offices", (each.slug for each in one.offices))
        yield from _told_apart(f"{where}.offices", pack, [each.title for each in one.offices])
        for each in one.offices:
            yield from _slug(f"{where}.offices.{each.slug}", each.slug)
        yield from _unless(
            one.parent is None or one.parent in slugs, f"{where}.parent", "is no unit of the pack."
        )
        yield from _unless(not _is_below_itself(pack, one.slug), f"{where}.parent", "goes round in a circle.")
    yield from _unless(pack.office(pack.escalate_to), "escalate_to", "is no office; name one as unit/office.")


def _is_below_itself(pack: Pack, slug: str) -> bool:
    parents = {one.slug: one.parent for one in pack.units}
    seen: set[str] = set()
    here: str | None = slug
    while here is not None and here not in seen:
        seen.add(here)
        here = parents.get(here)
    return here is not None


def _forbids_with_reasons(pack: Pack) -> Found:
    yield from _once("forbidden", (one.id for one in pack.forbidden))
    for place, one in enumerate(pack.forbidden):
        where = f"forbidden[{place}].patterns"
        yield from _unless(one.patterns, where, "is empty; write what the topic sounds like.")
        for code in pack.complete_languages:
            yield from _unless(one.patterns.get(code), f"{where}.{code}", "is missing; write the patterns.")


def _can_be_called(pack: Pack) -> Found:
    yield from _once("help", (one.slug for one in pack.help))
    for place, line in enumerate(pack.help):
        yield from _unless(
            TEL.match(line.tel), f"help[{place}].tel", "is not a number to dial, as +15035550101."
        )
        yield from _slug(f"help[{place}].slug", line.slug)
        yield from _unless(
            line.kind in HELP, f"help[{place}].kind", f"is not known; use one of {', '.join(HELP)}."
        )
        secure = line.web is None or line.web.startswith("https://")
        yield from _unless(secure, f"help[{place}].web", "does not begin with https://.")
    yield from _lead_somewhere("routes", pack.routes)
    yield from _unless(pack.leave_page.startswith("https://"), "leave_page", "does not begin with https://.")
    read = pack.sanctuary.door_source if pack.sanctuary else ""
    secure = not read or read.startswith("https://")
    yield from _unless(secure, "sanctuary.door_source", "does not begin with https://.")


def _lead_somewhere(key: str, routes: Iterable[Route]) -> Found:
    for place, route in enumerate(routes):
        where = f"{key}[{place}]"
        yield from _unless(route.kind in {"phone", "paper"}, f"{where}.kind", "is neither phone nor paper.")
        fine = route.kind == "paper" or (route.tel and TEL.match(route.tel) and route.tel_shown)
        yield from _unless(fine, f"{where}.tel", "is missing or not a number; add tel and tel_shown.")
        named = key == "routes" and route.kind == "phone" and EMAIL.match(route.email or "")
        yield from _unless(
            route.email is None or named,
            f"{where}.email",
            "is no email address, or stands beside no phone of [[routes]].",
        )


def asks_applicants_what_it_may(pack: Pack) -> Found:
    """Find a `[calls]` table that asks a forbidden topic, counts nothing, or keeps applications for no time."""
    yield from _lead_somewhere("calls.ways", pack.calls.ways)
    for name in ("kept_days", "unsent_kept_days"):
        fine = 1 <= getattr(pack.calls, name) <= LONGEST_CALL
        yield from _unless(fine, f"calls.{name}", f"must be from 1 to {LONGEST_CALL} days.")
    yield from _asks(pack, "calls.demographics", pack.calls.demographics)
    yield from _asks(pack, "calls.categories", pack.calls.categories)


def _asks(pack: Pack, key: str, asked: Sequence[Demographic | Category]) -> Found:
    yield from _once(key, (one.id for one in asked))
    for place, one in enumerate(asked):
        where, choices = f"{key}[{place}]", [choice.id for choice in one.choices]
        for short in (one.id, *choices):
            cure = f"has the id {short}; write small letters, digits and hyphens."
            yield from _unless(CHOICE.match(short), where, cure)
        fine = choices and len(set(choices)) == len(choices)
        yield from _unless(fine, f"{where}.choices", "needs answers to choose from, each once.")
        for words in (one.words, *(choice.words for choice in one.choices)):
            for hit in (hit for text in words.by_lang.values() for hit in lint_question(text, pack)):
                yield PackError(where, f"asks about {hit.topic} ({hit.statute}); take it out.")


def _keeps_by_a_rule(pack: Pack) -> Found:
    yield from _once("retention", (one.id for one in pack.retention))
    for place, one in enumerate(pack.retention):
        cure = "needs one of rule (a citation) and rule_words (what people read, in each language)."
        yield from _unless(bool(one.rule) != bool(one.rule_words), f"retention[{place}].rule", cure)


def _slug(key: str, value: str) -> Found:
    yield from _unless(SLUG.match(value), key, "is not a short name of small letters, digits and hyphens.")


def _told_apart(key: str, pack: Pack, names: Sequence[Words]) -> Found:
    """Find two that people read as one: they would not know whom they ask, or who promised."""
    for lang in [one.code for one in pack.languages]:
        seen = Counter(as_seen(one.say(lang)) for one in names)
        twice = next((one.say(lang) for one in names if seen[as_seen(one.say(lang))] > 1), None)
        cure = f"names two that read alike in {lang}: {twice}; give one of them another name."
        yield from _unless(twice is None, key, cure)


def _once(key: str, names: Iterable[str]) -> Found:
    listed = list(names)
    twice = next((one for one in listed if listed.count(one) > 1), None)
    yield from _unless(twice is None, key, f"names {twice} twice; keep one.")


def names_witnesses(pack: Pack) -> Found:
    """Find `witnesses` that are no policy of witnesses, or would be asked at an address that anybody on the way reads."""
    try:
        policy = policy_in(pack.witnesses)
    except LedgerError as error:
        yield PackError("witnesses", f"cannot be read: {error}")
        return
    if policy is None:
        return
    cure = "names a log; leave that line out, the log is the program's own."
    yield from _unless(not policy.logs, "witnesses", cure)
    cure = (
        "asks for none of those that it names; end it with 'quorum NAME', of a witness or of a group of them."
    )
    yield from _unless(policy.quorum != NO_WITNESS, "witnesses", cure)
    few = len(policy.witnesses) <= MOST_WITNESSES
    yield from _unless(few, "witnesses", f"names more than {MOST_WITNESSES} witnesses; name fewer.")
    for url in policy.urls.values():
        cure = f"asks at {url}; write an address that begins with https://, or leave it out for a witness that comes by itself."
        yield from _unless(WITNESS_URL.match(url), "witnesses", cure)


CHECKS: tuple[Callable[[Pack], Found], ...] = (
    _is_this_version,
    _has_languages,
    _says_all_in_complete_languages,
    _has_a_time_zone,
    _hides_small_counts,
    _has_clocks,
    _has_holidays,
    _has_units,
    _forbids_with_reasons,
    _can_be_called,
    _keeps_by_a_rule,
    asks_applicants_what_it_may,
    pays_as_it_can,
    hears_alarms,
    names_a_body_outside,
    is_called_by_a_name,
    calls_its_people_by_names,
    lets_go,
    says_what_it_is_about,
    fits_at_the_top,
    names_each_once,
    names_witnesses,
)
