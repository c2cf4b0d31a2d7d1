"""Suspensions are of seats, and the record tells each with its ground and its day: no row says it a second time."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_sessions_ended'),
    ]

    operations = [
        migrations.DeleteModel(
            name='Suspension',
        ),
    ]
