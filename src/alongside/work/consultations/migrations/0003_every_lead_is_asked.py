from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0002_comments_are_erased'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='consultation',
            name='cohort',
        ),
    ]
