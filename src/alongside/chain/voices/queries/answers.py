"""Answers of the City that a finding may look at, by what was asked."""

from alongside.ground.programs.models import Program
from alongside.ground.record.queries import told, told_where_latest

MOST = 60


def answers_to_cite(program: Program, lang: str) -> list[tuple[int, str, str]]:
    """List the newest answers, each by its entry with what was asked and the language of that. Four queries."""
    given = told_where_latest(program, lang, ["answer.given"], MOST)
    asked = told(program, [one.entry.cites["ask"][0] for one in given], lang)
    rows = [(one.index, asked[one.entry.cites["ask"][0]]) for one in given]
    return [(index, ask.say("title"), ask.lang("title")) for index, ask in rows if ask.say("title")]
