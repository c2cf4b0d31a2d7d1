"""Say in the reader's language what was refused about pay, why, and what to do."""

from collections.abc import Callable

from django.utils.translation import gettext as say

from alongside.cohort.pay import actions
from alongside.core.money import MoneyError
from alongside.core.reconcile import Refused, UnreadableFileError
from alongside.ground.look.tongues import listed

WORDS: dict[type[Exception], Callable[[], str]] = {
    actions.OnlyTheStewardError: lambda: say(
        "Only the steward decides on pay; ask the steward of the program."
    ),
    actions.TheAskedUnitError: lambda: say(
        "You also hold an office in a unit that leads have asked something. Another steward decides on their pay."
    ),
    actions.NotYourOwnError: lambda: say("This is your own work; another steward decides on it."),
    actions.AlreadyDecidedError: lambda: say("This was decided already; look at the list again."),
    actions.NothingAgreedError: lambda: say("No pay of this kind is agreed for your seat; ask the steward."),
    actions.OutsideTheTermError: lambda: say(
        "This day lies outside your agreement; choose a day in it. After it, only checks of what was done are paid."
    ),
    actions.NoCheckError: lambda: say(
        "After your agreement, a day is paid if the record has a check that you wrote with another lead. There is none "
        "yet for this day. Log it when the second lead has looked and the check is on the record."
    ),
    actions.FutureDayError: lambda: say("This day lies ahead; log the work when it is done."),
    actions.MoreThanADayError: lambda: say(
        "With this, more than 24 hours are logged on this day; write fewer, or choose another day."
    ),
    actions.HaveNoPayError: lambda: say("The sum is nothing; write how much."),
    actions.NothingToPayError: lambda: say(
        "Nothing approved can be paid now. Approve work first, or raise a sum agreed."
    ),
    actions.RunAlreadyClosedError: lambda: say("Someone closed a run just now; look at the list of runs."),
    actions.NoBudgetError: lambda: say("This cohort has no budget yet; set the budget first."),
    actions.LimitMustRiseError: lambda: say(
        "This is not more than the sum agreed; write a larger one, or write a new agreement."
    ),
    actions.OtherCurrencyError: lambda: say(
        "The cohort, its agreements and the work that waits are in another currency; keep that currency."
    ),
    actions.BelowTheCallError: lambda: say(
        "This is less than the call promised; agree on that rate, or on more."
    ),
    actions.ProposalIsOldError: lambda: say("This is no longer proposed. Load the page again."),
    actions.BudgetIsTooSmallError: lambda: say(
        "Together, the sums agreed are more than the budget of the cohort. Raise the budget first, or agree on less."
    ),
    actions.SentBackAlreadyError: lambda: say(
        "The bank sent this payment back, and that is written. The next run sends it again; correct that one."
    ),
    actions.WrongDayError: lambda: say(
        "It cannot have been paid on this day; choose a day from the day of the run until today."
    ),
    actions.NothingChangesError: lambda: say("This is what is written already; change the day or the sum."),
    MoneyError: lambda: say("The sum cannot be read; write it as 1250 or 1250.50."),
}
#: What an action of pay may refuse; a view says it in words.
REFUSALS = tuple(WORDS)


def in_words(error: Exception) -> str:
    """Say why something was refused, and what to do."""
    return WORDS[type(error)]()


def row_in_words(row: Refused) -> str:
    """Say why a row of a file does not match, and what to do."""
    told = {"says": row.says, "expected": row.expected}
    words = {
        "unknown": say("No payment has this reference. Look for a typing mistake, or take the row out."),
        "twice": say("This reference stands in the file more than once. Keep the row that is right."),
        "rejected": say(
            "The bank sent this payment back. Take the row out; the next run sends it again under another reference."
        ),
        "paid-already": say("This came back before, as paid on %(expected)s. Take the row out."),
        "currency": say("The currency is %(says)s, and we asked for %(expected)s. Ask the finance office."),
        "amount": say("“%(says)s” is not an amount; write it as %(expected)s, without marks for thousands."),
        "sum": say("%(says)s was paid, and we asked for %(expected)s. Ask the finance office what happened."),
        "day": say("“%(says)s” is not a day; write it as 2026-11-24."),
        "future": say("%(says)s lies ahead; take the row out until it is paid."),
        "before": say("%(says)s lies before the run was closed on %(expected)s; correct the day."),
    }
    return words[row.why] % told


def unreadable_in_words(error: UnreadableFileError) -> str:
    """Say why a file cannot be read at all, and what to do."""
    if error.missing:
        return say("The first line must name these columns, each once: %(names)s.") % {
            "names": listed(error.missing)
        }
    words = {
        "empty": say("The file has no rows below its first line; send the file with the payments."),
        "rows": say("The file has more than 5,000 rows; split it and send each part."),
        "columns": say("The file cannot be read as CSV; save it again as CSV."),
    }
    return words[error.why]
