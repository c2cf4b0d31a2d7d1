from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0005_learning_periods'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestonestanding',
            name='behind',
            field=models.TextField(default=''),
        ),
    ]
