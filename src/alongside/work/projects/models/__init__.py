"""A city policy, service or data product that is being decided, its decision points, and registers from files.

What the City and the leads say is in the record. `Listing` is folded from the record and from imported rows, and can
be rebuilt.
"""

from alongside.work.projects.models.files import Chunk, Import, Register, Row, Tile
from alongside.work.projects.models.listing import Listing, Touch
from alongside.work.projects.models.projects import DecisionPoint, Project

__all__ = [
    "Chunk",
    "DecisionPoint",
    "Import",
    "Listing",
    "Project",
    "Register",
    "Row",
    "Tile",
    "Touch",
]
