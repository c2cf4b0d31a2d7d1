"""What people do in the pages of a new site before a resident can speak: leads sit, make their keys, and ask. Usage: python first_people.py SLUG OFFICE LANG..."""

import os
import sys
from datetime import UTC, datetime, timedelta

import django

SAID = {
    "title": "Which repairs come first?",
    "decision": "Which homes are repaired before winter",
    "can_change": "The order",
    "cannot_change": "The money",
    "reading": "Leads read it.",
    "consent": "It is used to say what people need.",
}


def main(slug: str, office: str, *languages: str) -> None:
    """Walk from a program with nobody in it to an open engagement, by the actions that people use."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.site.settings"
    django.setup()
    from alongside.cohort.seats import actions as seats
    from alongside.ground.programs.models import Office, Program
    from alongside.ground.record.acts import signed_by
    from alongside.site.demo import acts, sealed
    from alongside.site.demo.keys import Rings
    from alongside.site.demo.story import Story
    from alongside.work.engagements import actions as engagements
    from alongside.work.projects import actions as projects

    now = datetime.now(tz=UTC)
    story = Story(now.date())
    program = story.program = Program.objects.get(slug=slug)
    unit, _, name = office.partition("/")
    manager = Office.objects.select_related("unit").get(unit__program=program, unit__slug=unit, slug=name)
    day = now.date() - timedelta(days=1)
    with signed_by(Rings(story.keyrings)):
        cohort = seats.seat_cohort(
            program=program,
            slug="first",
            names=dict.fromkeys(languages, "The first cohort"),
            from_date=day,
            until_date=day + timedelta(days=365),
            now=now,
        )
        leads = [
            acts.seat_lead(cohort=cohort, name=one, known_as=one, now=now) for one in ("ana", "bo", "cy")
        ]
        sealed.make_keys(story=story, seats=leads, now=now)
        project = projects.register_project(
            program=program,
            slug="maple-court",
            unit=manager.unit,
            by=office,
            words={"en": {"title": "Repairs at Maple Court", "summary": "Forty homes."}},
            now=now,
        )
        decision = projects.schedule_decision(
            project=project,
            slug="maple-court-order",
            on=day + timedelta(days=120),
            office=manager,
            by=office,
            words={"en": {"decision": SAID["decision"], "open": SAID["can_change"]}},
            now=now,
        )
        engagement = engagements.begin_draft(
            program=program,
            slug="repairs",
            lead=leads[0],
            partner=manager,
            decision=decision,
            framework="iap2",
            level="involve",
            languages=list(languages),
            retention="voices",
            closes=day + timedelta(days=30),
            answer_by=day + timedelta(days=75),
            report_back=day + timedelta(days=90),
            voices_kept_until=day + timedelta(days=365),
            words=dict.fromkeys(languages, SAID),
            questions=[
                {
                    "id": "q1",
                    "kind": "text",
                    "words": dict.fromkeys(languages, "What is broken in your home?"),
                }
            ],
        )
        promise = sealed.open_engagement(story=story, engagement=engagement, seats=leads, now=now)
    print(promise, story.secrets["repairs"])


if __name__ == "__main__":
    main(*sys.argv[1:])
