"""Partnerships that are not about data: a program of each of the other packs, walked from its call to what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from alongside.chain.asks import actions as asks
from alongside.chain.findings import actions as findings
from alongside.cohort.applications import actions as applications
from alongside.cohort.calls.actions import begin_call, publish_call
from alongside.core.entries import Entry
from alongside.core.materials import taken_in
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import heads
from alongside.ground.record.actions.entries import Text
from alongside.site.demo import acts
from alongside.site.demo.calls import fill
from alongside.work.consultations import actions as consultations
from alongside.work.projects import actions as projects
from tests.cohort.calls.cast import terms
from tests.support.remembering import this_hour
from tests.support.thread import Thread


@dataclass(frozen=True)
class Said:
    """What people say in one of these partnerships, in English; `decision` and `title` are what people are asked about."""

    slug: str
    sort: str
    product: str
    project: str
    summary: str
    title: str
    es: str
    decision: str
    question: str
    pregunta: str
    heard: str
    ask: str
    asked: str
    answer: str
    done: str
    touches: str


SAID: Mapping[str, Said] = {
    "housing": Said(
        slug="lakemont",
        sort="repairs",
        product="repair-plan",
        project="Repairs at Maple Court",
        summary="Forty homes get new heating and windows, ten at a time.",
        title="Which repairs come first at Maple Court?",
        es="¿Qué arreglos van primero en Maple Court?",
        decision="Which homes are repaired before winter",
        question="What is broken in your home?",
        pregunta="¿Qué está roto en su vivienda?",
        heard="People want heat before paint.",
        ask="Heat before winter",
        asked="Repair the heating of all forty homes before October.",
        answer="We start with the heating, and paint in spring.",
        done="All heating works, and tenants signed for it.",
        touches="tenants",
    ),
    "schools": Said(
        slug="millbrook",
        sort="route",
        product="route",
        project="Bus routes on the north side",
        summary="Six stops move when the new school opens.",
        title="Which bus stops should stay?",
        es="¿Qué paradas de autobús deben quedarse?",
        decision="Which six stops move",
        question="How does your child get to school?",
        pregunta="¿Cómo llega su hijo a la escuela?",
        heard="Small children should not cross the highway.",
        ask="Keep the stop at Third Street",
        asked="Keep the stop at Third Street, so that nobody crosses the highway on foot.",
        answer="The stop stays, and a second bus comes at seven.",
        done="The bus stops at Third Street twice each morning.",
        touches="little",
    ),
}


class Partnership(Thread):
    """A program of one of the other packs. Each step is by the actions that people use."""

    said: Said
    application: Any
    call: Any
    consultation: Any
    asked: Entry

    def adopt(self, pack: str) -> "Partnership":
        """Open the program on its pack, with its people and three leads."""
        self.now, self.said = this_hour() - timedelta(days=100), SAID[pack]
        self.open_program(pack, self.said.slug)
        return self

    def call_for_leads(self) -> "Partnership":
        """Publish a call for more leads; somebody applies."""
        self.call = begin_call(
            program=self.program,
            slug="more-leads",
            languages=["en", "es"],
            words=CALL,
            now=self.now,
            **terms(self.now.date(), sought=[], questions=["q1"]),
        )
        publish_call(call=self.call, now=self.now)
        begun = applications.begin(call=self.call, lang="en", now=self.now)
        self.application = begun.application
        fill(
            application=self.application,
            contact={"name": "Somebody who applies", "email": "applies@example.org"},
            answers=["My building, and the people in it."],
            now=self.now,
        )
        applications.send(application=self.application, pack=pack_of(self.program), now=self.now)
        return self

    def describe(self) -> "Partnership":
        """Put a project on the register, with what this program's bureaus tell of one, and ask leads to review a draft."""
        said, day = self.said, self.now.date()
        self.project = self.register_project(f"{said.slug}-project", said.project, said.summary)
        projects.describe_project(
            project=self.project,
            by=self.manager.public_id,
            choices={"sort": said.sort, "stage": "planned", "communities": [said.touches]},
            words={"en": {"purpose": said.summary, "appeal": "Call the office, or come by."}},
            now=self.now,
        )
        self.decision = self.schedule_decision(
            f"{said.slug}-decision",
            on=day + timedelta(days=80),
            decision=said.decision,
            still_open="The order, and the days",
        )
        self.consultation = consultations.open_consultation(
            project=self.project,
            slug="draft",
            of=said.product,
            office=self.manager.public_id,
            by=self.manager.public_id,
            days=(day + timedelta(days=20), day + timedelta(days=50)),
            words={
                "en": dict.fromkeys(
                    ("title", "what", "decision", "can_change", "cannot_change"), said.project
                )
            },
            now=self.now,
        )
        consultations.enter_material(
            consultation=self.consultation,
            material="draft",
            by=self.manager.public_id,
            paper=taken_in(said.summary.encode(), "draft.txt"),
            texts={"title": Text("en", "The draft")},
            now=self.now,
        )
        return self

    def engage(self) -> "Partnership":
        """Ask people, with a promise that a lead and the office signed, and hear them."""
        said, day = self.said, self.now.date()
        more = {"reading": "Leads read it.", "consent": "It is used to say what people need."}
        lee = {"reading": "Los líderes lo leen.", "consent": "Se usa para decir qué necesita la gente."}
        both = {"decision": said.decision, "can_change": "The order", "cannot_change": "The money"}
        ambos = {"decision": said.decision, "can_change": "El orden", "cannot_change": "El dinero"}
        self.engagement = acts.draft_engagement(
            program=self.program,
            slug=f"{said.slug}-question",
            lead=self.first_lead,
            partner=self.manager,
            decision=self.decision,
            level="involve",
            closes=day + timedelta(days=30),
            report_back=day + timedelta(days=90),
            answer_by=day + timedelta(days=75),
            words={"en": {"title": said.title, **both, **more}, "es": {"title": said.es, **ambos, **lee}},
            questions=[{"id": "q1", "kind": "text", "words": {"en": said.question, "es": said.pregunta}}],
            voices_kept_until=day + timedelta(days=365),
        )
        self.make_keys().open()
        return self

    def ask_and_answer(self) -> "Partnership":
        """Publish what was heard, recommend, get an answer that promises something, and have it checked."""
        said = self.said
        self.later(31)
        self.hear()
        finding = findings.publish(
            program=self.program,
            promise=self.promise,
            seat=self.first_lead,
            smaller=False,
            voices={"low": 51, "high": 75},
            root="ab" * 32,
            words={"en": {"statement": said.heard}},
            now=self.now,
        )
        self.asked = asks.recommend(
            program=self.program,
            seat=self.first_lead.public_id,
            office=self.manager.public_id,
            findings=[finding.index],
            words={"en": {"title": said.ask, "ask": said.asked}},
            now=self.now,
        )
        promised = self.later(10).answer(
            self.asked, reasons=said.answer, milestones=[(said.done, self.now.date() + timedelta(days=30))]
        )
        claim = self.later(20).claim(promised[-1])
        self.check(claim, self.first_lead)
        self.check(claim, self.second_lead)
        heads.sign_head(program=self.program, now=self.now)
        return self


CALL = {
    "en": {
        "title": "Become a community lead",
        "purpose": "Work alongside staff, and decide with your neighbors what should change.",
        "doing": "Plan evenings with your community\nWrite down what you heard",
        "seeks": "People who live with what is decided here.",
        "access": "Childcare, rides and interpreters are paid.",
        "choosing": "Two people read each application. Names are hidden.",
        "question-q1": "Which community do you know well?",
        "criterion-c1": "Knows a community from inside",
    },
    "es": {
        "title": "Sea líder comunitario",
        "purpose": "Trabaje junto al personal y decida con sus vecinos qué debe cambiar.",
        "doing": "Planear reuniones con su comunidad\nEscribir lo que oyó",
        "seeks": "Personas que viven con lo que aquí se decide.",
        "access": "Se pagan cuidado de niños, transporte e intérpretes.",
        "choosing": "Dos personas leen cada solicitud. Los nombres están ocultos.",
        "question-q1": "¿Qué comunidad conoce bien?",
        "criterion-c1": "Conoce una comunidad desde dentro",
    },
}


def walked(pack: str) -> Partnership:
    """Walk a partnership from the day on which its pack is adopted to a promise that was kept."""
    return Partnership().adopt(pack).call_for_leads().describe().engage().ask_and_answer()
