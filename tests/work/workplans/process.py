"""A server process of its own on a test's database: prints its port, then serves until it is killed.

Usage: python -m tests.work.workplans.process DATABASE SECRET
"""

import os
import sys


def main() -> None:
    """Serve the site on a free port of this machine."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
    import django
    from django.conf import settings

    settings.SECRET_KEY = sys.argv[2]
    django.setup()
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    connections.databases["default"]["NAME"] = sys.argv[1]
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
