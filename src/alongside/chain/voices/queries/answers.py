"""Answers of the City that a finding may look at, by what was asked."""

from alongside.ground.programs.models import Program
from alongside.ground.record.queries import entries_at, told, told_where_latest

MOST = 60
ABOVE = "raise.replied"


def answers_to_cite(program: Program, lang: str) -> list[tuple[int, str, str, bool]]:
    """List the newest answers: entry, what was asked, its language, whether the office above replied. Five queries at most."""
    given = told_where_latest(program, lang, ["answer.given", ABOVE], MOST)
    raised = entries_at(program, [one.entry.cites["raise"][0] for one in given if one.entry.kind == ABOVE])
    asks = {
        one.index: (raised[one.entry.cites["raise"][0]] if one.entry.kind == ABOVE else one.entry).cites[
            "ask"
        ][0]
        for one in given
    }
    asked = told(program, asks.values(), lang)
    rows = [(one.index, asked[asks[one.index]], one.entry.kind == ABOVE) for one in given]
    return [
        (index, ask.say("title"), ask.lang("title"), above) for index, ask, above in rows if ask.say("title")
    ]
