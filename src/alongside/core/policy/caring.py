"""Check the `[charter]`, `[community_body]`, `[federal]` and `[kept]` tables of a pack."""

from alongside.core.policy.care import EMAIL, LONGEST, OFFICE
from alongside.core.policy.kept import MOST_DAYS
from alongside.core.policy.pack import Pack, is_no_unit
from alongside.core.policy.words import PackError


def hears_alarms(pack: Pack) -> None:
    """Refuse a `[charter]` or `[federal]` table that names nobody who is there. Raises PackError."""
    rules, federal = pack.charter, pack.federal
    for name in ("alarm_days", "alarm_kept_days", "message_kept_days"):
        fine = 1 <= getattr(rules, name) <= LONGEST
        _refuse_unless(fine, f"charter.{name}", f"must be from 1 to {LONGEST}.")
    known = rules.alarm_to is None or pack.office(rules.alarm_to)
    _refuse_unless(known, "charter.alarm_to", "is no office; name one as unit/office.")
    body = rules.alarm_body
    _refuse_unless(
        body is None or EMAIL.match(body.email), "charter.alarm_body.email", "is no email address."
    )
    known = federal.attorney is None or pack.office(federal.attorney)
    _refuse_unless(known, "federal.attorney", "is no office; name one as unit/office, or use attorney_words.")
    for place, one in enumerate(federal.statutes):
        secure = one.source.startswith("https://")
        _refuse_unless(secure, f"federal.statutes[{place}].source", "does not begin with https://.")


def names_a_body_outside(pack: Pack) -> None:
    """Refuse a `[community_body]` that is an office or a unit of the government. Raises PackError."""
    if (body := pack.community_body) is None:
        return
    fine = OFFICE.match(body.office)
    _refuse_unless(fine, "community_body.office", "is not written as unit/office, in small letters.")
    unit = body.office.split("/")[0]
    _refuse_unless(
        not is_no_unit(unit),
        "community_body.office",
        "begins with a word of the record for somebody else; write a longer one.",
    )
    inside = unit in {one.slug for one in pack.units}
    _refuse_unless(
        not inside, "community_body.office", "is in a unit of the pack; name a body outside the government."
    )


def lets_go(pack: Pack) -> None:
    """Refuse a `[kept]` table without a day: a class that is not there or has no years. Raises PackError."""
    name = pack.kept.comments
    fine = name is None or any(one.id == name and one.years for one in pack.retention)
    _refuse_unless(fine, "kept.comments", "is no retention class with years; name one by its id.")
    fine = 1 <= pack.kept.strategy_days <= MOST_DAYS
    _refuse_unless(fine, "kept.strategy_days", f"must be from 1 to {MOST_DAYS}.")


def _refuse_unless(fine: object, key: str, cure: str) -> None:
    if not fine:
        raise PackError(key, cure)
