"""Pages of consultations: for everyone, for the unit that asked, and for the leads who review."""

from alongside.work.consultations.views.leads import guide, remarks, reply, review, take_back
from alongside.work.consultations.views.public import consultation, consultations, file, material
from alongside.work.consultations.views.staff import bring, open_one, renew, withdraw

__all__ = [
    "bring",
    "consultation",
    "consultations",
    "file",
    "guide",
    "material",
    "open_one",
    "remarks",
    "renew",
    "reply",
    "review",
    "take_back",
    "withdraw",
]
