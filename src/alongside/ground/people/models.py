"""A person who signs in, where they are signed in, what they show of themselves, and printed codes from the steward."""

from importlib import import_module
from typing import Any, ClassVar, override

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower


class People(BaseUserManager["Person"]):
    """Makes people; nobody has a password."""

    def create_user(self, email: str | None = None, **fields: object) -> "Person":
        """Make a person who signs in by code or passkey; one address is kept in one way, however it was typed."""
        person = self.model(email=email.lower() if email else None, **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone who signs in: a lead, staff or the steward. Residents have no account."""

    email = models.EmailField(unique=True, null=True, blank=True)
    language = models.CharField(max_length=12, default="en")
    called = models.CharField(max_length=80, blank=True)
    #: What a lead chose to be called among leads; only leads and the steward read it, and the record never holds it.
    known_as = models.CharField(max_length=40, blank=True)
    #: What a lead gave so that a text message can say that something waits. The lead can erase it.
    text_number = models.CharField(max_length=16, blank=True)
    #: Whether a person who has a desk gets letters about it. Whoever holds an office turns them off with one press.
    desk_letters = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    #: Keyed hashes of addresses that were theirs while they held a post or a seat, each 64 hex digits, with a blank between.
    was_at = models.TextField(blank=True)
    #: The last day on which everyone signed in as this person was signed out, because a post ended.
    sessions_ended_on = models.DateField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="one_address_is_one_person"),
        ]

    @property
    def gets_codes_by_email(self) -> bool:
        """Say whether a sign-in code reaches this person by email, so that nobody in a program prints one for them."""
        return bool(self.email)


#: In a session: the day on which somebody began to be signed in, and that a code on paper opened it.
BEGAN, ON_PAPER = "began_on", "on_paper"


class Way(models.TextChoices):
    """How somebody signed in; nothing else is kept of a session for people to read but its first day."""

    CODE = "code"
    PAPER = "paper"
    PASSKEY = "passkey"
    PROVIDER = "provider"


class Session(AbstractBaseSession):
    """A browser in which somebody is signed in, or on the way to it. Its key is kept as a hash; no address, no browser.

    A row of its own, without a person, holds for some minutes what opens a lead's key in one of its tabs (actions.keep_half_for_tab).
    """

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    began_on = models.DateField(null=True)
    way = models.CharField(max_length=12, choices=Way, blank=True)
    #: A hash of the provider's own name of the session in which it signed them in, by which it ends this one.
    provider_session = models.CharField(max_length=40, blank=True, db_index=True)

    @classmethod
    @override
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class Profile(models.Model):
    """What a person shows of themselves in public; the person controls it, and a pseudonym is fine."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="profile")
    shown_name = models.CharField(max_length=80, blank=True)
    about = models.TextField(blank=True)
    #: The language the words are in, and the languages the person says they speak, in their own words.
    lang = models.CharField(max_length=12, default="en")
    languages = models.CharField(max_length=200, blank=True)
    links = models.JSONField(default=list)
    organization = models.CharField(max_length=200, blank=True)
    is_public = models.BooleanField(default=False)


class PrintedCode(models.Model):
    """A code on paper from the steward that signs one person in once. Only its hash is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="printed_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
