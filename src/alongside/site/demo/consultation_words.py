"""What the made-up consultations say. The names of the columns are facts, reconstructed from the public record."""

from typing import Any

PROJECT = {
    "title": "A public list of systems that sort or decide",
    "summary": "Every program with which the City sorts, counts or decides about people, on one page.",
}
POINT = {
    "decision": "Which columns the list has",
    "open": "Which columns there are, and what they are called",
}
LIST = {
    "title": "The columns of the City’s list of AI systems",
    "what": "Can people see from these columns what is done to them, and what they can do about it?"
    "\n\nThe names of the columns are real, reconstructed from the public record: they are columns of the 2025 inventory"
    " of AI uses of US federal agencies (Office of Management and Budget, published 14 April 2026,"
    " github.com/ombegov/2025-Federal-Agency-AI-Use-Case-Inventory). The two rows are made up.",
    "decision": "Which columns the list has when it goes public",
    "can_change": "Which columns there are, and what they are called",
    "cannot_change": "That there is a list. The council asked for it.",
}
FIRST = {"title": "The columns, with two made-up rows"}
SECOND = {
    "title": "The columns, with two made-up rows",
    "changes": "The column for appeals is renamed and filled.",
}
#: A handful of the 36 columns of the inventory named above, in its order.
_REAL = (
    "use_case_name,development_stage,is_high_impact,problem_solved,vendor_name,have_ato,has_pii,demographic_features,"
    "hi_failsafe_presence,hi_appeal_process,hi_public_consultation"
)
_ROWS = (
    "Sorting calls about rooms,Pilot,No,Long waits on the phone,Made here,Yes,Yes,Language,A person can take over,{0},None\n"
    "Reading book returns,Deployed,No,Slow returns,Bought,No,No,None,Switch at the desk,{1},None\n"
)
COLUMNS = f"{_REAL}\n{_ROWS.format('', '')}"
CHANGED = f"{_REAL.replace('hi_appeal_process', 'how_to_appeal')}\n{_ROWS.format('Ask at any desk', 'Ask at any desk')}"
#: Column, heading of the guide, words.
COMMENTS = (
    ("have_ato", "", "I had to look up what an ATO is."),
    ("hi_appeal_process", "", "Someone who was turned down looks for “appeal”. They will not look under H."),
    ("", "uses", "Say which office can stop the system. Nobody can argue with a machine."),
)
REPLY = "I asked three neighbors about this. They all wanted to know the same."
ADVICE = (
    (
        "Most people will come here for one thing: what they can do when a machine was wrong about them."
        " Put that in words they use."
    ),
    (
        (
            "Call the column for appeals what it is",
            "Rename hi_appeal_process to how_to_appeal, and fill it for every system.",
        ),
        (
            "Say who decides in the end",
            "Add a column with the office, never a person, that can overrule the system.",
        ),
        ("Take out the column have_ato", "Nobody outside the City knows what it means."),
    ),
)
SMALLER = (
    "Two of us would not show demographic_features yet. A column like that can be used against the people in it.",
    (
        (
            "Ask the groups first",
            "Leave demographic_features out until the groups that it names were asked how it may be shown.",
        ),
    ),
)
ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "decision": "changed",
        "reasons": "You are right: people look for the word “appeal”.",
        "evidence": "Version 2 of the columns, on the page of this consultation.",
        "milestone": "The column is renamed and filled",
    },
    {
        "decision": "accepted",
        "reasons": "We agree. First each unit has to name its office.",
        "evidence": "The column in the public list, filled for every system.",
        "milestone": "The column is in the list",
    },
    {
        "decision": "declined",
        "reasons": "Auditors look for this column. We keep it, with its meaning beside it.",
    },
)
#: The first lead looked, then the second.
CHECKED = (
    "I looked at version 2. The new name is there.",
    "Both rows are filled. I asked at a desk, and they knew the answer.",
)
SURVEY = {
    "title": "A survey for people who book library rooms",
    "what": "Six questions, on paper and online. Are they safe and easy to answer?",
    "decision": "Which questions are asked in spring",
    "can_change": "Every question",
    "cannot_change": "That there is a survey",
}
SURVEY_PAGE = {"title": "The six questions"}
QUESTIONS = """1. How often do you book a room in a library?

2. What do you use the room for?

3. Is it easy to find a free room?

4. Are you a United States citizen?

5. How many people come with you, and how old are they?

6. What should we change about the rooms, the hours, or the way you book them?
"""
