"""Read who gets letters, and whether there is something to tell."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from alongside.core.kinds import EntryKind
from alongside.ground.news.models import ASKED, CONFIRMED, Subscription
from alongside.ground.programs.models import Program
from alongside.ground.record.models import LogEntry

#: What came of what people said: what was heard, what the City answered, what was checked, and what people are told in the end.
NEWS = (
    EntryKind.FINDING_PUBLISHED,
    EntryKind.ANSWER_GIVEN,
    EntryKind.CONTEST_REPLIED,
    EntryKind.RAISE_REPLIED,
    EntryKind.DELIVERY_VERIFIED,
    EntryKind.DELIVERY_DISPUTED,
    EntryKind.REPORT_PUBLISHED,
    EntryKind.ADVICE_PUBLISHED,
)
SIGNER = Signer(salt="alongside.news.stop")


def is_news(program: Program, since: int) -> bool:
    """Say whether something came of what people said since the log had so many entries. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind__in=NEWS, index__gte=since)
    return lines.exists()


def subscription(key: str) -> Subscription | None:
    """Give whom a letter goes to, as the queue names it, or None where that is over."""
    return Subscription.objects.select_related("program").filter(pk=key).first()


def stop_key(one: Subscription) -> str:
    """Give the words that stop the letters to an address; the database alone does not give them."""
    return SIGNER.sign(one.pk.hex).replace(":", ".")


def read_stop_key(typed: str) -> UUID | None:
    """Read which letters are to stop; None where the words are not ours."""
    try:
        return UUID(hex=SIGNER.unsign(typed.replace(".", ":")))
    except (BadSignature, ValueError):
        return None


def waits(program: Program, token_hash: str) -> Subscription | None:
    """Give who asked and did not confirm yet, by the hash of the link that they got."""
    found = Subscription.objects.filter(program=program, state=ASKED).exclude(token_hash="")
    return found.filter(token_hash=token_hash).first()


def readers(program: Program) -> list[UUID]:
    """List to whom letters go, in the order of numbers that chance gave."""
    found = Subscription.objects.filter(program=program, state=CONFIRMED).order_by("pk")
    return list(found.values_list("pk", flat=True))


def is_unsettled(program: Program) -> bool:
    """Say whether rows stand in the order in which they came or changed."""
    return Subscription.objects.filter(program=program, is_settled=False).exists()
