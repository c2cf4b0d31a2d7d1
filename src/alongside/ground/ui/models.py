"""What was pressed or used up of late, so that nobody does a thing twice by pressing or sending twice."""

from django.db import models


class Press(models.Model):
    """A press of a button that did something, or what opens something once and was used. It names nobody, and is deleted after a few days."""

    #: HMAC of the nonce in the form, of who pressed and of the page; or the hash of what was used up.
    key = models.CharField(max_length=64, unique=True)
    #: HMAC of what was sent; empty, as is where it led, for what was used up.
    body = models.CharField(max_length=64)
    led_to = models.CharField(max_length=2000)
    on = models.DateField()
