"""Portland's surveillance technology policy, 2021 to 2025, reconstructed from the public record with its sources."""

from dataclasses import dataclass
from datetime import datetime

from alongside.ground.record.actions import heads
from alongside.ground.texts import actions as texts_actions
from alongside.site.demo import acts, translations
from alongside.site.demo.packs import in_program_timezone

THREAD = "surveillance-technology-policy"
NEWS = "https://www.portland.gov/bps/smart-city-pdx/surveillance-policy/news"
INVENTORY = "https://www.portland.gov/bps/com-tech/smart-city-pdx"


@dataclass(frozen=True)
class Step:
    """One event from old sources."""

    step: str
    whose: str
    event_date: str
    title: str
    statement: str
    sources: tuple[str, ...] = (NEWS,)
    until: str = ""


STEPS = (
    Step(
        "promise",
        "city",
        "2021-06-21",
        "Surveillance technology policy: from the first meeting to the first list",
        "The City began work on a policy for surveillance technology with a kickoff meeting. 23 people took part.",
    ),
    Step(
        "voices",
        "community",
        "2021-12-13",
        "A co-design session",
        "People and staff worked on the policy together in an online session. A shared whiteboard stayed open for two"
        " weeks after it. No further feedback came in that way.",
        (f"{NEWS}/2022/1/28",),
    ),
    Step(
        "voices",
        "community",
        "2022-03",
        "Public meetings in three parts",
        "Three rounds of public meetings on the policy.",
        until="2022-05",
    ),
    Step(
        "finding",
        "both",
        "2022-05-10",
        "The feedback report",
        "The City published a report of the feedback it had heard.",
    ),
    Step(
        "answer", "city", "2022-09-15", "A draft of the policy", "The City published a draft of the policy."
    ),
    Step(
        "gap",
        "city",
        "2022-11-30",
        "A hearing that moved",
        "A hearing was planned for this day. It was held later.",
    ),
    Step(
        "answer",
        "city",
        "2023-02-01",
        "Resolution 37608",
        "The Council passed Resolution 37608. The vote was unanimous.",
    ),
    Step(
        "commitment",
        "city",
        "2023-02-01",
        "Five directives",
        "The resolution gives five directives: a list (inventory) of surveillance technology; accountability, oversight"
        " and public involvement; privacy impact assessments in buying; a privacy program for the whole City; and impact"
        " assessment of automated decision systems.",
    ),
    Step(
        "delivery",
        "city",
        "2025-11-03",
        "The first report of the list, 33 months later",
        "The City published the Phase I report of the inventory. It covers eight bureaus. Police hold about half of the"
        " tools. Most are “managed independently by bureaus”.",
        (INVENTORY,),
    ),
    Step(
        "commitment",
        "city",
        "2025-11-03",
        "The open data list",
        "The report says that an open data inventory will come by early 2026.",
        (INVENTORY,),
    ),
    Step(
        "gap",
        "city",
        "2025",
        "The other four directives",
        "In the sources read for this record, no delivery of the other four directives was found. That does not mean"
        " that there was none.",
    ),
)


def build(*, now: datetime) -> None:
    """Open the program and enter each step, dated today, with the event's own date and source."""
    now = in_program_timezone(now, "portland")
    program = acts.open_with_record(slug="portland", pack="portland", now=now)
    before: list[int] = []
    for one in STEPS:
        data = {
            "thread": THREAD,
            "whose": one.whose,
            "event_date": one.event_date,
            **({"until": one.until} if one.until else {}),
        }
        words = {"en": {"title": one.title, "statement": one.statement}}
        entry = texts_actions.reconstruct(
            program=program,
            step=one.step,
            data=data,
            words=words,
            sources=one.sources,
            follows=before,
            now=now,
        )
        before = [entry.index]
    translations.translate(program=program, now=now)
    heads.sign_head(program=program, now=now)
