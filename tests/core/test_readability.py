"""What is said of the words of a question, in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.readability import MOST_WORDS, Fault, faults_of

DOUBLE = [
    ("en", "How do you cross here, and what would help?"),
    ("en", "Is it safe? Is it clean?"),
    ("en", "Do you walk here or do you ride?"),
    ("es", "¿Cómo cruza usted aquí y qué ayudaría?"),
    ("es", "¿Es seguro? ¿Está limpio?"),
    ("vi", "Bạn đi qua đây lúc nào và tại sao lại đi?"),
    ("ar", "كيف تعبر هنا وماذا يساعدك؟"),
    ("ar", "هل هو آمن؟ هل هو نظيف؟"),
]
LEADING = [
    ("en", "Don’t you think that cameras help?"),
    ("en", "Do you agree that the square should close?"),
    ("en", "What would you change, as you know it best, of course?"),
    ("es", "¿No cree que las cámaras ayudan?"),
    ("es", "¿Está de acuerdo con que cierren la plaza?"),
    ("vi", "Bạn có đồng ý rằng nên đóng quảng trường không?"),
    ("vi", "Máy quay có ích, phải không?"),
    ("ar", "ألا تعتقد أن الكاميرات تساعد؟"),
    ("ar", "هل توافق على أن تغلق الساحة؟"),
]
FINE = [
    ("en", "What should library computers remember about you?"),
    ("en", "How safe are you in parks and streets?"),
    ("en", "What would you tell people who walk and are counted here?"),
    ("es", "¿Qué cambiaría en los parques y las calles?"),
    ("vi", "Điều gì nên thay đổi ở công viên và đường phố?"),
    ("ar", "ما الذي يجب أن يتغير في الحدائق والشوارع؟"),
]


@pytest.mark.parametrize(("lang", "question"), DOUBLE)
def test_a_question_that_asks_two_things_is_told_in_four_languages(lang, question):
    assert faults_of(question, lang) == [Fault.DOUBLE]


@pytest.mark.parametrize(("lang", "question"), LEADING)
def test_a_question_that_gives_its_answer_is_told_in_four_languages(lang, question):
    assert faults_of(question, lang) == [Fault.LEADING]


@pytest.mark.parametrize(("lang", "question"), FINE)
def test_nothing_is_said_of_a_question_that_asks_one_thing_openly(lang, question):
    assert faults_of(question, lang) == []


def test_a_question_of_too_many_words_is_told_and_syllables_of_vietnamese_are_no_words():
    long = " ".join(["word"] * (MOST_WORDS + 1))
    assert (faults_of(long, "en"), faults_of(long, "vi")) == ([Fault.LONG], [])


@given(st.text(max_size=400), st.sampled_from(["en", "es", "vi", "ar", "so"]))
def test_any_words_can_be_read(question, lang):
    assert set(faults_of(question, lang)) <= set(Fault)
