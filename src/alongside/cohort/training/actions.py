"""Write courses, offer them, note who learned what, and give the papers that say so."""

import secrets
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Cohort
from alongside.cohort.seats.queries.seats import seat_of
from alongside.cohort.training.credentials import Badge, compose, did_of, make_key, method_of, sign, stamp
from alongside.cohort.training.models import (
    Attendance,
    Completion,
    Course,
    CourseText,
    Lesson,
    LessonDone,
    LessonText,
    Letter,
    Material,
    Proof,
    Session,
    Track,
    TrackText,
)
from alongside.cohort.training.queries import is_completed, shipped, words_in
from alongside.core.clocks import local_date
from alongside.core.disclosure import FEWER, band
from alongside.core.grammar.training import are_counted
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, posts_of
from alongside.ground.record.actions import Draft, Text, append, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import translate_all, translate_text


@dataclass(frozen=True)
class Checked:
    """How a check went: which questions were right, whether it is passed, and what it completed."""

    right: tuple[bool, ...]
    passed: bool
    completion: Completion | None = None


@appends()
@transaction.atomic
def finish_lesson(*, lesson: Lesson, person: Person, answers: Sequence[int], now: datetime) -> Checked:
    """Finish a lesson, where its check is passed; try as often as you like, only passing is kept."""
    if len(answers) != len(lesson.right):
        raise Refused(_("A question is still open; answer every one."))
    right = tuple(given == one for given, one in zip(answers, lesson.right, strict=True))
    if sum(right) < lesson.pass_mark:
        return Checked(right, passed=False)
    track = lesson.course.track
    day = local_date(now, pack_of(track.program))
    LessonDone.objects.get_or_create(lesson=lesson, person=person, defaults={"on": day})
    return Checked(right, passed=True, completion=complete_where_done(track=track, person=person, now=now))


@appends()
@transaction.atomic
def note_attendance(*, session: Session, people: Collection[Person], now: datetime) -> None:
    """Note who was at a session, anew each time: a wrong tick is taken back. What was completed stays completed."""
    track = session.course.track
    day = local_date(now, pack_of(track.program))
    Attendance.objects.filter(session=session).exclude(person__in=people).delete()
    for person in people:
        Attendance.objects.get_or_create(session=session, person=person, defaults={"noted_on": day})
        complete_where_done(track=track, person=person, now=now)


@appends()
def complete_where_done(*, track: Track, person: Person, now: datetime) -> Completion | None:
    """Complete a track for a person who did all of it, by their seat or for their unit; None where something lacks."""
    if not is_completed(track, person.pk):
        return None
    on = local_date(now, pack_of(track.program))
    seat = seat_of(person.pk, track.program, on) if track.audience != "staff" else None
    posts = posts_of(person.pk, track.program, on) if track.audience != "leads" and not seat else []
    if not seat and not posts:
        return None
    office = posts[0].office if posts else None
    made, _is_new = Completion.objects.get_or_create(
        track=track,
        person=person,
        defaults={"on": on, "seat": seat, "unit": office.unit if office else None},
    )
    return made


def _today(program: Program, now: datetime) -> date:
    return local_date(now, pack_of(program))


@appends()
def add_link(*, course: Course, lang: str, title: str, href: str, now: datetime) -> Material:
    """Add a link to take along."""
    day = _today(course.track.program, now)
    return Material.objects.create(course=course, lang=lang, title=title, href=href, added_on=day)


@appends()
def add_file(
    *, course: Course, lang: str, title: str, file_name: str, content: bytes, now: datetime
) -> Material:
    """Add a file to take along; the form has looked at its kind and its size."""
    return Material.objects.create(
        course=course,
        lang=lang,
        title=title,
        file_name=file_name,
        content=content,
        added_on=_today(course.track.program, now),
    )


@appends()
def schedule_session(
    *, course: Course, on: date, starts: time, ends: time, where: str, lang: str, now: datetime
) -> Session:
    """Schedule a session of a course."""
    return Session.objects.create(
        course=course,
        on=on,
        starts=starts,
        ends=ends,
        where=where,
        lang=lang,
        scheduled_on=_today(course.track.program, now),
    )


@appends(EntryKind.COURSE_OFFERED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def offer_course(*, course: Course, now: datetime) -> None:
    """Open a course to its people, once, and say so on the record. Raises Refused where there is nothing to do in it."""
    if Course.objects.select_for_update().get(pk=course.pk).offered_on:
        return
    program = course.track.program
    lessons = course.lessons.count()
    if not lessons and not course.sessions_needed:
        raise Refused(_("This course has no lesson and needs no session; write one first."))
    texts = sorted(course.texts.all(), key=lambda one: (not one.is_original, one.lang))
    words = {one.lang: {"title": one.title, "about": one.about} for one in texts}
    lang = texts[0].lang
    data = {
        "course": course.slug,
        "track": course.track.slug,
        "audience": course.track.audience,
        "lessons": lessons,
        "sessions_needed": course.sessions_needed,
    }
    said = {name: Text(lang, words[lang][name]) for name in ("title", "about")}
    draft = Draft(kind=EntryKind.COURSE_OFFERED, by=["steward"], data=data, texts=said)
    course.entry = append(program=program, drafts=[draft], now=now)[0].index
    translate_all(program=program, entry=course.entry, by="steward", words=words, now=now)
    course.offered_on = _today(program, now)
    course.save(update_fields=["entry", "offered_on"])


@appends()
@transaction.atomic
def open_proof(*, completion: Completion, now: datetime) -> Proof:
    """Open a proof of a completion to whoever holds its address; give the one that is open, if one is."""
    standing = completion.proofs.filter(closed_on=None).first()
    return standing or Proof.objects.create(
        completion=completion,
        token=secrets.token_urlsafe(24),
        opened_on=_today(completion.track.program, now),
    )


@appends()
def close_proof(*, completion: Completion, now: datetime) -> None:
    """Close every open proof of a completion, for good; a new one gets a new address."""
    today = _today(completion.track.program, now)
    completion.proofs.filter(closed_on=None).update(closed_on=today)


@appends()
@transaction.atomic
def ask_letter(*, completion: Completion, wish: str, now: datetime) -> Letter:
    """Ask the program for a letter. Raises Refused where it was asked for."""
    if Letter.objects.filter(completion=completion).exists():
        raise Refused(_("You asked for this letter already; the steward sees it on their desk."))
    return Letter.objects.create(
        completion=completion, wish=wish, asked_on=_today(completion.track.program, now)
    )


@appends()
def write_letter(*, letter: Letter, words: str, lang: str, now: datetime) -> None:
    """Write the letter that was asked for, or write it anew."""
    today = _today(letter.completion.track.program, now)
    Letter.objects.filter(pk=letter.pk).update(words=words, lang=lang, written_on=today)


@appends()
@transaction.atomic
def issue_credential(*, completion: Completion, lang: str, with_mail: bool, now: datetime) -> Completion:
    """Sign a credential for a completion, once; a later call gives the same one. Gives the completion that keeps it.

    It names nobody. With `with_mail` it holds a salted hash of the owner's email address, so that a wallet can match it.
    """
    completion = Completion.objects.select_for_update().get(pk=completion.pk)
    if completion.issued_on:
        return completion
    program = completion.track.program
    issuer, key = did_of(settings.ALONGSIDE.address, program.slug), make_key(program)
    completion.credential = sign(
        compose(_badge(completion, issuer, lang, with_mail=with_mail)),
        key=key,
        method=method_of(issuer, key),
        created=stamp(now),
    )
    completion.issued_on = _today(program, now)
    completion.save(update_fields=["credential", "issued_on"])
    return completion


def _badge(completion: Completion, issuer: str, lang: str, *, with_mail: bool) -> Badge:
    track = completion.track
    program = track.program
    name = words_in(track.texts.all(), lang)
    courses = [words_in(one.texts.all(), name.lang) for one in track.courses.exclude(entry=None)]
    mail = completion.person.email if with_mail else None
    return Badge(
        uuid=str(uuid.uuid4()),
        holder=str(uuid.uuid4()),
        issuer=issuer,
        program=pack_of(program).name.say(name.lang),
        url=f"{settings.ALONGSIDE.address}/{program.slug}/{name.lang}/training/",
        slug=track.slug,
        track=name.title,
        about="\n".join(one.about for one in courses),
        criteria="\n".join(one.title for one in courses),
        lang=name.lang,
        completed=completion.on,
        mail=(secrets.token_hex(16), mail) if mail else None,
    )


@dataclass(frozen=True)
class LessonWords:
    """A lesson in one language. `questions` holds {ask, choices} in their order."""

    lang: str
    title: str
    body: str
    questions: Sequence[Mapping[str, Any]] = field(default_factory=list)
    made_by: str = "person"
    is_reviewed: bool = True


@appends()
@transaction.atomic
def begin_track(
    *, program: Program, slug: str, audience: str, titles: Mapping[str, str], now: datetime
) -> Track:
    """Begin a track. `titles` maps a language to its name; the first is the original, others are unreviewed."""
    track = Track.objects.create(program=program, slug=slug, audience=audience)
    for place, (lang, title) in enumerate(titles.items()):
        TrackText.objects.create(
            track=track,
            title=title,
            lang=lang,
            is_original=place == 0,
            is_reviewed=place == 0,
            made_by="person" if place == 0 else "machine",
            written_on=_today(program, now),
        )
    return track


@appends()
def word_track(*, track: Track, lang: str, title: str, now: datetime) -> None:
    """Write, or write anew, what a track is called in one language; a person wrote it."""
    written = {
        "title": title,
        "is_reviewed": True,
        "made_by": "person",
        "written_on": _today(track.program, now),
    }
    TrackText.objects.update_or_create(
        track=track, lang=lang, defaults=written, create_defaults={**written, "is_original": False}
    )


@appends()
@transaction.atomic
def write_course(
    *,
    track: Track,
    slug: str,
    words: Mapping[str, Mapping[str, str]],
    sessions_needed: int = 0,
    now: datetime,
) -> Course:
    """Begin a course of a track. `words` maps a language to {title, about}; the first is the original."""
    place = track.courses.count()
    course = Course.objects.create(track=track, slug=slug, place=place, sessions_needed=sessions_needed)
    for number, (lang, said) in enumerate(words.items()):
        word(course=course, lang=lang, said=said, is_original=number == 0, is_reviewed=number == 0, now=now)
    return course


@appends()
def word(
    *, course: Course, lang: str, said: Mapping[str, str], is_original: bool, is_reviewed: bool, now: datetime
) -> None:
    """Write what a course is called and about in one language, for the actions of this folder."""
    written = {
        "title": said["title"],
        "about": said["about"],
        "is_reviewed": is_reviewed,
        "made_by": "person" if is_reviewed else "machine",
        "written_on": _today(course.track.program, now),
    }
    CourseText.objects.update_or_create(
        course=course, lang=lang, defaults=written, create_defaults={**written, "is_original": is_original}
    )


@appends()
@transaction.atomic
def write_lesson(
    *, course: Course, words: LessonWords, right: Sequence[int], pass_mark: int, now: datetime
) -> Lesson:
    """Add a lesson to the end of a course. `right` gives the right choice of each question, from 0."""
    lesson = Lesson.objects.create(
        course=course, place=course.lessons.count(), right=list(right), pass_mark=pass_mark
    )
    _word_lesson(lesson, words, is_original=True, now=now)
    return lesson


def _word_lesson(lesson: Lesson, words: LessonWords, *, is_original: bool, now: datetime) -> None:
    if len(words.questions) != len(lesson.right):
        raise Refused(
            f"The check has {len(lesson.right)} questions, this has {len(words.questions)}; write as many."
        )
    said = {
        "title": words.title,
        "body": words.body,
        "questions": [dict(one) for one in words.questions],
        "made_by": words.made_by,
        "is_reviewed": words.is_reviewed,
        "written_on": _today(lesson.course.track.program, now),
    }
    LessonText.objects.update_or_create(
        lesson=lesson, lang=words.lang, defaults=said, create_defaults={**said, "is_original": is_original}
    )


@appends()
@transaction.atomic
def word_lesson(
    *,
    lesson: Lesson,
    words: LessonWords,
    right: Sequence[int] | None = None,
    now: datetime,
) -> None:
    """Write, or write anew, a lesson in one language. `right` changes the check; give it with the original only."""
    if right is not None:
        lesson.right, lesson.pass_mark = list(right), len(right)
        lesson.save(update_fields=["right", "pass_mark"])
    _word_lesson(lesson, words, is_original=False, now=now)


@appends()
@transaction.atomic
def add_shipped(*, track: Track, name: str, now: datetime) -> Course:
    """Add a course that ships with the house, with all its lessons in every language it has; translations unreviewed."""
    found = shipped(name)
    course = write_course(track=track, slug=name, words=found.words, now=now)
    for one in found.lessons:
        first, *others = one.words
        lesson = write_lesson(
            course=course, words=LessonWords(**first), right=one.right, pass_mark=one.pass_mark, now=now
        )
        for other in others:
            word_lesson(
                lesson=lesson, words=LessonWords(**other, made_by="machine", is_reviewed=False), now=now
            )
    return course


@appends(EntryKind.COURSE_REWORDED, EntryKind.TEXT_TRANSLATED)
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
    if course.entry is None or (is_same and needs == sessions_needed):
        return
    if needs != sessions_needed or (before and before.is_original):
        _reword(course, course.entry, now)
    if not is_same and not (before and before.is_original):
        translate_text(
            program=course.track.program,
            entry=_newest(course, course.entry),
            by="steward",
            lang=lang,
            texts=said,
            made_by="person",
            reviewed=True,
            now=now,
        )


def _reword(course: Course, offered: int, now: datetime) -> None:
    original = course.texts.get(is_original=True)
    data = {
        "course": course.slug,
        "track": course.track.slug,
        "sessions_needed": course.sessions_needed,
    }
    texts = {"title": Text(original.lang, original.title), "about": Text(original.lang, original.about)}
    cites = {"offered": [offered]}
    draft = Draft(kind=EntryKind.COURSE_REWORDED, by=["steward"], data=data, cites=cites, texts=texts)
    append(program=course.track.program, drafts=[draft], now=now)


def _newest(course: Course, offered: int) -> int:
    """Give the entry that holds the course's words now: the last time it was worded anew, else when it was opened."""
    rows = RowsLog(Log.objects.get(program=course.track.program))
    anew = rows.citing(offered, EntryKind.COURSE_REWORDED)
    return anew[-1].index if anew else offered


@appends(EntryKind.TRAINING_COMPLETED)
def tell_completed(*, cohort: Cohort, track: Track, pack: Pack, now: datetime) -> int:
    """Tell once, for one track, how many of a cohort and how many staff completed it in the cohort's term.

    A unit is named only where at least k of its people did; gives how many entries were written. Whom an entry counts
    already is passed over: cohorts of the same days are counted together, once.
    """
    rows = RowsLog(Log.objects.get(program=cohort.program))
    offered = track.courses.filter(offered_on__lte=cohort.until_date).order_by("place")
    courses = [one.entry for one in offered if one.entry is not None]
    told = 0
    for data in _counts(cohort, track, pack) if courses else []:
        if are_counted(data, rows):
            continue
        cites = {"courses": courses, "cohort": [cohort.entry]}
        draft = Draft(kind=EntryKind.TRAINING_COMPLETED, by=["clock"], data=data, cites=cites)
        entry = tell_once(program=cohort.program, draft=draft, now=now)
        told += entry is not None
    return told


def _counts(cohort: Cohort, track: Track, pack: Pack) -> list[dict[str, Any]]:
    """Give the data of each count."""
    base = {
        "track": track.slug,
        "from": cohort.from_date.isoformat(),
        "until": cohort.until_date.isoformat(),
    }
    found: list[dict[str, Any]] = []
    if track.audience != "staff":
        same = Cohort.objects.filter(
            program=cohort.program, from_date=cohort.from_date, until_date=cohort.until_date
        )
        leads = track.completions.filter(seat__cohort__in=same).count()
        found.append({**base, "who": "leads", "people": band(leads, pack).as_data()})
    if track.audience != "leads":
        term = track.completions.filter(on__gte=cohort.from_date, on__lte=cohort.until_date)
        units = Counter(term.exclude(unit=None).values_list("unit", "unit__slug"))
        found.append({**base, "who": "staff", "people": band(units.total(), pack).as_data()})
        bands = {unit: band(count, pack) for unit, count in sorted(units.items())}
        found += [
            {**base, "who": "staff", "unit": slug, "people": one.as_data()}
            for (_row, slug), one in bands.items()
            if one is not FEWER
        ]
    return found
