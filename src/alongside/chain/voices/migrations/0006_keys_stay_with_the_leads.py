import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def say_whose(apps, _schema_editor):
    """Say of the wraps that are there which key of the lead they are sealed to; who sealed them was not kept."""
    Wrap, LeadKey = apps.get_model("voices", "Wrap"), apps.get_model("voices", "LeadKey")
    Wrap.objects.update(by=F("seat"))
    for key in LeadKey.objects.order_by("entry"):
        Wrap.objects.filter(seat=key.seat_id).update(recipient=key.recipient)


class Migration(migrations.Migration):

    dependencies = [
        ("seats", "0005_reminded"),
        ("voices", "0005_leads_set_voices_aside"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="wrap", name="a_key_is_wrapped_once_for_a_lead"),
        migrations.AddField(
            model_name="wrap",
            name="recipient",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="wrap",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wraps_sealed",
                to="seats.seat",
            ),
        ),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="wrap",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="wraps_sealed", to="seats.seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="wrap",
            constraint=models.UniqueConstraint(
                fields=("key", "seat", "recipient", "by"), name="a_lead_wraps_a_key_once_for_a_lead"
            ),
        ),
        migrations.CreateModel(
            name="DestructionAsked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ground", models.CharField(max_length=200)),
                ("asked_on", models.DateField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destruction_asked",
                        to="voices.engagementkey",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destruction_asked",
                        to="seats.seat",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "seat"), name="a_lead_asks_once_to_destroy_a_key")
                ],
            },
        ),
    ]
