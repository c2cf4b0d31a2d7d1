"""What the made-up register of the demonstration says: facts, harm, and a county's list; data, not code."""

from collections.abc import Sequence

from alongside.core.registers.mapping import Plan

COUNTERS, COMPUTERS, LETTERS = "street-counters", "public-computers", "permit-letters-software"
CHOICES: dict[str, dict[str, object]] = {
    COUNTERS: {
        "sort": "technology",
        "stage": "in_use",
        "impact": "high",
        "personal_data": "yes",
        "communities": ["newcomers", "young", "everyone"],
    },
    COMPUTERS: {
        "sort": "service",
        "stage": "in_use",
        "impact": "high",
        "personal_data": "yes",
        "communities": ["languages", "newcomers", "no-home"],
    },
    LETTERS: {
        "sort": "technology",
        "stage": "pilot",
        "impact": "high",
        "asked": "not_asked",
        "communities": ["languages", "renters", "small-business"],
    },
}
FACTS: dict[str, dict[str, str]] = {
    COUNTERS: {
        "purpose": "To count how many people walk, ride and drive past, so that crossings and signals fit the street.",
        "data_used": "Pictures that the device turns into counts, and the counts of each hour.",
        "people_in_data": "How many people pass, and how they move. No faces and no plates are kept.",
        "vendors": "Example Counters | https://vendor.example/counters",
        "datasets": "Counts by the hour | https://data.example/counts",
        "documents": "Assessment of privacy, 12 pages | https://city.example/counters-privacy",
        "oversight": "The manager of the unit looks at the settings every three months.",
        "appeal": "There is no way yet to object to a counter.",
        "consultation": "Leads listened to people before the settings were decided.",
    },
    COMPUTERS: {
        "purpose": "To let anyone use a computer and the Wi-Fi for free.",
        "data_used": "The number of the library card, the time, and which computer.",
        "people_in_data": "When someone was there, and how long.",
    },
    LETTERS: {
        "purpose": "To send each letter to the right desk faster.",
        "data_used": "What people write to the Permits Desk.",
    },
}
LETTERS_WORDS = {
    "title": "Software that sorts letters to the Permits Desk",
    "summary": "It reads what people write and chooses the desk that answers. Nobody has asked people about it.",
}
LETTERS_DECISION = {
    "decision": "Whether the software stays after its trial",
    "open": "If it stays at all, which letters it may read, and how people learn of it",
}
MOVED = "The numbers of the trial are not there yet."
DECIDED = "All 46 counters get new settings: they keep counts, and no pictures."
HARMS: Sequence[tuple[str, int, tuple[str, ...], tuple[str, ...], str]] = (
    (
        COUNTERS,
        1,
        ("surveillance", "legal"),
        ("newcomers",),
        "People cross the street to stay out of its sight. They do not know what it keeps.",
    ),
    (
        COUNTERS,
        2,
        ("erasure",),
        ("young",),
        "It counts a child with a scooter as a bike. The street is built for what it counts.",
    ),
    (
        COMPUTERS,
        0,
        ("misuse", "exclusion"),
        ("no-home", "languages"),
        "Some stay away because the screen asks for a card before it says what is kept.",
    ),
)
WORKING = ((COUNTERS, 0), (COUNTERS, 1), (COMPUTERS, 1), (COMPUTERS, 2))
COLUMNS = ("id", "system", "department", "what it does", "status", "risk", "contact email", "note")
ROWS = (
    ("C-01", "Jury list draw", "Courts", "Draws names for jury duty.", "Live", "Low", "jury@county.example", ""),
    ("C-02", "Call sorting", "Health", "Sorts calls\nby how urgent they are.", "Pilot", "High", "calls@county.example", ""),
    ("C-03", "Road cracks from pictures", "Roads", "Finds cracks in pictures of roads.", "Live", "Low", "", ""),
    ("C-04", "Shelter bed matching", "Housing", "Matches people with free beds.", "In development", "High", "beds@county.example", ""),
    ("C-05", "Overdue tax letters", "Treasury", "Writes letters on overdue taxes.", "Retired", "Low", "", "ended in spring"),
    ("", "Flood forecast", "Water", "Says where water may rise.", "Live", "Low", "", "no id in the list"),
    ("C-07", "Bail risk score", "Courts", "Scores people before a hearing.", "Live", "High", "courts@county.example", ""),
    ("C-08", "", "Parks", "A row without a name.", "Live", "Low", "", "left out"),
)  # fmt: skip
PLAN = Plan(
    {
        "id": "key",
        "system": "name",
        "department": "body",
        "what it does": "summary",
        "status": "stage",
        "risk": "impact",
        "contact email": "drop",
        "note": "",
    }
)
