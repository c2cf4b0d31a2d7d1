"""What made-up people say is about what they were asked, in the language that their voice says it is in."""

from collections import Counter

from alongside.chain.opinions.queries import asked
from alongside.chain.proposals.queries import proposed
from alongside.chain.referrals.models import Referral
from alongside.chain.voices.models import ReachedCount, Voice
from alongside.core.questions import OFFER
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import SOUND_BUCKETS, parse
from alongside.core.workflow.engagements import Reached
from alongside.core.workflow.seconds import Proposed
from alongside.site.demo.sealed import said


def test_every_made_up_voice_answers_its_engagement_in_the_language_that_it_names(demonstration) -> None:
    secrets = list(demonstration.story.secrets.values())
    tally: Counter[tuple[str, bool]] = Counter()
    for voice in Voice.objects.all():
        told = parse(open_sealed(bytes(voice.sealed), secrets))
        own = [one for name, one in told.answers.items() if name != OFFER]
        words = [one["words"] if isinstance(one, dict) else one for one in own]
        spoken = [one for one in words if isinstance(one, str) and " " in one]
        tally.update((told.lang, one in said()[told.engagement][told.lang]) for one in spoken)
    assert {lang for lang, _fits in tally} == {"en", "es", "vi", "ar"}
    assert [fits for _lang, fits in tally if not fits] == []


def test_of_statements_that_made_up_people_offered_one_is_judged_one_stays_out_and_one_waits(
    demonstration, site_client
) -> None:
    program = demonstration.story.program
    found = asked(program, "library-computers", "en")
    assert found is not None
    assert [one.entry.data["decision"] for one in found.decided] == ["released", "declined"]
    (waits,) = proposed(program, Proposed.OFFER).filter(promise=found.promise.index)
    secrets = list(demonstration.story.secrets.values())
    assert b"Somebody should help me" in open_sealed(bytes(waits.sealed), secrets)
    html = site_client.get("/riverbend/ar/engagements/library-computers/map/").content.decode()
    assert "ينبغي ألا تواجه الشاشة القاعة كلها." in html


def test_what_an_office_was_given_is_what_a_made_up_person_wrote(demonstration) -> None:
    given = Referral.objects.get()
    assert given.words in said()["landlord-letters"][given.lang]


def test_each_made_up_voice_is_counted_among_the_answers_that_were_sent(demonstration) -> None:
    came = Counter(Voice.objects.values_list("engagement", flat=True))
    sent = Counter[str]()
    for one in ReachedCount.objects.filter(reached=Reached.SENT):
        sent[one.engagement] += one.count
    assert came
    assert {slug: count for slug, count in came.items() if count > sent[slug]} == {}


def test_one_made_up_person_answered_by_voice_and_a_lead_can_hear_it(demonstration) -> None:
    spoken = [one for one in Voice.objects.all() if one.bucket in SOUND_BUCKETS]
    (told,) = (
        parse(open_sealed(bytes(one.sealed), [demonstration.story.secrets[one.engagement]])) for one in spoken
    )
    (sound,) = told.sounds.values()
    assert (told.engagement, told.taken, b"OpusHead" in sound) == ("landlord-letters", "self", True)
