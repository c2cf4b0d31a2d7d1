"""Do once what a button asks for, however often it is pressed."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from alongside.ground.ui.models import Press

#: How long a page that is left open still knows that its button was pressed.
KEPT = timedelta(days=3)


@transaction.atomic
def do_once(*, key: str, body: str, today: date, act: Callable[[], str]) -> tuple[str, bool]:
    """Do `act`, and give where it led; where it was done before, do nothing, and give where that led, and whether other words were sent then.

    `act` gives an empty address where it was refused; then the button may be pressed again. Of two presses at one
    moment the later waits here for the earlier.
    """
    pressed, is_first = Press.objects.get_or_create(key=key, defaults={"body": body, "on": today})
    if not is_first:
        return pressed.led_to, pressed.body != body
    pressed.led_to = act()
    if pressed.led_to:
        pressed.save(update_fields=["led_to"])
    else:
        pressed.delete()
    return pressed.led_to, False


def use_up(*, key: str, today: date) -> bool:
    """Use up what opens something once and is good for minutes, by its hash; False where it was used before."""
    _row, is_first = Press.objects.get_or_create(key=key, defaults={"on": today})
    return is_first


def forget_presses(*, today: date) -> None:
    """Delete the presses whose page nobody has open any more, and what was used up and is too old to be sent again."""
    Press.objects.filter(on__lt=today - KEPT).delete()
