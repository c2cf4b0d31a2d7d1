"""Conversations as Polis writes them: a file of votes and one of statements (compdemocracy.org/export), read and written as text.

Of what a file counts nothing is believed: the last vote of each person on each statement counts, and totals follow from these.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from alongside.core.opinions.votes import Votes, VotesError, cast

VOTES: Final = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
#: A column that Polis does not have, and passes over: whether a lead pressed for this person.
TAKEN: Final = "taken-in"
#: Another one: the language in which the statement was read.
LANG: Final = "read-in"
STATEMENTS: Final = (
    "timestamp",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "comment-body",
)
#: How Polis says that moderators took a statement out.
OUT: Final = "-1"


@dataclass(frozen=True, eq=False)
class Conversation:
    """The votes of a conversation, and the words of its statements by their ids."""

    votes: Votes
    words: Mapping[int, str]


def read(votes: str, statements: str) -> Conversation:
    """Read both files, in any of the forms that Polis wrote since 2014. Raises VotesError where a column lacks or holds no number."""
    given, listed = list(csv.DictReader(io.StringIO(votes))), list(csv.DictReader(io.StringIO(statements)))
    try:
        ids = [int(one["comment-id"]) for one in listed]
        found = cast(
            [int(one["voter-id"]) for one in given],
            [int(one["comment-id"]) for one in given],
            [int(one["vote"]) for one in given],
            moments=[int(one["timestamp"]) for one in given],
            of=ids,
            out=[int(one["comment-id"]) for one in listed if one.get("moderated") == OUT],
            meta=[int(one["comment-id"]) for one in listed if one.get("is-meta") == "true"],
            taken={int(one["voter-id"]) for one in given if one.get(TAKEN) == "1"},
            langs=[one[LANG] for one in given if LANG in one],
        )
        words = {int(one["comment-id"]): one["comment-body"] for one in listed}
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, VotesError):
            raise
        raise VotesError(
            "These are no votes.csv and comments.csv of Polis; export them again, both of one conversation."
        ) from error
    return Conversation(found, words)


def written_votes(rows: Iterable[tuple[int, int, int, bool, str, date]]) -> str:
    """Write votes: person, statement, answer, whether a lead pressed, the language in which it was read, and day."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow((*VOTES, TAKEN, LANG))
    for person, statement, answer, taken, lang, on in rows:
        moment = int(datetime.combine(on, time(), UTC).timestamp()) * 1000
        lines.writerow((moment, on.isoformat(), statement, person, answer, int(taken), lang))
    return out.getvalue()


def written_statements(rows: Iterable[tuple[int, str, int, int]]) -> str:
    """Write statements: id, words, and how many agree and disagree."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(STATEMENTS)
    for number, words, agrees, disagrees in rows:
        lines.writerow((0, number, 0, agrees, disagrees, 1, words))
    return out.getvalue()
