"""Word a course anew: what is open to its people is worded on the record too, so that both say the same."""

from datetime import datetime

from django.db import transaction

from alongside.cohort.training.actions.writing import word
from alongside.cohort.training.models import Course, Offering
from alongside.ground.record.actions import Draft, Text, append, translate_text
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


@appends("course.reworded", "text.translated")
@transaction.atomic
def word_course(
    *, course: Course, lang: str, title: str, about: str, sessions_needed: int, now: datetime
) -> None:
    """Write, or write anew, what a course is called and about in one language; a person wrote it.

    Once the course is open, the record hears it: new first words as `course.reworded`, others as their translation.
    """
    before = course.texts.filter(lang=lang).first()
    said = {"title": title, "about": about}
    is_same = (
        before is not None and before.is_reviewed and {"title": before.title, "about": before.about} == said
    )
    word(course=course, lang=lang, said=said, is_original=False, is_reviewed=True, now=now)
    needs, course.sessions_needed = course.sessions_needed, sessions_needed
    Course.objects.filter(pk=course.pk).update(sessions_needed=sessions_needed)
    if before and before.is_original and not is_same:
        course.texts.exclude(pk=before.pk).update(is_reviewed=False)  # nobody read them beside the new words
    offering = Offering.objects.filter(course=course).first()
    if offering is None or (is_same and needs == sessions_needed):
        return
    if needs != sessions_needed or (before and before.is_original):
        _reword(course, offering, now)
    if not is_same and not (before and before.is_original):
        translate_text(
            program=course.track.program,
            entry=_newest(course, offering),
            by="steward",
            lang=lang,
            texts=said,
            made_by="person",
            reviewed=True,
            now=now,
        )


def _reword(course: Course, offering: Offering, now: datetime) -> None:
    original = course.texts.get(is_original=True)
    data = {
        "course": course.slug,
        "track": course.track.slug,
        "sessions_needed": course.sessions_needed,
    }
    texts = {"title": Text(original.lang, original.title), "about": Text(original.lang, original.about)}
    cites = {"offered": [offering.entry]}
    draft = Draft(kind="course.reworded", by=["steward"], data=data, cites=cites, texts=texts)
    append(program=course.track.program, drafts=[draft], now=now)


def _newest(course: Course, offering: Offering) -> int:
    """Give the entry that holds the course's words now: the last time it was worded anew, else when it was opened."""
    rows = RowsLog(Log.objects.get(program=course.track.program))
    anew = rows.citing(offering.entry, "course.reworded")
    return anew[-1].index if anew else offering.entry
