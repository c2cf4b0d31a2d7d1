"""Take a spoken answer in without what the phone wrote into the file, give it back, and write down what it says."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.applying import refuse_unless_theirs_to_change
from alongside.cohort.calls.actions.helping import refuse_readers
from alongside.cohort.calls.models import Application, Recording, RecordingBytes, Transcript
from alongside.cohort.calls.models.answers import MOST_BYTES
from alongside.core.clocks import local_date
from alongside.core.recordings import cleaned
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


@appends()
@transaction.atomic
def save_recording(*, application: Application, section: str, content: bytes, now: datetime) -> Recording:
    """Keep a spoken answer in place of the one before. Its name is not kept, nor titles, places and times in it.

    Raises core.recordings.NotASound or Refused.
    """
    refuse_unless_theirs_to_change(application, now)
    if len(content) > MOST_BYTES:
        raise Refused(_("This file is larger than 8 MB. Speak for up to 8 minutes, or in two parts."))
    kind, clean = cleaned(content)
    spoken = {"application": application, "section": section}
    Recording.objects.filter(**spoken).delete()
    made = Recording.objects.create(**spoken, kind=kind, size=len(clean))
    RecordingBytes.objects.create(recording=made, content=clean)
    return made


@appends()
@transaction.atomic
def drop_recording(*, application: Application, section: str, now: datetime) -> None:
    """Erase a spoken answer at once."""
    refuse_unless_theirs_to_change(application, now)
    Recording.objects.filter(application=application, section=section).delete()


@appends()
def transcribe(*, recording: Recording, words: str, lang: str, by: Person, now: datetime) -> Transcript:
    """Write down what a recording says, without names; the newest transcript is the one that is read.

    Raises Refused for a reader of the call.
    """
    refuse_readers(call=recording.application.call, person=by)
    today = local_date(now, pack_of(recording.application.call.program))
    return Transcript.objects.create(recording=recording, words=words, lang=lang, made_by=by, made_on=today)
