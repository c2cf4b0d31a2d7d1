"""Read the register of city projects from the record, and what may be put on it."""

from alongside.work.projects.queries.courses import EngagementShown, courses_of
from alongside.work.projects.queries.doors import (
    decisions_of,
    free_slug,
    may_write_about,
    office_by_id,
    pen_of,
    point_for,
    project_for,
    project_of,
    slugs_like,
    units_for,
)
from alongside.work.projects.queries.listing import (
    Listed,
    ListPage,
    Narrow,
    list_page,
    listing_of,
    narrowed,
    show_lines,
)
from alongside.work.projects.queries.showing import (
    DecisionShown,
    ProjectShown,
    Spoken,
    facts_for_form,
    project_page,
)

__all__ = [
    "DecisionShown",
    "EngagementShown",
    "ListPage",
    "Listed",
    "Narrow",
    "ProjectShown",
    "Spoken",
    "courses_of",
    "decisions_of",
    "facts_for_form",
    "free_slug",
    "list_page",
    "listing_of",
    "may_write_about",
    "narrowed",
    "office_by_id",
    "pen_of",
    "point_for",
    "project_for",
    "project_of",
    "project_page",
    "show_lines",
    "slugs_like",
    "units_for",
]
