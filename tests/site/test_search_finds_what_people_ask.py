"""Forty sentences as people type them, in three languages: the page that each should find is among the first three for nearly all."""

import re
from html import unescape
from urllib.parse import quote_plus

from tests.support.demonstration import Built

CAMERAS = ("What did the cameras cost in their first year?", "Which crossings get a camera next?")
PICTURES = ("Count people without keeping pictures", "Who checks that pictures are gone after three days?")
KEEPING = ("How long does the City keep pictures from the crossings?", *PICTURES)
LISTS = ("A public list of systems that sort or decide", "The columns of the City’s list of AI systems")
COUNTERS = (
    "Street counters that people can trust",
    "Settings of 46 street counters",
    "Street sensors: what may they see, and who may look?",
)
SHARING = (
    "Do not share outside the City without a vote",
    "Who outside the City can see the pictures?",
    "Which other units get the counts?",
)
LIBRARY = (
    "What should library computers remember about you?",
    "What library computers remember",
    "Records of public computers and Wi-Fi",
)
LANDLORDS = ("Letters from landlords: what do you get, and can you read them?",)
SIGNS = ("Put a sign at every sensor",)
PERMITS = ("Reminders about permits: by letter or by text message?",)
SCREENS = ("Screens at bus stops: which languages first?",)
LEADS = ("Become a community lead", "One seat in the cohort is free", "Three seats, given by a draw")
SORTING = ("Software that sorts letters to the Permits Desk",)
ROOMS = ("A survey for people who book library rooms",)

#: What people type, by language, with what they should find: its English title.
ASKED = {
    "en": {
        "what has the city done about cameras": CAMERAS,
        "how much did the cameras cost": CAMERAS[:1],
        "do library computers save what I search for": LIBRARY,
        "are the pictures deleted": PICTURES,
        "who can see my picture outside the city": SHARING,
        "I got a letter from my landlord and can't read it": LANDLORDS,
        "does the city sell or share the data": SHARING,
        "signs next to sensors in my language": SIGNS,
        "how do I become a community lead": LEADS,
        "bus stop screens languages": SCREENS,
        "remind me by text when my permit ends": PERMITS,
        "software that decides about permits": SORTING,
        "list of algorithms the city uses": LISTS,
        "which intersections will get cameras": CAMERAS[1:],
        "survey about booking rooms at the library": ROOMS,
        "counters on my street": COUNTERS,
    },
    "es": {
        "qué hizo la ciudad con las cámaras": CAMERAS,
        "cuánto dinero costaron las cámaras": CAMERAS[:1],
        "las computadoras de la biblioteca guardan lo que busco": LIBRARY,
        "cuánto tiempo guardan las fotos": KEEPING,
        "quién puede ver las imágenes": SHARING,
        "carta del casero que no entiendo": LANDLORDS,
        "letreros en mi idioma junto a los sensores": SIGNS,
        "cómo puedo ser líder comunitario": LEADS,
        "en qué idiomas están las pantallas del autobús": SCREENS,
        "aviso de que vence mi permiso": PERMITS,
        "qué sistemas de inteligencia artificial usa la ciudad": LISTS,
        "contadores en la calle": COUNTERS,
    },
    "vi": {
        "thành phố đã làm gì về máy quay": CAMERAS,
        "máy quay tốn bao nhiêu tiền": CAMERAS[:1],
        "máy tính ở thư viện có lưu gì về tôi không": LIBRARY,
        "hình ảnh được giữ bao lâu": KEEPING,
        "ai được xem hình ảnh của tôi": SHARING,
        "thư của chủ nhà": LANDLORDS,
        "đặt bảng ở mỗi cảm biến": SIGNS,
        "làm sao để trở thành người đại diện cộng đồng": LEADS,
        "man hinh tram xe buyt ngon ngu nao": SCREENS,
        "nhắc tôi khi giấy phép hết hạn": PERMITS,
        "thành phố dùng hệ thống AI nào": LISTS,
        "máy đếm trên đường phố": COUNTERS,
    },
}
WANTED = 34


def first_three(client, lang: str, words: str) -> list[str]:
    """Give the addresses of what is found first."""
    page = client.get(f"/riverbend/{lang}/search/?q={quote_plus(words)}").content.decode()
    return re.findall(r'<h[34] class="found"[^>]*><a href="/riverbend/\w+/([^"]+)"', page)[:3]


def addresses_of(client, titles: tuple[str, ...]) -> set[str]:
    """Give the addresses of the pages so called, as an exact search in English finds them."""
    found = set()
    for title in titles:
        page = unescape(client.get(f"/riverbend/en/search/?q={quote_plus(title)}").content.decode())
        for href, called in re.findall(
            r'<h[34] class="found"[^>]*><a href="/riverbend/en/([^"]+)">([^<]+)<', page
        ):
            if called == title:
                found.add(href)
    return found


def test_what_people_ask_in_three_languages_finds_its_page(demonstration: Built, client) -> None:
    missed = {
        words: first_three(client, lang, words)
        for lang, sentences in ASKED.items()
        for words, titles in sentences.items()
        if not addresses_of(client, titles).intersection(first_three(client, lang, words))
    }
    asked = sum(len(sentences) for sentences in ASKED.values())
    assert asked == 40
    assert asked - len(missed) >= WANTED, missed


def test_a_list_of_questions_is_found_with_its_questions_and_closed_calls_stand_last(
    demonstration: Built, client
) -> None:
    page = client.get("/riverbend/en/search/?q=cameras").content.decode()
    of_pages, _heading, _log = page.partition("In the public log")
    found = [
        unescape(" ".join(re.sub("<[^>]+>", " ", one).split())) for one in of_pages.split("<li><div>")[1:]
    ]

    is_closed = ["A call for community leads" in one and "Closed on" in one for one in found]
    assert (any(is_closed), is_closed) == (True, sorted(is_closed))
    (listed,) = [one for one in found if one.startswith("A list of questions Cameras at three crossings")]
    assert "5 things were asked of the City: Declined: 1; Told: 2; No answer yet: 2." in listed
    (href,) = re.findall(r'<a href="([^"]+)">Cameras at three crossings</a>', of_pages)
    questions = client.get(unescape(href)).content.decode()
    assert questions.count("Told.") == 2


def test_of_two_words_either_finds_and_the_title_of_a_list_finds_its_questions(
    demonstration: Built, client
) -> None:
    page = client.get("/riverbend/en/search/?q=cameras+and+sensors").content.decode()
    of_pages, _heading, _log = page.partition("In the public log")
    found = [
        unescape(" ".join(re.sub("<[^>]+>", " ", one).split())) for one in of_pages.split("<li><div>")[1:]
    ]

    calls = [one.startswith("A call for community leads") for one in found]
    assert (any(calls), calls) == (True, sorted(calls))
    titles = (*SIGNS, PICTURES[0], COUNTERS[1], KEEPING[0], SHARING[1])
    assert {
        title: any(one.partition(title)[0].count(" ") < 6 and title in one for one in found)
        for title in titles
    } == dict.fromkeys(titles, True)
    signs = next(one for one in found if SIGNS[0] in one)
    assert "No answer, late by" in signs
