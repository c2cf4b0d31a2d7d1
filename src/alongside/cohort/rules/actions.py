"""Adopt rules, propose milder ones to the leads, and agree to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.rules import queries
from alongside.cohort.rules.models import Consent, Proposal
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries import seats
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.grammar.program import left_untold, needs_the_leads, terms_of
from alongside.core.grammar.seats import in_term, majority_lacks, seated, signs_rules_from
from alongside.core.kinds import EntryKind
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.ground.gate.presses import mark_of
from alongside.ground.programs.actions import adopt_pack, refuse_a_body_that_was_within
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_under
from alongside.ground.record.actions.rules import enter_policy, sign_rules
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


@appends(EntryKind.POLICY_ADOPTED)
@transaction.atomic
def adopt_rules(*, program: Program, text: str, now: datetime) -> Entry | Proposal:
    """Adopt a policy pack; where it makes the rules milder or rewords what people read, propose it to the leads instead.

    Once other rules hold, leads who agreed to milder ones agree anew: they compared them with those before.
    Raises PackError for a bad pack, and GrammarError where it is milder and no lead is seated.
    """
    rows = RowsLog(Log.objects.select_for_update().get(program=program))
    pack, proposal = load_pack(text), Proposal(program=program, text=text)
    refuse_a_body_that_was_within(program, pack)
    today = proposal.proposed_on = local_date(now, pack)
    terms = terms_of(pack, proposal.sha256, today)
    untold = left_untold(rows, pack_under, terms)
    terms = terms_of(pack, proposal.sha256, today, untold)
    if in_term(rows, today, seated(rows, today)) and needs_the_leads(rows, terms):
        proposal.save()
        return proposal
    adopt_pack(program=program, text=text, on=today)
    return enter_policy(program=program, now=now, without=untold)


@appends(EntryKind.POLICY_ADOPTED)
@transaction.atomic
def agree_to_rules(*, proposal: Proposal, seat: Seat, read: str, now: datetime) -> Entry | None:
    """Agree to milder rules as a lead; with more than half of each cohort that sits they are adopted, and the entry is given.

    `read` names what the lead had before their eyes (queries.to_read); raises Refused for anything else, Refused for a
    seat that has no lead's weight yet.
    """
    program = proposal.program
    rows = RowsLog(Log.objects.select_for_update().get(program=program))
    proposal.refresh_from_db()
    if proposal.entry is not None:
        return None
    if read != queries.to_read(program, rows):
        raise Refused(_("The rules are not the ones you read. Read them again; then agree."))
    today = local_date(now, load_pack(proposal.text))
    if today > proposal.open_until:
        raise Refused(
            _("These rules were proposed too long ago. Ask the program coordinator to propose them again.")
        )
    if first := signs_rules_from(rows, seat.public_id, today):
        raise Refused(seats.too_new(first))
    if queries.is_left_to_others(program, seat.public_id, today):
        raise Refused(_("You once ran the program, or serve the City. So other leads agree to its rules."))
    consent = Consent(proposal=proposal, seat=seat, on=today, read=read)
    pack = load_pack(proposal.text)
    given: dict[str, Any] = {"program": program, "proposed_on": proposal.proposed_on, "now": now}
    part = sign_rules(pack=pack, sha256=proposal.sha256, seat=seat.public_id, **given)
    said = {"on": today, "read": read, "mark": mark_of(consent), "signed": part.kept}
    Consent.objects.update_or_create(proposal=proposal, seat=seat, defaults=said)
    agreed = queries.who_agreed(proposal, read, rows, today)
    kept = dict(proposal.consents.values_list("seat__public_id", "signed"))
    by = queries.who_sign(program, rows, [one for one in seated(rows, today) if one in agreed], today)
    if majority_lacks(rows, today, by):
        part.wait()
        return None
    adopt_pack(program=program, text=proposal.text, on=today)
    kept = {one: kept[one] for one in by}
    entry = enter_policy(seats=by, kept=kept, signer=part, **given)
    proposal.entry = entry.index
    proposal.save(update_fields=["entry"])
    return entry


@appends()
def withdraw_consent(*, proposal: Proposal, seat: Seat) -> None:
    """Take back what a lead agreed to, while the rules wait for others."""
    Consent.objects.filter(proposal=proposal, seat=seat, proposal__entry=None).delete()


@appends()
@transaction.atomic
def adopted_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Let no proposal wait any more that these entries adopted."""
    for entry in entries:
        waiting = Proposal.objects.filter(program=program, entry=None)
        theirs = [one.pk for one in waiting if one.sha256 == entry.data["pack"]]
        waiting.filter(pk__in=theirs).update(entry=entry.index)
