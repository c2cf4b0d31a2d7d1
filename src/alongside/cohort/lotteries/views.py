"""Pages of lotteries: announcing and drawing, running it again, how it went, the end of a selection, and its offers."""

from datetime import timedelta

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.applications.tasks import reached
from alongside.cohort.calls.forms import numbers_of
from alongside.cohort.calls.models import Call, Invitee
from alongside.cohort.calls.queries import Balanced, call_page, rules_of, told_quotas, whole
from alongside.cohort.calls.views import call_or_404, desk_form, someone
from alongside.cohort.lotteries import actions, queries
from alongside.cohort.lotteries.actions import ask_for_panels
from alongside.cohort.lotteries.forms import (
    AnnounceForm,
    AskForm,
    AttestForm,
    CloseForm,
    EveryoneForm,
    OfferForm,
    SeedForm,
    WidenForm,
    WitnessForm,
)
from alongside.cohort.lotteries.models import Lottery
from alongside.cohort.lotteries.queries import OF_A_CALL, PanelsPage, panels_page
from alongside.cohort.lotteries.tasks import make_list
from alongside.cohort.seats.actions import seat_cohort
from alongside.cohort.seats.models import Cohort
from alongside.cohort.seats.queries.cohorts import cohorts_of, names_in
from alongside.cohort.seats.views import cohort_or_404, told_of, turn_in, which
from alongside.core.disclosure import band
from alongside.core.grammar.selection import ANOTHER_AFTER
from alongside.core.quotas import Quota, by_category
from alongside.core.workflow.calls import PanelsStage
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.pages import download
from alongside.ground.ui.press import Typed, posted, press, taking

#: So many days to answer a form begins with.
A_WEEK = 7


def _call(request: ViewerRequest, slug: str) -> Call:
    """Give a published call with its lottery and end."""
    return call_or_404(request, slug, OF_A_CALL)


@open_to(Role.STEWARD)
def lottery(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Announce a lottery; once announced, show where it is and draw it."""
    call = _call(request, slug)
    if not hasattr(call, "lottery"):
        return _before(request, call)
    held = call.lottery
    form, there = SeedForm(posted(request)), to(request, "lotteries:lottery", slug=slug)
    given: Typed = {"lottery": held, "now": request.now}
    if done := press(request, form, taking(actions.draw_lottery, **given), there):
        return done
    witnesses = queries.witness_rows(call)
    context = {
        "call": call,
        "form": form,
        "witnesses": witnesses,
        "inside": queries.went_inside(call, witnesses),
        "takes_witness": queries.takes_witness(held, request.today),
        "can_draw": request.today >= held.seed_day,
        "is_drawn": bool(held.seed),
        "is_doubted": queries.doubts(held),
        "days": ANOTHER_AFTER.days,
    }
    return render(request, "lotteries/lottery.html", context)


def _before(request: ViewerRequest, call: Call) -> HttpResponseBase:
    """Announce a lottery; where no draw is needed, give everyone a seat; where it lacks its list of panels, go there."""
    data, lang = posted(request), lang_of(request)
    given: Typed = {"call": call, "now": request.now}
    if call.closes < request.today and actions.needs_no_draw(call):
        every, there = EveryoneForm(data), to(request, "lotteries:close", slug=call.slug)
        done = press(request, every, taking(actions.seat_everyone, **given), there)
        return done or desk_form(request, every, call, "everyone")
    if call.quotas and queries.panels_page(call, request.pack, lang).state != PanelsStage.MADE:
        return HttpResponseRedirect(to(request, "lotteries:panels", slug=call.slug))
    form, there = AnnounceForm(data), to(request, "lotteries:lottery", slug=call.slug)
    done = press(request, form, taking(actions.announce, lang=lang, **given), there)
    return done or desk_form(request, form, call, "announce")


def _lottery(request: ViewerRequest, slug: str) -> Lottery:
    call = _call(request, slug)
    return or_404(call.lottery if hasattr(call, "lottery") else None)


@open_to(Role.STEWARD)
def add_witness(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Name someone outside the program who will run the lottery again."""
    held, lang = _lottery(request, slug), lang_of(request)
    form = WitnessForm(posted(request))

    def act(typed: Typed) -> None:
        named = {"organization": typed["organization"], "role": typed["role"], "lang": lang}
        actions.name_witness(lottery=held, person=someone(typed, lang), now=request.now, **named)

    there = to(request, "lotteries:lottery", slug=slug)
    return press(request, form, act, there) or desk_form(request, form, held.call, "witness")


def witness_of(request: ViewerRequest, slug: str) -> Invitee:
    """Give the viewer's own place as a witness of a call's lottery, or raise Http404."""
    found = queries.witnessed_by(request.viewer.person_id, request.program)
    return or_404(next((one for one in found if one.call.slug == slug), None))


def _seen_by_witness(request: ViewerRequest, slug: str) -> Lottery:
    """Give the lottery that the viewer witnesses, or raise Http404; also to who went inside since."""
    mine = witness_of(request, slug)
    return or_404(None if queries.went_inside(mine.call, [mine]) else mine.call.lottery)


@open_to(Role.PERSON)
def witness(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let a witness fetch the drawing file, run it again, and attest."""
    mine = witness_of(request, slug)
    form = AttestForm(posted(request))

    def act(typed: Typed) -> None:
        actions.attest(witness=mine, agrees=typed["agrees"] == "yes", now=request.now)

    if done := press(request, form, act, to(request, "lotteries:witness", slug=slug)):
        return done
    context = {
        "mine": mine,
        "call": mine.call,
        "form": form,
        "is_drawn": bool(mine.call.lottery.seed),
        "has_quotas": mine.call.lottery.panel_list is not None,
        "is_inside": bool(queries.went_inside(mine.call, [mine])),
        "tickets": len(queries.pool(mine.call)),
        "typed": queries.without_address(mine.call.lottery),
    }
    return render(request, "lotteries/witness.html", context)


@open_to(Role.PERSON)
def witness_file(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give a witness the drawing file, however small the pool is."""
    return as_file(queries.file_of(_seen_by_witness(request, slug)))


@open_to(Role.EVERYONE)
def drawing(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give everyone the drawing file, where the pool is not smaller than the policy's k."""
    call = _call(request, slug)
    return as_file(queries.file_of(call.lottery) if queries.may_show_file(call, request.pack) else None)


def as_file(text: str | None, name: str = "drawing.json") -> HttpResponseBase:
    """Give a file to keep, or raise Http404 where there is none yet; nobody on the way keeps it."""
    return download(or_404(text), name, "application/json; charset=utf-8")


@open_to(Role.EVERYONE)
def selection(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show everyone how people were chosen."""
    lang = lang_of(request)
    page = or_404(call_page(request.program, lang, slug))
    went = queries.how_it_went(request.program, page, lang)
    call = _call(request, slug)
    context = {
        "page": page,
        "state": page.state(request.today),
        "went": went,
        "named": len(queries.witness_rows(call)),
        "typed": _typed_in(call, request),
        "is_owed": page.decides < request.today and queries.owes_places(call),
        "has_file": queries.may_show_file(call, request.pack),
        "quotas": _quotas(went, request, lang),
        "k": request.pack.k,
        "record_head": page.head,
    }
    return render(request, "lotteries/selection.html", context)


def _typed_in(call: Call, request: ViewerRequest) -> object:
    """Give in what range the applications of a pool were typed in for people without an address, until the selection is over."""
    if call.decided_on is not None or not hasattr(call, "lottery"):
        return None
    return band(queries.without_address(call.lottery), request.pack).as_data()


def _quotas(went: queries.HowItWent, request: ViewerRequest, lang: str) -> list[Balanced]:
    """Give the quotas of an announced lottery in words."""
    rows = went.announced.entry.data.get("quotas", []) if went.announced else []
    return told_quotas(rows, request.pack, lang)


@open_to(Role.STEWARD)
def panels(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Ask for the list of panels of a lottery with quotas, and see how it came out."""
    call = call_or_404(request, slug, OF_A_CALL)
    rules = rules_of(call)
    if not rules or hasattr(call, "lottery"):
        return HttpResponseRedirect(to(request, "lotteries:lottery", slug=slug))
    page = panels_page(call, request.pack, lang_of(request))
    form = _widen(request, page, rules, call.seats)
    there = to(request, "lotteries:panels", slug=slug)
    if done := press(request, form, lambda typed: _ask(request, call, form, rules, typed["widened"]), there):
        return done
    parts = [
        (one.words.say(lang_of(request)), one.words.lang_of(lang_of(request)), numbers)
        for one, numbers in form.parts()
    ]
    context = {
        "form": form,
        "call": call,
        "parts": parts,
        "page": page,
        "can_make": queries.has_package(),
    }
    return render(request, "lotteries/panels.html", context)


def _widen(request: ViewerRequest, page: PanelsPage, rules: list[Quota], seats: int) -> WidenForm:
    found = [request.pack.calls.category(one) for one in by_category(rules)]
    return WidenForm(
        posted(request),
        categories=[one for one in found if one],
        seats=seats,
        lang=lang_of(request),
        initial=numbers_of(page.quotas or rules),
    )


def _ask(request: ViewerRequest, call: Call, form: WidenForm, rules: list[Quota], widened: str) -> None:
    wanted = whole(form.quotas(form.categories), call.seats)
    order = {(one.category, one.value): place for place, one in enumerate(rules)}
    wanted.sort(key=lambda one: order[one.category, one.value])
    asked = ask_for_panels(call=call, quotas=wanted, widened=widened, now=request.now)
    make_list.enqueue(asked.pk)


@open_to(Role.PERSON)
def sheet(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give a witness the sheet: what each ticket has and every panel. Nobody else gets it."""
    return as_file(queries.sheet_of(_seen_by_witness(request, slug)), "sheet.json")


@open_to(Role.STEWARD)
def close(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """End the selection; from then on everyone reads their result."""
    call = call_or_404(request, slug, queries.OF_A_CALL)
    form, lang = CloseForm(posted(request)), lang_of(request)
    given: Typed = {"call": call, "lang": lang, "now": request.now}
    there = to(request, "lotteries:offers", slug=slug)
    if done := press(request, form, taking(actions.close_selection, **given), there):
        return done
    balance = [(*call.say(f"sought-{key}", lang), met) for key, met in queries.balance(call)]
    return desk_form(request, form, call, "close", balance=balance)


def _cohort(request: ViewerRequest, call: Call, chosen: str, name: str) -> Cohort:
    """Give the cohort that was chosen, or begin a new one, as long as the term of the call."""
    found = next((one for one in cohorts_of(request.program) if str(one.pk) == chosen), None)
    first, last = queries.term_of_a_new_cohort(call, request.today)
    return found or seat_cohort(
        program=request.program,
        slug=call.slug,
        names={lang_of(request): name},
        from_date=first,
        until_date=last,
        now=request.now,
    )


@open_to(Role.STEWARD)
def offers(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Offer the free seats, and see who answered."""
    call = call_or_404(request, slug, queries.OF_A_CALL)
    today = request.today
    names = names_in(request.program, lang_of(request))
    cohorts = [one for one in cohorts_of(request.program) if queries.is_long_enough(call, one, today)]
    form = OfferForm(
        posted(request),
        cohorts=[(str(one.pk), names[one.pk][0]) for one in cohorts],
    )
    there = to(request, "lotteries:offers", slug=slug)
    if done := press(request, form, lambda typed: _offer(request, call, typed), there):
        return done
    context = {
        "form": form,
        "call": call,
        "rows": queries.offers_of(call),
        "waiting": queries.next_in_line(call),
        "now": queries.who_is_next(call) if call.decided_on is not None else [],
        "is_balanced": bool(queries.balanced_by(call)),
        "is_closed": call.decided_on is not None,
    }
    return render(request, "lotteries/offers.html", context)


def _offer(request: ViewerRequest, call: Call, typed: Typed) -> None:
    actions.refuse_to_offer(call=call, answer_by=typed["answer_by"], now=request.now)
    cohort = _cohort(request, call, typed["cohort"], typed["name"])
    actions.make_offers(call=call, cohort=cohort, answer_by=typed["answer_by"], now=request.now)


@by_name
@open_to(Role.STEWARD)
def ask_next(request: ViewerRequest) -> HttpResponseBase:
    """Ask the alternate whose turn it is whether they want an empty place; they answer on the page of their application."""
    turn = turn_in(request, cohort_or_404(request))
    given = turn.given()
    given["initial"]["answer_by"] = request.today + timedelta(days=A_WEEK)
    can = bool(turn.line.asks and turn.empty)
    form = AskForm(posted(request) if can else None, **given)

    def act(typed: Typed) -> str:
        answer_by = typed["answer_by"]
        offer = actions.ask_next(answer_by=answer_by, now=request.now, **turn.chosen(typed))
        done = Done.TURN if reached(str(offer.application_id)) else Done.TURN_UNREACHED
        return after(to(request, "seats:seats") + which(request), done)

    told = told_of(request, turn) | {"form": form, "can": can}
    told["application"] = queries.application_of(turn.who) if turn.who else None
    return press(request, form, act, str) or render(request, "lotteries/ask.html", told)
