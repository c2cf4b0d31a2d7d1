"""What is kept of cohorts: seats and what moves in them, charters, meetings, calendars."""

from alongside.cohort.seats.models.care import (
    Alarm,
    AlarmClosed,
    AlarmTaken,
    Knock,
    Message,
    MessageRead,
    MessageTo,
    Reminded,
    TextNumber,
)
from alongside.cohort.seats.models.leaving import InReach, LastWords, SecondAsked
from alongside.cohort.seats.models.meetings import Attendance, Cancelled, Held, Meeting, MinutesDraft
from alongside.cohort.seats.models.moves import (
    Alternate,
    Appeal,
    AppealDecision,
    Removal,
    RoleHeld,
    StoodDown,
    Vacancy,
    VacancyFilled,
)
from alongside.cohort.seats.models.papers import CalendarKey, CharterDraft
from alongside.cohort.seats.models.rules import Consent, Proposal
from alongside.cohort.seats.models.seats import Cohort, Seat, SeatEnd

__all__ = [
    "Alarm",
    "AlarmClosed",
    "AlarmTaken",
    "Alternate",
    "Appeal",
    "AppealDecision",
    "Attendance",
    "CalendarKey",
    "Cancelled",
    "CharterDraft",
    "Cohort",
    "Consent",
    "Held",
    "InReach",
    "Knock",
    "LastWords",
    "Meeting",
    "Message",
    "MessageRead",
    "MessageTo",
    "MinutesDraft",
    "Proposal",
    "Reminded",
    "Removal",
    "RoleHeld",
    "Seat",
    "SeatEnd",
    "SecondAsked",
    "StoodDown",
    "TextNumber",
    "Vacancy",
    "VacancyFilled",
]
