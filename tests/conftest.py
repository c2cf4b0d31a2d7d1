"""What every test may ask for; each fixture says what it gives in its own module."""

import gc
import os

from hypothesis import settings

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # Playwright's plain API runs a loop in the test's thread

#: A machine that is busy fails no test: how long something takes is told by ./dev bench. Nor does chance: what is drawn is drawn
#: from each test's own text, so that the same code passes or fails every time; ./dev soak draws anew, and more.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=1_000, print_blob=True)
settings.load_profile("house")

pytest_plugins = [
    "tests.support.acts",
    "tests.support.databases",
    "tests.support.demonstration",
    "tests.support.languages",
    "tests.support.mail",
    "tests.support.pages",
    "tests.support.people",
    "tests.support.sites",
    "tests.support.browsers",
]


def pytest_collection_finish() -> None:
    """Look for circles of garbage less often: what was loaded and gathered stays to the end, and tests leave little."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
