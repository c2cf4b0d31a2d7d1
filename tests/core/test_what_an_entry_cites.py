"""What an entry cites is read in one way: it stands on the log before it, or the entry is refused."""

from datetime import date

import pytest

from alongside.core.entries import Entry, GrammarError, entry_at
from alongside.core.grammar import charter, seat_removals, vacancies, voices
from alongside.core.grammar.log import MemoryLog
from alongside.core.grammar.shape import all_cited, cited, once_for
from alongside.core.grammar.versions import KINDS, VERSION
from alongside.core.kinds import EntryKind

DAY = date(2026, 3, 1)
NOT_THERE = r"^what you chose is not on the public log; open the list again\.$"
#: What a second entry about one thing is refused with: a rule that each of these kinds has.
FIRST = [(kind, rule) for kind in KINDS.values() for rule in kind.rules if rule.__name__ == "is_first"]


def line(index: int, kind: str, data: dict[str, str] | None = None, **cites: tuple[int, ...]) -> Entry:
    return Entry(index, kind, DAY, "community", ("seat-1a2b3c4d",), data or {}, cites, {}, VERSION)


def log_of(*lines: Entry) -> MemoryLog:
    log = MemoryLog("a log")
    for one in lines:
        log.add(one)
    return log


def test_what_an_entry_cites_is_given_in_the_order_in_which_it_cites_it():
    asks = [line(index, EntryKind.ASK_QUESTIONED) for index in range(3)]
    log = log_of(*asks)
    answer = line(3, EntryKind.ANSWER_GIVEN, ask=(2, 0))

    assert (entry_at(1, log), cited(answer, "ask", log)) == (asks[1], asks[2])
    assert (all_cited(answer, "ask", log), all_cited(answer, "contest", log)) == ([asks[2], asks[0]], [])


@pytest.mark.parametrize("read", [cited, all_cited])
def test_an_entry_that_cites_what_is_not_on_the_log_is_refused(read):
    log = log_of(line(0, EntryKind.ASK_QUESTIONED))

    with pytest.raises(GrammarError, match=NOT_THERE):
        read(line(1, EntryKind.ANSWER_GIVEN, ask=(7,)), "ask", log)


def test_an_entry_that_lacks_what_it_has_to_cite_is_refused():
    log = log_of(line(0, EntryKind.ASK_QUESTIONED))

    with pytest.raises(GrammarError, match=NOT_THERE):
        cited(line(1, EntryKind.ANSWER_GIVEN), "ask", log)


@pytest.mark.parametrize(
    ("rule", "role"),
    [
        (charter.signs_the_same_words, "charter"),
        (seat_removals.is_in_time_and_own, "removal"),
        (vacancies.is_still_empty, "vacancy"),
        (voices.opened_what_was_published, "engagement"),
    ],
)
def test_a_rule_passes_no_entry_whose_links_nobody_checked(rule, role):
    with pytest.raises(GrammarError, match=NOT_THERE):
        rule(line(1, EntryKind.TEXT_ERASED, **{role: (0,)}), log_of())


@pytest.mark.parametrize(("kind", "rule"), FIRST, ids=[kind.name for kind, _rule in FIRST])
def test_a_second_entry_of_a_kind_about_one_thing_is_refused(kind, rule):
    first, other = (line(0, kind.name, {str(kind.subject): name}) for name in ("one", "other"))
    log = log_of(first)

    rule(other, log)
    with pytest.raises(GrammarError, match=r"; |\. "):
        rule(first, log)


def test_nine_kinds_tell_one_thing_once():
    assert sorted(kind.name for kind, _rule in FIRST) == [
        EntryKind.CALL_PUBLISHED,
        EntryKind.COHORT_ENDED,
        EntryKind.COHORT_SEATED,
        EntryKind.CONSULTATION_OPENED,
        EntryKind.ENGAGEMENT_PROMISED,
        EntryKind.MEETING_PLANNED,
        EntryKind.PROJECT_REGISTERED,
        EntryKind.ROW_ERASED,
        EntryKind.SEAT_TAKEN,
    ]


def test_what_is_done_once_for_an_entry_is_done_again_for_another_one_alone():
    rule = once_for("this was done already; read it.", "ask", "Refuse to do it twice.")
    log = log_of(
        line(0, EntryKind.ASK_QUESTIONED),
        line(1, EntryKind.ASK_QUESTIONED),
        line(2, EntryKind.ASK_ACKNOWLEDGED, ask=(0,)),
        line(3, EntryKind.ASK_UNCLEAR, ask=(1,)),
    )

    rule(line(4, EntryKind.ASK_ACKNOWLEDGED, ask=(1,)), log)
    with pytest.raises(GrammarError, match=r"^this was done already; read it\.$"):
        rule(line(4, EntryKind.ASK_ACKNOWLEDGED, ask=(0,)), log)
    assert rule.__doc__ == "Refuse to do it twice."
