"""The rules of a program: stricter ones by the steward, milder ones with more than half of each cohort that sits."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Consent, Proposal, Seat
from alongside.cohort.seats.queries.rules import to_read
from alongside.cohort.seats.queries.saying import too_new
from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.cohort import in_term, is_in_force, majority_lacks, seated, signs_rules_from
from alongside.core.grammar.v1.program import needs_the_leads
from alongside.core.policy import load_pack
from alongside.ground.programs.actions import adopt_pack, refuse_a_body_that_was_within
from alongside.ground.programs.models import Program
from alongside.ground.record.actions import enter_policy, terms_of
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


class TooNew(ValueError):  # noqa: N818 -- the name is a sentence
    """The seat is too new to count for a majority."""


class RulesHaveChanged(ValueError):  # noqa: N818 -- the name is a sentence
    """What was read is not what is proposed, or not beside the rules that hold."""


@appends("policy.adopted")
@transaction.atomic
def adopt_rules(*, program: Program, text: str, now: datetime) -> Entry | Proposal:
    """Adopt a policy pack; where it makes the rules milder, propose it to the leads instead.

    Once other rules hold, leads who agreed to milder ones agree anew: they compared them with those before.
    Raises PackError for a bad pack, and GrammarError where it is milder and no lead is seated.
    """
    rows = RowsLog(Log.objects.select_for_update().get(program=program))
    pack, sha256 = load_pack(text), hashlib.sha256(text.encode()).hexdigest()
    refuse_a_body_that_was_within(program, pack)
    today = local_date(now, pack)
    if in_term(rows, today, seated(rows, today)) and needs_the_leads(rows, terms_of(pack, sha256, today)):
        return Proposal.objects.create(program=program, sha256=sha256, text=text, proposed_on=today)
    Consent.objects.filter(proposal__program=program, proposal__entry=None).delete()
    adopt_pack(program=program, text=text, on=today)
    return enter_policy(program=program, now=now)


@appends("policy.adopted")
@transaction.atomic
def agree_to_rules(*, proposal: Proposal, seat: Seat, read: str, now: datetime) -> Entry | None:
    """Agree to milder rules as a lead; with more than half of each cohort that sits they are adopted, and the entry is given.

    `read` names what the lead had before their eyes (queries.rules.to_read); raises RulesHaveChanged for anything else, TooNew for a
    seat that has no lead's weight yet.
    """
    program = proposal.program
    rows = RowsLog(Log.objects.select_for_update().get(program=program))
    proposal.refresh_from_db()
    if proposal.entry is not None:
        return None
    if read != to_read(program, rows):
        raise RulesHaveChanged(_("The rules are not the ones you read. Read them again; then agree."))
    today = local_date(now, load_pack(proposal.text))
    if first := signs_rules_from(rows, seat.public_id, today):
        raise TooNew(too_new(first))
    Consent.objects.get_or_create(proposal=proposal, seat=seat, defaults={"on": today})
    agreed = set(proposal.consents.values_list("seat__public_id", flat=True))
    sign = [one for one in seated(rows, today) if one in agreed and is_in_force(rows, one, today)]
    by = [one for one in sign if signs_rules_from(rows, one, today) is None]
    if majority_lacks(rows, today, by):
        return None
    adopt_pack(program=program, text=proposal.text, on=today)
    entry = enter_policy(program=program, now=now, seats=by)
    proposal.entry = entry.index
    proposal.save(update_fields=["entry"])
    return entry
