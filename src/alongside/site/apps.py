"""Keeps no time of anyone's visit."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site's app."""

    name = "alongside.site"

    def ready(self) -> None:
        """Unhook Django's own habit of writing down when a person signed in last."""
        from django.contrib.auth.models import update_last_login  # noqa: PLC0415 -- models must be loaded first
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 -- as above

        user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
