"""An open call of a made-up city, and people who apply to it."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Application, Event
from alongside.cohort.calls.actions import begin_call, publish_call
from alongside.cohort.calls.models import Call
from alongside.core.workflow.applications import EventKind
from alongside.ground.programs.actions import adopt_pack
from alongside.ground.programs.queries import pack_of, pack_version
from alongside.site.demo.calls import fill
from tests.support.remembering import this_hour
from tests.support.thread import Thread

WORDS = {
    "en": {
        "title": "Become a community lead",
        "purpose": "Work alongside City staff, and decide with your neighbors what the City should do with data.",
        "doing": "Plan evenings with your community\nWrite down what you heard",
        "seeks": "People from communities that data has hurt. Caring, organizing and translating count.",
        "access": "Childcare, rides and interpreters are paid.",
        "choosing": "Two people read each application. Names are hidden.",
        "question-q1": "Which community do you know well?",
        "hint-q1": "A few sentences are enough.",
        "question-q2": "What should the City do differently with data?",
        "criterion-c1": "Knows a community from inside",
        "means-c1": "Tells it from their own life.",
        "sought-s1": "Renters",
        "sought-s2": "Organizing neighbors",
    },
    "es": {
        "title": "Sea líder comunitario",
        "purpose": "Trabaje junto al personal de la Ciudad y decida con sus vecinos qué hacer con los datos.",
        "doing": "Planear reuniones con su comunidad\nEscribir lo que oyó",
        "seeks": "Personas de comunidades a las que los datos han hecho daño.",
        "access": "Se pagan cuidado de niños, transporte e intérpretes.",
        "choosing": "Dos personas leen cada solicitud. Los nombres están ocultos.",
        "question-q1": "¿Qué comunidad conoce bien?",
        "hint-q1": "Bastan unas frases.",
        "question-q2": "¿Qué debería hacer la Ciudad de otra manera con los datos?",
        "criterion-c1": "Conoce una comunidad desde dentro",
        "means-c1": "Lo cuenta desde su propia vida.",
        "sought-s1": "Inquilinos",
        "sought-s2": "Organizar a vecinos",
    },
}
SOUGHT = [{"sought": "s1", "least": 2}, {"sought": "s2", "least": 1}]


def program(pack: str = "neutral", now: datetime | None = None) -> Thread:
    """Open a program."""
    return Thread(now=now or this_hour()).open_program(pack, "riverbend")


def terms(day: date, **other: Any) -> dict[str, Any]:
    """Give the terms of a call that opened a week ago and closes in a month."""
    return {
        "seats": 4,
        "alternates": 2,
        "pay_amount": Decimal("45.00"),
        "pay_currency": "USD",
        "pay_per": "hour",
        "hours_a_month": 20,
        "term_from": day + timedelta(days=90),
        "term_until": day + timedelta(days=390),
        "opens": day - timedelta(days=7),
        "closes": day + timedelta(days=30),
        "decides_by": day + timedelta(days=60),
        "selection": "panel",
        "questions": ["q1", "q2"],
        "rubric": [{"criterion": "c1", "points": 5}],
        "sought": SOUGHT,
        "budget": Decimal("48000.00"),
        "not_to_exceed": Decimal("10000.00"),
        **other,
    }


def drafted(thread: Thread, slug: str = "second-cohort", **other: Any) -> Call:
    """Draft a call with every part."""
    return begin_call(
        program=thread.program,
        slug=slug,
        languages=other.pop("languages", ["en", "es"]),
        words=other.pop("words", WORDS),
        now=thread.now,
        **terms(thread.now.date(), **other),
    )


def published(thread: Thread, slug: str = "second-cohort", **other: Any) -> Call:
    """Publish a call that is open today."""
    made = drafted(thread, slug, **other)
    publish_call(call=made, now=thread.now)
    return made


def begun(call: Call, now: datetime) -> applications.Begun:
    """Begin an application."""
    return applications.begin(call=call, lang="en", now=now)


def events(kind: EventKind) -> Any:
    """Give what of a kind happened to applications."""
    return Event.objects.filter(kind=kind)


def filled(
    application: Application, now: datetime, *, said: str = "My street, and the people on it."
) -> None:
    """Fill in all that an application must have."""
    fill(
        application=application,
        contact={"name": "Rosa Marmolejo", "email": "rosa@example.org"},
        answers=[said] * len(application.call.asked),
        organizations=["Riverbend Renters"],
        now=now,
    )


def sent(call: Call, now: datetime) -> applications.Begun:
    """Send an application with everything in it."""
    made = begun(call, now)
    filled(made.application, now)
    applications.send(application=made.application, pack=pack_of(call.program), now=now)
    return made


COUNTED = """
[[calls.demographics]]
id = "age"
rule = "Example rule 9"
source = "https://example.org/rule-9"
words = {en = "How old are you?", es = "¿Qué edad tiene?", vi = "Quý vị bao nhiêu tuổi?", ar = "كم عمرك؟"}
[[calls.demographics.choices]]
id = "under-30"
words = {en = "Under 30", es = "Menos de 30", vi = "Dưới 30", ar = "أقل من 30"}
[[calls.demographics.choices]]
id = "over-30"
words = {en = "30 or over", es = "30 o más", vi = "30 trở lên", ar = "30 فأكثر"}
"""


def with_counts(thread: Thread) -> Thread:
    """Adopt a pack that demands to count applicants by age."""
    text = pack_version(thread.program).text + COUNTED
    adopt_pack(program=thread.program, text=text, on=thread.now.date())
    return thread


class Phone:
    """A browser of an applicant: no cookies, and a code that travels in the body."""

    def __init__(self, client: Any, slug: str = "second-cohort", lang: str = "en") -> None:
        self.client, self.address = client, f"/riverbend/{lang}/calls/{slug}/apply/"
        self.code = ""
        self.words = ""

    #: What a browser says of a page that a page of the same site leads to.
    here = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}

    def post(self, step: str = "", **data: Any) -> str:
        """Send a form and give the page as text."""
        sent = {"code": self.code, "step": step, **data}
        response = self.client.post(self.address, sent, headers=self.here, follow=True)
        return self._shown(response)

    def post_as(self, code: str, **data: Any) -> str:
        """Send a form with another code."""
        own, self.code = self.code, code
        self.post(**data)
        self.code = own
        return self.words

    def get(self, **asked: str) -> str:
        """Open an address and give the page as text."""
        return self._shown(self.client.get(self.address, asked, headers=self.here))

    def _shown(self, response: Any) -> str:
        html = response.content.decode()
        self.words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        self.status, self.response, self.html = response.status_code, response, html
        return self.words

    def begin(self) -> "Phone":
        """Get a code."""
        self.post("begin")
        found = re.search(r'class="digits"[^>]*><span>([^<]+)</span>', self.html)
        assert found, self.words
        self.code = found.group(1)
        return self

    def fill(self, said: str = "My street, and the people on it.") -> "Phone":
        """Fill in what must be there."""
        self.post("who", sender="person", name="Rosa Marmolejo", email="rosa@example.org", to="question-q1")
        self.post("question-q1", words=said, seen="0", to="question-q2")
        self.post("question-q2", words="Ask first.", seen="0", to="needs")
        declared = {"works_for_government": "no", "earns_from_it": "no", "close_to_staff": "yes"}
        self.post("conflicts", organizations="Riverbend Renters", to="review", **declared)
        return self
