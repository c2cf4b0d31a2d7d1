import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('programs', '0001_initial'),
        ('seats', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Workplan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60)),
                ('lang', models.CharField(max_length=12)),
                ('begun_on', models.DateField()),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workplans', to='seats.cohort')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workplans', to='programs.program')),
                ('units', models.ManyToManyField(related_name='workplans', to='programs.unit')),
            ],
        ),
        migrations.CreateModel(
            name='PlanUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField()),
                ('data', models.BinaryField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='workplans.workplan')),
            ],
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=121)),
                ('seen_at', models.DateTimeField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='present', to='workplans.workplan')),
            ],
        ),
        migrations.AddConstraint(
            model_name='workplan',
            constraint=models.UniqueConstraint(fields=('program', 'slug'), name='a_workplan_is_named_once_in_a_program'),
        ),
        migrations.AddConstraint(
            model_name='planupdate',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='an_update_has_one_place_in_its_plan'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('plan', 'actor'), name='an_actor_is_present_once_in_a_plan'),
        ),
    ]
