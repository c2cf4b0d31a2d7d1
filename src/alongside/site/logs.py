"""Logs and error reports without personal data: no address, agent, query, typed value, or time finer than a day."""

import logging
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


class ScrubbedFormatter(logging.Formatter):
    """Writes day, level, logger and message; other people's messages only as their template, without values."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", datefmt="%Y-%m-%d")

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        request: object = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            match = request.resolver_match
            route = f"/{match.route}" if match else "an address that is not here"
            record.message = f"{getattr(record, 'status_code', '')} {request.method} {route}".strip()
        elif not record.name.startswith(("alongside", "_granian")):
            record.message = str(record.msg)
        return super().formatMessage(record)

    @override
    def formatException(self, ei: Any) -> str:
        return told(ei)

    @override
    def formatStack(self, stack_info: str) -> str:
        return ""


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


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"scrubbed": {"()": "alongside.site.logs.ScrubbedFormatter"}},
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
