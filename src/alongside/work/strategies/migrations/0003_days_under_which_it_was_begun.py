import tomllib

from django.db import migrations, models

LEAST, UNLESS_SAID = 30, 90


def keep_for_the_longest(apps, _schema_editor):
    """Keep each strategy of before for the longest days of any pack so far: under which one it was begun, nothing tells."""
    Strategy, PackVersion = apps.get_model("strategies", "Strategy"), apps.get_model("programs", "PackVersion")
    for program in Strategy.objects.values_list("program", flat=True).distinct():
        texts = PackVersion.objects.filter(program=program).values_list("text", flat=True)
        days = [tomllib.loads(one).get("kept", {}).get("strategy_days", UNLESS_SAID) for one in texts]
        Strategy.objects.filter(program=program).update(days_kept=max([LEAST, *days]))


class Migration(migrations.Migration):

    dependencies = [
        ("programs", "0003_the_community_body_is_outside"),
        ("strategies", "0002_two_leads_end_a_strategy"),
    ]

    operations = [
        migrations.AddField(
            model_name="strategy",
            name="days_kept",
            field=models.PositiveSmallIntegerField(default=UNLESS_SAID),
            preserve_default=False,
        ),
        migrations.RunPython(keep_for_the_longest, migrations.RunPython.noop),
    ]
