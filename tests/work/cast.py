"""A library that asks about its computers: an engagement with every kind of question, drafted or open today."""

from datetime import timedelta

from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread

TITLES = {
    "en": "What should library computers remember about you?",
    "es": "¿Qué deben recordar de usted las computadoras de la biblioteca?",
}
WORDS = {
    "en": {
        "title": TITLES["en"],
        "decision": "How long the City keeps records of public computers and Wi‑Fi, and who may see them",
        "can_change": "How long records are kept\nWhat is recorded at all\nWho may look\nWhat the screens tell you",
        "cannot_change": "A library card is still needed to borrow a laptop. State law sets that.",
        "reading": "Any one of the leads chosen for this can read what you write. The City cannot.",
        "consent": "What you write is used to tell the City what people need, and for nothing else.",
    },
    "es": {
        "title": TITLES["es"],
        "decision": "Cuánto tiempo guarda la Ciudad los registros y quién puede verlos",
        "can_change": "Cuánto tiempo se guardan\nQué se registra",
        "cannot_change": "Hace falta una tarjeta para pedir prestada una portátil. Lo dice la ley estatal.",
        "reading": "Cualquiera de los líderes puede leer lo que usted escribe. La Ciudad no puede.",
        "consent": "Lo que escribe se usa para decir a la Ciudad qué necesita la gente, y para nada más.",
    },
}
QUESTIONS = [
    {
        "id": "q1",
        "kind": "one",
        "words": {
            "en": "Do you use computers or Wi‑Fi in a library or hall?",
            "es": "¿Usa computadoras o Wi‑Fi en una biblioteca o un salón?",
        },
        "options": [
            {"id": "weekly", "words": {"en": "Yes, most weeks", "es": "Sí, casi cada semana"}},
            {"id": "sometimes", "words": {"en": "Yes, sometimes", "es": "Sí, a veces"}},
            {"id": "no", "words": {"en": "No", "es": "No"}},
        ],
    },
    {
        "id": "q2",
        "kind": "several",
        "words": {"en": "What do you use them for?", "es": "¿Para qué las usa?"},
        "options": [
            {"id": "forms", "words": {"en": "Forms and bills", "es": "Formularios y cuentas"}},
            {"id": "school", "words": {"en": "Homework", "es": "Tareas"}},
        ],
    },
    {
        "id": "q3",
        "kind": "scale",
        "words": {
            "en": "A library keeps a list of the sites people open. How do you feel about that?",
            "es": "Una biblioteca guarda una lista de los sitios que se abren. ¿Qué le parece?",
        },
        "ends": [{"en": "Very uneasy", "es": "Muy mal"}, {"en": "Quite fine with it", "es": "Muy bien"}],
    },
    {
        "id": "q4",
        "kind": "text",
        "words": {
            "en": "What should the City do, or stop doing?",
            "es": "¿Qué debe hacer, o dejar de hacer, la Ciudad?",
        },
        "hint": {"en": "Any language. As short or as long as you like.", "es": "En cualquier idioma."},
    },
]


def program(pack: str = "neutral", slug: str = "riverbend") -> Thread:
    """Open a program today."""
    return Thread(now=this_hour()).open_program(pack, slug)


@remembered
def draft(
    thread: Thread | None = None, slug: str = "library-computers", *, community: bool = False
) -> Thread:
    """Draft the library's engagement, ready to sign."""
    thread = thread or program()
    kept = thread.now.date() + timedelta(days=400)
    asked = {"words": WORDS, "questions": QUESTIONS, "voices_kept_until": kept}
    return thread.draft_engagement(slug, community=community, **asked)


@remembered
def opened(
    thread: Thread | None = None, slug: str = "library-computers", *, community: bool = False
) -> Thread:
    """Draft the engagement, make its key, sign it and open it."""
    return draft(thread, slug, community=community).make_keys().open()
