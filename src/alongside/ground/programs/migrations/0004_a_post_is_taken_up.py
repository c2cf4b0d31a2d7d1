from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def take_up_all(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Let posts that were given before stand as taken up: their people acted under them."""
    apps.get_model("programs", "Post").objects.update(taken_on=F("from_date"))


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0003_the_community_body_is_outside'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='taken_on',
            field=models.DateField(null=True),
        ),
        migrations.RunPython(take_up_all, migrations.RunPython.noop),
    ]
