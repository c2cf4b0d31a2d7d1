"""Says what of a project is made again after a restore."""

from django.apps import AppConfig

from alongside.core.grammar.project_rules import MOVES


class ProjectsConfig(AppConfig):
    """The app of projects."""

    name = "alongside.work.projects"

    def ready(self) -> None:
        """Let a decision have the day again to which it was moved, or on which it was made, since the backup."""
        from alongside.ground.record import returning  # noqa: PLC0415 -- models must be loaded first
        from alongside.work.projects.actions import days_again  # noqa: PLC0415 -- models must be loaded first

        returning.register(tuple(MOVES), days_again)
