from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0007_what_is_folded_is_compared'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestonestanding',
            name='passed',
            field=models.TextField(default=''),
        ),
    ]
