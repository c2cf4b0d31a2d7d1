"""Check the `[pay]` table of a pack."""

import re

from alongside.core.policy.pack import Pack
from alongside.core.policy.pay import COLUMNS, NEEDED
from alongside.core.policy.words import PackError

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,29}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
HALF_A_DAY = 12 * 60
MOST_QUICK = 4


def pays_as_it_can(pack: Pack) -> None:
    """Refuse a `[pay]` table that would fail when somebody is paid. Raises PackError."""
    pay = pack.pay
    for code in pay.currencies or ("",):
        _refuse_unless(CURRENCY.match(code), "pay.currencies", "holds no currency; write one as USD.")
    fine = len(pay.quick_minutes) <= MOST_QUICK and all(1 <= one <= HALF_A_DAY for one in pay.quick_minutes)
    cure = f"must be at most {MOST_QUICK} numbers from 1 to {HALF_A_DAY}."
    _refuse_unless(fine, "pay.quick_minutes", cure)
    ids = [one.id for one in (*pay.kinds_of_work, *pay.kinds_of_cost)]
    _refuse_unless(all(ID.match(one) for one in ids), "pay.work", "needs ids of small letters and hyphens.")
    _refuse_unless(
        len(ids) == len(set(ids)), "pay.work", "names a kind twice among work and costs; keep one."
    )
    known = pay.retention is None or any(one.id == pay.retention for one in pack.retention)
    _refuse_unless(known, "pay.retention", "is no retention class of the pack; name one by its id.")
    _has_a_file(pack)


def _has_a_file(pack: Pack) -> None:
    finance = pack.pay.finance
    lacking = [one for one in NEEDED if one not in finance.columns]
    _refuse_unless(not lacking, "pay.finance.columns", f"lacks {', '.join(lacking)}; add it.")
    strange = [one for one in finance.columns if one not in COLUMNS]
    _refuse_unless(not strange, "pay.finance.columns", f"may hold only {', '.join(COLUMNS)}.")
    cure = 'holds "name" if and only if needs_name = true; finance works with the payee number.'
    _refuse_unless(("name" in finance.columns) == finance.needs_name, "pay.finance.columns", cure)


def _refuse_unless(fine: object, key: str, cure: str) -> None:
    if not fine:
        raise PackError(key, cure)
