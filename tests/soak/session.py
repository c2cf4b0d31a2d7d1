"""Put the files of the pages in their place, sign the first lead in, and print the key of the session. Usage: python -m tests.soak.session"""

import os

import django


def main() -> None:
    """Make a session as a browser has one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
    django.setup()
    from django.core.management import call_command

    from alongside.ground.people.models import Person
    from tests.support.browsers import session_of

    call_command("collectstatic", verbosity=0, interactive=False)
    print(session_of(Person.objects.get(email__startswith="first")))


if __name__ == "__main__":
    main()
