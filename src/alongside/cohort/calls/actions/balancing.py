"""Balance a lottery: quotas of a draft, counsel's advice on those that the law protects, and what applicants say for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.applying import refuse_unless_theirs_to_change
from alongside.cohort.calls.models import Application, Balance, Call, CounselAdvice
from alongside.cohort.calls.queries.balancing import NOT_SAID, lacks_advice
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota, contradictions
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


@appends()
@transaction.atomic
def save_quotas(*, call: Call, quotas: Sequence[Quota], now: datetime) -> None:
    """Replace the quotas of a draft. Raises Refused, Refused, or Refused for a protected category."""
    _ = now
    call.refresh_from_db(from_queryset=Call.objects.select_for_update())
    refuse_quotas(call, quotas)
    call.quotas = [vars(one) for one in quotas if one.value != NOT_SAID]
    call.save(update_fields=["quotas"])


def refuse_quotas(call: Call, quotas: Sequence[Quota]) -> None:
    """Raise Refused, Refused or Refused where a call may not have these quotas."""
    pack = pack_of(call.program)
    if call.entry is not None:
        raise Refused(_("This call is published, so its quotas stand."))
    if quotas and call.selection == "panel":
        raise Refused(
            _("This call has no lottery, so there is nothing to balance. Change how people are chosen first.")
        )
    refuse_unadvised(call.program, pack, quotas)
    lang = get_language() or "en"
    for wrong in contradictions(quotas, call.seats):
        category = pack.calls.category(wrong)
        named = category.words.say(lang) if category else wrong
        raise Refused(
            _(
                "“%(what)s”: these numbers cannot be met with %(n)d seats. Lower what is asked at least, or raise what is allowed at most."
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
def save_balance(*, application: Application, values: Mapping[str, str], now: datetime) -> None:
    """Save what an applicant says for the balance of the draw. Readers never see it. Raises CallIsNotOpen."""
    refuse_unless_theirs_to_change(application, now)
    Balance.objects.filter(application=application).delete()
    Balance.objects.bulk_create(
        Balance(application=application, category=category, value=value)
        for category, value in values.items()
        if value
    )
