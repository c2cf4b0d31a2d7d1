"""Draft an engagement, sign it, open it; correct, pause and resume it. The linter reads every question."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.cohort.messages.actions import notify_people
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import leads_today
from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.entries import SEAT, Entry, unit_of
from alongside.core.grammar.engagements import CORRECTORS, PROMISE_TEXTS
from alongside.core.grammar.seats import refuse_new_seats
from alongside.core.kinds import EntryKind
from alongside.core.policy.linter import lint_question
from alongside.core.questions import SPOKEN, STATEMENT, STATEMENTS, parts_of, read_alike
from alongside.core.refusals import Refused
from alongside.core.words import has_words, without
from alongside.ground.gate.presses import mark_of
from alongside.ground.people.models import Person
from alongside.ground.programs.models import STEWARD, Office, Post, Program
from alongside.ground.programs.queries import answers_today, holders_of, pack_of, stewards_on
from alongside.ground.record.actions.entries import Draft, EntryRef, Text, append, sign_ahead
from alongside.ground.record.acts import Part, nonce_about
from alongside.ground.record.declared import appends
from alongside.ground.record.persons import refuse_city_people, refuse_unless_different_people
from alongside.ground.record.queries import is_under_hold, texts_going
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import refuse_under_hold
from alongside.ground.ui.languages import in_readers_words
from alongside.work.engagements import asking
from alongside.work.engagements.models import Correction, Engagement, Signature, Version
from alongside.work.engagements.queries import progress, promises
from alongside.work.engagements.queries.drafts import (
    asked_before,
    asked_of,
    first_words,
    gaps,
    is_checked,
    level_of,
    may_throw_away,
    parts_of_draft,
    promise_data,
    said_in,
    texts_of,
)


@transaction.atomic
def begin_draft(
    *,
    program: Program,
    slug: str,
    lead: Seat,
    partner: Office | None,
    languages: Sequence[str],
    answer_by: date | None,
    words: Mapping[str, Mapping[str, str]],
    questions: Sequence[Mapping[str, Any]] = (),
    spoken: bool = False,
    **terms: Any,
) -> Engagement:
    """Begin a draft. Without a partner office it is a community engagement. Nothing goes on the record yet.

    `questions` and `spoken` are as in save_questions. `terms` are the decision, framework, level, retention, closes and report_back of models.Engagement.
    """
    form = asking.in_our_words({"v": 1, "questions": [dict(one) for one in questions]}, languages)
    form |= {SPOKEN: True} if spoken else {}
    refuse_forbidden(program, form, words)
    return Engagement.objects.create(
        program=program,
        slug=slug,
        lead=lead,
        partner=partner,
        languages=list(languages),
        answer_by=answer_by if partner else None,
        words={lang: dict(texts) for lang, texts in words.items()},
        form=form,
        **terms,
    )


@transaction.atomic
def throw_away(*, engagement: Engagement, by: int | None, today: date) -> None:
    """Throw a draft away that nobody signed, with what was said of it. A key that was made for it stays on the record, and its name with it.

    Raises Refused once it is open, where somebody signed it, or where another lead who sits wrote it; LegalHoldError while a legal hold stands.
    """
    _in_turn(engagement)
    refuse_under_hold(engagement.program)
    if Signature.objects.filter(engagement=engagement).exists():
        raise Refused(
            _(
                "Somebody signed this draft, so it stays. Change it, or leave it as it is: only a lead can open it."
            )
        )
    if not may_throw_away(engagement, by, today):
        raise Refused(_("Another lead wrote this draft; ask that lead to throw it away."))
    engagement.delete()


@transaction.atomic
def save_draft(*, engagement: Engagement, changes: Mapping[str, Any]) -> Engagement:
    """Change a draft; signatures on the draft before are void by themselves. Refuses once it is open.

    Raises Refused, also where a form is among the changes and asks for what the pack forbids.
    """
    now = _in_turn(engagement)
    if {"form", "languages"} & set(changes):
        form, languages = changes.get("form", now.form), changes.get("languages", now.languages)
        changes = {**changes, "form": asking.in_our_words(form, languages)}
    form, words = changes.get("form", {}), changes.get("words", {})
    refuse_forbidden(engagement.program, form, words)
    if {"form", "words"} & set(changes):
        before = asking.parts_by_field(now.words, now.form)
        said = (changes.get("words", now.words), changes.get("form", now.form))
        fitting = asking.said_of_these_words(*said, before, now.languages[0])
        changes = {**changes, **dict(zip(("words", "form"), fitting, strict=True))}
    for name, value in changes.items():
        setattr(engagement, name, value)
    engagement.save(update_fields=list(changes))
    return engagement


@transaction.atomic
def save_words(
    *, engagement: Engagement, lang: str, words: Mapping[str, Any], form: Mapping[str, Any], by: str, on: date
) -> None:
    """Save the words of a draft in a language, and note beside it who wrote them, and who said that they read them beside its first words.

    No signature stands for what is noted: the words themselves say whether a person checked them.
    """
    before = said_in(engagement, lang)
    changes = {"words": {**engagement.words, lang: words}, "form": form}
    save_draft(engagement=engagement, changes=changes)
    held = _in_turn(engagement)
    done: dict[str, Any] = dict(held.plan.get("words", {}).get(lang, {}))
    if said_in(held, lang) != before or "written" not in done:
        done = {"written": [by, on.isoformat()]}
    reader, *_day, beside = done.get("read", ["", "", ""])
    is_second = reader == done["written"][0] != by
    if words.get("checked") and (is_second or beside != first_words(held)):
        done["read"] = [by, on.isoformat(), first_words(held)]
    held.plan = {**held.plan, "words": {**held.plan.get("words", {}), lang: done}}
    held.save(update_fields=["plan"])


def save_reason(*, engagement: Engagement, words: str) -> Engagement:
    """Save why a draft asks again, in its first language; without words the reason goes, in every language."""
    first = engagement.languages[0]
    kept = {
        lang: {name: text for name, text in texts.items() if words or name != "asked_again"}
        for lang, texts in engagement.words.items()
    }
    if words:
        kept[first] = {**kept.get(first, {}), "asked_again": words}
    return save_draft(engagement=engagement, changes={"words": kept})


def save_questions(
    *, engagement: Engagement, questions: Sequence[Mapping[str, Any]], spoken: bool | None = None
) -> Engagement:
    """Save the questions of a draft, and whether people may answer by voice; None leaves that as it is.

    A question is {"id": "q1", "kind": "one|several|scale|text", "words": {lang: text}} with "options"
    ([{"id", "words"}]) for a choice and "ends" ([{lang: text}, {lang: text}]) for a scale, and "hint" where wanted.
    Raises Refused where any wording asks for what the pack forbids.
    """
    form: dict[str, Any] = {"v": 1, "questions": [dict(one) for one in questions]}
    if engagement.form.get(SPOKEN, False) if spoken is None else spoken:
        form[SPOKEN] = True
    if STATEMENTS in engagement.form:
        form[STATEMENTS] = engagement.form[STATEMENTS]
    return save_draft(engagement=engagement, changes={"form": form})


def save_statements(*, engagement: Engagement, statements: Sequence[Mapping[str, Any]]) -> Engagement:
    """Save what people are to judge, each {"id": "s1", "words": {lang: text}}; without any, nobody judges.

    Raises Refused where any wording asks for what the pack forbids.
    """
    form = {name: said for name, said in engagement.form.items() if name != STATEMENTS}
    form = {"v": 1, "questions": [], **form}
    if statements:
        form[STATEMENTS] = [dict(one) for one in statements]
    return save_draft(engagement=engagement, changes={"form": form})


def _in_turn(engagement: Engagement) -> Engagement:
    """Read a draft anew when its turn has come: whoever changes, signs or opens it at this moment waits, or came first.

    Raises Refused once it is open, or is no more.
    """
    found = Engagement.objects.select_for_update().filter(pk=engagement.pk).first()
    if found is None:
        raise Refused(_("This draft was thrown away."))
    if found.promise is not None:
        raise Refused(
            _("This engagement is open and its promise is frozen; write a dated correction instead.")
        )
    return found


def refuse_forbidden(program: Program, form: Mapping[str, Any], words: Mapping[str, Any]) -> None:
    """Raise Refused where any wording of any question, or the title over them, touches a forbidden topic."""
    pack = pack_of(program)
    titles = [texts["title"] for texts in words.values() if texts.get("title")]
    hits = [hit for text in [*asking.wordings(form), *titles] for hit in lint_question(text, pack)]
    if hits:
        named = {"topic": hits[0].name.say(get_language() or "en"), "statute": hits[0].statute}
        words_of = _("This question asks about %(topic)s (%(statute)s); take it out or ask otherwise.")
        raise Refused(words_of % named)


@transaction.atomic
def sign(*, engagement: Engagement, actor: str, person: Person | None = None, now: datetime) -> Signature:
    """Sign the draft as it stands. `actor` is a seat or the signing office of the partner's unit.

    `person` says who signs for an office that several people hold. Raises Refused, also where an office of another unit signs.
    """
    _in_turn(engagement)
    if "/" in actor and not (engagement.partner and unit_of(actor) == engagement.partner.unit.slug):
        raise Refused(_("This promise is not your bureau's; ask the bureau that it names to sign."))
    if "/" not in actor:
        refuse_if_of_the_other_side(engagement, actor, now)
        if progress.employer_beside(engagement, actor):
            raise Refused(_("You work for this bureau, or did. So another lead signs with it."))
    _refuse_unready(engagement)
    keep_version(engagement=engagement)
    given = {"signed_at": now, "post": _post_of(engagement, actor, person, now)}
    signature, _new = Signature.objects.update_or_create(
        engagement=engagement, actor=actor, draft=progress.draft_hash(engagement), defaults=given
    )
    signature.mark = mark_of(signature)
    signature.save(update_fields=["mark"])
    return signature


def _post_of(engagement: Engagement, actor: str, person: Person | None, now: datetime) -> Post | None:
    """Give the post of whoever signs for an office; None for a lead."""
    if "/" not in actor:
        return None
    today = local_date(now, pack_of(engagement.program))
    held = holders_of(engagement.program, actor, today)
    return next((one for one in held if person is None or one.person_id == person.pk), None)


@transaction.atomic
def take_back(*, engagement: Engagement, actor: str) -> None:
    """Take a signature under a draft back, for as long as the draft is not open."""
    _in_turn(engagement)
    Signature.objects.filter(engagement=engagement, actor=actor).delete()


def keep_version(*, engagement: Engagement) -> Version:
    """Keep a draft as it stands, for whoever reads it now, so that they see what changed since."""
    kept, _new = Version.objects.get_or_create(
        engagement=engagement,
        draft=progress.draft_hash(engagement),
        defaults={"parts": parts_of_draft(engagement)},
    )
    return kept


def refuse_if_of_the_other_side(engagement: Engagement, seat: str, now: datetime) -> None:
    """Raise GrammarError for a lead who holds or held an office of the bureau that signs, or holds any office today."""
    program, pack = engagement.program, pack_of(engagement.program)
    others = set()
    if engagement.partner:
        signing = Office.objects.filter(unit=engagement.partner.unit_id, signs=True).select_related("unit")
        others = {one.public_id for one in signing} | {answers_today(pack, engagement.partner.unit.slug)}
    people = refuse_unless_different_people(program, [seat], others, RowsLog.of(program))
    refuse_city_people(program, people, local_date(now, pack))


def refuse_if_incomplete(engagement: Engagement) -> None:
    """Raise Refused where a promise, a question or a language is missing; the message names it."""
    if not engagement.form.get("questions"):
        raise Refused(_("There is no question yet; write at least one."))
    level = pack_of(engagement.program).level(level_of(engagement))
    if level is None:
        raise Refused(_("The rules do not have the level of this draft; choose another in step 1."))
    if level.needs_office and engagement.partner is None:
        raise Refused(_("Only an office can promise this. Choose an office, or a lower level."))
    for gap in gaps(engagement):
        words = _("A part of the promise has no words in %(language)s; write it or drop the language.")
        if gap.question:
            words = _("Question %(n)s has no words in %(language)s; write it or drop the language.")
        if STATEMENT.match(gap.question):
            words = _("Statement %(n)s has no words in %(language)s; write it or drop the language.")
        raise Refused(words % {"n": gap.question, "language": in_readers_words(gap.lang)})
    asked = asked_of(engagement)
    damaged = _("A question of this draft is damaged; take it out and write it again.")
    try:
        parts_of(asked, engagement.languages)
    except ValueError as error:
        raise Refused(damaged) from error
    if asked != asking.in_our_words(asked, engagement.languages):
        raise Refused(damaged)
    if alike := read_alike(asked, engagement.languages):
        raise Refused(
            _(
                "Two answers of question %(n)s, or it and another question, read alike in %(language)s; write one of them in other words."
            )
            % {"n": alike[0], "language": in_readers_words(alike[1])}
        )


def _refuse_unready(engagement: Engagement) -> None:
    """Raise Refused where a draft asks what the pack forbids, lacks something, or does not say why it asks again what has no answer."""
    refuse_forbidden(engagement.program, engagement.form, engagement.words)
    refuse_if_incomplete(engagement)
    before = asked_before(engagement)
    if before.lacks_reason:
        raise Refused(
            _(
                "Communities asked about this before and have no answer yet: “%(what)s”. "
                "Say in step 1 why you ask again; the reason is public."
            )
            % {"what": before.unanswered[0].said[:140]}
        )


@appends(EntryKind.ENGAGEMENT_PROMISED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def open_engagement(*, engagement: Engagement, by: str, now: datetime) -> Engagement:
    """Freeze the promise on the record and let people speak. The lead who opens it (`by`) signs it, whoever signed the draft before.

    Needs, unless it is a community engagement, the unit's signature on the draft as it stands, and two leads who opened a test
    voice with the engagement's key. Raises Refused or GrammarError.
    """
    engagement = _in_turn(engagement)
    _refuse_unready(engagement)
    today = local_date(now, pack_of(engagement.program))
    if SEAT.match(by) and by not in progress.signing_now(engagement, today):
        sign(engagement=engagement, actor=by, now=now)
    signed = progress.signing_now(engagement, today)
    if not SEAT.match(by) or by not in signed:
        raise Refused(_("A lead has not signed the draft as it stands; ask a lead to sign."))
    actors = [by, *(one for one in signed if "/" in one)]
    if engagement.partner and len(actors) == 1:
        raise Refused(_("The bureau has not signed the draft as it stands; ask its manager to sign."))
    draft = _promise(engagement, actors)
    others = _in_other_languages(engagement, actors, again="asked_again" in draft.texts)
    entry = append(program=engagement.program, drafts=[draft, *others], now=now)[0]
    engagement.promise, engagement.opened_on = entry.index, entry.date
    engagement.save(update_fields=["promise", "opened_on"])
    return engagement


def _in_other_languages(engagement: Engagement, actors: Sequence[str], *, again: bool) -> list[Draft]:
    """Give a promise in its other languages, each as made by a person or by a machine; who signs it signs them."""
    names = [one for one in texts_of(engagement) if again or one != "asked_again"]
    words = {lang: engagement.words[lang] for lang in engagement.languages[1:]}
    return [
        _translation(
            actors,
            lang,
            {name: said[name] for name in names},
            checked=is_checked(engagement, lang),
        )
        for lang, said in words.items()
    ]


def _translation(by: Sequence[str], lang: str, texts: Mapping[str, str], *, checked: bool) -> Draft:
    """Say in another language what stands first in the same act; whoever signs that signs this."""
    return Draft(
        kind=EntryKind.TEXT_TRANSLATED,
        by=list(by),
        data={"lang": lang, "reviewed": checked, "made_by": "person" if checked else "machine"},
        cites={"of": [EntryRef(0)]},
        texts={name: Text(lang, words) for name, words in texts.items()},
    )


def _promise(engagement: Engagement, actors: Sequence[str]) -> Draft:
    key, tests = progress.key_of(engagement)
    if key is None or not tests:
        raise Refused(_("Two leads must open a test voice first; make the key and test it in the reader."))
    first = engagement.languages[0]
    data = promise_data(engagement, pack_of(engagement.program), key.data["recipient"])
    cites: dict[str, list[int]] = {"key": [key.index], "tested": [one.index for one in tests][:20]}
    if engagement.decision:
        cites["decision"] = [engagement.decision.entry]
    if engagement.invitation is not None:
        cites["invitation"] = [engagement.invitation]
    texts = {name: Text(first, engagement.words[first][name]) for name in PROMISE_TEXTS}
    before = asked_before(engagement)
    if before.said and first in before.reasons:
        cites["before"] = before.cited
        texts["asked_again"] = Text(first, before.reasons[first])
    texts["form"] = Text(first, canonical(asked_of(engagement)).decode())
    return Draft(kind=EntryKind.ENGAGEMENT_PROMISED, by=list(actors), data=data, cites=cites, texts=texts)


@appends(EntryKind.ENGAGEMENT_CORRECTED, EntryKind.TEXT_TRANSLATED)
def corrected(*, correction: Correction, by: Sequence[str]) -> list[Draft]:
    """Give what a correction enters: the entry, and its words in the other languages of the promise."""
    about, day = correction.about, correction.day
    draft = Draft(
        kind=EntryKind.ENGAGEMENT_CORRECTED,
        by=by,
        data={"about": about, about: day.isoformat()} if day else {"about": about},
        cites={"engagement": [promises.promise_of(correction.engagement)]},
        texts={"correction": Text(correction.lang, correction.words)},
    )
    # A database may keep the languages in another order than they came in, and leads sign the entries in theirs.
    others = [
        _translation(by, lang, {"correction": said}, checked=correction.checked)
        for lang, said in sorted(correction.others.items())
    ]
    return [draft, *others]


@appends(EntryKind.ENGAGEMENT_CORRECTED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def propose_correction(
    *,
    engagement: Engagement,
    about: str,
    words: str,
    lang: str,
    day: date | None,
    by: str,
    now: datetime,
    person: Person | None = None,
    others: Mapping[str, str] | None = None,
    checked: bool = False,
) -> Correction:
    """Write a correction. The other side signs it first; of a community engagement a second lead, where there is one.

    Raises Refused for a lead who does not hold the key.
    """
    Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
    refuse_if_closed(engagement)
    today = local_date(now, pack_of(engagement.program))
    if SEAT.match(by):
        refuse_new_seats(RowsLog.of(engagement.program), [by], today)
        refuse_if_of_the_other_side(engagement, by, now)
    _refuse_who_holds_no_key(engagement, by, today)
    made = Correction(
        engagement=engagement,
        about=about,
        words=words,
        lang=lang,
        others=dict(others or {}),
        checked=checked,
        day=day,
        by=by,
        post=_post_of(engagement, by, person, now),
        proposed_at=now,
        beside=promises.last_corrected(engagement, about, RowsLog.of(engagement.program)),
    )
    refuse_if_unsaid(made)
    part = _part_of(made, by, now) if SEAT.match(by) else None
    made.signed, made.mark = part.wait() if part else {}, mark_of(made)
    made.save()
    if engagement.partner is None and len(promises.leads_to_correct(engagement, today)) < CORRECTORS:
        _enter(made, [by], now)
    return made


def _part_of(correction: Correction, seat: str, now: datetime) -> Part:
    """Give what a lead signs of a correction, whoever signs it beside her."""
    promise = promises.promise_of(correction.engagement)
    names = ("about", "lang", "words", "day", "beside", "by")
    about = (promise, *(getattr(correction, name) for name in names))
    program, kept = correction.engagement.program, correction.signed
    return sign_ahead(
        program=program,
        drafts=corrected(correction=correction, by=[seat]),
        nonce=nonce_about("correction", program.origin, *about),
        salts=kept.get("salts", {}),
        now=now,
    )


def _refuse_who_holds_no_key(engagement: Engagement, by: str, today: date) -> None:
    """Raise Refused for a lead who does not correct an engagement."""
    if "/" not in by and by not in promises.leads_to_correct(engagement, today):
        raise Refused(_("Leads who hold the key of this engagement correct it. Ask one of them."))


def refuse_if_unsaid(correction: Correction) -> None:
    """Raise Refused where a correction has no words in a language of the promise."""
    for one in correction.engagement.languages:
        if one != correction.lang and not has_words(correction.others.get(one, "")):
            words = _("The correction has no words in %(language)s; write it in every language.")
            raise Refused(words % {"language": in_readers_words(one)})


@appends(EntryKind.ENGAGEMENT_CORRECTED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def sign_correction(*, correction: Correction, by: str, now: datetime) -> None:
    """Sign the other side's correction, or another lead's of a community engagement; with both signatures it goes on the record.

    Raises Refused where it waited for too long or its part was corrected since, and Refused for the side that wrote it
    and for a lead who does not hold the key.
    """
    _wait_for_a_turn(correction)
    refuse_if_closed(correction.engagement)
    if promises.is_by_ones_side(correction, by):
        if correction.engagement.partner is None:
            raise Refused(_("Another lead who holds the key signs this correction with you."))
        raise Refused(_("The other side signs this correction: a lead and the bureau sign it together."))
    pack, log = pack_of(correction.engagement.program), RowsLog.of(correction.engagement.program)
    today = local_date(now, pack)
    _refuse_who_holds_no_key(correction.engagement, by, today)
    if not promises.still_to_sign(log, pack, today, pk=correction.pk):
        raise Refused(
            _(
                "This correction does not count any more. It waited for more than {days} days, the same was corrected since, or this site "
                "came back from an older copy or was changed in its database. Write it again."
            ).format(days=promises.WAITS.days)
        )
    refuse_if_unsaid(correction)
    _enter(correction, [correction.by, by], now)


@transaction.atomic
def withdraw_correction(*, correction: Correction, by: str) -> None:
    """Take back a correction that waits; under a legal hold its words stay, and nobody signs them. Raises Refused once it is on the record, and for the other side."""
    _wait_for_a_turn(correction)
    if not promises.is_by_ones_side(correction, by):
        raise Refused(_("Only the side that wrote this correction can withdraw it; ask that side."))
    found = Correction.objects.filter(pk=correction.pk)
    if is_under_hold(correction.engagement.program):
        found.update(mark="")
    else:
        found.delete()


def _wait_for_a_turn(correction: Correction) -> None:
    """Let one act at a time change what waits beside a promise. Raises Refused once it is on the record, or withdrawn."""
    Engagement.objects.select_for_update(no_key=True).get(pk=correction.engagement_id)
    if not Correction.objects.filter(pk=correction.pk).exists():
        raise Refused(_("This correction was withdrawn."))
    if promises.is_entered(correction.engagement, correction.pk):
        raise Refused(_("This correction is on the public log already; nothing more is needed."))


def _enter(correction: Correction, by: Sequence[str], now: datetime) -> None:
    kept = {correction.by: correction.signed} if SEAT.match(correction.by) else {}
    part = None
    for second in by:
        if SEAT.match(second) and second not in kept:
            part = _part_of(correction, second, now)
            kept[second] = part.kept
    program, drafts = correction.engagement.program, corrected(correction=correction, by=by)
    entry = append(program=program, drafts=drafts, now=now, kept=kept, signer=part)[0]
    Correction.objects.filter(pk=correction.pk).update(entry=entry.index, signed={})


def refuse_if_closed(engagement: Engagement) -> None:
    """Raise Refused once people have heard back and the engagement is closed."""
    if promises.course_now(engagement).closed:
        raise Refused(
            _("This engagement is closed; nothing about it changes any more. Open a new one to hear more.")
        )


@appends()
def empty_copies(*, program: Program, entries: Sequence[Entry]) -> None:
    """Empty our copy of words of a promise or a correction that these entries take down, with the drafts as they were read.

    The questions stay for leads, who read what people said beside them.
    """
    for gone in texts_going(program, entries):
        for one in Engagement.objects.filter(program=program, promise=gone.about):
            one.words = without(one.words, {gone.words})
            one.save(update_fields=["words"])
            one.versions.all().delete()
        for said in Correction.objects.filter(engagement__program=program, entry=gone.about):
            said.words, said.others = without([said.words, said.others], {gone.words})
            said.signed = {}
            said.save(update_fields=["words", "others", "signed"])


@appends(EntryKind.ENGAGEMENT_PAUSED)
@transaction.atomic
def pause(*, engagement: Engagement, ground: str, by: str, now: datetime, lang: str = "en") -> None:
    """Stop people from speaking, or join the other side's pause, which then lasts until one side ends it.

    The other leads are told that something waits, and the steward where a lead paused it.
    """
    refuse_if_closed(engagement)
    cites = {"engagement": [promises.promise_of(engagement)]}
    draft = Draft(
        kind=EntryKind.ENGAGEMENT_PAUSED, by=[by], cites=cites, texts={"ground": Text(lang, ground)}
    )
    append(program=engagement.program, drafts=[draft], now=now)
    today = local_date(now, pack_of(engagement.program))
    leads = {one.public_id: one.person for one in leads_today(engagement.program, today)}
    people = [person for seat, person in leads.items() if seat != by]
    if by != STEWARD and engagement.partner:
        people += [one.person for one in stewards_on(engagement.program, today)]
    notify_people(program=engagement.program, people=people)


@appends(EntryKind.ENGAGEMENT_RESUMED)
def resume(*, engagement: Engagement, by: str, now: datetime) -> None:
    """Let people speak again."""
    refuse_if_closed(engagement)
    cites = {"engagement": [promises.promise_of(engagement)]}
    draft = Draft(kind=EntryKind.ENGAGEMENT_RESUMED, by=[by], cites=cites)
    append(program=engagement.program, drafts=[draft], now=now)
