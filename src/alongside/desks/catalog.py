"""What a program publishes, as city portals and harvesters read it: a data.json after DCAT-US 1.1."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.urls import reverse

from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.record.queries import last_day
from alongside.ground.ui.context import offered_here

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
CSV, JSON, ATOM, ICS = "text/csv", "application/json", "application/atom+xml", "text/calendar"
#: Name of the page, words for it, keywords, and its files as (name of the address, media type).
SETS = (
    (
        "projects:projects",
        "Register of projects",
        "What is being decided: the unit, the stage, the impact, the data, who decides, and if the public was asked.",
        ("projects", "algorithms", "decisions", "public participation"),
        (("projects:csv", CSV), ("projects:json", JSON)),
    ),
    (
        "record:entries",
        "Public record",
        "Every entry of the signed public log: what was promised, asked, answered, committed to and checked.",
        ("record", "transparency", "accountability"),
        (("record:csv", CSV), ("record:feed", ATOM)),
    ),
    (
        "desks:owed",
        "What is owed",
        "Every question and recommendation to the government, when its answer was or is due, and where it stands.",
        ("recommendations", "questions", "answers", "accountability"),
        (("desks:owed_csv", CSV),),
    ),
    (
        "desks:promised",
        "What the government promised",
        "Every thing that the government promised to do, by office, when it was or is due, and whether it was checked and kept.",
        ("commitments", "delivery", "verification", "accountability"),
        (("desks:promised_csv", CSV),),
    ),
    (
        "desks:calendar",
        "Calendar of decisions and meetings",
        "Days of decisions, meetings, and the days by which people hear back.",
        ("decisions", "meetings", "calendar"),
        (("desks:calendar", ICS),),
    ),
)


@open_to(Role.EVERYONE)
def data_json(request: ViewerRequest) -> HttpResponseBase:
    """Give the catalog of what a program publishes. One more query than its pack takes."""
    reply = JsonResponse(
        {
            "@context": f"{SCHEMA}/catalog.jsonld",
            "@id": request.build_absolute_uri(),
            "@type": "dcat:Catalog",
            "conformsTo": SCHEMA,
            "describedBy": f"{SCHEMA}/catalog.json",
            "dataset": list(_sets(request)),
        },
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    reply["Access-Control-Allow-Origin"] = "*"
    return reply


def _sets(request: ViewerRequest) -> Iterator[dict[str, Any]]:
    pack, modified = request.pack, last_day(request.program) or request.program.opened_on
    for page, title, description, keywords, files in SETS:
        yield {
            "@type": "dcat:Dataset",
            "identifier": _address(request, page),
            "title": f"{pack.words('name', 'en')}: {title}",
            "description": description,
            "keyword": list(keywords),
            "accessLevel": "public",
            "modified": modified.isoformat(),
            "language": [*offered_here(request)],
            "publisher": {"@type": "org:Organization", "name": pack.words("government.name", "en")},
            "contactPoint": {"@type": "vcard:Contact", "fn": pack.words("name", "en")},
            "landingPage": _address(request, page),
            "distribution": [
                {
                    "@type": "dcat:Distribution",
                    "downloadURL": _address(request, name),
                    "mediaType": media,
                    "title": title,
                }
                for name, media in files
            ],
        }


def _address(request: ViewerRequest, name: str) -> str:
    """Give the whole address of a page in English, which every pack has."""
    return request.build_absolute_uri(reverse(name, kwargs={"program": request.program.slug, "lang": "en"}))
