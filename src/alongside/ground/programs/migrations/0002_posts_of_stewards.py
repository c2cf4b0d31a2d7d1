import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def one_list(apps, schema_editor):
    """Name the program of each post, and keep what stewards held as posts without an office."""
    Post = apps.get_model("programs", "Post")
    for post in Post.objects.select_related("office__unit"):
        post.program_id = post.office.unit.program_id
        post.save(update_fields=["program_id"])
    Post.objects.bulk_create(
        Post(person_id=one.person_id, program_id=one.program_id, from_date=one.from_date, until_date=one.until_date)
        for one in apps.get_model("programs", "Stewardship").objects.order_by("pk")
    )
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the tables cannot be altered below


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='program',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='programs.program'),
        ),
        migrations.AlterField(
            model_name='post',
            name='office',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='programs.office'),
        ),
        migrations.RunPython(one_list, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='post',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='programs.program'),
        ),
        migrations.DeleteModel(
            name='Stewardship',
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('until_date', None)), fields=('person', 'office'), name='a_person_holds_an_office_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('office', None), ('until_date', None)), fields=('person', 'program'), name='a_person_runs_a_program_once_at_a_time'),
        ),
    ]
