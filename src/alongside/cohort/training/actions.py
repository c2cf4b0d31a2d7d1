"""Write courses, offer them, note who learned what, and give the papers that say so."""

import secrets
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Cohort
from alongside.cohort.seats.queries.seats import seat_of
from alongside.cohort.training.credentials import Badge, compose, did_of, make_key, method_of, sign, stamp
from alongside.cohort.training.models import (
    Completion,
    Course,
    Lesson,
    Material,
    Part,
    Session,
    Track,
    Words,
    words_in,
)
from alongside.cohort.training.queries import courses_done, is_completed, shipped
from alongside.core.clocks import local_date
from alongside.core.disclosure import FEWER, band
from alongside.core.entries import Entry
from alongside.core.grammar.training import are_counted
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.core.words import without
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, posts_of
from alongside.ground.record.actions.entries import Draft, Text, append, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import entries_at, texts_going
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
    Part.objects.get_or_create(lesson=lesson, person=person, defaults={"on": day})
    return Checked(right, passed=True, completion=complete_where_done(track=track, person=person, now=now))


@appends()
@transaction.atomic
def note_attendance(*, session: Session, people: Collection[Person], now: datetime) -> None:
    """Note who was at a session, anew each time: a wrong tick is taken back. What was completed stays completed."""
    track = session.course.track
    day = local_date(now, pack_of(track.program))
    session.attended.exclude(person__in=people).delete()
    for person in people:
        Part.objects.get_or_create(session=session, person=person, defaults={"on": day})
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
def add_material(
    *,
    course: Course,
    lang: str,
    title: str,
    href: str = "",
    file_name: str = "",
    content: bytes | None = None,
    now: datetime,
) -> Material:
    """Add a link or a file to take along; the form has looked at the file's kind and size."""
    return Material.objects.create(
        course=course,
        lang=lang,
        title=title,
        href=href,
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
    words = {one["lang"]: {"title": one["title"], "about": one["about"]} for one in course.texts}
    lang = course.texts[0]["lang"]
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
def open_proof(*, completion: Completion) -> None:
    """Open a proof of a completion to whoever holds its address; one that is open stays."""
    Completion.objects.filter(pk=completion.pk, proof=None).update(proof=secrets.token_urlsafe(24))


@appends()
def close_proof(*, completion: Completion) -> None:
    """Close the proof of a completion, for good; a new one gets a new address."""
    Completion.objects.filter(pk=completion.pk).update(proof=None)


@appends()
def ask_letter(*, completion: Completion, wish: str, now: datetime) -> None:
    """Ask the program for a letter. Raises Refused where it was asked for."""
    today = _today(completion.track.program, now)
    if not Completion.objects.filter(pk=completion.pk, asked_on=None).update(wish=wish, asked_on=today):
        raise Refused(_("You asked for this letter already; the program coordinator sees it on their desk."))


@appends()
def write_letter(*, completion: Completion, words: str, lang: str, now: datetime) -> None:
    """Write the letter that was asked for, or write it anew."""
    today = _today(completion.track.program, now)
    Completion.objects.filter(pk=completion.pk).update(letter=words, letter_lang=lang, written_on=today)


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
    name = words_in(track.texts, lang)
    courses = [words_in(one.texts, name["lang"]) for one in courses_done(completion)]
    mail = completion.person.email if with_mail else None
    return Badge(
        uuid=str(uuid.uuid4()),
        holder=str(uuid.uuid4()),
        issuer=issuer,
        program=pack_of(program).name.say(name["lang"]),
        url=f"{settings.ALONGSIDE.address}/{program.slug}/{name['lang']}/training/",
        slug=track.slug,
        track=name["title"],
        about="\n".join(one["about"] for one in courses),
        criteria="\n".join(one["title"] for one in courses),
        lang=name["lang"],
        completed=completion.on,
        mail=(secrets.token_hex(16), mail) if mail else None,
    )


def _text(lang: str, said: Mapping[str, Any], on: date, *, by: str = "person") -> Words:
    """Give words as they are kept. What a machine wrote waits for a person to review it."""
    return {**said, "lang": lang, "made_by": by, "is_reviewed": by == "person", "written_on": on.isoformat()}


def _texts(words: Mapping[str, Mapping[str, Any]], on: date) -> list[Words]:
    """Give words in several languages: the first is the original, the others are translations by a machine."""
    (original, said), *others = words.items()
    return [_text(original, said, on), *(_text(*one, on, by="machine") for one in sorted(others))]


def _word(row: Track | Course | Lesson, lang: str, said: Mapping[str, Any], on: date) -> None:
    """Put words that a person wrote in the place of those in their language, or after the original by their language.

    New first words leave the others unreviewed: nobody read them beside these.
    """
    if lang == row.texts[0]["lang"] and not said.items() <= row.texts[0].items():
        for one in row.texts:
            one["is_reviewed"] = False
    by_lang = {one["lang"]: one for one in row.texts} | {lang: _text(lang, said, on)}
    original = by_lang.pop(row.texts[0]["lang"])
    row.texts = [original, *(by_lang[one] for one in sorted(by_lang))]


@appends()
def begin_track(
    *, program: Program, slug: str, audience: str, titles: Mapping[str, str], now: datetime
) -> Track:
    """Begin a track. `titles` maps a language to its name; the first is the original, others are unreviewed."""
    words = {lang: {"title": title} for lang, title in titles.items()}
    texts = _texts(words, _today(program, now))
    return Track.objects.create(program=program, slug=slug, audience=audience, texts=texts)


@appends()
@transaction.atomic
def word_track(*, track: Track, lang: str, title: str, now: datetime) -> None:
    """Write, or write anew, what a track is called in one language; a person wrote it."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    _word(track, lang, {"title": title}, _today(track.program, now))
    track.save(update_fields=["texts"])


@appends()
@transaction.atomic
def write_course(
    *,
    track: Track,
    slug: str,
    words: Mapping[str, Mapping[str, str]],
    sessions_needed: int = 0,
    earlier: Course | None = None,
    now: datetime,
) -> Course:
    """Begin a course of a track. `words` maps a language to {title, about}; the first is the original.

    It has the lessons and the materials of an earlier course, where one is given: copies, which change with it alone.
    """
    today = _today(track.program, now)
    course = Course.objects.create(
        track=track,
        slug=slug,
        place=track.courses.count(),
        sessions_needed=sessions_needed,
        texts=_texts(words, today),
    )
    for lesson in earlier.lessons.all() if earlier else ():
        lesson.pk, lesson.course = None, course
        lesson.save(force_insert=True)
    for material in earlier.materials.all() if earlier else ():
        material.pk, material.course, material.added_on = None, course, today
        material.save(force_insert=True)
    return course


@appends()
def write_lesson(
    *,
    course: Course,
    words: Mapping[str, Mapping[str, Any]],
    right: Sequence[int],
    pass_mark: int,
    now: datetime,
) -> Lesson:
    """Add a lesson to the end of a course. `words` maps a language to {title, body, questions}; the first is the original.

    `right` gives the right choice of each question, from 0.
    """
    return Lesson.objects.create(
        course=course,
        place=course.lessons.count(),
        right=list(right),
        pass_mark=pass_mark,
        texts=_texts(words, _today(course.track.program, now)),
    )


@appends()
@transaction.atomic
def word_lesson(
    *,
    lesson: Lesson,
    lang: str,
    said: Mapping[str, Any],
    right: Sequence[int] | None = None,
    now: datetime,
) -> None:
    """Write, or write anew, a lesson in one language. `right` changes the check; give it with the original only."""
    lesson = Lesson.objects.select_for_update().get(pk=lesson.pk)
    if right is not None:
        lesson.right, lesson.pass_mark = list(right), len(right)
    if len(said["questions"]) != len(lesson.right):
        raise Refused(
            f"The check has {len(lesson.right)} questions, this has {len(said['questions'])}; write as many."
        )
    _word(lesson, lang, said, _today(lesson.course.track.program, now))
    lesson.save(update_fields=["right", "pass_mark", "texts"])


@appends()
@transaction.atomic
def add_shipped(*, track: Track, name: str, now: datetime) -> Course:
    """Add a course that ships with the house, with all its lessons in every language it has; translations unreviewed."""
    found = shipped(name)
    course = write_course(track=track, slug=name, words=found.words, now=now)
    for one in found.lessons:
        write_lesson(course=course, words=one.words, right=one.right, pass_mark=one.pass_mark, now=now)
    return course


@appends(EntryKind.COURSE_REWORDED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def word_course(
    *, course: Course, lang: str, title: str, about: str, sessions_needed: int, now: datetime
) -> None:
    """Write, or write anew, what a course is called and about in one language; a person wrote it.

    Once the course is open, the record hears it: new first words as `course.reworded`, others as their translation.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    said = {"title": title, "about": about}
    before = next((one for one in course.texts if one["lang"] == lang), None)
    is_same = before is not None and before["is_reviewed"] and said.items() <= before.items()
    is_original = before is course.texts[0]
    needs, course.sessions_needed = course.sessions_needed, sessions_needed
    _word(course, lang, said, _today(course.track.program, now))
    course.save(update_fields=["texts", "sessions_needed"])
    if course.entry is None or (is_same and needs == sessions_needed):
        return
    if needs != sessions_needed or is_original:
        _reword(course, course.entry, now)
    if not is_same and not is_original:
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
    original = course.texts[0]
    data = {
        "course": course.slug,
        "track": course.track.slug,
        "sessions_needed": course.sessions_needed,
    }
    texts = {name: Text(original["lang"], original[name]) for name in ("title", "about")}
    cites = {"offered": [offered]}
    draft = Draft(kind=EntryKind.COURSE_REWORDED, by=["steward"], data=data, cites=cites, texts=texts)
    append(program=course.track.program, drafts=[draft], now=now)


@appends()
def empty_copies(*, program: Program, entries: Sequence[Entry]) -> None:
    """Empty our copy of words of a course that these entries take down; without its title it is called by its address."""
    going = list(texts_going(program, entries))
    told = entries_at(program, {one.about for one in going})
    for gone in going:
        offered = told[gone.about].cites.get("offered", (gone.about,))[0]
        for course in Course.objects.filter(track__program=program, entry=offered):
            texts = without(course.texts, {gone.words})
            course.texts = [one | {"title": one["title"] or course.slug} for one in texts]
            course.save(update_fields=["texts"])


def _newest(course: Course, offered: int) -> int:
    """Give the entry that holds the course's words now: the last time it was worded anew, else when it was opened."""
    rows = RowsLog.of(course.track.program)
    anew = rows.citing(offered, EntryKind.COURSE_REWORDED)
    return anew[-1].index if anew else offered


@appends(EntryKind.TRAINING_COMPLETED)
def tell_completed(*, cohort: Cohort, track: Track, pack: Pack, now: datetime) -> int:
    """Tell once, for one track, how many of a cohort and how many staff completed it in the cohort's term.

    A unit is named only where at least k of its people did; gives how many entries were written. Whom an entry counts
    already is passed over: cohorts of the same days are counted together, once.
    """
    rows = RowsLog.of(cohort.program)
    courses = _done_by_all(cohort, track)
    told = 0
    for data in _counts(cohort, track, pack) if courses else []:
        if are_counted(data, rows):
            continue
        cites = {"courses": courses, "cohort": [cohort.entry]}
        draft = Draft(kind=EntryKind.TRAINING_COMPLETED, by=["clock"], data=data, cites=cites)
        entry = tell_once(program=cohort.program, draft=draft, now=now)
        told += entry is not None
    return told


def _done_by_all(cohort: Cohort, track: Track) -> list[int]:
    """List the courses that an entry may say all it counts completed; where nobody did, those that were offered in time."""
    done = [
        {one.entry for one in courses_done(completion)}
        for completion in track.completions.filter(on__lte=cohort.until_date).select_related("track")
    ]
    offered = track.courses.filter(offered_on__lte=cohort.until_date).order_by("place")
    every = [one.entry for one in offered if one.entry is not None]
    return [one for one in every if all(one in theirs for theirs in done if theirs)]


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
