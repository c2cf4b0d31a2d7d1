from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_profile_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='sessions_ended_on',
            field=models.DateField(null=True),
        ),
    ]
