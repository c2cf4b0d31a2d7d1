"""Logs and error reports without personal data: no address, agent, query, typed value, or time finer than a minute. Of a visit that went well, nothing."""

import json
import logging
import secrets
import time
import traceback
from collections.abc import ItemsView
from types import TracebackType
from typing import Any, override

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

type ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def told(exc_info: ExcInfo) -> str:
    """Tell an exception by its class and the lines it passed, never by its message or values."""
    kind, _, trace = exc_info
    if kind is None:
        return ""
    frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([f"{kind.__module__}.{kind.__qualname__} at", *frames])


#: How a log tells a time: to the minute, in UTC.
MINUTE = "%Y-%m-%dT%H:%MZ"


def new_number() -> str:
    """Give the number of an error, for the page and the log: six digits by chance, which say nothing of anyone."""
    return f"{secrets.randbelow(10**6):06}"


def scrubbed(record: logging.LogRecord) -> str:
    """Give what a record says; other people's messages only as their template, without values."""
    request: object = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        match = request.resolver_match
        route = f"/{match.route}" if match else "an address that is not here"
        return f"{getattr(record, 'status_code', '')} {request.method} {route}".strip()
    return record.getMessage() if record.name.startswith(("alongside", "_granian")) else str(record.msg)


def number_of(record: logging.LogRecord) -> str:
    """Give the number of an error that a page showed, or nothing."""
    return str(getattr(getattr(record, "request", record), "error_number", ""))


class ScrubbedFormatter(logging.Formatter):
    """Writes minute, level, logger, message and the number of the error, in one line."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", datefmt=MINUTE)

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        number = number_of(record)
        record.message = scrubbed(record) + f" (error {number})" * bool(number)
        return super().formatMessage(record)

    @override
    def formatException(self, ei: Any) -> str:
        return told(ei)

    @override
    def formatStack(self, stack_info: str) -> str:
        return ""


class StructuredFormatter(ScrubbedFormatter):
    """Writes the same as one object of JSON a line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        told_of = {
            "at": self.formatTime(record, MINUTE),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(record),
            "error": number_of(record),
            "trace": told(record.exc_info).splitlines() if record.exc_info else [],
        }
        return json.dumps({name: value for name, value in told_of.items() if value}, ensure_ascii=False)


class ScrubbedFilter(SafeExceptionReporterFilter):
    """Keeps everything about the request, the settings and the values of variables out of an error report."""

    @override
    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    @override
    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    @override
    def get_safe_request_meta(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    @override
    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    @override
    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    @override
    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:
        return dict[str, Any]().items()


class ScrubbedReporter(ExceptionReporter):
    """Makes an error report of the exception's class and the lines it passed, in HTML as in text."""

    @override
    def get_traceback_text(self) -> SafeString:
        if self.exc_type is None or self.exc_value is None:
            return SafeString("")
        return SafeString(told((self.exc_type, self.exc_value, self.tb)))

    @override
    def get_traceback_html(self) -> SafeString:
        page = "<!doctype html><title>Error</title><h1>Error</h1><pre>{}</pre>"
        return format_html(page, str(self.get_traceback_text()))


FORMATTERS = {"lines": "ScrubbedFormatter", "json": "StructuredFormatter"}


def logging_in(form: str) -> dict[str, Any]:
    """Give Django's LOGGING, in lines or in JSON."""
    return LOGGING | {"formatters": {"scrubbed": {"()": f"{__name__}.{FORMATTERS[form]}"}}}


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "scrubbed"},
        "trouble": {"class": "logging.StreamHandler", "formatter": "scrubbed", "level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "alongside": {"level": "INFO"},
        # Django's own handlers would print the address asked for and mail it.
        "django": {"handlers": [], "propagate": True, "level": "ERROR"},
        "django.server": {"handlers": [], "propagate": False},
        # Whether a task goes on is told by the health page; each of its steps in a line without values tells nothing.
        "django.tasks": {"handlers": ["trouble"], "propagate": False},  # the worker sets its level anew
        "_granian": {"handlers": ["trouble"], "propagate": False},
        "django_tasks_db": {"handlers": ["trouble"], "propagate": False},
        "granian.access": {"handlers": [], "propagate": False},
    },
}
