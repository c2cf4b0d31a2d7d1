"""How allauth speaks with a provider (OpenID Connect) here: what is believed is in `sso`, who is let in in `actions`."""

from typing import Any, override

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.ground.gate.roles import ViewerRequest
from alongside.site import sso
from alongside.site.accounts import AT_WORK
from alongside.site.actions import welcome
from alongside.site.config import Provider
from alongside.site.sessions import session_at

ID = "openid_connect"


def silent(provider: Provider) -> sso.SignInError:
    """Give the refusal for a provider that does not answer, or says what cannot be believed."""
    return sso.SignInError(
        _(
            "{name} did not sign you in. Try again in a few minutes; if it stays so, tell whoever runs this site."
        ).format(name=provider.name)
    )


class Arrival(SocialLogin):  # type: ignore[misc]  # allauth has no types
    """Somebody whom a provider sends to us. allauth looks for no account of theirs and makes none: `welcome` does."""

    def __init__(self, told: Provider, claims: sso.Claims, refresh: str) -> None:
        super().__init__()
        self.told, self.claims, self.refresh = told, claims, refresh

    @override
    def lookup(self) -> None:
        """Leave it to `welcome`, which keeps nothing of what the provider says but a name of its own for the person."""


class OpenID(OAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """The addresses of a provider, and who comes from there."""

    def __init__(self, request: ViewerRequest, provider_id: str) -> None:
        self.provider_id = provider_id
        self.told: Provider = sso.providers()[provider_id]
        super().__init__(request)

    @property
    def access_token_url(self) -> str:
        """Give where a code is changed for what it stands for."""
        return str(sso.discovered(self.told)["token_endpoint"])

    @property
    def authorize_url(self) -> str:
        """Give where a person signs in."""
        return str(sso.discovered(self.told)["authorization_endpoint"])

    @property
    def basic_auth(self) -> bool:
        """Say whether we show who we are in a header."""
        return sso.is_basic(self.told)

    @override
    def get_callback_url(self, request: ViewerRequest, app: SocialApp) -> str:
        return f"{settings.ALONGSIDE.address}/accounts/provider/{self.provider_id}/callback/"

    @override
    def get_access_token_data(
        self, request: ViewerRequest, app: SocialApp, client: Any, pkce_code_verifier: str = ""
    ) -> dict[str, Any]:
        self.nonce = sso.nonce_of(pkce_code_verifier)
        told: dict[str, Any] = super().get_access_token_data(request, app, client, pkce_code_verifier)
        return told

    @override
    def complete_login(self, request: ViewerRequest, app: SocialApp, token: Any, **kwargs: Any) -> Arrival:
        claims = sso.claims_of(self.told, kwargs["response"], nonce=self.nonce)
        return Arrival(self.told, claims, token.token_secret)


class OpenIDConnect(OAuth2Provider):  # type: ignore[misc]  # allauth has no types
    """A provider of the configuration. What is asked of it is the configuration's to say, and no address's."""

    id = ID
    name = "OpenID Connect"
    oauth2_adapter_class = OpenID
    pkce_enabled_default = True

    @override
    def get_oauth2_adapter(self, request: ViewerRequest) -> OpenID:
        return OpenID(request, self.app.provider_id)

    @override
    def get_pkce_params(self) -> dict[str, str]:
        made: dict[str, str] = super().get_pkce_params()
        return made | {"nonce": sso.nonce_of(made["code_verifier"])}

    @override
    def get_scope_from_request(self, request: ViewerRequest) -> list[str]:
        return sso.providers()[self.app.provider_id].scope.split()

    @override
    def get_auth_params_from_request(self, request: ViewerRequest, action: str) -> dict[str, str]:
        return {}


provider_classes = [OpenIDConnect]


class Doorkeeper(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Knows the providers of the configuration, never those of a table, and signs in whom they send."""

    @override
    def list_apps(
        self, request: ViewerRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [
            SocialApp(provider=ID, provider_id=one.id, name=one.name, client_id=one.client, secret=one.secret)
            for one in sso.providers().values()
            if provider in {None, ID, one.id}
        ]

    @override
    def pre_social_login(self, request: ViewerRequest, sociallogin: Arrival) -> None:
        told, claims = sociallogin.told, sociallogin.claims
        lang = get_language() or "en"
        person = welcome(
            provider=told, claims=claims, refresh=sociallogin.refresh, lang=lang, now=request.now
        )
        if request.user.is_authenticated:
            get_account_adapter(request).logout(request)
        named = session_at(told.id, claims.sid)
        record_authentication(request, person, "socialaccount", provider=told.id, session=named)
        # Whoever has a passkey is asked for it now.
        raise ImmediateHttpResponse(
            perform_login(
                request, person, redirect_url=sociallogin.state.get("next"), signal_kwargs={AT_WORK: told.id}
            )
        )

    @override
    def on_authentication_error(self, request: ViewerRequest, provider: OpenIDConnect, **_told: Any) -> None:
        raise silent(sso.providers()[provider.app.provider_id])
