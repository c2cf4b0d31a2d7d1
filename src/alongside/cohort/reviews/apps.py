"""Lets go of what was read and decided of an application that is erased."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The app of reviews."""

    name = "alongside.cohort.reviews"

    def ready(self) -> None:
        """Hear who leaves."""
        from alongside.cohort.applications.actions import leaving_is_told_to  # noqa: PLC0415 -- models must be loaded first
        from alongside.cohort.reviews.actions import let_go  # noqa: PLC0415 -- as above

        leaving_is_told_to(let_go)
