"""What was pressed of late, so that nobody does a thing twice by pressing twice."""

from django.db import models


class Press(models.Model):
    """A press of a button that did something. It names nobody, and is deleted after a few days."""

    #: HMAC of the nonce in the form, of who pressed and of the page.
    key = models.CharField(max_length=64, unique=True)
    #: HMAC of what was sent.
    body = models.CharField(max_length=64)
    led_to = models.CharField(max_length=2000)
    on = models.DateField()
