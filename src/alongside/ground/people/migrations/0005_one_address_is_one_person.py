"""Addresses are kept in small letters, and one address is one person."""

from collections import defaultdict

from django.core.management import CommandError
from django.db import migrations, models
from django.db.models.functions import Lower


def lower_addresses(apps, _schema_editor):
    """Write every address in small letters; refuse where two accounts would then have one."""
    Person = apps.get_model("people", "Person")
    owners = defaultdict(list)
    for pk, email in Person.objects.exclude(email=None).order_by("pk").values_list("pk", "email"):
        owners[email.lower()].append(pk)
    for numbers in owners.values():
        if len(numbers) > 1:
            raise CommandError(
                f"Accounts {' and '.join(map(str, numbers))} have one email address, in large and small letters. Ask its owner "
                "which account they keep. Close each other one, and upgrade again. To close it: alongside "
                'manage shell -c "from alongside.ground.people.models import Person; '
                'Person.objects.filter(pk=NUMBER).update(email=None, is_active=False)"'
            )
    for email, (pk,) in owners.items():
        Person.objects.filter(pk=pk).exclude(email=email).update(email=email)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0004_suspensions_are_of_seats"),
    ]

    operations = [
        migrations.RunPython(lower_addresses, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(Lower("email"), name="one_address_is_one_person"),
        ),
    ]
