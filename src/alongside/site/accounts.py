"""How allauth behaves here: no strangers, no passwords, no record of where anyone came from."""

from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """People exist only by the steward's doing; pages and mails are ours."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def format_email_subject(self, subject: str) -> str:
        return subject

    @override
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page one lands on shows what happened."""
