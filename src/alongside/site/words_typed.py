"""The words that somebody typed into a form whose page cannot take them any more, to be shown to them once, and kept nowhere.

Only forms of the rooms named here give words back. The others hold what must not stand on a page by itself: codes and
addresses of mail (signing in, applying), alarms, what sick or hurt people wrote, and everything that is sealed.
"""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError

from alongside.ground.ui.press import ACT, SHOWN, SIGNED

#: Rooms whose long words are meant for colleagues or for the public.
GIVES_BACK = frozenset(
    {
        "answers",
        "asks",
        "commitments",
        "consultations",
        "engagements",
        "invitations",
        "projects",
        "reports",
        "workplans",
    }
)
#: Single pages of other rooms.
PAGES = frozenset({"texts:translations"})
#: Fields that a page fills in, and one that would hold a secret if a form ever got it.
NEVER = frozenset(
    {
        ACT,
        SHOWN,
        SIGNED,
        "base",
        "code",
        "csrfmiddlewaretoken",
        "draft",
        "email",
        "nonce",
        "password",
        "phrase",
        "read",
        "version",
    }
)
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def words_typed(request: HttpRequest) -> list[str]:
    """Give the words that came with a form, each once and in its order; nothing for any other request."""
    match = request.resolver_match
    if request.method != "POST" or request.content_type not in FORMS or match is None:
        return []
    if getattr(match.func, "csrf_exempt", False):  # a door for machines or sealed things
        return []
    if not (GIVES_BACK.intersection(match.app_names) or match.view_name in PAGES):
        return []
    try:
        sent = [one for name, values in request.POST.lists() if name not in NEVER for one in values]
    except (SuspiciousOperation, UnreadablePostError):
        return []
    return list(dict.fromkeys(one for one in sent if are_words(one)))


def are_words(value: str) -> bool:
    """Say whether a value is words of a person: mostly letters, and more than a word, or one of a sentence or another script.

    So no choice of a list, no day, no number, no code in groups and no receipt is taken for words.
    """
    marks = [one for one in value if not one.isspace()]
    letters = sum(one.isalpha() for one in marks)
    is_beyond_english = any(one.isalpha() and not one.isascii() for one in marks)
    is_said = len(value.split()) > 1 or is_beyond_english or marks[-1:] in (["."], ["!"], ["?"])
    return is_said and 2 * letters > len(marks)


def comes_from_here(request: HttpRequest) -> bool:
    """Say whether the browser says that a page of this site sent this, so that no other site can put words on a page."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
