"""Give JSON-LD contexts from our own pinned copies, and refuse every other address: nothing is fetched."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "contexts"
PINNED = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
}


class ContextNotPinned(LookupError):  # noqa: N818 -- the name is a sentence
    """A document names a context that is not among our copies."""


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


class Pinned:
    """A document loader for PyLD that knows the pinned contexts, `more` if given, and nothing else."""

    def __init__(self, more: dict[str, dict[str, Any]] | None = None) -> None:
        self.more = more or {}

    def __call__(self, url: str, _options: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the context at an address. Raises ContextNotPinned for one that is not held here."""
        if url in self.more:
            document = self.more[url]
        elif url in PINNED:
            document = _read(PINNED[url])
        else:
            raise ContextNotPinned(f"{url} is not pinned; use a context that stands in credentials/contexts.")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
        }
