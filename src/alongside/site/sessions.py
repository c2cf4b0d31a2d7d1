"""Sessions whose key only the person's browser knows: the database keeps a hash of it."""

import hashlib
from datetime import UTC, datetime
from typing import Any, override

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

DIGEST = 20  # bytes: as many hexadecimal digits as Django's column holds, 160 bits


def kept_as(session_key: str) -> str:
    """Give what the database keeps of a session's key. A key holds 165 random bits, so its hash cannot be tried out."""
    return hashlib.blake2b(session_key.encode(), digest_size=DIGEST, person=b"session").hexdigest()


class SessionStore(db.SessionStore):
    """Django's store over the database, which looks for the hash of a key and never writes the key."""

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
    def create_model_instance(self, data: Any) -> AbstractBaseSession:
        made = super().create_model_instance(data)
        made.session_key = kept_as(made.session_key)
        return made

    @override
    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(kept_as(key))
