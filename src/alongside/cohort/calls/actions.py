"""Draft a call, balance it, publish and correct it; invite who helps with it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.cohort.calls.models import WRITES_DOWN, Call, CounselAdvice, Invitee
from alongside.cohort.calls.queries import (
    NOT_SAID,
    PARTS,
    asked_texts,
    is_checked,
    lacks_advice,
    missing_words,
    most_it_can_pay,
    published_data,
    read_together,
    rules_of,
    texts_in,
)
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.policy.linter import lint_question
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota, contradictions
from alongside.core.refusals import Refused
from alongside.core.words import without
from alongside.core.workflow.calls import Selection
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import entries_at, texts_going
from alongside.ground.texts.actions import translate_text
from alongside.ground.ui.languages import in_readers_words


@appends()
@transaction.atomic
def save_quotas(*, call: Call, quotas: Sequence[Quota], now: datetime) -> None:
    """Replace the quotas of a draft. Raises Refused."""
    _ = now
    call.refresh_from_db(from_queryset=Call.objects.select_for_update())
    refuse_quotas(call, quotas)
    call.quotas = [vars(one) for one in quotas if one.value != NOT_SAID]
    call.save(update_fields=["quotas"])


def refuse_quotas(call: Call, quotas: Sequence[Quota]) -> None:
    """Raise Refused where a call may not have these quotas."""
    pack = pack_of(call.program)
    if call.entry is not None:
        raise Refused(_("This call is published, so its quotas stand."))
    if quotas and call.selection == Selection.PANEL:
        raise Refused(
            _("This call has no lottery, so there is nothing to balance. Change how people are chosen first.")
        )
    refuse_unadvised(call.program, pack, quotas)
    _refuse_unmeetable(call, quotas, pack)


def _refuse_unmeetable(call: Call, quotas: Sequence[Quota], pack: Pack) -> None:
    lang = get_language() or "en"
    for wrong in contradictions(quotas, call.seats):
        category = pack.calls.category(wrong)
        named = category.words.say(lang) if category else wrong
        raise Refused(
            _(
                "“%(what)s”: these numbers cannot be met with %(n)d places. Lower what is asked at least, or raise what is allowed at most."
            )
            % {"what": named, "n": call.seats}
        )


def refuse_unadvised(program: Program, pack: Pack, quotas: Sequence[Quota]) -> None:
    """Raise Refused where a protected category has no recorded advice of counsel."""
    for one in lacks_advice(program, pack, quotas):
        raise Refused(
            _(
                "“%(what)s” is protected by law%(rule)s. A quota on it is off until counsel has advised. Ask counsel, then record the advice."
            )
            % {"what": one.words.say(get_language() or "en"), "rule": f" ({one.rule})" if one.rule else ""}
        )


@appends()
def record_advice(
    *,
    program: Program,
    office: str,
    lang: str,
    on: date,
    words: str,
    categories: Sequence[str],
    by: Person,
    now: datetime,
) -> CounselAdvice:
    """Record which office of counsel advised on quotas, when, what, and for which categories. The words stay here."""
    return CounselAdvice.objects.create(
        program=program,
        office=office,
        lang=lang,
        on=on,
        words=words,
        categories=list(categories),
        recorded_by=by,
        recorded_on=local_date(now, pack_of(program)),
    )


@appends()
@transaction.atomic
def begin_call(
    *,
    program: Program,
    slug: str,
    languages: Sequence[str],
    words: Mapping[str, Mapping[str, Any]],
    now: datetime,  # noqa: ARG001 -- every action takes the time
    **terms: Any,
) -> Call:
    """Begin the draft of a call. `terms` are the other columns of models.Call. Nothing goes on the record yet."""
    kept = {lang: dict(texts) for lang, texts in words.items()}
    return Call.objects.create(program=program, slug=slug, languages=list(languages), words=kept, **terms)


@appends()
@transaction.atomic
def save_call(*, call: Call, changes: Mapping[str, Any], now: datetime) -> Call:  # noqa: ARG001 -- as above
    """Change columns of a draft. Raises Refused once it is published."""
    _hold_draft(call)
    for name, value in changes.items():
        setattr(call, name, value)
    call.save(update_fields=list(changes))
    return call


@appends()
@transaction.atomic
def save_part(
    *,
    call: Call,
    part: str,
    lines: Sequence[Any],
    words: Mapping[str, str],
    now: datetime,  # noqa: ARG001 -- as above
) -> None:
    """Replace the questions, the criteria or what is sought of a draft, as the entry holds them.

    `words` are their texts by name, in the first language of the call; those in other languages are kept. Raises
    Refused where a question or what is sought asks for what the pack forbids, and once published.
    """
    _hold_draft(call)
    of = PARTS[part]
    refuse_forbidden(read_together(words), pack_of(call.program))
    setattr(call, of.column, list(lines))
    written = {name for key, _n in of.lines(call) for name in of.names(key) if words.get(name)}
    own = tuple(f"{one}-" for one in (of.name, of.below) if one)
    call.words = {
        lang: {name: said for name, said in texts.items() if name in written or not name.startswith(own)}
        for lang, texts in call.words.items()
    }
    call.words[call.first_lang] |= {name: words[name] for name in written}
    call.save(update_fields=["words", of.column])


@appends()
@transaction.atomic
def save_words(*, call: Call, lang: str, texts: Mapping[str, str], checked: str, now: datetime) -> None:  # noqa: ARG001 -- as above
    """Write every text of a draft in one more language. `texts` maps names of the entry to words.

    `checked` is the hash of the first words beside which a person checked them (queries.first_words), or empty.

    Raises Refused.
    """
    _hold_draft(call)
    refuse_forbidden(read_together(texts), pack_of(call.program))
    call.words = {**call.words, lang: {**texts, "checked": checked}}
    call.save(update_fields=["words"])


def refuse_forbidden(texts: Sequence[str], pack: Pack) -> None:
    """Raise Refused where any of the texts touches a forbidden topic; no role can pass it."""
    hits = [hit for text in texts for hit in lint_question(text, pack)]
    if hits:
        topic = hits[0].name.say(get_language() or "en")
        words = _("A question asks about %(topic)s (“%(found)s”). Nobody may ask it: %(statute)s.")
        raise Refused(words % {"topic": topic, "found": hits[0].found, "statute": hits[0].statute})


def _hold_draft(call: Call) -> None:
    """Read a draft anew when its turn has come, so that it is published as it is kept. Raises Refused once it is."""
    call.refresh_from_db(from_queryset=Call.objects.select_for_update())
    if call.entry is not None:
        raise Refused(_("This call is published; write a dated correction instead."))


def _refuse_places(call: Call, pack: Pack) -> None:
    """Raise Refused where a call has more places than its budget pays, or a number with which its quotas cannot be met."""
    if call.not_to_exceed * call.seats > call.budget:
        raise Refused(
            _("Together, the agreements may cost more than the budget. Raise it, or lower what one may cost.")
            if call.entry is None
            else _("Together, the agreements may cost more than the budget. Name fewer places.")
        )
    _refuse_unmeetable(call, rules_of(call), pack)


def refuse_unready(call: Call, today: date) -> None:
    """Raise Refused where the draft cannot be published; the message is the cure."""
    pack = pack_of(call.program)
    refuse_forbidden(asked_texts(call), pack)
    if call.pay_amount is None and not pack.calls.unpaid_calls_allowed:
        raise Refused(
            _(
                "This call pays nothing. Say what it pays: the rules of this program allow no call without pay."
            )
        )
    if not call.questions:
        raise Refused(_("There is no question yet; write at least one."))
    if call.selection != Selection.LOTTERY and not call.rubric:
        raise Refused(_("A panel judges by a published rubric; write at least one line of it."))
    if call.closes < today:
        raise Refused(_("The day on which the call closes has passed; choose a later one."))
    if lacking := [lang for lang, count in missing_words(call).items() if count]:
        words = _("Some words are missing in %(language)s. Write them, or drop the language.")
        raise Refused(words % {"language": in_readers_words(lacking[0])})
    _refuse_places(call, pack)
    if most_it_can_pay(call) > call.not_to_exceed:
        raise Refused(
            _("The pay can come to more than one agreement may cost. Raise that sum, or lower the pay.")
        )


@appends(EntryKind.CALL_PUBLISHED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def publish_call(*, call: Call, now: datetime) -> Call:
    """Put a call on the record in every language it is written in. Raises Refused and its kin."""
    _hold_draft(call)
    pack = pack_of(call.program)
    refuse_unready(call, local_date(now, pack))
    first = call.first_lang
    texts = {name: Text(first, words) for name, words in texts_in(call, first).items()}
    draft = Draft(kind=EntryKind.CALL_PUBLISHED, by=["steward"], data=published_data(call), texts=texts)
    entry = append(program=call.program, drafts=[draft], now=now)[0]
    for lang in call.languages[1:]:
        checked = is_checked(call, lang)
        translate_text(
            program=call.program,
            entry=entry.index,
            by="steward",
            lang=lang,
            texts=texts_in(call, lang),
            made_by="person" if checked else "machine",
            reviewed=checked,
            now=now,
        )
    call.entry, call.kept_days = entry.index, pack.calls.kept_days
    call.save(update_fields=["entry", "kept_days"])
    return call


type Applied = Callable[[Call], bool]

_applied: list[Applied] = []


def applications_are_told_by(applied: Applied) -> None:
    """Let the app that takes applications say whether someone has begun to apply to a call, so that its rules stand."""
    _applied.append(applied)


#: Which column holds what a correction is about, where it has another name.
COLUMNS = {"decides": "decides_by"}


@appends(EntryKind.CALL_CORRECTED)
@transaction.atomic
def correct_call(
    *, call: Call, about: str, words: str, lang: str, day: date | None, count: int | None, now: datetime
) -> Entry:
    """Add a dated correction, before the first application. `about` is one of core.grammar.calls.ABOUT.

    Raises Refused once someone has begun to apply, where the words touch what nobody may ask, and for more places than the budget pays or a number that the quotas do not fit, GrammarError where the correction does not fit.
    """
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.entry is None:
        raise Refused(_("This call is a draft; change the draft instead."))
    if any(applied(held) for applied in _applied):
        raise Refused(_("Someone has applied under these rules, so nobody can change them any more."))
    pack = pack_of(held.program)
    refuse_forbidden([words], pack)
    data: dict[str, Any] = {"about": about}
    if day is not None:
        data["day"] = day.isoformat()
    if count is not None:
        data["count"] = count
    if about != "words":
        column = COLUMNS.get(about, about)
        setattr(held, column, day if day is not None else count)
        if about == "seats":
            _refuse_places(held, pack)
        held.save(update_fields=[column])
    draft = Draft(
        kind=EntryKind.CALL_CORRECTED,
        by=["steward"],
        data=data,
        cites={"call": [held.entry]},
        texts={"correction": Text(lang, words)},
    )
    return append(program=held.program, drafts=[draft], now=now)[0]


def today_of(call: Call, now: datetime) -> date:
    """Give the program's local day."""
    return local_date(now, pack_of(call.program))


def refuse_before_it_closed(call: Call, now: datetime) -> date:
    """Raise Refused while people can still apply; give today."""
    today = today_of(call, now)
    if today <= call.closes:
        raise Refused(_("People can still apply. This begins on the day after the call closes."))
    return today


@appends()
@transaction.atomic
def invite_helper(
    *, call: Call, person: Person, organization: str, does: Sequence[str], now: datetime
) -> list[Invitee]:
    """Let someone of a community organization help with a call. `does` is of models.inviting.HELPS.

    Raises Refused for a reader of the call who would hear voices, Refused for someone who helps already.
    """
    if WRITES_DOWN in does:
        refuse_readers(call=call, person=person)
    if call.invitees.helpers().filter(person=person, role__in=does).exists():
        raise Refused(_("This person helps with this call already; nothing more is needed."))
    given = {
        "organizations": [organization.strip()],
        "invited_on": today_of(call, now),
        "ended_on": None,
    }
    return [
        Invitee.objects.update_or_create(call=call, person=person, role=one, defaults=given)[0]
        for one in does
    ]


@appends()
def end_helping(*, helper: Invitee, now: datetime) -> None:
    """Say that a helper no longer helps with this; their desk is closed from now on."""
    Invitee.objects.filter(pk=helper.pk, ended_on=None).update(ended_on=today_of(helper.call, now))


@appends()
def empty_copies(*, program: Program, entries: Sequence[Entry]) -> None:
    """Empty our copy of words that these entries take down: of a call, of a witness, of who advised on quotas.

    Advice without its office covers nothing any more; the steward records it anew. A role goes from the person who attested
    by it alone, in every call, whatever another witness is called.
    """
    witnesses = Invitee.objects.filter(call__program=program, number__isnull=False)
    for gone in texts_going(program, entries):
        for one in Call.objects.filter(program=program, entry=gone.about):
            one.words = without(one.words, {gone.words})
            one.save(update_fields=["words"])
        if gone.name == "role":
            who = [one.person_id for one in witnesses.filter(_attested_by(program, gone.about))]
            witnesses.filter(person__in=who, title=gone.words).update(title="")
        if gone.name == "advised_by":
            advice = CounselAdvice.objects.filter(program=program, office=gone.words)
            advice.update(office="", categories=[])


def _attested_by(program: Program, entry: int) -> Q:
    """Say which witness attested by an entry, also of a draw that was laid aside since."""
    told = entries_at(program, [entry])[entry]
    draw = entries_at(program, told.cites.get("draw", ()))
    calls = Call.objects.filter(
        lottery__entry__in=[at for one in draw.values() for at in one.cites["lottery"]]
    )
    return Q(attested_entry=entry) | Q(attested_entry=None, call__in=calls, number=told.data.get("witness"))


def refuse_readers(*, call: Call, person: Person) -> None:
    """Raise Refused for someone who reads for the call."""
    if call.invitees.readers().filter(person=person).exists():
        raise Refused(
            _("Whoever reads for this call gets words and never a voice. Ask someone who does not read.")
        )
