"""Keeps no time of anyone's visit, and what signs people in out of the database's log."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from alongside.site.fleeting import leave_unlogged


class SiteConfig(AppConfig):
    """The site's app."""

    name = "alongside.site"

    def ready(self) -> None:
        """Unhook Django's own habit of writing down when a person signed in last; see to the tables after each migrate."""
        sender = apps.get_app_config("people")  # the signal comes for apps with tables; all are there by then
        post_migrate.connect(leave_unlogged, sender=sender)
        from django.contrib.auth.models import update_last_login  # noqa: PLC0415 -- models must be loaded first
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 -- as above

        user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
