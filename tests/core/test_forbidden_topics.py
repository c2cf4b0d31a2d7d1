from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.policy.linter import lint_question
from alongside.core.policy.patterns import Pattern
from tests.core.packs import PACKS, pack

PORTLAND = pack("portland")

ASKS = {
    "birthplace": [
        "Where were you born?",
        "Place of birth",
        "What country are you from?",
        "Which country was your mother born in?",
        "What is your country of origin?",
        "Where are you from?",
        "¿Dónde nació usted?",
        "¿En qué país nació?",
        "Lugar de nacimiento",
        "¿De dónde es su familia?",
        "Nơi sinh của quý vị",
        "Bạn sinh ra ở đâu?",
        "Quê quán",
        "Bạn đến từ nước nào?",
        "أين ولدت؟",
        "ما هو بلدك الأصلي؟",
        "مكان الميلاد",
        "من أي بلد أنت؟",
    ],
    "citizenship": [
        "Are you a citizen?",
        "Is your spouse a U.S. citizen?",
        "Citizenship",
        "What is your immigration status?",
        "Do you have a green card?",
        "Are you undocumented?",
        "Have you applied for asylum?",
        "How long have you lived in the United States?",
        "¿Es usted ciudadano?",
        "¿Cuál es su estatus migratorio?",
        "¿Tiene usted papeles?",
        "¿Cuál es su ciudadanía?",
        "¿Cuándo llegó a este país?",
        "Tình trạng di trú của quý vị là gì?",
        "Quý vị có thẻ xanh không?",
        "Anh chị có phải là công dân Mỹ không?",
        "Bạn đến Mỹ năm nào?",
        "ما هو وضع الهجرة الخاص بك؟",
        "هل أنت مواطن أمريكي؟",
        "هل لديك البطاقة الخضراء؟",
        "متى وصلت إلى الولايات المتحدة؟",
    ],
    "visa": [
        "What kind of visa do you have?",
        "Passport number",
        "¿Qué tipo de visa tiene?",
        "¿Tiene pasaporte?",
        "Quý vị có thị thực loại nào?",
        "Số hộ chiếu",
        "ما نوع تأشيرتك؟",
        "رقم جواز السفر",
    ],
    "nationality": [
        "What is your nationality?",
        "¿Cuál es su nacionalidad?",
        "Quốc tịch của quý vị",
        "ما هي جنسيتك؟",
    ],
    "address": [
        "What is your home address?",
        "Where do you live?",
        "Address",
        "¿Dónde vive usted?",
        "¿Cuál es su dirección?",
        "Địa chỉ nhà của quý vị",
        "Bạn sống ở đâu?",
        "أين تسكن؟",
        "ما هو عنوان منزلك؟",
    ],
    "work": [
        "Where do you work?",
        "Who is your employer?",
        "Employer",
        "What are your work hours?",
        "¿Dónde trabaja?",
        "¿Cuál es su lugar de trabajo?",
        "Quý vị làm việc ở đâu?",
        "أين تعمل؟",
        "اسم صاحب العمل",
    ],
    "school": [
        "Which school do your children attend?",
        "Name of your child's school",
        "¿A qué escuela van sus hijos?",
        "Con quý vị học trường nào?",
        "ما اسم مدرسة أطفالك؟",
    ],
    "contact": [
        "What is your phone number?",
        "Email address",
        "How can we reach you?",
        "¿Cuál es su correo electrónico?",
        "Su número de teléfono",
        "Số điện thoại của quý vị",
        "ما هو رقم هاتفك؟",
    ],
    "relatives": [
        "Names of your family members",
        "Who lives with you?",
        "¿Con quién vive?",
        "Nombres de sus hijos",
        "Quý vị sống với ai?",
        "أسماء أفراد عائلتك",
        "مع من تسكن؟",
    ],
    "appointments": [
        "When is your next appointment?",
        "Where is your court hearing?",
        "¿Cuándo es su próxima cita?",
        "Khi nào là cuộc hẹn của quý vị?",
        "متى موعدك القادم؟",
    ],
}

FINE = [
    "Does the birth weight of babies in your area worry you?",
    "How many babies were born in 2025?",
    "Were you born in 1990 or later?",
    "What do senior citizens need from the library?",
    "Would you join a citizen science day?",
    "Should the library teach digital citizenship?",
    "Would you take a Visa gift card as thanks?",
    "Did you visit the pier?",
    "What should the City improvise less and plan more?",
    "What do immigrant families need from the Permits Desk?",
    "What do refugees need from us?",
    "Should employers tell people about cameras?",
    "How should employers be told?",
    "Does the school board listen?",
    "Is the street address on the sign easy to read?",
    "Which languages do you speak at home?",
    "Which district of the city do you live in?",
    "How many people live with cameras on their block?",
    "Where do you get your news from?",
    "Do you use your phone to reach the library?",
    "Do you have paper copies of the letters?",
    "How long did you wait at the counter?",
    "What time of day suits you for a meeting?",
    "Do you want the City to keep records of public computers?",
    "¿Qué opina de la participación ciudadana?",
    "¿Cómo debe escuchar la Ciudad a la ciudadanía?",
    "¿Cuántos niños nacieron en 2025?",
    "¿Revisa usted su factura?",
    "¿Usa su teléfono para leer las cartas?",
    "¿Debe mejorar el asilo de ancianos?",
    "Nơi sinh sống của người già cần gì?",
    "Thành phố có thể xanh hơn không?",
    "Môi trường nào tốt cho trẻ em?",
    "Quý vị nói tiếng gì ở nhà?",
    "Rạp họ chiếu phim gì?",
    "Số điện thoại 311 có dễ nhớ không?",
    "ما رأيك في الصحة الجنسية في المدارس؟",
    "كيف ترى ترحيل النفايات في حيك؟",
    "ما اللغات التي تتحدثها في البيت؟",
    "هل الموعد مناسب للجميع؟",
    "",
    "🙂",
]

EVASIONS = [
    "WHERE WERE YOU BORN?",
    "Where were\nyou\r\nborn",
    "cítîzènshïp",
    "citi\u200bzen\u00adship",
    "citi-\nzenship",
    "citizen\nship",
    "сitizеnship",  # Cyrillic с and е
    "ϲitizenship".replace("ϲ", "c"),
    "ｃｉｔｉｚｅｎｓｈｉｐ",
    "𝐜𝐢𝐭𝐢𝐳𝐞𝐧𝐬𝐡𝐢𝐩",
    "c1t1z3nship",
    "c i t i z e n s h i p",
    "c.i.t.i.z.e.n.s.h.i.p",
    "immigration\u00a0status",
    "immigration_status",
    "_visa_",
    "IMMIGRATION   STATUS",
    "what's your visa?",
    "vіsа",  # Cyrillic і and а
    "na­tio­na­li­ty",  # soft hyphens
    "nacionálidad",
    "Quoc tich",
    "QUỐC TỊCH",
    "الجِنْسِيَّة",
    "الجنـسـيـة",
    "\u202eplace of birth\u202c",
]


@pytest.mark.parametrize(("topic", "text"), [(t, one) for t, many in ASKS.items() for one in many])
def test_a_question_that_asks_it_is_told_with_its_law(topic, text):
    hits = {hit.topic: hit for hit in lint_question(text, PORTLAND)}
    assert topic in hits, f"{text!r} passes"
    assert hits[topic].statute.startswith("ORS 18")
    assert hits[topic].reason.say("en") != hits[topic].reason.say("ar")


@pytest.mark.parametrize("text", FINE)
def test_a_question_that_asks_something_else_is_let_be(text):
    assert [(hit.topic, hit.found) for hit in lint_question(text, PORTLAND)] == []


@pytest.mark.parametrize("text", EVASIONS)
def test_no_disguise_hides_a_topic(text):
    assert lint_question(text, PORTLAND)


@pytest.mark.parametrize(("topic", "text"), [(t, one) for t, many in ASKS.items() for one in many])
def test_the_neutral_pack_forbids_the_same_without_oregon_law(topic, text):
    hits = lint_question(text, pack("neutral"))
    assert topic in {hit.topic for hit in hits}
    assert all("ORS" not in hit.statute and "Oregon" not in hit.reason.say("en") for hit in hits)


def test_a_hit_says_where_it_stands_in_the_text_as_written():
    text = "We ask: wh\u200bere wеre you BORN, please?"
    (hit,) = lint_question(text, PORTLAND)
    assert text[slice(*hit.where)] == hit.found == "wh\u200bere wеre you BORN"


def test_a_topic_is_told_once_where_it_stands_first():
    hits = lint_question("Visa? Passport? Visa?", PORTLAND)
    assert [(hit.topic, hit.where) for hit in hits] == [("visa", (0, 4))]


def test_an_exception_does_not_excuse_a_second_mention():
    (hit,) = lint_question("Beside senior citizens, are you a citizen?", PORTLAND)
    assert hit.topic == "citizenship"


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_can_be_read_and_every_hit_lies_inside_it(before, after):
    text = f"{before} i94 {after}"
    hits = lint_question(text, PORTLAND)
    assert "visa" in [hit.topic for hit in hits]
    for hit in hits:
        assert 0 <= hit.where[0] < hit.where[1] <= len(text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_around_a_question_hides_it(before, after):
    text = f"{before}\n\nWhere were you born?\n\n{after}"
    assert "birthplace" in {hit.topic for hit in lint_question(text, PORTLAND)}


hidden = st.sampled_from(["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u0301", "\u202e"])


@given(st.lists(hidden, min_size=11, max_size=11))
def test_hidden_characters_anywhere_do_not_hide_a_word(marks):
    text = "".join(a + b for a, b in zip("citizenship", marks, strict=True))
    assert "citizenship" in {hit.topic for hit in lint_question(text, PORTLAND)}


@pytest.mark.parametrize(
    "bad", ["..", "a (b", "(a|(b)) c", "word?", ".. born", "born ..", "(a||b)", "a [b]", "*", "!"]
)
def test_a_bad_pattern_is_refused(bad):
    with pytest.raises(ValueError, match="cannot be read|match anything|empty choice|not a word"):
        Pattern(bad)


def test_a_long_text_is_read_quickly():
    import time

    text = "where were the people who " * 2000
    began = time.perf_counter()
    lint_question(text, PORTLAND)
    assert time.perf_counter() - began < 5


def test_of_a_thousand_real_statements_only_the_one_that_tells_status_is_told():
    import csv

    shared = Path(__file__).parents[2].parent / "shared/data"
    if not shared.exists():
        pytest.skip("the real statements of ../shared are not here")
    found, read = [], 0
    for path in sorted(shared.glob("polis*/**/comments.csv")):
        with path.open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                text = row.get("comment-body") or row.get("txt") or ""
                read += 1
                found += [(text, hit.topic) for hit in lint_question(text, PORTLAND)]
    assert read > 1000
    assert found == [("I am a NZ citizen or permanent resident", "citizenship")]


def phrasings(mark: str) -> list[str]:
    """Read the phrasings that ask what is forbidden ("!"), or that are harmless (".")."""
    lines = (Path(__file__).parent / "phrasings.txt").read_text("utf-8").splitlines()
    return [line[2:] for line in lines if line.startswith(f"{mark} ")]


@pytest.mark.parametrize("name", PACKS)
def test_of_300_phrasings_in_four_languages_none_that_asks_who_someone_is_passes_and_no_other_is_refused(
    name,
):
    asking, harmless = phrasings("!"), phrasings(".")
    assert len(set(asking)) == len(set(harmless)) == 150

    misses = [one for one in asking if not lint_question(one, pack(name))]
    alarms = {one: hit.found for one in harmless for hit in lint_question(one, pack(name))}

    print(f"{name}: {len(misses)} of 150 missed, {len(alarms)} of 150 false alarms")
    print(*misses, *(f"{one} ({found})" for one, found in alarms.items()), sep="\n")
    assert (misses, alarms) == ([], {})
