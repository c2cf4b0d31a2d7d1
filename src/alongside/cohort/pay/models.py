"""What is kept of pay: agreements and budgets, what was logged and decided, runs and what came back. Rows are only added, but for a lead's own wish to stop."""

from typing import override

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.money import Money, in_hours, sums
from alongside.core.workflow.pay import (
    AGREED_PER,
    COST_KINDS,
    VERDICTS,
    WORK_KINDS,
    ClaimKind,
    ClaimStage,
    stage_of,
)
from alongside.ground.programs.models import Program
from alongside.ground.ui.languages import apart, listed
from alongside.ground.ui.leads import chosen_name, lead_in_words


class Sum(models.Model):
    """A sum of money: whole smallest coins of a currency, so that no database keeps it as a float."""

    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        abstract = True

    @property
    def money(self) -> Money:
        """Give the sum."""
        return Money(self.minor, self.currency)


class Budget(Sum):
    """What a cohort may be paid in all. The last one counts; entry `entry` of the record says so."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="budgets")
    entry = models.PositiveBigIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minor__gt=0), name="a_budget_is_a_sum")]


class PayTerms(Sum):
    """What is paid: `minor` per hour, month or deliverable, in all not more than `limit_minor`, in a time.

    `call` is the entry of the call whose terms these follow, if there was one.
    """

    per = models.CharField(max_length=12)
    limit_minor = models.BigIntegerField()
    from_date = models.DateField()
    until_date = models.DateField()
    call = models.PositiveBigIntegerField(null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_on = models.DateField()

    class Meta:
        abstract = True

    @property
    def limit(self) -> Money:
        """Give the sum not to exceed."""
        return Money(self.limit_minor, self.currency)


class Agreement(PayTerms):
    """What is agreed with a lead. A changed agreement is a new row."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="agreements")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(per__in=AGREED_PER), name="pay_is_per_hour_month_or_deliverable"
            ),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_rate_is_a_sum"),
            models.CheckConstraint(
                condition=Q(limit_minor__gte=F("minor")), name="a_limit_holds_the_rate_at_least_once"
            ),
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")), name="an_agreement_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["seat"], condition=Q(replaces=None), name="a_seat_has_one_first_agreement"
            ),
        ]

    @property
    @override
    def limit(self) -> Money:
        """Give the sum not to exceed, as raised. Asks nothing where the raises came along."""
        raised = [one.limit_minor for one in self.raises.all()]
        return Money(max([self.limit_minor, *raised]), self.currency)


class Proposal(PayTerms):
    """Terms that give a lead less than `agreement`, which is in force; the last one holds once the lead agrees to it.

    `seat` is the lead's next seat, with which nothing is agreed yet; none where the terms are for the seat of `agreement`.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="proposals")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="pay_proposals")


class Raised(models.Model):
    """The sum not to exceed was raised to `limit_minor`, with a reason."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="raises")
    limit_minor = models.BigIntegerField()
    reason = models.TextField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_limit_is_raised_with_a_reason"),
            models.UniqueConstraint(
                fields=["agreement", "limit_minor"], name="a_limit_is_raised_to_a_sum_once"
            ),
        ]


class StopAt(Sum):
    """How much a lead wants to log for work in one month at most, so that benefits stay. Of that lead alone: no steward reads it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "program"], name="a_lead_stops_at_one_sum_in_a_program"
            ),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_lead_stops_at_a_sum"),
        ]


class Payee(models.Model):
    """The number under which the finance system knows a seat. Drawn by dice; says nothing about anyone."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="payee")
    number = models.CharField(max_length=10, unique=True)


class Run(models.Model):
    """Approved claims of one moment, closed by the steward and sent to the finance system as one file."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="pay_runs")
    number = models.PositiveIntegerField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="a_run_is_numbered_once_in_a_program"),
        ]

    @property
    def sums(self) -> list[Money]:
        """Give what the run pays, by currency."""
        return sums(one.money for one in self.payments.all())

    @property
    def unpaid(self) -> int:
        """Count the payments that have not come back."""
        return sum(one.is_under_way for one in self.payments.all())

    @property
    def sent_back(self) -> int:
        """Count the payments that the bank sent back; a later run sends them again."""
        return sum(one.rejected_on is not None for one in self.payments.all())

    @property
    def is_changed(self) -> bool:
        """Say whether anything was written of its payments afterwards."""
        return self.sent_back > 0 or any(one.corrections.all() for one in self.payments.all())


class FileBack(models.Model):
    """A file came back from the finance office: how many rows it had, and how many were left out knowingly."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="pay_files")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows__gt=F("left_out")), name="a_file_that_came_back_holds_a_match"
            ),
        ]


def called(seat: Seat) -> str:
    """Give what the steward calls a lead: the name that leads use, where the page does, and the one of the account."""
    names = (chosen_name(seat.public_id), name_of(seat))
    return listed(map(apart, filter(None, names))) or lead_in_words(seat.public_id)


def name_of(seat: Seat) -> str:
    """Give the name, else the address, by which finance knows whom to pay; never the one that is for leads."""
    return seat.person.called or seat.person.email or ""


class Payment(Sum):
    """What one seat is paid in a run, in one currency; `reference` finds it again in the file that comes back.

    `first` is the payment that did not arrive, or not whole, and is sent again by this one; its claims stay with it.
    `paid_on` is the day on which it was paid, as `file` says. The bank or the finance system may send it back on the day
    `rejected_on`, for the reason `rejection`; a later run sends it again, under another reference.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="payments")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=30)
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="again")
    file = models.ForeignKey(FileBack, models.PROTECT, null=True, related_name="payments")
    paid_on = models.DateField(null=True)
    rejection = models.TextField(null=True)  # noqa: DJ001 -- empty until filled, once
    rejected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rejected_on = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["run", "reference"], name="a_payment_is_found_by_its_reference"),
            models.UniqueConstraint(
                fields=["run", "seat", "currency"],
                condition=Q(first=None),
                name="a_seat_is_paid_once_in_a_run_and_currency",
            ),
            models.UniqueConstraint(fields=["run", "first"], name="a_payment_is_sent_again_once_in_a_run"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_payment_is_a_sum"),
            models.CheckConstraint(condition=~Q(rejection=""), name="a_payment_is_sent_back_with_a_reason"),
        ]

    @property
    def who(self) -> str:
        """Give what the steward calls the lead."""
        return called(self.seat)

    @property
    def arrived(self) -> "Payment | Correction | None":
        """Give the sum that was paid, and when: as the last correction says, else the file; None where nothing did."""
        if self.rejected_on:
            return None
        return max(self.corrections.all(), key=lambda one: one.pk, default=self if self.paid_on else None)

    @property
    def is_under_way(self) -> bool:
        """Say whether finance has it and nobody said yet what became of it."""
        return not self.rejected_on and self.arrived is None

    @property
    def parts(self) -> "list[Payment]":
        """Give a first payment and those that sent it again, in that order."""
        return [self, *self.again.all()]

    @property
    def arrivals(self) -> "list[Payment | Correction]":
        """Give what arrived of a first payment, with what was sent again."""
        return [found for one in self.parts if (found := one.arrived)]

    @property
    def got(self) -> Money:
        """Give what arrived of a first payment in all."""
        return Money(sum(one.minor for one in self.arrivals), self.currency)

    @property
    def owed(self) -> Money:
        """Give what is still owed of a first payment, whether under way or not; below nothing is nothing."""
        return Money(max(0, self.minor - self.got.minor), self.currency)

    @property
    def not_sent(self) -> Money:
        """Give what is still owed of a first payment and is not under way."""
        way = sum(one.minor for one in self.parts if one.is_under_way)
        return Money(self.owed.minor - way, self.currency)

    @property
    def why_again(self) -> str:
        """Give what was last said of why a first payment, or what sent it again, did not arrive, or not whole."""
        last = self.parts[-1]
        mended = list(last.corrections.all())
        return last.rejection or (mended[-1].reason if mended else "")


class Correction(Sum):
    """What was paid in truth, and when, where the file that came back says otherwise. The last one counts."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="corrections")
    paid_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_payment_is_corrected_with_a_reason"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_corrected_payment_is_a_sum"),
            models.CheckConstraint(
                condition=Q(paid_on__lte=F("on")), name="nothing_is_corrected_to_a_day_ahead"
            ),
        ]


#: As the database knows them.
HOURS, COST, RETURNED = ClaimKind.HOURS.value, ClaimKind.COST.value, ClaimKind.RETURNED.value


class Claim(Sum):
    """A piece of work, or a cost, that a lead asks to be paid. Its sum is what the agreement made of it on that day.

    `what` is a kind of work or of cost of the pack; `turn` is 1, and more for a further piece of the same day that
    the lead logged on purpose; `corrects` is the one that was sent or taken back. `entry` is the check on the record
    that work after the term rests on. `verdict` ends its waiting: the steward approved it or sent it back with a reason,
    or the lead took it back. `payment` is what it is part of, once. `reminded_on`: the steward was told that it is past
    its day. `erased_on`: its note and bill are gone, by the rule `erased_by` of the pack.

    `stubs` is how many people exchanged a stub for their part of it, and `session`, as engagement/session, for which session
    an advance of thank-you money is and what was given from it: counts and sums, and nothing of anyone.

    An advance is paid as any claim; `advance` is the one from which a cost was paid, so that it is not paid again, or of
    which a rest came back.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="claims")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=12)
    what = models.CharField(max_length=30)
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True)
    stubs = models.PositiveSmallIntegerField(null=True)
    session = models.CharField(max_length=80, blank=True)
    turn = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    advance = models.ForeignKey("self", models.PROTECT, null=True, related_name="uses")
    entry = models.PositiveBigIntegerField(null=True)
    logged_on = models.DateField()
    verdict = models.CharField(max_length=10, null=True)  # noqa: DJ001 -- empty until filled, once
    reason = models.TextField(null=True)  # noqa: DJ001 -- as above
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="claims")
    reminded_on = models.DateField(null=True)
    erased_by = models.CharField(max_length=60, null=True)  # noqa: DJ001 -- empty until filled, once
    erased_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "kind", "what", "on", "turn"], name="a_piece_of_work_is_logged_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=(*WORK_KINDS, *COST_KINDS)), name="a_claim_is_of_a_known_kind"
            ),
            models.CheckConstraint(condition=Q(minor__gt=0), name="a_claim_is_a_sum"),
            models.CheckConstraint(
                condition=Q(advance=None) | Q(kind__in=(COST, RETURNED), payment=None),
                name="what_an_advance_covers_is_a_cost_and_is_not_paid_again",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RETURNED) | Q(advance__isnull=False), name="what_came_back_was_an_advance"
            ),
            models.CheckConstraint(
                condition=Q(stubs=None) | Q(kind=COST, advance__isnull=False, stubs__gt=0),
                name="stubs_are_counted_of_what_an_advance_paid",
            ),
            models.CheckConstraint(
                condition=(Q(kind=HOURS) & Q(minutes__gt=0) & Q(minutes__lte=1440))
                | (~Q(kind=HOURS) & Q(minutes=None)),
                name="hours_and_nothing_else_have_minutes",
            ),
            models.CheckConstraint(
                condition=Q(on__lte=F("logged_on")), name="nothing_is_logged_before_it_is_done"
            ),
            models.CheckConstraint(
                condition=Q(verdict=None) | Q(verdict__in=VERDICTS), name="a_claim_is_decided_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=ClaimStage.SENT_BACK.value) | ~Q(reason=""),
                name="what_is_sent_back_has_a_reason",
            ),
        ]

    @property
    def who(self) -> str:
        """Give what the steward calls the lead."""
        return called(self.seat)

    @property
    def engagement(self) -> str:
        """Name the engagement whose session it thanks; empty where it is for something else."""
        return self.session.partition("/")[0]

    @property
    def stage(self) -> ClaimStage:
        """Say where it stands. Asks nothing where what is said about its payment came along."""
        paid = self.payment
        return stage_of(
            self.verdict,
            is_in_run=paid is not None,
            is_under_way=paid is not None and any(one.is_under_way for one in paid.parts),
            is_paid=paid is not None and not paid.owed.minor,
            is_from_advance=self.advance_id is not None,
        )

    @property
    def replaces(self) -> "Claim | None":
        """Give the one that the steward sent back and that it corrects. Asks nothing where it came along."""
        return self.corrects if self.corrects and self.corrects.verdict == ClaimStage.SENT_BACK else None

    @property
    def used(self) -> Money:
        """Give what is accounted for of an advance: costs that stand, and what came back. Asks nothing where they came along."""
        return Money(sum(one.minor for one in self.uses.all() if not one.stage.is_dropped), self.currency)

    @property
    def rest(self) -> Money:
        """Give what of an advance is not accounted for yet."""
        return self.money - self.used

    @property
    def note(self) -> str:
        """Give what the lead added in words. Asks nothing where it came along."""
        return self.attachment.words if hasattr(self, "attachment") else ""

    @property
    def has_bill(self) -> bool:
        """Say whether the lead added a picture of a bill. Asks nothing where it came along."""
        return hasattr(self, "attachment") and bool(self.attachment.media_type)

    @property
    def hours(self) -> str:
        """Give the time as hours and minutes, as 1:30."""
        return in_hours(self.minutes) if self.minutes else ""


class Attachment(models.Model):
    """What a lead adds for the steward: words, a picture of a bill, or both. Here and nowhere on the web; erased on its day.

    The picture is without what the camera wrote into it.
    """

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="attachment")
    words = models.TextField(blank=True)
    media_type = models.CharField(max_length=20, blank=True)
    bill = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(media_type="", bill=None)
                | Q(media_type__in=("image/jpeg", "image/png"), bill__isnull=False),
                name="a_bill_is_a_picture",
            ),
        ]
