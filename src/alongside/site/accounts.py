"""How allauth behaves here: no strangers, no passwords, no record of where anyone came from."""

from datetime import timedelta
from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.people.models import BEGAN, Person
from alongside.ground.programs.actions import is_of_the_community
from alongside.site.actions import tell_of_keys
from alongside.site.config import Provider
from alongside.site.sso import SignInError, providers

CODE = "account/email/login_code"
#: What says of a login that it comes from a provider, and from which.
AT_WORK = "provider"
#: allauth's own words name an app and a security key; people here know passkeys and spare codes.
WAYS = {
    "mfa_reauthenticate": _("Use a spare code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People exist only by the steward's doing; pages and mails are ours."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This is not the code. Type the newest one we sent, or start again."),
        "too_many_login_attempts": _("That was tried too many times. Wait ten minutes, then try again."),
        "rate_limited": _("That was tried too many times. Wait ten minutes, then try again."),
    }

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def pre_login(
        self, request: ViewerRequest, user: Person, *, signal_kwargs: dict[str, Any] | None, **told: Any
    ) -> HttpResponse | None:
        at_work = signs_in_at_work(user)
        if at_work and at_work.id != (signal_kwargs or {}).get(AT_WORK):
            clear_login(request)
            raise SignInError(
                gettext("Your account is one that {name} signs in. Choose it on the page “Sign in”.").format(
                    name=at_work.name
                )
            )
        response: HttpResponse | None = super().pre_login(request, user, signal_kwargs=signal_kwargs, **told)
        return response

    @override
    def login(self, request: ViewerRequest, user: Person) -> None:
        super().login(request, user)
        request.session[BEGAN] = request.today.isoformat()
        at_work = signs_in_at_work(user)
        # After its hours a provider signs them in anew, if it still does.
        request.session.set_expiry(request.now + timedelta(hours=at_work.hours) if at_work else None)

    @override
    def format_email_subject(self, subject: str) -> str:
        return subject

    @override
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix != CODE:  # it leaves from the queue, see account_urls
            super().send_mail(template_prefix, email, context)

    @override
    def send_notification_mail(self, template_prefix: str, user: Person, **_told: Any) -> None:
        tell_of_keys(person=user)  # of nothing else: nobody here changes an address or has a password

    @override
    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": WAYS.get(way["id"], way["description"])} for way in ways]


def signs_in_at_work(person: Person) -> Provider | None:
    """Give the provider that alone signs a person in, or None. Whoever is or was of the community signs in the house's way."""
    known = providers()
    if not known:
        return None
    account = SocialAccount.objects.filter(user=person, provider__in=known).first()
    return known[account.provider] if account and not is_of_the_community(person) else None


class SpareCodes(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Spare codes come from the seed in the database and the secret of the server, so a copy of the database gives none.

    The seed is mixed with the secret where allauth would open it, not sealed where it would seal it: with another secret
    there are other codes, and nothing fails: their owner makes new ones.
    """

    @override
    def decrypt(self, encrypted_text: str) -> str:
        return salted_hmac("alongside/spare-codes/v1", encrypted_text, algorithm="sha256").hexdigest()
