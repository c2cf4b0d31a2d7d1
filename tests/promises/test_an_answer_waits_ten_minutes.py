"""What an office signs waits ten minutes and can be called back; no day that it owes passes by that, and nobody sees it before."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from alongside.chain.answers import actions
from alongside.chain.answers.models import AnswerDraft
from alongside.core.refusals import Refused
from alongside.core.workflow.answer_drafts import OUTBOX
from alongside.ground.programs.models import Post
from alongside.ground.record.models import LogEntry, Standing
from alongside.site import ticking
from tests.promises.attempts import BASE, as_
from tests.support.outbox import send_out
from tests.work import cast

WORDS = "We cannot pay for it this year."
DECLINED = {"decision": "declined", "reasons": WORDS, "sign": "1"}


@pytest.fixture
def thread(db):
    return cast.opened()


@pytest.fixture
def ask(thread) -> int:
    return thread.recommend(thread.find()).index


def given() -> int:
    return LogEntry.objects.filter(kind="answer.given").count()


def sign(thread, ask: int) -> str:
    sent = as_(thread.boss).post(f"{BASE}/answers/{ask}/", DECLINED)
    assert sent.status_code == 302
    return sent.url


def call_back(person, ask: int) -> int:
    return as_(person).post(f"{BASE}/answers/{ask}/call-back/").status_code


def test_a_signed_answer_is_on_the_record_ten_minutes_later_and_not_before(thread, ask):
    assert "done=in-outbox" in sign(thread, ask)
    signed = AnswerDraft.objects.get().signed_at
    at = [timedelta(0), OUTBOX - timedelta(seconds=1)]

    assert [actions.send_out(program=thread.program, now=signed + one) for one in at] == [0, 0]
    assert given() == 0
    ticking.tick(signed + OUTBOX)
    assert (given(), AnswerDraft.objects.count()) == (1, 0)


def test_a_quiet_clock_wakes_for_what_waits_in_the_outbox(thread, ask):
    sign(thread, ask)
    signed, quiet = AnswerDraft.objects.get().signed_at, []
    for _run in range(2):
        ticking.tick(signed, quiet=quiet)
    hour = signed.replace(minute=0, second=0, microsecond=0)
    later = max(signed + OUTBOX, hour + timedelta(minutes=59))
    quiet[:] = [(*quiet[0][:-1], later.replace(minute=0, second=0, microsecond=0))]

    ticking.tick(later, quiet=quiet)

    assert given() == 1


def test_an_answer_that_is_called_back_never_goes_out_and_the_record_knows_nothing_of_it(thread, ask):
    before = LogEntry.objects.count()
    sign(thread, ask)

    assert call_back(thread.boss, ask) == 302
    assert send_out(thread.program) == 0
    assert (LogEntry.objects.count(), AnswerDraft.objects.get().reasons) == (before, WORDS)


def test_a_manager_signs_no_words_that_a_colleague_saved_a_moment_before(thread, ask):
    owed, now = Standing.objects.get(ask=ask), datetime.now(tz=UTC)
    sent = {
        "decision": "declined",
        "until": None,
        "owner": "",
        "evidence": "",
        "milestones": [],
        "lang": "en",
    }

    def save(words: str, person, at: datetime) -> AnswerDraft:
        values = {**sent, "reasons": words}
        about = {"program": thread.program, "about": ask, "unit": owed.unit, "person": person}
        return actions.save_draft(values=values, now=at, **about)

    read = save(WORDS, thread.boss, now)
    save("We will never do it.", thread.staff, now + timedelta(seconds=1))

    with pytest.raises(Refused, match="Someone changed this draft"):
        actions.sign(drafts=[read], office=owed.office, person=thread.boss, now=now + timedelta(seconds=2))
    assert (given(), AnswerDraft.objects.get().signed_at) == (0, None)


def test_only_who_signs_for_the_unit_calls_an_answer_back(thread, ask):
    sign(thread, ask)

    found = {
        name: call_back(one, ask)
        for name, one in (("staff", thread.staff), ("lead", thread.first_lead.person))
    }

    assert found == {"staff": 404, "lead": 403}
    assert send_out(thread.program) == 1


def test_what_is_on_the_record_is_not_called_back(thread, ask):
    sign(thread, ask)
    send_out(thread.program)

    sent = as_(thread.boss).post(f"{BASE}/answers/{ask}/call-back/")

    assert f"/record/{Standing.objects.get(ask=ask).answer}/" in sent.url
    assert given() == 1


def test_nobody_outside_the_bureau_reads_an_answer_before_it_goes_out(thread, ask):
    sign(thread, ask)
    pages = [
        f"{BASE}/{one}"
        for one in ("week/", f"follow/{thread.promise}/", f"record/{ask}/", "owed/", "search/?q=pay+year")
    ]
    readers = {"lead": thread.first_lead.person, "steward": thread.steward, "nobody": None}

    seen = {
        name: [one for one in pages if WORDS in as_(person).get(one, follow=True).content.decode()]
        for name, person in readers.items()
    }

    assert seen == {"lead": [], "steward": [], "nobody": []}
    assert WORDS in as_(thread.staff).get(f"{BASE}/answers/{ask}/").content.decode()
    send_out(thread.program)
    assert WORDS in as_(None).get(f"{BASE}/follow/{thread.promise}/").content.decode()


def test_on_its_day_an_answer_goes_at_once_as_the_page_says_before(thread, ask):
    def said() -> list[bool]:
        page = as_(thread.boss).get(f"{BASE}/answers/{ask}/").content.decode()
        return ["waits 10 minutes, and you can call it back" in page, "goes public at once" in page]

    assert said() == [True, False]
    Standing.objects.filter(ask=ask).update(answer_due=thread.today)
    assert said() == [False, True]

    assert "done=answered" in sign(thread, ask)
    assert given() == 1


def test_nothing_that_is_owed_is_late_because_it_waited(thread, ask):
    """Signed in the last minute before its day, it goes out on its day."""
    day = Standing.objects.get(ask=ask).answer_due
    last = datetime(day.year, day.month, day.day, 6, 59, tzinfo=UTC)
    draft = AnswerDraft.objects.create(
        program=thread.program,
        about=ask,
        unit=thread.unit.slug,
        decision="declined",
        reasons=WORDS,
        saved_by=thread.boss,
        saved_at=last,
    )

    entries = actions.sign(drafts=[draft], office=thread.manager.public_id, person=thread.boss, now=last)
    ticking.tick(last + OUTBOX)

    assert ([one.kind for one in entries], given()) in (([], 1), (["answer.given"], 1))
    assert LogEntry.objects.filter(kind="ask.silent").count() == 0


def test_what_no_longer_holds_comes_back_with_the_reason_and_nothing_goes_on_the_record(thread, ask):
    sign(thread, ask)
    Post.objects.filter(person=thread.boss).update(until_date=thread.today)

    assert (send_out(thread.program), given()) == (0, 0)
    draft = AnswerDraft.objects.get()
    assert (draft.signed_at, draft.note) == (
        None,
        "It could not go on the public log: Whoever signed this does not sign for the bureau any more.",
    )
    assert send_out(thread.program) == 0


def test_an_answer_that_the_grammar_refuses_is_told_when_it_is_signed(thread, ask):
    sent = DECLINED | {"decision": "told"}
    draft = AnswerDraft.objects.create(
        program=thread.program,
        about=ask,
        unit=thread.unit.slug,
        decision="told",
        reasons=WORDS,
        saved_by=thread.boss,
        saved_at=datetime.now(tz=UTC),
    )
    with pytest.raises(Exception, match="only a question is told"):
        actions.sign(
            drafts=[draft], office=thread.manager.public_id, person=thread.boss, now=datetime.now(tz=UTC)
        )
    assert AnswerDraft.objects.get().signed_at is None
    assert as_(thread.boss).post(f"{BASE}/answers/{ask}/", sent).status_code == 200


def test_a_draft_is_handed_back_with_a_note_and_the_desk_says_who_has_it(thread, ask):
    page = f"{BASE}/answers/{ask}/"
    typed = {"decision": "declined", "reasons": WORDS}
    as_(thread.staff).post(page, typed | {"send": "1"})
    boss = as_(thread.boss)
    assert "Hand it back with a note" in boss.get(page).content.decode()
    assert boss.post(f"{page}hand-back/", {"note": " "}).status_code == 200

    assert boss.post(f"{page}hand-back/", {"note": "Say what it costs."}).status_code == 302

    shown = as_(thread.staff).get(f"{BASE}/unit/?at={ask}").content.decode()
    assert "Say what it costs." in shown
    row = re.search(r'<li class="queue-row">.*?</li>', shown, re.DOTALL)
    assert row and ("handed it back" in row[0] or "It came back." in row[0])
    assert as_(thread.staff).post(f"{page}hand-back/", {"note": "No."}).status_code == 404


def test_an_answer_stays_in_the_language_in_which_it_was_written_on_whichever_page_it_is_signed(thread, ask):
    words, page = "No podemos pagarlo este año.", f"{BASE}/answers/{ask}/"
    typed = {"decision": "declined", "reasons": words}
    as_(thread.staff).post(page.replace("/en/", "/es/"), typed | {"send": "1"})
    boss = as_(thread.boss)
    shown = boss.get(page).content.decode()
    assert re.search(r'<select name="lang".*?<option value="es" selected>', shown, re.DOTALL)

    read = re.findall(r'name="(version)" value="([^"]*)"', shown)
    assert boss.post(page, {**typed, **dict(read), "lang": "es", "sign": "1"}).status_code == 302
    assert (send_out(thread.program), given()) == (1, 1)
    assert LogEntry.objects.get(kind="answer.given").parsed.texts["reasons"]["lang"] == "es"


def in_the_database(sql: str) -> None:
    """Change rows as whoever holds the database's password, and nothing else, could."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


OTHER_WORDS = "The residents of Elm Street do not deserve a ramp."
CHANGED = [
    f"UPDATE answers_answerdraft SET reasons = '{OTHER_WORDS}'",
    "UPDATE answers_answerdraft SET decision = 'deferred', until = '2027-06-01'",
    "UPDATE answers_answerdraft SET lang = 'es'",
    "UPDATE answers_answerdraft SET signed_by_id = saved_by_id",
    "UPDATE answers_answerdraft SET mark = ''",
]


@pytest.mark.parametrize("sql", CHANGED)
def test_what_was_changed_in_the_database_after_it_was_signed_goes_nowhere(thread, ask, sql):
    as_(thread.staff).post(f"{BASE}/answers/{ask}/", {**DECLINED, "sign": "", "send": "1"})
    draft = AnswerDraft.objects.get()
    actions.sign(drafts=[draft], office=thread.manager.public_id, person=thread.boss, now=thread.now)
    in_the_database(sql)

    assert (send_out(thread.program, thread.now), given()) == (0, 0)
    back = AnswerDraft.objects.get()
    assert (back.is_signed, bool(back.note), send_out(thread.program, thread.now)) == (False, True, 0)


def test_an_answer_that_came_into_the_database_by_other_hands_is_nobodys(thread, ask):
    sign(thread, ask)
    row = AnswerDraft.objects.values().get()
    other = thread.question("How many computers work?").index
    forged = {
        **row,
        "id": row["id"] + 1,
        "about": other,
        "decision": "declined",
        "reasons": "We do not tell.",
    }
    AnswerDraft.objects.bulk_create([AnswerDraft(**forged)])

    assert (send_out(thread.program), given()) == (1, 1)
    assert AnswerDraft.objects.get().about == other
    shown = as_(thread.boss).get(f"{BASE}/answers/{other}/").content.decode()
    assert "not the words that were signed here" in shown


def test_a_manager_signs_no_words_that_came_into_the_database_while_the_page_was_open(thread):
    ask = thread.question("How many computers work?").index
    page = f"{BASE}/answers/questions/"
    as_(thread.staff).post(f"{BASE}/answers/{ask}/", {"decision": "told", "reasons": "Forty.", "send": "1"})
    boss = as_(thread.boss)
    read = re.findall(r'name="waiting" value="([^"]+)"', boss.get(page).content.decode())
    in_the_database("UPDATE answers_answerdraft SET reasons = 'None of your business.'")

    refused = boss.post(page, {"waiting": read, "sign_waiting": "1"})
    assert (refused.status_code, AnswerDraft.objects.get().is_signed) == (200, False)


def test_what_was_called_back_stays_so_after_an_old_backup_is_restored(thread, ask):
    sign(thread, ask)
    backup = AnswerDraft.objects.values().get()
    assert call_back(thread.boss, ask) == 302

    def restored() -> None:
        AnswerDraft.objects.all().delete()
        AnswerDraft.objects.create(**backup)

    restored()
    assert actions.empty_outboxes(now=backup["signed_at"]) == 1
    ticking.tick(backup["signed_at"] + OUTBOX)
    assert (given(), "when a backup was made" in AnswerDraft.objects.get().note) == (0, True)
    restored()  # by other means than ours, and looked at two days later
    ticking.tick(backup["signed_at"] + timedelta(days=2))
    assert (given(), "waited for more than a day" in AnswerDraft.objects.get().note) == (0, True)
