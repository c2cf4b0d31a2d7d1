"""The program and its policy: the first line of a log, and the rules that later lines are judged by."""

from alongside.core.grammar.shape import (
    Entry,
    Kind,
    LogView,
    fail,
    fields,
    flag,
    hex64,
    list_of,
    number,
    office,
    slug,
    words,
)
from alongside.core.refusals import Named

CLOCKS = {
    name: number(1, 3650)
    for name in (
        "acknowledge_business_days",
        "answer_days",
        "contest_days",
        "reply_days",
        "verify_days",
        "monitor_years",
    )
}


def opens_the_log(entry: Entry, _log: LogView) -> None:
    """Allow the opening only as entry 0."""
    if entry.index != 0:
        fail("a program opens once, before anything else; open a new program instead.")


def policy(log: LogView) -> Entry:
    """Give the policy in force: the last one adopted."""
    adopted = log.every("policy.adopted")
    if not adopted:
        fail("no policy is adopted; adopt the policy pack first.")
    return adopted[-1]


def is_an_office(name: str, log: LogView) -> None:
    """Refuse to ask or bind an office that the policy in force does not have."""
    if name not in policy(log).data["offices"]:
        fail(
            "{office} is not an office of the policy in force; name one it has, or add it to the pack first.",
            office=Named(name),
        )


KINDS = (
    Kind(
        name="program.opened",
        says="A program begins. Always entry 0.",
        pen="program",
        by=("steward",),
        data={"program": slug, "time_zone": words(60), "demonstration": flag},
        texts=("name",),
        subject="program",
        rules=(opens_the_log,),
    ),
    Kind(
        name="policy.adopted",
        says="The policy pack in force from now on: its hash, its clocks, k, languages and offices.",
        pen="program",
        by=("steward",),
        data={
            "pack": hex64,
            "k": number(2, 1000),
            "clocks": fields(CLOCKS),
            "languages": list_of(words(12), 1, 60),
            "offices": list_of(office, 1, 500),
        },
    ),
)
