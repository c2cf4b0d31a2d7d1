"""What a pack decides about trouble: who hears alarms, how long messages stay, and requests from federal agencies."""

import hashlib
import re
from dataclasses import dataclass

from alongside.core.canonical import canonical
from alongside.core.policy.words import FALLBACK, Words

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
OFFICE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}/[a-z0-9][a-z0-9-]{0,59}\Z")
LONGEST = 3650
DECLINE = Words(
    {
        FALLBACK: "I cannot help with this request. I write it down and hand it to the head of my office and to our lawyers. Please send it to them in writing.",
        "es": "No puedo ayudar con este pedido. Lo anoto y lo entrego a la dirección de mi oficina y a nuestros abogados. Envíeselo por escrito.",
        "vi": "Tôi không thể giúp yêu cầu này. Tôi ghi lại và chuyển cho người đứng đầu cơ quan và luật sư của chúng tôi. Xin gửi cho họ bằng văn bản.",
        "ar": "لا أستطيع المساعدة في هذا الطلب. أدوّنه وأسلّمه إلى رئيس إدارتي وإلى محامينا. أرسله إليهم كتابةً من فضلك.",
    }
)


@dataclass(frozen=True)
class Body:
    """A community body outside the government that hears alarms: its name and the address it signs in with."""

    name: Words
    email: str

    @property
    def sha256(self) -> str:
        """Give a hash by which the record tells whether it is another body, or another address."""
        return hashlib.sha256(canonical([dict(self.name.by_lang), self.email])).hexdigest()


@dataclass(frozen=True)
class CommunityBody:
    """The `[community_body]` table: who outside the government steps in where leads are too few.

    `office` is unit/office, and the unit is none of the pack: it is never asked, never answers and signs for no unit.
    """

    office: str
    name: Words


@dataclass(frozen=True)
class CharterRules:
    """The `[charter]` table: who hears an alarm where the charter names nobody who can, and how long words are kept.

    `alarm_to` is unit/office. Closed alarms are erased after `alarm_kept_days`, messages after `message_kept_days`.
    """

    alarm_to: str | None = None
    alarm_body: Body | None = None
    alarm_days: int = 10
    alarm_kept_days: int = 365
    message_kept_days: int = 90

    def told(self) -> dict[str, str | int]:
        """Say in the terms of the record who hears alarms, and how long they and messages are kept; no name, no address."""
        office = {"to": self.alarm_to} if self.alarm_to else {}
        body = {"body": self.alarm_body.sha256} if self.alarm_body else {}
        days = {"alarm_days": self.alarm_kept_days, "message_days": self.message_kept_days}
        return {**office, **body, **days}


@dataclass(frozen=True)
class Statute:
    """A law as the page cites it, and where it was read. What is not verified is not shown."""

    cites: str
    says: Words
    source: str
    verified: bool = True


@dataclass(frozen=True)
class FederalRules:
    """The `[federal]` table: what staff say and do when a federal agency asks, and what the public may see.

    `attorney` is unit/office where the pack has that office, else `attorney_words` says who it is. `report` says to
    whom the monthly file goes. `will` is what the program promises a lead who is handed a paper.
    """

    decline: Words | None = None
    statutes: tuple[Statute, ...] = ()
    attorney: str | None = None
    attorney_words: Words | None = None
    report: Words | None = None
    report_source: str | None = None
    will: Words | None = None
    exact_counts: bool = False

    @property
    def shown(self) -> tuple[Statute, ...]:
        """Give the statutes that may be shown: those that were checked."""
        return tuple(one for one in self.statutes if one.verified)

    @property
    def says(self) -> Words:
        """Give the words with which staff decline: those of the pack, or the usual ones."""
        return self.decline or DECLINE
