"""Answer many questions at once, and sign many answers together."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.chain.answers import actions, queries
from alongside.chain.answers.forms import DECISIONS, TELLINGS, ManyAnswersForm, WaitingForm
from alongside.chain.answers.models import AnswerDraft
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, number_in
from alongside.ground.look.done import Done, DoneAlready, after
from alongside.ground.look.refusals import said
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import signing_office

SAID = dict([*DECISIONS, *TELLINGS])


@open_to(Role.STAFF)
def many(request: AskedHttpRequest) -> HttpResponseBase:
    """Answer many questions at once; as the manager, sign the answers that wait, together."""
    lang = lang_of(request)
    owed = queries.questions_to_answer(request.program, request.asker, lang)
    lists, chosen_list = queries.lists_of(request.program, owed, lang), request.GET.get("list", "")
    found = [one for one in owed if chosen_list in {"", str(one.listed)}]
    listed = [(one.standing.ask, one.told.say("title")) for one in found]
    is_answer = "send" in request.POST or "sign" in request.POST
    if is_answer:
        _refuse_if_all_given(request, request.POST.getlist("asks"), owed)
    form = ManyAnswersForm(request.POST if is_answer else None, asks=listed)
    if is_answer and form.is_valid() and _answered(request, form, found):
        return HttpResponseRedirect(_told(request, form.cleaned_data["asks"], found))
    waiting = [one for one in found if one.can_be_signed and one.standing.unit in request.asker.manages]
    signs = "sign_waiting" in request.POST
    to_sign = WaitingForm(request.POST if signs else None, versions=[one.version for one in waiting])
    if signs:
        _refuse_if_all_given(request, [one.partition(" ")[0] for one in to_sign.chosen], owed)
        if to_sign.is_valid():
            signed = [one.draft for one in waiting if one.draft and one.version in to_sign.chosen]
            _sign_many(request, signed)
            return HttpResponseRedirect(after(request.path, Done.ANSWERED, len(signed)))
    manages = bool(request.asker.manages)
    typed = request.POST.getlist("asks")
    rows = [(one, form[f"own_{one.standing.ask}"], str(one.standing.ask) in typed) for one in found]
    context = {"form": form, "to_sign": to_sign, "rows": rows, "may_sign": manages}
    context["waiting"] = [
        (one, SAID[one.draft.decision], not signs or one.version in to_sign.chosen)
        for one in waiting
        if one.draft
    ]
    named = [(one, n, str(one.index) == chosen_list) for one, n in lists]
    context |= {"lists": named, "list": chosen_list, "is_mixed": any(n < len(owed) for _one, n in lists)}
    return render(request, "answers/many.html", context)


def _refuse_if_all_given(
    request: AskedHttpRequest, asks: Sequence[str], owed: Sequence[queries.ToAnswer]
) -> None:
    """Raise DoneAlready where everything that was chosen has its answer on the record."""
    chosen = [number for one in asks if (number := number_in(one))]
    if chosen and not {one.standing.ask for one in owed}.intersection(chosen):
        given = queries.given_to_all(request.program, request.asker, chosen, lang_of(request))
        if given:
            texts = [words for one in given for words in one.texts]
            raise DoneAlready(request.path, Done.ANSWERED, texts, len(given))


def _answered(request: AskedHttpRequest, form: ManyAnswersForm, found: Sequence[queries.ToAnswer]) -> bool:
    """Draft what was typed for every chosen question, a unit at a time; sign it where the manager said so."""
    now, typed = datetime.now(tz=UTC), form.cleaned_data
    given = {name: typed[name] for name in ("decision", "reasons", "until")}
    person = Person.objects.get(pk=request.asker.person_id or 0)
    units = {one.standing.ask: one.standing.unit for one in found if str(one.standing.ask) in typed["asks"]}
    try:
        for unit in sorted(set(units.values())):
            asks = [ask for ask, owner in units.items() if owner == unit]
            drafts = actions.send_many(
                program=request.program,
                unit=unit,
                asks=asks,
                own=form.own,
                lang=lang_of(request),
                person=person,
                now=now,
                **given,
            )
            if "sign" in request.POST:
                _sign_many(request, [one for one in drafts if one.unit in request.asker.manages])
    except actions.NotWhole as error:
        for name, message in error.missing.items():
            form.add_error(name if name in form.fields else None, message)
        return False
    except actions.NotAskedOfYou as error:
        form.add_error(None, said(error))
        return False
    return True


def _told(request: AskedHttpRequest, chosen: Sequence[str], found: Sequence[queries.ToAnswer]) -> str:
    """Give the address that tells how many of the chosen answers are on the record now, or wait for the manager."""
    units = [one.standing.unit for one in found if str(one.standing.ask) in chosen]
    signed = [unit for unit in units if unit in request.asker.manages] if "sign" in request.POST else []
    told = Done.ANSWERED if signed else Done.SENT
    return after(request.path, told, len(signed or units))


def _sign_many(request: AskedHttpRequest, drafts: Sequence[AnswerDraft]) -> None:
    """Sign drafts of the units that the asker signs for."""
    for unit in sorted({one.unit for one in drafts}):
        office = signing_office(request.program, unit) or ""
        mine = [one for one in drafts if one.unit == unit]
        actions.sign_many(drafts=mine, office=office, now=datetime.now(tz=UTC))
