"""Says what goes again with entries that are taken back after a restore."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The app of projects."""

    name = "alongside.work.projects"

    def ready(self) -> None:
        """Take down again the rows that were taken down since the backup."""
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.projects.actions.erasing import rows_again  # noqa: PLC0415 -- models must be loaded first

        returning.also("row.erased", rows_again)
