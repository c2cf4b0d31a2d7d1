"""What a pack demands to be counted about applicants. Counts and nothing else: no row is about one person."""

from django.db import models

from alongside.cohort.calls.models.calls import Call


class DemographicCount(models.Model):
    """How many applicants of a call chose an answer. There is no key to an application, and no row for one."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="demographic_counts")
    question = models.SlugField(max_length=40)
    choice = models.SlugField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "question", "choice"], name="demographics_are_kept_as_counts_only"
            ),
        ]
