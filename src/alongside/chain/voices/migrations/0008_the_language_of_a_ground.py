from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voices", "0007_notes_keep_their_last_few")]

    operations = [
        migrations.AddField("destructionasked", "lang", models.CharField(default="en", max_length=10)),
    ]
