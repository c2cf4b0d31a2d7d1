"""A real OpenID provider (panva's oidc-provider, pinned in tests/oidc), spoken to over HTTP."""

import dataclasses
import hashlib
import html
import json
import re
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client

from alongside.site import sso
from alongside.site.config import Gives, Provider
from tests.cohort.training.strangers import node, ready

HERE = Path(__file__).parents[1] / "oidc"
#: Where tests without a browser say that we are.
OURS = "http://localhost:8000"
SECRET = "a-secret-that-the-provider-gave-to-us"


@dataclasses.dataclass
class RealProvider:
    """A provider that runs; `people` are told to it by `tell`, at `control`."""

    issuer: str
    control: str
    people: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    #: Whoever signed in there last, in their browser.
    browser: requests.Session = dataclasses.field(default_factory=requests.Session)

    def tell(self, **people: dict[str, Any] | None) -> None:
        """Tell the provider what is so of people; None is: they are here no more."""
        self.people |= people  # type: ignore[arg-type]  # None goes out again in the next line
        here = {sub: told for sub, told in self.people.items() if told is not None}
        requests.post(f"{self.control}/control/people", json=here, timeout=5).raise_for_status()

    def end(self, sub: str, sid: str = "", client: str = "alongside") -> str:
        """Let the provider end somebody's session; give what went wrong when it told us."""
        asked = {"client": client, "sub": sub, "sid": sid or None}
        return requests.post(f"{self.control}/control/end", json=asked, timeout=10).text

    def walk(self, there: str, sub: str) -> str:
        """Go where we lead somebody, sign in there as `sub`, and give the whole address to which the provider sends them back."""
        self.browser = requests.Session()
        page = self.browser.get(there, timeout=5)
        return self._followed(
            self.browser.post(page.url, data={"login": sub}, allow_redirects=False, timeout=5)
        )

    def _followed(self, answer: requests.Response) -> str:
        while True:
            there = answer.headers["Location"]
            if not there.startswith((self.issuer, "/")):
                return there
            there = requests.compat.urljoin(self.issuer, there)
            answer = self.browser.get(there, allow_redirects=False, timeout=5)

    def issue(self, **more: str) -> dict[str, Any]:
        """Give what the provider issues us about whoever signed in there last, in that session; `more` is asked for, too."""
        verifier = "v" * 50
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        back = f"{OURS}/accounts/provider/city/callback/"
        asked = {
            "client_id": "alongside",
            "response_type": "code",
            "scope": "openid email groups",
            "redirect_uri": back,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **more,
        }
        sent = self.browser.get(f"{self.issuer}/auth", params=asked, allow_redirects=False, timeout=5)
        code = parse_qs(urlsplit(self._followed(sent)).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
            "client_id": "alongside",
            "client_secret": SECRET,
        }
        return requests.post(f"{self.issuer}/token", data=form, timeout=5).json()


@contextmanager
def running(
    port: int, *, ours: str = OURS, ids: tuple[str, ...] = ("city",), left: str = "", issuer: str = ""
) -> Iterator[RealProvider]:
    """Run a provider that knows us at these addresses, while a test asks it; with an `issuer` something speaks https in front of it."""
    here = f"http://localhost:{port}"
    told = {
        "port": port,
        "issuer": issuer or here,
        "clients": [
            {
                "client_id": "alongside" if place == 0 else f"alongside-{one}",
                "client_secret": SECRET,
                "redirect_uris": [f"{ours}/accounts/provider/{one}/callback/"],
                "backchannel_logout_uri": left or f"{ours}/accounts/provider/{one}/left/",
                "post_logout_redirect_uris": [f"{ours}/"],
            }
            for place, one in enumerate(ids)
        ],
    }
    env = ready(HERE)
    made = subprocess.Popen(
        [node()[0], "server.mjs"],
        cwd=HERE,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        made.stdin.write(json.dumps(told) + "\n")
        made.stdin.flush()
        assert made.stdout.readline() == "ready\n"
        yield RealProvider(issuer or here, here)
    finally:
        made.stdin.close()
        made.stdout.close()
        made.wait(timeout=10)
        sso._kept.clear()


def provider(issuer: str, **more: Any) -> Provider:
    """Give the configuration of a provider whose groups give posts in the program of tests."""
    posts = (
        Gives("runs-the-program", "delta", "steward"),
        Gives("permits-managers", "delta", "permits-desk/manager"),
        Gives("permits-staff", "delta", "permits-desk/staff"),
    )
    told = {
        "id": "city",
        "name": "City of Delta",
        "issuer": issuer,
        "client": "alongside",
        "secret": SECRET,
        "domains": "delta.example",
        "scope": "openid email groups",
        "posts": posts,
    }
    return Provider(**(told | more))


def leave_for(client: Client, at: str = "city", after: str = "/delta/en/", lang: str = "en") -> str:
    """Press the button of a provider, and give the address to which the page leads."""
    page = client.post(f"/{lang}/accounts/sign-in/at/{at}/", {"next": after})
    assert page.status_code == 200, page.content.decode()
    there = page["Refresh"].removeprefix("0; url=")
    assert html.escape(there) in page.content.decode()
    return there


def come_back(client: Client, there: str) -> Any:
    """Open the address to which a provider sends somebody, and the one to which that leads."""
    parts = urlsplit(there)
    led = client.get(f"{parts.path}?{parts.query}")
    return client.get(led["Location"]) if led.status_code == 302 else led


def sign_in(client: Client, real: RealProvider, sub: str, **more: Any) -> Any:
    """Walk the whole way: our page, the provider, and back."""
    return come_back(client, real.walk(leave_for(client, **more), sub))


def said(page: Any) -> str:
    """Give the words of a refusal's page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def state_of(there: str) -> str:
    """Give the state that an address carries."""
    return parse_qs(urlsplit(there).query)["state"][0]
