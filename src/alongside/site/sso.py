"""What a provider (OpenID Connect) says of a person: nothing is believed that it did not sign, or that is not its to say."""

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import jwt
import requests
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

from alongside.core.refusals import Refused
from alongside.site.config import Provider

#: Signatures whose key the provider alone has. With "none" or HS256 whoever knows our id, or a public key, could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
#: Seconds: how long we wait for a provider, keep what it says of itself, ask for new keys at most once,
#: let its clock differ, and believe that it ended a session.
PATIENCE, KEPT, KEYS_AGAIN, LEEWAY, FRESH = 5, 600, 60, 60, 300
#: Bytes: no token is longer.
LONGEST = 32_768


class ProviderSilentError(RuntimeError):
    """The provider does not answer, or says what cannot be believed. It has said nothing about the person."""


class ProviderRefusedError(RuntimeError):
    """The provider says that it stands for this person no more."""


class SignInError(Refused):
    """Somebody is not signed in; the page that says why leads back to the ways in, for nothing was typed."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of a person. The address is empty where it is not verified, or not the provider's to say."""

    subject: str
    email: str
    groups: frozenset[str]
    #: The provider's own name of the session in which it was said, if it has one.
    sid: str = ""


_kept: dict[str, tuple[float, Any]] = {}
_lock = Lock()


def providers() -> dict[str, Provider]:
    """Give the providers of the configuration by their ids."""
    return {one.id: one for one in settings.ALONGSIDE.sso}


def posts_given(provider: Provider, groups: Iterable[str]) -> dict[str, set[str]]:
    """Give by program's slug the posts that these groups give, as unit/office or "steward"; every program that is named, too."""
    found: dict[str, set[str]] = {one.program: set() for one in provider.posts}
    held = set(groups)
    for one in provider.posts:
        if one.group in held:
            found[one.program].add(one.post)
    return found


def discovered(provider: Provider) -> dict[str, Any]:
    """Give what the provider says of itself: its addresses. Raises ProviderSilentError where it is not who we named."""
    found: dict[str, Any] = _fetched(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", KEPT)
    if found.get("issuer") != provider.issuer:
        raise ProviderSilentError("The provider calls itself by another name than sso.issuer.")
    named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if any(not str(found.get(one, "")).startswith(_scheme()) for one in named):
        raise ProviderSilentError("The provider names no address that is safe to ask.")
    return found


def verified(provider: Provider, token: object, *, needs: Iterable[str]) -> dict[str, Any]:
    """Read a token that the provider signed for us and that has these claims; raise ProviderSilentError for any other."""
    if not isinstance(token, str) or len(token) > LONGEST:
        raise ProviderSilentError("There is no token.")
    try:
        said: dict[str, Any] = jwt.decode(
            token,
            _key(provider, jwt.get_unverified_header(token)),
            algorithms=list(ALGORITHMS),
            audience=provider.client,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "iat", *needs]},
        )
    except jwt.PyJWTError as error:
        raise ProviderSilentError(type(error).__name__) from None
    others = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
    if said.get("azp", provider.client) != provider.client or (len(others) > 1 and "azp" not in said):
        raise ProviderSilentError("The token is for somebody else.")
    return said


def nonce_of(verifier: str) -> str:
    """Give the word that a provider writes into the token of this very sign-in, made of what the browser's session alone holds."""
    return hashlib.sha256(f"nonce {verifier}".encode()).hexdigest()


def claims_of(
    provider: Provider, answer: Mapping[str, Any], subject: str = "", *, nonce: str | None = None
) -> Claims:
    """Read who signed in from the answer of the token endpoint; `subject` is who it must be, where that is known.

    `nonce` is the word that the token of this sign-in must hold; None where nobody just signed in.

    What stands in the token goes before what the provider says when asked; both must name one person.
    """
    said: dict[str, Any] = {}
    if "id_token" in answer or not subject:
        said = verified(provider, answer.get("id_token"), needs=("sub", "exp"))
        if nonce is not None and said.get("nonce") != nonce:
            raise ProviderSilentError("The token is of another sign-in.")
    asked = discovered(provider).get("userinfo_endpoint")
    if asked and answer.get("access_token"):
        held = {"Authorization": f"Bearer {answer['access_token']}"}
        told = _answered(_asked("GET", asked, headers=held))
        if said and told.get("sub") != said["sub"]:
            raise ProviderSilentError("The provider speaks of two people.")
        said = {**told, **said}
    who = said.get("sub")
    if not isinstance(who, str) or not who or (subject and who != subject):
        raise ProviderSilentError("The provider speaks of another person.")
    return Claims(who, _address(provider, said), _groups(provider, said), _word(said.get("sid")))


def renewed(provider: Provider, token: str, subject: str) -> tuple[Claims, str]:
    """Ask the provider whether it still stands for a person; give what it says now, and the token to ask with next.

    Raises ProviderRefusedError where it does not any more, ProviderSilentError where it does not say.
    """
    form = {"grant_type": "refresh_token", "refresh_token": token}
    auth = (provider.client, provider.secret) if is_basic(provider) else None
    if auth is None:
        form |= {"client_id": provider.client, "client_secret": provider.secret}
    response = _asked("POST", discovered(provider)["token_endpoint"], data=form, auth=auth)
    if response.status_code == requests.codes.bad_request and _json(response).get("error") == "invalid_grant":
        raise ProviderRefusedError
    answer = _answered(response)
    return claims_of(provider, answer, subject), _word(answer.get("refresh_token")) or token


def ended(provider: Provider, token: object) -> tuple[str, str]:
    """Read from a logout token whose sessions are over: the person, or the one session, or both; an empty word is none.

    Raises ProviderSilentError for any other token, one that signs somebody in among them, and for one that is not of this moment.
    """
    said = verified(provider, token, needs=("jti", "events"))
    events, subject, sid = said["events"], _word(said.get("sub")), _word(said.get("sid"))
    if not isinstance(events, dict) or LOGOUT not in events or "nonce" in said or not (subject or sid):
        raise ProviderSilentError("This token ends no session.")
    if time.time() - float(said["iat"]) > FRESH:
        raise ProviderSilentError("This token is old.")
    return subject, sid


def is_basic(provider: Provider) -> bool:
    """Say whether we show the provider who we are in a header; in the form where it takes both."""
    methods = discovered(provider).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return "client_secret_post" not in methods


def _address(provider: Provider, said: Mapping[str, Any]) -> str:
    """Give the address, where the provider verified it and speaks for its domain; else nothing."""
    address = _word(said.get("email")).lower()
    if not address.isascii() or address.count("@") != 1:
        return ""
    unsaid = provider.verified == "domain" and "email_verified" not in said
    is_theirs = address.partition("@")[2] in provider.domains.lower().split()
    return address if is_theirs and (unsaid or said.get("email_verified") is True) else ""


def _groups(provider: Provider, said: Mapping[str, Any]) -> frozenset[str]:
    found = said.get(provider.groups, [])
    return frozenset(one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str))


def _word(said: object) -> str:
    return said if isinstance(said, str) else ""


def _key(provider: Provider, header: Mapping[str, Any]) -> jwt.PyJWK:
    """Give the provider's key that a token names; keys are asked for anew where none fits, at most once a minute."""
    for patience in (KEPT, KEYS_AGAIN):
        held = _fetched(discovered(provider)["jwks_uri"], patience).get("keys", [])
        named = [one for one in held if one.get("use", "sig") == "sig" and one.get("kty") != "oct"]
        found = [one for one in named if one.get("kid") == header.get("kid")] if "kid" in header else named
        if len(found) == 1:
            return jwt.PyJWK(found[0])
    raise ProviderSilentError("The provider has no such key.")


def _fetched(address: str, seconds: int) -> dict[str, Any]:
    """Fetch what the provider publishes, or give what is not older than so many seconds."""
    with _lock:
        at, held = _kept.get(address, (0.0, {}))
    if held and time.monotonic() - at < seconds:
        return dict(held)
    found = _answered(_asked("GET", address))
    with _lock:
        _kept[address] = (time.monotonic(), found)
    return found


def _answered(response: requests.Response) -> dict[str, Any]:
    if response.status_code != requests.codes.ok:
        raise ProviderSilentError(f"The provider answered {response.status_code}.")
    return _json(response)


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        found = json.loads(response.content)
    except ValueError:
        raise ProviderSilentError("The provider's answer cannot be read.") from None
    return found if isinstance(found, dict) else {}


def _asked(method: str, address: object, **sent: Any) -> requests.Response:
    """Ask the provider at an address as it told it: wait a little, and follow nowhere."""
    if not str(address).startswith(_scheme()):
        raise ProviderSilentError("The provider names no address that is safe to ask.")
    try:
        return requests.request(method, str(address), timeout=PATIENCE, allow_redirects=False, **sent)
    except requests.RequestException as error:
        raise ProviderSilentError(type(error).__name__) from None


def _scheme() -> str:
    return "https://" if settings.PRODUCTION else "http"


def _chest() -> Fernet:
    """Give what opens with the server's secret alone, so that a copy of the database cannot ask in our name."""
    return Fernet(urlsafe_b64encode(salted_hmac("alongside/sso/v1", "", algorithm="sha256").digest()))


def sealed(token: str) -> str:
    """Seal a token that asks the provider, as the database keeps it."""
    return _chest().encrypt(token.encode()).decode() if token else ""


def opened(kept: str) -> str:
    """Open a sealed token; empty where there is none, or the secret of the server is another one now."""
    try:
        return _chest().decrypt(kept.encode()).decode()
    except InvalidToken:
        return ""
