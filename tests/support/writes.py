"""Only actions write: SQL that changes rows is refused unless an actions.py is on the stack."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created
from django.template.base import Template

OURS = str(Path(__file__).parents[2] / "src" / "alongside")
WRITE = re.compile(
    r"\s*(?:/\*.*?\*/\s*)*(?:WITH\b.*?\)\s*)?(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE)\b", re.I | re.S
)
# Machinery that keeps its own rows: sessions, sign-in, the queue. Their middlewares wrap every request, so do not count.
MACHINERY = ("django.contrib.sessions.backends.", "allauth.", "django_tasks_db.")
DRAWING = {
    "_render",
    "instrumented_test_render",
}  # the second is what Django's test environment puts for the first


class WriteOutsideActionError(AssertionError):
    """A view, a form or a query changed rows."""


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame:
        yield frame
        frame = frame.f_back


def may_write(frame: FrameType) -> bool:
    """Say whether somebody on this stack is allowed to change rows."""
    for one in _frames(frame):
        file, module = one.f_code.co_filename, one.f_globals.get("__name__", "")
        if file.startswith(OURS) and (Path(file).name == "actions.py" or Path(file).parent.name == "actions"):
            return True
        if module.startswith(MACHINERY) and not module.endswith(".middleware"):
            return True
    return False


def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Stand before every statement (an execute wrapper)."""
    if WRITE.match(sql) and not may_write(sys._getframe(1)):
        viewer = next((f for f in _frames(sys._getframe(1)) if f.f_code.co_filename.startswith(OURS)), None)
        where = (
            f"{viewer.f_code.co_filename.removeprefix(OURS)}:{viewer.f_lineno}"
            if viewer
            else "code outside the house"
        )
        raise WriteOutsideActionError(
            f"{where} changes rows; move the write into an actions.py. The statement: {sql[:200]}"
        )
    return execute(sql, params, many, context)


class QueryWhileRenderingError(AssertionError):
    """A template asked the database."""


def refuse_while_rendering(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    """Stand before every statement and refuse it while a template of ours is being drawn (an execute wrapper)."""
    drawing = [
        f
        for f in _frames(sys._getframe(1))
        if f.f_code.co_name in DRAWING and isinstance(f.f_locals.get("self"), Template)
    ]
    ours = [
        f.f_locals["self"]
        for f in drawing
        if str(getattr(f.f_locals["self"].origin, "name", "")).startswith(OURS)
    ]
    machinery = any(str(template.origin.template_name).startswith(("account/", "mfa/")) for template in ours)
    if ours and not machinery:  # the views of sign-in are allauth's; they hand over what is not read yet
        raise QueryWhileRenderingError(
            f"{ours[0].origin.template_name} asks the database while it is drawn; read it in queries.py first. The statement: {sql[:200]}"
        )
    return execute(sql, params, many, context)


@contextmanager
def nothing_is_asked_while_rendering() -> Iterator[None]:
    """Refuse, in this thread, any statement that a template causes."""
    with connection.execute_wrapper(refuse_while_rendering):
        yield


@contextmanager
def only_actions_write() -> Iterator[None]:
    """Refuse, in this thread, rows changed outside an action."""
    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def only_actions_write_in_new_connections() -> Iterator[None]:
    """Refuse it in every connection opened from here on, whatever the thread (a served site)."""

    def guard(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(refuse)

    connection_created.connect(guard, weak=False)
    try:
        yield
    finally:
        connection_created.disconnect(guard)
