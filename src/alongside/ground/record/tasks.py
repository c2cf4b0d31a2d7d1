"""What happens to the record by itself, after a head was signed: outside witnesses are asked to cosign it."""

from datetime import datetime, timedelta

from django.tasks import task

from alongside.core.ledger.policy import as_read
from alongside.ground.programs.models import Program
from alongside.ground.record.actions import keep_cosignatures
from alongside.ground.record.models import Head
from alongside.ground.record.queries import head_of, witnesses_at
from alongside.ground.record.witnesses import ask_all

#: Witnesses that did not answer are asked again after so long, and when each was asked last by this process.
AGAIN = timedelta(minutes=10)
_asked: dict[str, datetime] = {}


def seek_cosignatures(program: Program, now: datetime, *, signed: bool) -> bool:
    """Let witnesses be asked where some of those with an address have not cosigned the newest head; say whether they will be.

    At once where it was `signed` just now, else each ten minutes.
    """
    if not signed and now - _asked.get(program.slug, now - AGAIN) < AGAIN:
        return False
    _asked[program.slug] = now
    head = head_of(program)
    if head is None or not is_unseen(program, head):
        return False
    collect.enqueue(program.pk, now.isoformat())
    return True


def is_unseen(program: Program, head: Head) -> bool:
    """Say whether a witness that can be asked has not cosigned a head."""
    policy = witnesses_at(program, head.size)
    seen = head.seen.get("by", ())
    return policy is not None and any(
        key.public in policy.urls and as_read(name) not in seen for name, key in policy.witnesses.items()
    )


@task
def collect(program_id: int, asked: str) -> None:
    """Ask witnesses, and keep what fits and is of about the time `asked`. The network is asked before anything is locked."""
    program = Program.objects.get(pk=program_id)
    head = head_of(program)
    if head and (lines := ask_all(program)):
        keep_cosignatures(program=program, text=head.text, lines=lines, now=datetime.fromisoformat(asked))
