"""The translations of a workplan: its words row by row, so that what was chosen stays as both sides signed it."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponseBase

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.record.forms import Piece
from alongside.ground.record.views.translating import Cut, page
from alongside.work.workplans.queries import versions
from alongside.work.workplans.queries.shape import KINDS, PLAN, WHOLE
from alongside.work.workplans.queries.wording import FIELDS, row_label


@open_to(Role.EVERYONE)
def translations(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the translations of the version that stands; leads, staff and the steward add one."""
    found = versions.shown_plan(request.program, versions.AS_WRITTEN, slug)
    if found is None:
        raise Http404
    return page(request, found.shown.proposed.index, BY_ROW)


def _held(says: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str], str]]:
    """Give every text of a snapshot that holds words: its name, its label, the row that holds it, and the field."""
    for field in WHOLE.texts:
        if says[field]:
            yield f"{PLAN}.{field}", str(FIELDS[PLAN, field]), says, field
    for kind, shape in KINDS.items():
        for number, row in enumerate(says["rows"][kind], 1):
            for field in shape.texts:
                if row[field]:
                    yield f"{row['id']}.{field}", row_label(kind, number), row, field


def _apart(texts: dict[str, str]) -> list[Piece]:
    says = json.loads(texts["plan"]) if "plan" in texts else None
    return [Piece(name, label, row[field]) for name, label, row, field in _held(says)] if says else []


def _together(texts: dict[str, str], typed: dict[str, str]) -> dict[str, str]:
    says = json.loads(texts["plan"])
    for name, _label, row, field in _held(says):
        row[field] = typed[name]
    return {"title": says["title"], "plan": json.dumps(says, ensure_ascii=False)}


BY_ROW = Cut(_apart, _together)
