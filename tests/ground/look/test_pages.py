"""Every page: its title, its language, its links, and the ways out."""

import re
from dataclasses import dataclass, replace

import pytest
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, resolve
from django.utils import translation

from alongside.core.policy.words import Words
from alongside.ground.gate.roles import NOBODY, Role, Viewer
from alongside.ground.ui.addresses import in_language, to, to_if_there
from alongside.ground.ui.context import language, tag_of
from alongside.ground.ui.links import foot, main
from alongside.ground.ui.views import specimen

PATH = "/harbor/en/specimen/"
PLACES = ["Take part", "What came of it", "City projects", "Public log", "Answers due"]


@dataclass
class Program:
    slug: str = "harbor"
    is_demonstration: bool = False


@dataclass
class Pack:
    name: Words
    complete_languages: tuple[str, ...] = ("en", "ar")
    leave_page: str = "https://weather.example/"
    phone: None = None
    masthead: None = None
    offers_help: bool = True
    sanctuary: None = None
    federal: None = None
    routes: tuple[()] = ()


def asked(path=PATH, lang="en", viewer=NOBODY, **program):
    request = RequestFactory().get(path)
    request.resolver_match = resolve(request.path)
    request.program, request.viewer = Program(**program), viewer
    request.pack = Pack(Words({"en": "Harbor Leads", "ar": "شركاء الميناء"}))
    return request


def page(lang="en", **kwargs):
    path = kwargs.pop("path", f"/harbor/{lang}/specimen/")
    with translation.override(lang):
        return specimen(asked(path, **kwargs)).content.decode()


def only(pattern, html):
    (found,) = re.findall(pattern, html, re.S)
    return found


def test_the_title_begins_with_the_heading_and_names_the_program():
    html = page()

    assert only("<title>(.*?)</title>", html) == "Specimen\xa0· Harbor Leads"
    assert only("<h1>(.*?)</h1>", html) == "Specimen"


def test_a_page_knows_its_language_and_direction():
    assert only("<html (.*?)>", page()) == 'lang="en" dir="ltr"'
    assert only("<html (.*?)>", page("ar")) == 'lang="ar" dir="rtl"'


def test_a_page_links_to_itself_in_every_complete_language_under_its_own_name():
    assert re.findall(r'hreflang="(\S+)" href="(\S+)"( aria-current="true")?>(.*?)</a>', page("ar")) == [
        ("en", "/harbor/en/specimen/", "", "English"),
        ("ar", "/harbor/ar/specimen/", ' aria-current="true"', "العربية"),
    ]


def test_another_language_keeps_what_was_asked():
    assert in_language(asked(PATH + "?unit=signs"), "vi") == "/harbor/vi/specimen/?unit=signs"


def test_leave_this_page_goes_where_the_pack_says():
    assert only(r'class="leave"[^>]* href="(.*?)"', page()) == "https://weather.example/"


@pytest.mark.parametrize(("is_demonstration", "times"), [(True, 1), (False, 0)])
def test_a_demonstration_says_that_it_is_made_up(is_demonstration, times):
    assert page(is_demonstration=is_demonstration).count("numbers here are made up") == times


def test_a_language_that_no_person_reviewed_says_so(settings):
    settings.UNREVIEWED_LANGUAGES = ("ar",)
    words = "No person has reviewed this translation yet."
    with translation.override("ar"):
        banner = f'<p class="wrap"> {translation.gettext(words)}</p>'

    assert (page("ar").count(banner), page("en").count(f'<p class="wrap"> {words}</p>')) == (1, 0)


def test_a_page_says_in_full_once_how_its_words_were_translated():
    request = asked(PATH)
    one = Template(
        "{% load ui %}{% translated 'en' added_by='lead' %}{% include 'ui/parts/milestone.html' %}"
    )
    other = Template("{% load ui %}{% translated 'es' added_by='lead' %}")
    drawn = [
        template.render(RequestContext(request, {"heard": heard}))
        for template, heard in ((one, ()), (one, [{"translated_from": "en", "words": "No"}]), (other, ()))
    ]

    assert [re.findall(r"Translated[^<]*", html) for html in drawn] == [
        ["Translated from English. Added by a lead. No person has reviewed this translation yet."],
        [
            "Translated from English, not reviewed.",
            "Translated from English. No person has reviewed this translation yet.",
        ],
        ["Translated from Spanish. Added by a lead. No person has reviewed this translation yet."],
    ]


def test_staff_pages_have_no_safety_bar_and_the_receipt_has_nothing_that_tells_where_it_is_from():
    context = {"program_name": "Harbor Leads", "home_href": "/harbor/en/", "dir": "ltr", "lang_tag": "en"}
    dense = render_to_string("ui/dense.html", context)
    bare = render_to_string("ui/bare.html", context)

    assert ('class="safety"' in dense, 'body class="dense"' in dense) == (False, True)
    assert [word for word in ("harbor", "Harbor", "Alongside", "masthead") if word in bare] == []
    assert re.findall(r'<a [^>]*href="([^"]+)"', bare) == ["https://www.wikipedia.org/"]


def test_a_page_outside_every_program_has_no_program_links():
    request = RequestFactory().get("/")
    request.resolver_match = None

    assert '<nav aria-label="Main"' not in render_to_string("429.html", {}, request)


def test_an_address_is_filled_with_the_program_and_language_of_the_request():
    request = asked("/harbor/ar/specimen/")

    assert to(request, "look:specimen") == "/harbor/ar/specimen/"
    assert to(request, "look:specimen", lang="vi") == "/harbor/vi/specimen/"
    assert to_if_there(request, "look:nothing") == ""
    with pytest.raises(NoReverseMatch) as refused:
        to(request, "look:nothing", slug="x")
    assert str(refused.value) == "No page is named look:nothing with ['slug']; name one that urls.py lists."


def test_the_foot_leads_a_resident_in_and_a_signed_in_person_out():
    lead = Viewer(person_id=1, roles=frozenset({Role.EVERYONE, Role.PERSON, Role.LEAD}))
    ways = ("Leads and staff: sign in", "How you sign in", "Sign out")

    assert [way for way in ways if way in page(viewer=lead)] == ["How you sign in", "Sign out"]
    assert [way for way in ways if way in page()] == ["Leads and staff: sign in"]


def test_languages_are_written_the_way_html_wants_them():
    assert [tag_of(code) for code in ("en", "zh-hans", "pt-br")] == ["en", "zh-Hans", "pt-BR"]
    assert [(language(code).name, language(code).dir) for code in ("so", "ps")] == [
        ("Soomaali", "ltr"),
        ("پښتو", "rtl"),
    ]


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.EVERYONE, []),
        (Role.STAFF, ["Our desk"]),
    ],
)
def test_each_role_finds_its_own_desk_first_and_what_everyone_finds_beside_it_or_at_the_foot(role, first):
    request = asked(viewer=Viewer(person_id=1 if first else None, roles=frozenset({Role.EVERYONE, role})))

    assert [link.words for link in main(request)] == [*first, *(PLACES[:2] if first else PLACES)]
    assert [link.words for link in foot(request)][: len(PLACES)] == PLACES or not first


def test_the_steward_finds_the_same_places_on_every_page_and_what_everyone_finds_at_the_foot():
    steward = Viewer(person_id=1, roles=frozenset({Role.EVERYONE, Role.STEWARD}))

    assert [link.words for link in main(asked("/harbor/en/record/", viewer=steward))] == [
        "My desk",
        "Overview",
        "People",
        "Pay",
        "All tasks",
    ]
    assert [link.words for link in foot(asked(viewer=steward))][:3] == [
        "Take part",
        "What came of it",
        "City projects",
    ]


def test_a_lead_finds_the_same_places_on_every_page_and_what_everyone_finds_at_the_foot():
    lead = Viewer(person_id=1, roles=frozenset({Role.EVERYONE, Role.LEAD}))
    places = ["This week", "Listen", "Recommend", "Plan", "Me"]

    assert [link.words for link in main(asked("/harbor/en/record/", viewer=lead))] == places
    assert [link.words for link in foot(asked(viewer=lead))][:3] == [
        "Take part",
        "What came of it",
        "City projects",
    ]
    assert 'class="places"' in page(viewer=lead)
    assert 'class="places"' not in page()


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/harbor/en/record/", [("Public log", "page")]),
        ("/harbor/en/record/12/", [("Public log", "true")]),
        ("/harbor/en/specimen/", []),
    ],
)
def test_the_main_links_say_where_one_is(path, current):
    assert [(link.words, link.current) for link in main(asked(path)) if link.current] == current


def test_a_page_tells_those_who_are_signed_in_what_they_just_did_and_nothing_else():
    lead = replace(NOBODY, person_id=1)

    def told(query, viewer=lead):
        html = page(path=f"/harbor/en/specimen/{query}", viewer=viewer)
        return re.findall(r'<p class="done"[^>]*>(.*?)</p>', html)

    assert told("?done=answered&n=3") == ["3 answers are on the public log."]
    assert (told("?done=kept"), told("?done=kept&n=many")) == (["Your draft is kept."],) * 2
    assert (told(""), told("?done=anything"), told("?done=kept", NOBODY)) == ([], [], [])
