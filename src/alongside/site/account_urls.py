"""The pages of allauth that we open, each with its mark; the rest of allauth has no address here."""

import unicodedata
from datetime import datetime
from typing import Any, override

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.ground.gate.limits import (
    CODES_AN_HOUR,
    CODES_TO_A_MAILBOX,
    CUSTOMER,
    MOST_CODES_TO_A_MAILBOX,
    Doorman,
    address_of,
    network_of,
)
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.people.actions import end_sessions
from alongside.ground.people.queries import signed_in_by
from alongside.site.actions import ask_for_code
from alongside.site.sessions import kept_as

everyone = open_to(Role.EVERYONE)
person = open_to(Role.PERSON)


@everyone
def closed(_request: HttpRequest) -> HttpResponseBase:
    """Stand in for a page that allauth links to and that we do not have."""
    raise Http404


CODES = Doorman(most=CODES_AN_HOUR, name="codes")
FIRST = Doorman(most=1, name="first codes")
MAILBOXES = Doorman(most=0, name="mailboxes")


def asks_too_often(address: str, email: str, now: datetime) -> bool:
    """Count one code that an address of the network asks for somebody, known or not, and say whether it is one too many.

    Each network is counted for itself: where strangers in others used up what a mailbox gets in an hour, one that asks for the
    first time still gets one, the networks of one customer (a /48 of IPv6) together, and up to a last bound. What is refused
    counts for no mailbox. Strangers keep an owner out who has no passkey only from the owner's own network or customer, or from very many.
    """
    if CODES.knock(f"{network_of(address)} {email}", now):
        return True
    sent = MAILBOXES.knock(email, now, weight=0)
    has_asked = bool(FIRST.knock(f"{network_of(address, CUSTOMER)} {email}", now))
    if sent >= MOST_CODES_TO_A_MAILBOX or (sent >= CODES_TO_A_MAILBOX and has_asked):
        return True
    MAILBOXES.knock(email, now)
    return False


class AskForCode(account.RequestLoginCodeView):  # type: ignore[misc]  # allauth has no types
    """Ask for a code by mail. Whether an address is known cannot be told by how long the page takes: letters wait for the worker."""

    @override
    def form_valid(self, form: Any) -> HttpResponseBase:
        # As allauth looks for it, so that no other spelling counts for itself.
        email = unicodedata.normalize("NFKC", form.cleaned_data["email"]).casefold()
        if asks_too_often(address_of(self.request), email, self.request.now):
            words = _(
                "Too many codes were asked for. Sign in with a passkey or a printed code, or wait an hour."
            )
            form.add_error("email", words)
            refused: HttpResponseBase = self.form_invalid(form)
            return refused
        response: HttpResponseBase = super().form_valid(form)
        ask_for_code(session=self.request.session, lang=get_language() or "en")
        return response


class Keys(mfa.IndexView):  # type: ignore[misc]  # allauth has no types
    """How a person signs in, and where they are signed in now."""

    @override
    def get_context_data(self, **shown: Any) -> dict[str, Any]:
        key = str(self.request.session.session_key)
        found = signed_in_by(person=self.request.user.pk, now=self.request.now, key=kept_as(key))
        context: dict[str, Any] = super().get_context_data(sessions=found, **shown)
        return context


@person
@require_POST
def leave_everywhere(request: ViewerRequest) -> HttpResponseBase:
    """Sign a person out on every device, this one too."""
    end_sessions(person=request.user, today=request.today)
    get_adapter().logout(request)
    return HttpResponseRedirect(reverse("account_login"))


class Passkeys(webauthn.ListWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """The list of a person's passkeys, read before the page is drawn."""

    @override
    def get_queryset(self) -> list[Any]:
        return list(super().get_queryset())


class NewPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Add a passkey; whoever just used one need not show again that it is them to see their spare codes."""

    @override
    def form_valid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="webauthn", reauthenticated=True)
        return response


urlpatterns = [
    path("sign-in/", everyone(AskForCode.as_view()), name="account_login"),
    path("sign-in/", everyone(AskForCode.as_view()), name="account_request_login_code"),
    path("sign-in/code/", everyone(account.confirm_login_code), name="account_confirm_login_code"),
    path("sign-in/passkey/", everyone(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/second/", everyone(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/again/", person(account.reauthenticate), name="account_reauthenticate"),
    path("sign-in/again/second/", person(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "sign-in/again/passkey/", person(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("sign-out/", everyone(account.logout), name="account_logout"),
    path("inactive/", everyone(account.account_inactive), name="account_inactive"),
    path("keys/", person(Keys.as_view()), name="mfa_index"),
    path("keys/leave/", leave_everywhere, name="leave_everywhere"),
    path("keys/passkeys/", person(Passkeys.as_view()), name="mfa_list_webauthn"),
    path("keys/passkeys/add/", person(NewPasskey.as_view()), name="mfa_add_webauthn"),
    path("keys/passkeys/<int:pk>/remove/", person(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("keys/passkeys/<int:pk>/edit/", person(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("keys/codes/", person(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "keys/codes/generate/", person(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "keys/codes/download/", person(recovery.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("closed/", closed, name="account_signup"),
    path("closed/email/", closed, name="account_email"),
    path("closed/sent/", closed, name="account_email_verification_sent"),
    path("closed/reset/", closed, name="account_reset_password"),
]
