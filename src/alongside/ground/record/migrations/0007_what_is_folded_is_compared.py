from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0006_who_is_behind_a_promise'),
    ]

    operations = [
        migrations.AddField(
            model_name='log',
            name='differing',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='log',
            name='looked_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='log',
            name='looked_to',
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
