from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0005_corrections_in_every_language'),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='beside',
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
