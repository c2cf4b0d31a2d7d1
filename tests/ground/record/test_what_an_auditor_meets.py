"""What an auditor reads in the record: what each line is about, and what was taken down."""

import html
import re

from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.models import PublicText
from alongside.ground.texts.actions import erase_text, translate_all
from tests.support.thread import Thread


def test_a_batch_of_voices_is_told_by_the_title_of_its_engagement(db, client) -> None:
    thread = Thread().to_open_engagement()
    marks = sorted(f"{number:064x}" for number in range(10))
    batch = thread.enter(
        "voices.published", ["clock"], {"marks": marks, "part": 1}, {"engagement": [thread.promise]}
    )

    page = client.get("/riverbend/en/record/").content.decode()

    row = page.split(f'/record/{batch.index}/">')[1].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row)[0] == "title (en)"


def test_a_text_that_was_taken_down_is_told_without_its_inner_name(db, client) -> None:
    thread = Thread().to_open_engagement()
    text = PublicText.objects.get(entry=thread.promise, name="cannot_change", is_original=True)
    by = ["steward", thread.first_lead.public_id]
    erase_text(
        program=thread.program, entry=text.entry, sha256=text.sha256, ground="Order 7", by=by, now=thread.now
    )

    page = client.get(f"/riverbend/en/record/{thread.promise}/").content.decode()

    notes = re.findall(r'<p class="note">([^<]*)</p>', page)
    told = "A text of this entry was taken down on a legal ground. Its hash stays in the public log and explains the gap."
    assert notes == [told]


def test_a_release_names_its_version_and_each_file_with_its_hash_folded_under_words(db, client) -> None:
    thread = Thread().to_open_engagement()
    files = [{"name": name, "sha256": sign * 64} for name, sign in (("dist/seal.js", "a"), ("ui/b.css", "b"))]
    told = thread.enter("site.released", ["clock"], {"version": "0.2.0", "files": files})

    page = client.get(f"/riverbend/en/record/{told.index}/").content.decode()

    folded = page.split("<summary>Its files, each with its hash</summary>")[1].split("</details>")[0]
    held = zip(
        re.findall(r"<dt[^>]*>([^<]*)</dt>", folded),
        re.findall(r"<dd[^>]*>([^<]*)</dd>", folded),
        strict=True,
    )
    assert [{"name": name, "sha256": sha256} for name, sha256 in held] == files
    assert re.findall(r"<dt>Version</dt><dd[^>]*>([^<]*)</dd>", page) == ["0.2.0"]


def test_nobody_keeps_an_entry_for_long_before_a_head_covers_it(db, client) -> None:
    thread = Thread().to_open_engagement()
    address = f"/riverbend/record/entries/{thread.promise}.json"

    before = client.get(address).headers["Cache-Control"]
    sign_head(program=thread.program, now=thread.now)

    after = client.get(address).headers["Cache-Control"]
    assert ("immutable" in before, "immutable" in after) == (False, True)


def test_an_ask_whose_words_were_taken_down_says_so_where_the_unit_reads_it(db, client) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    text = PublicText.objects.get(entry=ask.index, name="ask", is_original=True)
    by = ["steward", thread.first_lead.public_id]
    erase_text(
        program=thread.program, entry=text.entry, sha256=text.sha256, ground="Order 7", by=by, now=thread.now
    )

    client.force_login(thread.staff)
    page = client.get(f"/riverbend/en/answers/{ask.index}/").content.decode()

    assert "This text was taken down on a legal ground." in page


def test_translations_of_a_day_are_one_line_of_the_log_and_each_can_be_opened(db, client) -> None:
    thread = Thread().to_open_engagement()
    ask = thread.recommend(thread.find())
    words = {lang: {"title": f"One day ({lang})"} for lang in ("en", "es", "vi", "ar")}
    made = translate_all(program=thread.program, entry=ask.index, by="steward", words=words, now=thread.now)

    page = client.get("/riverbend/en/record/").content.decode()
    only = client.get("/riverbend/en/record/?kind=text.translated").content.decode()

    row = page.split("<tbody>")[1].split("</tr>")[0]
    assert f"{made[0].index}–{made[-1].index}" in row and "3 translations" in row
    links = [int(one) for one in re.findall(r'/record/(\d+)/">', row)]
    assert links == [one.index for one in reversed(made)]
    first = only.split("<tbody>")[1].split("</tbody>")[0]
    assert first.count("<tr>") == first.count("A translation") > 3
    assert "translations</summary>" not in first
    assert 'href="/riverbend/en/follow/promised/"' in page


def test_both_pages_say_the_same_of_a_check_and_the_log_shows_what_is_compared(db, client) -> None:
    thread = Thread().to_open_engagement()
    head = sign_head(program=thread.program, now=thread.now)

    log, software = (
        client.get(f"/riverbend/en/{one}/").content.decode() for one in ("record", "about/software")
    )

    checks = [
        one.partition("python3 alongside-verify.pyz record")[2].split("copy:")[0] for one in (log, software)
    ]
    assert checks[0] == checks[1]
    assert checks[0].startswith(" http://testserver/riverbend/record --save mirror</pre>")
    assert "not whether something was changed before it" in checks[0]
    _origin, size, root = head.note.split("\n")[:3]
    shown = log.partition('id="check"')[2]
    key = client.get("/riverbend/record/vkey").content.decode().strip()
    assert [f"<dd>{size}" in shown, f">{root}<" in html.unescape(shown)] == [True, True]
    assert key in html.unescape(shown)
