"""Lets go of what was read and decided of an application that is erased, and says what is read."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The app of reviews."""

    name = "alongside.cohort.reviews"

    def ready(self) -> None:
        """Hear who leaves, and let applications ask here."""
        from alongside.cohort.applications.actions import leaving_is_told_to  # noqa: PLC0415 -- models must be loaded first
        from alongside.cohort.applications.queries import reading_is_told_by  # noqa: PLC0415 -- as above
        from alongside.cohort.reviews.actions import let_go  # noqa: PLC0415 -- as above
        from alongside.cohort.reviews.queries import is_read  # noqa: PLC0415 -- as above

        leaving_is_told_to(let_go)
        reading_is_told_by(is_read)
