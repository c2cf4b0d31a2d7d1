"""What the rules ask of the rows is answered alike, whether the entries were read before or are being written."""

from alongside.core.kinds import EntryKind
from tests.support.thread import Thread

ASKED, ANSWERED = EntryKind.ASK_QUESTIONED, EntryKind.ANSWER_GIVEN


def test_what_is_written_in_one_go_cites_what_was_written_before_it(db):
    thread = Thread().open_program()
    ask = thread.question()
    (answer,) = thread.answer(ask, "told", reasons="Twelve.")
    log = thread.log

    log.add(ask)
    log.add(answer)

    assert log.citing(ask.index, ANSWERED) == [answer]
    assert log.citing(answer.index, ASKED) == []


def test_what_was_read_ahead_answers_as_the_rows_do(db, django_assert_num_queries):
    thread = Thread().open_program()
    first, second = thread.question(), thread.question("How many do not?", "Tell us that, too.")
    (answer,) = thread.answer(first, "told", reasons="Twelve.")
    seat = EntryKind.SEAT_TAKEN
    plain, ahead = thread.log, thread.log

    told = [plain.citing(one, ANSWERED) for one in (first.index, second.index)]
    taken = plain.about(seat, thread.first_lead.public_id)
    with django_assert_num_queries(1):
        ahead.read(ASKED, ANSWERED, seat)
        assert [ahead.citing(one, ANSWERED) for one in (first.index, second.index)] == told == [[answer], []]
        assert ahead.about(seat, thread.first_lead.public_id) == taken
        assert ahead.every(ASKED) == [first, second]
        assert ahead.some([first.index, second.index]) == {first.index: first, second.index: second}
