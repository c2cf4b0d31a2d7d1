"""City projects and the dated decisions on them."""

from alongside.core.grammar.shape import Cites, Kind, day, office, slug

KINDS = (
    Kind(
        name="project.registered",
        says="A unit's policy, service or data product that is being decided.",
        pen="city",
        by=("office", "steward"),
        data={"project": slug, "unit": slug},
        texts=("title", "summary"),
        subject="project",
    ),
    Kind(
        name="decision.scheduled",
        says="A dated decision on a project: who decides and what is still open.",
        pen="city",
        by=("office", "steward"),
        data={"decision": slug, "on": day, "office": office},
        cites={"project": Cites(("project.registered",))},
        texts=("decision", "open"),
        subject="decision",
    ),
)
