"""Sessions whose key only the person's browser knows: the database keeps a hash of it."""

import hashlib
from datetime import UTC, datetime
from typing import Any, cast, override

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from alongside.ground.people.models import BEGAN, ON_PAPER, Session, Way
from alongside.ground.people.queries import tab_kept_as

#: What allauth calls the first way in which somebody showed who they are.
WAYS = {"code": Way.CODE, "mfa": Way.PASSKEY, "socialaccount": Way.PROVIDER}
DIGEST = 20  # bytes: as many hexadecimal digits as Django's column holds, 160 bits


def kept_as(session_key: str) -> str:
    """Give what the database keeps of a session's key. A key holds 165 random bits, so its hash cannot be tried out."""
    return hashlib.blake2b(session_key.encode(), digest_size=DIGEST, person=b"session").hexdigest()


def session_at(provider: str, sid: str) -> str:
    """Give what is kept of a provider's own name of a session, by which it ends ours; empty where it has none."""
    named = f"{provider} {sid}".encode()
    return hashlib.blake2b(named, digest_size=DIGEST, person=b"provider").hexdigest() if sid else ""


class SessionStore(db.SessionStore):
    """Django's store over the database, which looks for the hash of a key and never writes the key."""

    @classmethod
    @override
    def get_model_class(cls) -> type[Session]:
        return Session

    @override
    def load(self) -> dict[str, Any]:
        kept = kept_as(self.session_key or "")
        found = self.model.objects.filter(session_key=kept, expire_date__gt=datetime.now(tz=UTC)).first()
        if found is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found.session_data)
        return held

    @override
    def exists(self, session_key: str) -> bool:
        return super().exists(kept_as(session_key))

    @override
    def create_model_instance(self, data: dict[str, Any]) -> Session:
        made = cast("Session", super().create_model_instance(data))
        made.session_key = kept_as(made.session_key)
        if SESSION_KEY in data:
            made.person_id = int(data[SESSION_KEY])
            made.began_on = data.get(BEGAN)
            shown = (data.get(AUTHENTICATION_METHODS_SESSION_KEY) or [{}])[0]
            made.way = Way.PAPER if data.get(ON_PAPER) else WAYS.get(shown.get("method", ""), "")
            made.provider_session = shown.get("session", "")
        return made

    @override
    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            of_this_browser = [kept_as(key), tab_kept_as(key)]
            self.model.objects.filter(session_key__in=of_this_browser).delete()
