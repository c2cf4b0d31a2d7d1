"""The pages of allauth that we open, each with its mark; the rest of allauth has no address here."""

import logging
import unicodedata
from datetime import datetime
from typing import Any, override

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.ground.gate.limits import (
    CODES_AN_HOUR,
    CODES_TO_A_MAILBOX,
    CUSTOMER,
    MOST_CODES_TO_A_MAILBOX,
    STARTS_AN_HOUR,
    Doorman,
    address_of,
    network_of,
)
from alongside.ground.gate.roles import Role, ViewerRequest, for_no_one, open_to, or_404, unseen
from alongside.ground.people.actions import end_sessions
from alongside.ground.people.queries import signed_in_by
from alongside.site.actions import ask_for_code, leave_at
from alongside.site.config import Provider
from alongside.site.converters import CODES as LANGUAGES
from alongside.site.provider import OpenID, silent
from alongside.site.sessions import kept_as
from alongside.site.sso import ProviderSilentError, SignInError, ended, providers

logger = logging.getLogger("alongside.web")

everyone = open_to(Role.EVERYONE)
person = open_to(Role.PERSON)


@everyone
def closed(_request: HttpRequest) -> HttpResponseBase:
    """Stand in for a page that allauth links to and that we do not have."""
    raise Http404


#: In a session: the language in which somebody went to their provider.
LANG = "left_in"
CODES = Doorman(most=CODES_AN_HOUR, name="codes")
FIRST = Doorman(most=1, name="first codes")
STARTS = Doorman(most=STARTS_AN_HOUR, name="ways to providers")
#: Seconds for which we remember that somebody is on the way to their provider.
ON_THE_WAY = 15 * 60
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

    @override
    def get_context_data(self, **shown: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(providers=list(providers().values()), **shown)
        return context


def at_work(provider: str) -> Provider:
    """Give a provider of the configuration, or raise Http404."""
    return or_404(providers().get(provider))


@everyone
@require_POST
def go_to_work(request: ViewerRequest, provider: str) -> HttpResponseBase:
    """Lead somebody to their provider. Not by a redirect: browsers hold a form to the addresses of our own pages, wherever it leads."""
    told = at_work(provider)
    if STARTS.knock(address_of(request), request.now):
        raise SignInError(_("That was tried too many times from here. Wait an hour, then try again."))
    if not request.user.is_authenticated:
        request.session.set_expiry(ON_THE_WAY)
    try:
        there = OAuth2LoginView.adapter_view(OpenID(request, told.id))(request)
    except ProviderSilentError as error:
        logger.warning("The provider %s: %s", told.id, error)
        raise silent(told) from None
    request.session[LANG] = get_language()
    page = render(request, "account/going_to_work.html", {"provider": told, "there": there["Location"]})
    page["Refresh"] = f"0; url={there['Location']}"
    return page


@everyone
def came_from_work(request: ViewerRequest, provider: str) -> HttpResponseBase:
    """Take in whom a provider sends back, at the one address that it knows; lead on to the language they left in."""
    told, lang = at_work(provider), request.session.get(LANG)
    with translation.override(lang if lang in LANGUAGES else "en"):
        there = reverse("sso_arrival", kwargs={"provider": told.id})
    return HttpResponseRedirect(f"{there}?{request.META['QUERY_STRING']}")


@everyone
def arrive(request: ViewerRequest, provider: str) -> HttpResponseBase:
    """Sign in whom a provider sends, if its groups give them a post."""
    told = at_work(provider)
    try:
        signed_in: HttpResponseBase = OAuth2CallbackView.adapter_view(OpenID(request, told.id))(request)
    except ProviderSilentError as error:
        logger.warning("The provider %s: %s", told.id, error)
        raise silent(told) from None
    return signed_in


@unseen
@for_no_one
@everyone
@require_POST
def left_work(request: ViewerRequest, provider: str) -> HttpResponseBase:
    """Sign somebody out because their provider did (OpenID Connect Back-Channel Logout 1.0)."""
    told = at_work(provider)
    try:
        subject, sid = ended(told, request.POST.get("logout_token"))
    except ProviderSilentError as error:
        logger.warning("The provider %s: %s", told.id, error)
        return JsonResponse({"error": "invalid_request"}, status=400)
    leave_at(provider=told, subject=subject, sid=sid, now=request.now)
    return HttpResponse(headers={"Cache-Control": "no-store"})


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


class PasskeySignIn(webauthn.LoginWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Sign in with a passkey. One that signs nobody in, such as that of a lead's keyring, leads back to where that is said."""

    @override
    def form_invalid(self, form: Any) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("account_login") + "?passkey=unknown")


class NewPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Add a passkey; whoever just used one need not show again that it is them to see their spare codes."""

    @override
    def form_valid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="webauthn", reauthenticated=True)
        return response


#: Without a language: a provider knows these addresses.
at_providers = [
    path("<slug:provider>/callback/", came_from_work, name="sso_callback"),
    path("<slug:provider>/left/", left_work, name="sso_left"),
]

urlpatterns = [
    path("sign-in/at/<slug:provider>/", go_to_work, name="sso_start"),
    path("sign-in/at/<slug:provider>/back/", arrive, name="sso_arrival"),
    path("sign-in/", everyone(AskForCode.as_view()), name="account_login"),
    path("sign-in/", everyone(AskForCode.as_view()), name="account_request_login_code"),
    path("sign-in/code/", everyone(account.confirm_login_code), name="account_confirm_login_code"),
    path("sign-in/passkey/", everyone(PasskeySignIn.as_view()), name="mfa_login_webauthn"),
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
