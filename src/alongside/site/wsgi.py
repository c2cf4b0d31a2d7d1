"""What the web processes run."""

import gc
import logging
import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from alongside.site.logs import new_number, told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
django = get_wsgi_application()
logger = logging.getLogger("alongside.web")
_ = get_resolver().reverse_dict  # load every view now, and not while the first reader waits
gc.collect()
gc.freeze()  # what stays until the end is not looked through for garbage again and again
gc.set_threshold(10_000, 10, 10)  # a desk makes thousands of rows at once and lets them go together


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request; an error that even Django could not answer is told without its values."""
    try:
        return django(environ, start_response)
    except Exception as error:  # noqa: BLE001 -- the server would log the message, and messages hold what people typed
        number = new_number()
        what = told((type(error), error, error.__traceback__))
        logger.error("%s", what, extra={"error_number": number})  # noqa: TRY400 -- as above
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"We made a mistake (error {number}). Try again in a few minutes.".encode()]
