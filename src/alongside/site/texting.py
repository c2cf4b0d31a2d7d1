"""Text messages by an HTTP gateway, where one is configured: one POST of JSON with a number and a line of words."""

import json
from urllib.request import Request, urlopen

from alongside.site.config import Text

SECONDS = 10


def send_text(gateway: Text, number: str, words: str) -> bool:
    """Send one text message; say False where no gateway is configured. Raises OSError where the gateway fails.

    The gateway gets {"from", "to", "text"} with the token as a bearer. Neither number nor words reach a log here.
    """
    if not gateway.gateway:
        return False
    body = json.dumps({"from": gateway.sender, "to": number, "text": words}).encode()
    headers = {"Content-Type": "application/json"}
    if gateway.token:
        headers["Authorization"] = f"Bearer {gateway.token}"
    request = Request(gateway.gateway, body, headers, method="POST")  # noqa: S310 -- config refuses all but http and https
    with urlopen(request, timeout=SECONDS) as reply:  # noqa: S310 -- as above
        reply.read()
    return True
