"""A lottery with its tickets, panels and draw, the end of a selection, and the seats that are offered after it."""

from django.db import models
from django.db.models import F, Q

from alongside.cohort.applications.models import Application
from alongside.cohort.calls.models import Call
from alongside.cohort.seats.models import Alternate, Cohort, Seat, Vacancy
from alongside.core.workflow.calls import OfferEnd


class PanelList(models.Model):
    """The list of panels that the steward asked for; `quotas` as they are to be met, `widened` says why they differ.

    Once made it has a salt: panels as places in `members`, which are ids of applications, or why there is none.
    `alternates` holds those of each panel in the same way; it is empty on lists of the first method, which had none.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="panel_lists")
    quotas = models.JSONField()
    widened = models.TextField(blank=True)
    asked_on = models.DateField()
    members = models.JSONField(default=list)
    panels = models.JSONField(default=list)
    alternates = models.JSONField(default=list)
    salt = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=8, blank=True)


class Lottery(models.Model):
    """A lottery was announced as entry `entry`, and drawn with `seed` as entry `draw_entry`. Quotas come with a list of panels.

    The salt is told with the draw. Where a witness came to another result the draw is laid aside, and it can be drawn again.
    """

    call = models.OneToOneField(Call, models.PROTECT, related_name="lottery")
    salt = models.CharField(max_length=64)
    seats = models.PositiveSmallIntegerField()
    alternates = models.PositiveSmallIntegerField()
    seed_day = models.DateField()
    panel_list = models.OneToOneField(PanelList, models.PROTECT, null=True, related_name="lottery")
    entry = models.PositiveBigIntegerField()
    seed = models.CharField(max_length=300, blank=True)
    drawn_on = models.DateField(null=True)
    draw_entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seed="", drawn_on=None, draw_entry=None)
                | (~Q(seed="") & Q(drawn_on__isnull=False, draw_entry__isnull=False)),
                name="a_draw_has_a_seed_a_day_and_an_entry",
            ),
        ]


class Ticket(models.Model):
    """A random number in the pool, and whose it is. When the application is erased the number stays, and stands for nobody.

    With quotas it also has `values`, as fixed when the lottery was announced, and their salt; both are emptied with the
    application, and the leaf stays.
    """

    lottery = models.ForeignKey(Lottery, models.PROTECT, related_name="tickets")
    application = models.OneToOneField(Application, models.SET_NULL, null=True, related_name="ticket")
    number = models.CharField(max_length=32, unique=True)
    #: The leaf of what it has, 64 hexadecimal digits. Empty without quotas.
    leaf = models.CharField(max_length=64, blank=True)
    values = models.JSONField(null=True)
    salt = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(salt="", values__isnull=True) | (~Q(salt="") & Q(values__isnull=False)),
                name="what_a_ticket_has_is_kept_with_its_salt",
            ),
        ]


class Offers(models.QuerySet["Offer"]):
    """Offers by what was answered."""

    def open(self) -> "Offers":
        """Give those that can still be answered."""
        return self.filter(answered_on=None)

    def standing(self) -> "Offers":
        """Give those that are open or taken."""
        return self.filter(ground=None)


ENDS = tuple(one.value for one in OfferEnd)


class Offer(models.Model):
    """A seat is offered, until a day. It is answered once: by taking `seat`, or it ends on `ground`.

    An alternate whose turn it is in the middle of a term is offered the empty seat `vacancy`; a call's own seats have none.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="offer")
    call = models.ForeignKey(Call, models.PROTECT, related_name="offers")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="offers")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, null=True, related_name="offers")
    made_on = models.DateField()
    answer_by = models.DateField()
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, related_name="offered")
    #: Said no, took the application back, or let the day pass.
    ground = models.CharField(max_length=12, null=True)  # noqa: DJ001 -- empty until filled, once
    answered_on = models.DateField(null=True)

    objects = Offers.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("made_on")), name="an_offer_leaves_a_day_to_answer"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, seat=None, ground=None)
                | Q(answered_on__isnull=False, seat__isnull=False, ground=None)
                | Q(answered_on__isnull=False, seat=None, ground__in=ENDS),
                name="an_offer_ends_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["vacancy"],
                condition=Q(answered_on=None),
                name="an_empty_place_is_offered_to_one_at_a_time",
            ),
        ]


class Carried(models.Model):
    """An alternate of the call waits on the cohort's list; `is_new` says that their account was made for it."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="carried")
    alternate = models.OneToOneField(Alternate, models.PROTECT, related_name="carried")
    is_new = models.BooleanField()
