"""Names what happened to applications as insert-only, and lets the first application freeze the rules of its call."""

from django.apps import AppConfig

HAPPENED = "what happened to an application stands; add what happens next"
HEARD = "who opened a recording stays known"


class ApplicationsConfig(AppConfig):
    """The app of applications."""

    name = "alongside.cohort.applications"

    def ready(self) -> None:
        """Name the tables, and let calls ask here."""
        from alongside.cohort.applications.models import Event, Listener  # noqa: PLC0415 -- models must be loaded first
        from alongside.cohort.applications.queries import has_applications  # noqa: PLC0415 -- as above
        from alongside.cohort.calls.actions import applications_are_told_by  # noqa: PLC0415 -- as above
        from alongside.cohort.calls.apps import frozen_by  # noqa: PLC0415 -- as above
        from alongside.ground.record.triggers import register, table_of  # noqa: PLC0415 -- as above

        register(table_of(Event, HAPPENED))
        register(table_of(Listener, HEARD))
        frozen_by("applications_application")
        applications_are_told_by(has_applications)
