"""What waits about pay: for a lead what was sent back, proposed or is late, for the steward what is not agreed, approved or paid."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.cohort.pay.models import Claim, Proposal, StopAt
from alongside.cohort.pay.queries.claims import Account, ClaimView, ToSend, account_of, open_advances
from alongside.cohort.pay.queries.runs import ToPay, came_back, open_claims, unheard_of, with_finance
from alongside.cohort.pay.queries.terms import checking_without, proposed_now, unagreed, unagreed_since
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.steps import own_seat
from alongside.core.kinds import EntryKind
from alongside.core.money import sums
from alongside.core.policy.pay import THANKS
from alongside.core.workflow.pay import ClaimKind, ClaimStage
from alongside.ground.gate.roles import Role
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.steps import is_any
from alongside.ground.record.steps import rows as record
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart, listed
from alongside.ground.ui.numbers import money
from alongside.ground.ui.steps import THE_STEWARD, Desk, Step

#: On which page a cost is logged; work is on another.
LOGGED_ON: dict[str, str] = {ClaimKind.COST: "pay:cost", ClaimKind.ADVANCE: "pay:advance"}


def _proposed(desk: Desk) -> QuerySet[Proposal] | None:
    person = desk.viewer.person_id or 0
    theirs = Q(agreement__seat__person=person) | Q(seat__person=person)
    return None if desk.role is Role.STEWARD else Proposal.objects.filter(theirs)


def stops(desk: Desk) -> QuerySet[StopAt] | None:
    """Give the sum at which a lead wants to stop, if any."""
    own = StopAt.objects.filter(person=desk.viewer.person_id or 0, program=desk.program)
    return None if desk.role is Role.STEWARD else own


def _advances(desk: Desk) -> QuerySet[Claim] | None:
    sent = Claim.objects.filter(
        kind=ClaimKind.ADVANCE, payment__isnull=False, seat__cohort__program=desk.program
    )
    return sent if desk.role is Role.STEWARD else None


def _with_finance(desk: Desk) -> QuerySet[Claim] | None:
    return with_finance(desk.program) if desk.role is Role.STEWARD else None


#: What this app looks at.
READS = (EntryKind.SEAT_TAKEN,)
#: What waits seldom.
SELDOM = (_proposed, stops, _advances, _with_finance)


def account(desk: Desk) -> Account | None:
    """Give the account of pay of a lead who sits. Five queries at most."""
    seat = desk.once(own_seat)
    return account_of(seat, desk.pack, desk.lang, desk.today) if seat else None


def before_leaving(seat: Seat, lang: str, today: date) -> list[str]:
    """Tell a lead who leaves what is owed to them by which day, and that they can log work afterwards. Six queries at most."""
    found = account_of(seat, pack_of(seat.cohort.program), lang, today)
    owed = _("%(sum)s is owed to you, due %(day)s. You are paid after you leave, too.")
    later = _(
        "You can log what you did until your last day later, too, on the page “My pay, hours and costs”. There is no deadline."
    )
    told = [
        owed % {"sum": listed(money(each) for each in one.owed), "day": day_in_words(one.on)}
        for one in found.dues
    ]
    if found.held:
        told.append(
            _("%(sum)s waits until your account can take it.") % {"sum": listed(map(money, found.held))}
        )
    return told + [later] * bool(found.agreement)


def back(desk: Desk) -> ToSend:
    """List the payments that came back, with how much. Four queries at most."""
    return came_back(desk.program)


def count_late(desk: Desk) -> int:
    """Count what should be paid already."""
    rows, _due = desk.once(unpaid)
    return sum(one.is_late for one in rows)


def steps(desk: Desk) -> list[Step]:
    """List what a lead looks at, and what the steward agrees, approves and closes. Eight queries at most."""
    if desk.role is Role.STEWARD:
        return [*_agreements(desk), *_claims(desk), *_silent_runs(desk), *_old_advances(desk)]
    found = desk.once(account)
    mine = [
        Step(
            _("Account for your advance"),
            _("%(rest)s is left. Log what you paid from it, or give it back.") % {"rest": money(rest)},
            f"{desk.to('pay:stubs' if one.what == THANKS else 'pay:cost')}?advance={one.pk}",
            is_own=True,
        )
        for one, rest in (found.advances if found else ())
    ]
    mine += _not_agreed(desk, found) if found else []
    proposal = proposed_now(found.seat, found.agreement) if found and is_any(desk, _proposed) else None
    if proposal:
        text = _("You would be paid less, or in another way. You need not agree.")
        if proposal.seat_id:
            text = _(
                "You would be paid less than in your last place, or in another way. You need not agree; but you can log no hours in your new place before something is agreed."
            )
        heading = _("Read the terms of pay that are proposed to you")
        mine.append(Step(heading, text, desk.to("pay:mine"), is_own=True))
    return mine + [
        Step(
            _("Correct what you logged: %(what)s") % {"what": one.called},
            one.claim.reason or "",
            f"{desk.to('pay:stubs' if one.claim.stubs else LOGGED_ON.get(one.claim.kind, 'pay:log'))}?corrects={one.claim.pk}",
            is_own=True,
        )
        for one in (found.sent_back if found else ())
    ]


def _silent_runs(desk: Desk) -> list[Step]:
    """Tell of what a run asked the finance office to pay, whose day is past and of which it has said nothing. Three queries where there is any."""
    there = with_finance(desk.program) if is_any(desk, _with_finance) else Claim.objects.none()
    late = unheard_of(there, desk.pack, desk.today)
    if not late:
        return []
    text = ngettext(
        "%(n)d piece of work is in a payment run, and its day to be paid is past.",
        "%(n)d pieces of work are in a payment run, and their day to be paid is past.",
        len(late),
    ) % {"n": len(late)}
    step = _("Ask the finance office, then take in what it says.")
    return [Step(_("Payments without a word"), text, desk.to("pay:runs"), "city", "late", THE_STEWARD, step)]


#: So long an advance may wait to be accounted for before the steward is told.
LONG = timedelta(days=60)


def _old_advances(desk: Desk) -> list[Step]:
    """Tell of advances of which a rest has not been accounted for in two months. Three queries at most."""
    advances = open_advances(desk.program) if is_any(desk, _advances) else ()
    old = [one for one in advances if one.on + LONG < desk.today]
    if not old:
        return []
    text = ngettext(
        "%(n)d advance is older than two months, and a rest of it is not accounted for.",
        "%(n)d advances are older than two months, and a rest of them is not accounted for.",
        len(old),
    ) % {"n": len(old)}
    href, step = f"{desk.to('pay:desk')}#advances-h", _("Ask the lead for the bills, or for the rest.")
    return [Step(_("Account for advances"), text, href, "city", owner=THE_STEWARD, step=step)]


def _not_agreed(desk: Desk, found: Account) -> list[Step]:
    """Tell a lead that their pay should be agreed already, and whom to ask. One query at most where nothing is agreed."""
    if found.agreement:
        return []
    since = unagreed_since(found.seat, desk.pack, desk.today, desk.once(record))
    if since is None:
        return []
    text = _(
        "This was due on %(day)s. You can log no hours before it is written. Write to the program coordinator, and note down your hours until then."
    ) % {"day": day_in_words(since)}
    href = f"{desk.to('messages:write')}?to=steward"
    heading = _("Ask for your pay to be agreed")
    return [Step(heading, text, href, "city", "late", due=since, is_own=True)]


def _agreements(desk: Desk) -> list[Step]:
    """Tell of leads who can log nothing, because no pay is agreed with them; and of former leads who check."""
    sits = unagreed(desk.program, desk.pack, desk.today, desk.once(record))
    checking = checking_without(desk.program, desk.today, desk.once(record))
    count, late = len(sits), [one for due, one in sits if due < desk.today]
    if not count + checking:
        return []
    lead = ngettext(
        "%(n)d lead can log no hours before it is written.",
        "%(n)d leads can log no hours before it is written.",
        count,
    ) % {"n": count}
    former = ngettext(
        "%(n)d former lead who checks promises can log no hours before it is written.",
        "%(n)d former leads who check promises can log no hours before it is written.",
        checking,
    ) % {"n": checking}
    text = " ".join(words for n, words in ((count, lead), (checking, former)) if n)
    if late:
        said = ngettext(
            "For %(n)d place it should be written already.",
            "For %(n)d places it should be written already.",
            len(late),
        )
        text = f"{text} {said % {'n': len(late)}}"
    # What is late stands at another place of the page: who set it aside before sees it again.
    href = desk.to("pay:agreements") + (f"#cohort-{late[0].cohort_id}" if late else "")
    step, state = _("Write what is paid, and the sum not to exceed."), "late" if late else "owed"
    due = sits[0][0] if sits else None
    return [Step(_("Agree on pay"), text, href, "city", state, THE_STEWARD, step, due)]


def unpaid(desk: Desk) -> tuple[list[ClaimView], ToPay]:
    """Give what is not paid yet, and what a run would pay now."""
    return open_claims(desk.program, desk.pack, desk.lang, desk.today, desk.once(back))


def _claims(desk: Desk) -> list[Step]:
    rows, due = desk.once(unpaid)
    every = [one for one in rows if one.state == ClaimStage.WAITING]
    waiting = [one for one in every if one.claim.stubs is None]
    ready = [one for one in rows if one.claim.payment or (one.state == ClaimStage.APPROVED and one.fits)]
    items = [_second_count(desk, one) for one in every if one.claim.stubs is not None]
    if waiting:
        text = ngettext(
            "%(n)d piece of work or cost waits for you.",
            "%(n)d pieces of work or costs wait for you.",
            len(waiting),
        ) % {"n": len(waiting)}
        step, late = _("Approve each, or send it back with a reason."), sum(r.is_late for r in waiting)
        first = min(one.due for one in waiting)
        items.append(_to_pay(desk, _("Approve unpaid hours"), "wait-h", text, step, first, late))
    if ready:
        text = _("What you approved is in no payment run yet.")
        if due.again:
            text = _("A payment did not arrive, or not whole.")
        if len(due.again) == 1:
            ((payment, rest),) = due.again
            text = _("%(sum)s did not reach %(who)s.")
            text %= {"sum": money(rest), "who": apart(payment.who)}
            wrote = _("You wrote to them: “%(words)s”") % {"words": apart(payment.why_again)}
            text = f"{text} {wrote}"
        if due.again:
            text = f"{text} {_ask_finance(desk)}"
        if held := sums(one.claim.money for one in ready if one.is_held and not one.claim.payment):
            more = _("%(sum)s more waits for such an account.") % {"sum": listed(map(money, held))}
            text = f"{text} {more}"
        free = [one for one in ready if not one.is_held or one.claim.payment]
        step, late = _("Make the file for the finance office."), sum(r.is_late for r in ready)
        soonest = min((one.due for one in free), default=None)
        items.append(_to_pay(desk, _("Pay what is approved"), "pay-h", text, step, soonest, late))
    return items


def _ask_finance(desk: Desk) -> str:
    """Say to ask first whether what came back can arrive, by phone where the pack has the number."""
    if tel := desk.pack.pay.finance.tel_shown:
        asks = _("Call the finance office first, %(tel)s: can it arrive now?")
        return asks % {"tel": apart(tel)}
    return _("Ask the finance office first whether it can arrive now.")


def _second_count(desk: Desk, one: ClaimView) -> Step:
    """Say of what a lead counted of the stubs of a session that a second person counts them."""
    text = _("%(who)s counted the stubs of a session on %(day)s.")
    text %= {"who": apart(one.claim.who), "day": day_in_words(one.claim.on)}
    href, step = desk.to("pay:count", claim=one.claim.pk), _("Count them yourself, without that number.")
    heading = _("Count the thank-you stubs a second time")
    return Step(heading, text, href, "city", "owed", THE_STEWARD, step)


def _to_pay(desk: Desk, heading: str, part: str, text: str, step: str, due: date | None, late: int) -> Step:
    """Say what waits on the page of pay, and how much of it is late."""
    if late:
        said = ngettext("%(n)d should be paid already.", "%(n)d should be paid already.", late)
        text = f"{text} {said % {'n': late}}"
    href, state = f"{desk.to('pay:desk')}#{part}", "late" if late else "owed"
    return Step(heading, text, href, "city", state, THE_STEWARD, step, due)
