"""What every test may ask for; each fixture says what it gives in its own module."""

import os

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # Playwright's plain API runs a loop in the test's thread

pytest_plugins = [
    "tests.support.databases",
    "tests.support.demonstration",
    "tests.support.mail",
    "tests.support.pages",
    "tests.support.people",
    "tests.support.sites",
    "tests.support.browsers",
]
