"""A cohort that is paid by the hour: a steward, three leads with agreements, and what they log."""

from dataclasses import dataclass
from datetime import date, timedelta

from alongside.cohort.pay.actions import claims as claims_actions
from alongside.cohort.pay.actions import terms as terms_actions
from alongside.cohort.pay.actions.claims import Work
from alongside.cohort.pay.actions.runs import close_run, take_file
from alongside.cohort.pay.actions.terms import Terms
from alongside.cohort.pay.queries import runs
from alongside.cohort.pay.queries.claims import account_of, claim_of
from alongside.cohort.seats.queries.seats import viewer_for
from alongside.core.clocks import local_date
from alongside.core.money import Money
from alongside.ground.people import actions as people
from alongside.ground.programs.queries import pack_of
from alongside.site.demo.pay import paid_back
from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread

RATE, LIMIT, BUDGET = "45.00", "900.00", "5000.00"
HOME = "/riverbend/en/"


def usd(amount):
    return Money.of(amount, "USD")


@dataclass
class Cast:
    """A program with a budget and agreements, and short words for what happens to pay."""

    thread: Thread

    def __post_init__(self):
        self.program, self.steward = self.thread.program, self.thread.steward
        self.first, self.second, self.third = (
            self.thread.first_lead,
            self.thread.second_lead,
            self.thread.third_lead,
        )

    @property
    def now(self):
        return self.thread.now

    @property
    def today(self):
        return local_date(self.now, pack_of(self.program))

    def viewer(self, person=None):
        return viewer_for(person or self.steward, self.program, self.today)

    def budget(self, amount=BUDGET):
        cohort = self.first.cohort
        return terms_actions.set_budget(cohort=cohort, amount=usd(amount), viewer=self.viewer(), now=self.now)

    def agree(self, seat, per="hour", rate=RATE, limit=LIMIT, **more):
        days = {"from_date": date(2026, 1, 1), "until_date": date(2027, 12, 31)} | more
        terms = Terms(per=per, rate=usd(rate), limit=usd(limit), **days)
        return terms_actions.agree(seat=seat, terms=terms, viewer=self.viewer(), now=self.now)

    def change(self, *seats, **terms):
        """Propose terms that give leads less; they agree, and the next day comes."""
        for seat in seats:
            terms_actions.accept(proposal=self.agree(seat, **terms), now=self.now)
        self.thread.later(1)

    def log(self, seat=None, hours=2, what="meeting", ago=0, **more):
        on = self.today - timedelta(days=ago)
        work = Work(**({"kind": "hours", "what": what, "on": on, "minutes": hours * 60} | more))
        return claims_actions.log(seat=seat or self.first, work=work, now=self.now)

    def cost(self, seat=None, amount="30.00", what="childcare", **more):
        return self.log(seat, kind="cost", what=what, minutes=None, money=usd(amount), **more)

    def approve(self, *claims):
        for claim in claims:
            claims_actions.approve(claim=claim_of(claim.seat, claim.pk), viewer=self.viewer(), now=self.now)

    def run(self, again=None):
        """Close a run that sends again what did not arrive, or only these references."""
        waits = [payment.reference for payment, _rest in runs.came_back(self.program)]
        again = waits if again is None else again
        return close_run(program=self.program, again=again, viewer=self.viewer(), now=self.now)

    def back(self, *, paid_on=None, only_matching=False, amounts=None, more=()):
        """Let finance pay everything that was asked for and did not come back yet."""
        text = paid_back(program=self.program, on=paid_on or self.today, amounts=amounts, more=more)
        given = {"program": self.program, "text": text, "only_matching": only_matching}
        return take_file(**given, viewer=self.viewer(), now=self.now)

    def account(self, seat=None):
        return account_of(seat or self.first, pack_of(self.program), "en", self.today)


@remembered
def paid_by_the_hour(now=None, pack="neutral"):
    """Seat three leads at 45 dollars an hour, not to exceed 900 each."""
    cast = Cast(Thread(now=now or this_hour()).open_program(pack))
    cast.budget()
    for seat in (cast.first, cast.second, cast.third):
        cast.agree(seat)
    return cast


def another_steward(cast):
    """Make a second steward."""
    from alongside.ground.programs.actions import make_steward

    person = people.make_person(email="second.steward@riverbend.example")
    make_steward(person=person, program=cast.program, from_date=date(2026, 1, 1))
    return person
