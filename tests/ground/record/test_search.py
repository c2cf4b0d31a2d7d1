"""A search finds what is public: in any language, with or without accents, mistyped, on both databases; and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.search_words import steps_between, terms_in, words_in
from alongside.ground.record import indexing
from alongside.ground.record.actions import folded
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import Log, PublicText, SearchDoc, SearchGram, SearchWord
from alongside.ground.search.queries import Narrowed, Tongue, search
from alongside.ground.texts import actions as texts_actions
from tests.support.thread import Thread

WORDS = {
    "camera": {
        "en": "Cameras that read license plates",
        "es": "Cámaras que leen matrículas de vehículos",
        "ar": "الكاميرات تُراقِب أرقام السيارات",
        "vi": "Máy quay đọc biển số xe",
    },
    "library": {"en": "Library computers keep records", "es": "La biblioteca guarda registros"},
    "zh": {"zh": "市议会应公布监控摄像头的位置"},
}


@pytest.fixture
def written(both_databases) -> tuple[Thread, dict[str, int]]:
    """Give a log with three projects on it, with translations."""
    thread = Thread().open_program()
    made = {}
    for slug, words in WORDS.items():
        (first, said), *others = words.items()
        texts = {"title": Text(first, said), "summary": Text(first, "What surveillance does.")}
        data = {"project": slug, "unit": thread.unit.slug}
        made[slug] = thread.enter("project.registered", [thread.manager.public_id], data, texts=texts).index
        for lang, translated in others:
            texts_actions.translate_text(
                program=thread.program,
                entry=made[slug],
                by="steward",
                lang=lang,
                texts={"title": translated},
                made_by="person",
                reviewed=True,
                now=thread.now,
            )
    return thread, made


def found(words: str, narrowed: Narrowed | None = None) -> list[int]:
    return [one.about for one in search(Log.objects.get(), words, narrowed).hits]


def rows() -> list[list[tuple]]:
    names = ("source", "about", "group", "unit", "heading", "words", "marks")
    return [
        sorted(SearchDoc.objects.values_list(*names)),
        sorted(SearchWord.objects.values_list("word", "docs")),
        sorted(SearchGram.objects.values_list("gram", "word__word")),
    ]


def test_a_search_finds_across_languages_accents_forms_and_typing_mistakes(written) -> None:
    thread, made = written
    camera, library, chinese = made["camera"], made["library"], made["zh"]
    for words, places in {
        "matriculas": [camera],  # Spanish, without its accent
        "CÁMARA": [camera],  # the beginning of another form
        "cameras": [camera],
        "plate": [camera],  # the word on the record has an s
        "الكامِيرات": [camera],  # with a diacritic more
        "ارقام": [camera],  # another alef
        "bien so": [camera],  # Vietnamese typed on a plain keyboard
        "摄像头": [chinese],  # inside a sentence without spaces
        "libary": [library],
        "surveilance": [chinese, library, camera],
        "nothing-like-this": [],
        "": [],
    }.items():
        assert sorted(found(words)) == sorted(places), words


def test_words_and_phrases_that_mean_the_same_find_each_other_and_usual_words_do_not_count(written) -> None:
    thread, made = written
    tongue = Tongue("en", same=[["speed trap", "máy quay"], ["archive", "keep records"]], common=["the City"])
    log = Log.objects.get()
    for words, place in {
        "what has the city done about a speed trap": made["camera"],
        "is there an archive": made["library"],
    }.items():
        assert [one.about for one in search(log, words, tongue=tongue).hits] == [place], words
        assert [one.about for one in search(log, words).hits] == [], words


def test_a_mistyped_word_is_told_and_some_words_are_better_than_none(written) -> None:
    thread, made = written
    mistyped = search(Log.objects.get(), "licence plates")
    assert mistyped.meant == {"licence": "license"}
    assert found("library helicopter") == [made["library"]]
    assert found("surveillence records")[0] == made["library"]  # what holds both words comes first


def test_what_it_is_called_counts_more_than_what_it_also_says(written) -> None:
    thread, made = written
    texts = {"title": Text("en", "Parks"), "summary": Text("en", "Nothing here is like library computers.")}
    data = {"project": "parks", "unit": thread.unit.slug}
    later = thread.enter("project.registered", [thread.manager.public_id], data, texts=texts).index
    assert found("library") == [made["library"], later]
    assert found("library", Narrowed(group="finding")) == []
    assert found("library", Narrowed(group="project", unit=thread.unit.slug)) == [made["library"], later]


def test_a_text_that_is_taken_down_leaves_the_index_at_once(written) -> None:
    thread, made = written
    text = PublicText.objects.get(about=made["library"], lang="es")
    texts_actions.erase_text(
        program=thread.program,
        entry=text.entry,
        sha256=text.sha256,
        ground="A court order.",
        by=["steward", thread.manager.public_id],
        now=thread.now,
    )
    assert found("biblioteca") == []
    assert SearchWord.objects.filter(word="biblioteca").count() == 0
    assert found("library") == [made["library"]]


def test_what_a_search_looks_in_can_be_made_anew_from_what_is_public(written) -> None:
    thread, made = written
    text = PublicText.objects.get(about=made["camera"], lang="vi")
    by = ["steward", thread.manager.public_id]
    given = {"entry": text.entry, "sha256": text.sha256, "ground": "A court order.", "by": by}
    texts_actions.erase_text(program=thread.program, now=thread.now, **given)
    before = rows()
    folded.rebuild(program=thread.program)
    assert rows() == before
    assert all(before)


def test_nothing_that_is_a_draft_or_sealed_is_ever_in_the_index(db) -> None:
    thread = Thread().open_program().draft_engagement()
    thread.engagement.words["en"]["title"] = "quetzalcoatl"
    thread.engagement.save()
    assert SearchWord.objects.filter(word="quetzalcoatl").count() == 0
    public = " ".join(PublicText.objects.values_list("words", flat=True))
    held = set(SearchWord.objects.values_list("word", flat=True))
    assert held == set(words_in(public))


def test_an_upgrade_fills_the_index_of_a_log_that_has_none(db) -> None:
    Thread().open_program().draft_engagement()
    before = rows()
    for model in (SearchGram, SearchWord, SearchDoc):
        model.objects.all().delete()
    indexing.fill_search()
    assert rows() == before


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_what_is_written_is_found_by_its_own_words(text: str) -> None:
    words = words_in(text)
    assert words_in(" ".join(words)) == words
    assert all(word and " " not in word and '"' not in word and "'" not in word for word in words)
    terms = {one.word for one in terms_in(text, 100)}
    assert terms <= set(words)
    assert bool(terms) is bool(words)


@settings(max_examples=50)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_steps_between_words_are_the_same_both_ways(one: str, other: str) -> None:
    assert steps_between(one, other, 6) == steps_between(other, one, 6)
    assert (steps_between(one, other, 6) == 0) is (one == other)
