"""Open a program, adopt a policy pack, let people in, end their posts, and print codes for them."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from alongside.cohort.rules.actions import adopt_rules
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.policy.load import load_pack, made_up
from alongside.core.policy.words import PackError
from alongside.ground.news.actions import forget
from alongside.ground.people.actions import CODE_DAYS, print_code
from alongside.ground.people.models import Person
from alongside.ground.people.queries import person_at
from alongside.ground.programs.actions import appoint, end_post, note, open_program
from alongside.ground.programs.models import STEWARD, Did, Doer, Post, Program
from alongside.ground.programs.pack_files import read_pack
from alongside.ground.programs.queries import pack_of, pack_version, posts_from
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.actions.rules import open_log
from alongside.site.actions import take_away_keys
from alongside.site.holdings import write_holdings
from alongside.site.operating import ProgramCommand, program_of

PACK = {"type": Path, "help": "a policy pack (TOML)"}
EMAIL = {"help": "the person's email address"}
PERSON = {"help": "the person's email address, or the seat of a lead who has none"}


class Command(ProgramCommand):
    """What the operator does to a program."""

    help = __doc__ or ""
    words = {
        "open": (
            "Open a program on a policy pack.",
            {"origin": {"help": "name of its log, for ever"}, "pack": PACK},
        ),
        "adopt": ("Adopt a policy pack from now on.", {"pack": PACK}),
        "steward": ("Let a person run the program.", {"email": EMAIL, "--called": {"default": ""}}),
        "office": ("Give a person an office.", {"email": EMAIL, "office": {"help": "as unit/office"}}),
        "people": ("List who runs the program and who holds an office, with their days.", {}),
        "end": (
            "End a person's post. Without --on it ends now.",
            {
                "email": EMAIL,
                "post": {"help": 'as unit/office, or "steward"'},
                "--on": {"type": date.fromisoformat, "help": "the first day without the post, as 2027-01-31"},
            },
        ),
        "lost-keys": (
            "Take away the passkeys and spare codes of a person who lost them.",
            {"person": PERSON},
        ),
        "no-letters": ("Delete an address to which letters go when something is new.", {"email": EMAIL}),
        "holdings": (
            "Write what is held of a program, by table and month, for a records officer.",
            {"file": {"type": Path, "help": "a CSV file that is not there yet"}},
        ),
        "code": ("Print a code that signs a person in once.", {"person": PERSON}),
    }

    def do_open(self, options: Mapping[str, Any], now: datetime) -> str:
        """Open a program, its log and its key."""
        pack = _pack(options)
        program = open_program(
            slug=options["program"],
            origin=options["origin"],
            pack=pack,
            is_demonstration=False,
            on=local_date(now, load_pack(pack)),
        )
        open_log(program=program, now=now)
        sign_head(program=program, now=now)
        return (
            f"{program.slug} is open. Copy its key from the keys folder to a place only you can reach, now."
        )

    def do_adopt(self, options: Mapping[str, Any], now: datetime) -> str:
        """Adopt a pack and enter it on the record."""
        program, text = program_of(options), _pack(options)
        if text == pack_version(program).text:
            return "These rules hold already. Nothing is entered."
        found = adopt_rules(program=program, text=text, now=now)
        if isinstance(found, Entry):
            return f"Adopted. Entry {found.index} says so."
        return (
            "This makes the rules milder, or changes what people read in them, so it is proposed and not adopted: more than half of the seated leads must agree, "
            "on the page that stands first on their desks. Until then the rules are as before."
        )

    def do_holdings(self, options: Mapping[str, Any], now: datetime) -> str:  # noqa: ARG002 -- what is there has no day of asking
        """Write the list of what is held."""
        if options["file"].exists():
            raise CommandError(f"{options['file']} is there already. Name a file that is not.")
        with options["file"].open("x", encoding="utf-8", newline="") as out:
            lines = write_holdings(program_of(options), out)
        return f"{lines} lines are in {options['file']}: what is held, until when, and what cannot be read and why."

    def do_steward(self, options: Mapping[str, Any], now: datetime) -> str:
        """Make a person if there is none of that address, and let them run the program."""
        program, email = program_of(options), options["email"]
        today = local_date(now, pack_of(program))
        appoint(
            program=program,
            email=email,
            called=options["called"],
            post=STEWARD,
            from_date=today,
            by=Doer.OPERATOR,
        )
        return f"{email} runs {program.slug} once they sign in and take up the post on their own page."

    def do_office(self, options: Mapping[str, Any], now: datetime) -> str:
        """Make a person if there is none of that address, and give them an office."""
        program, email = program_of(options), options["email"]
        today = local_date(now, pack_of(program))
        appoint(program=program, email=email, post=options["office"], from_date=today, by=Doer.OPERATOR)
        return f"{email} holds {options['office']} once they sign in and take up the post on their own page."

    def do_people(self, options: Mapping[str, Any], now: datetime) -> str:
        """List the posts that are held, or will be."""
        program = program_of(options)
        posts = posts_from(program, local_date(now, pack_of(program)))
        return "\n".join(_line(post) for post in posts) or "Nobody holds a post yet."

    def do_end(self, options: Mapping[str, Any], now: datetime) -> str:
        """End a post; its person is signed out on that day."""
        program, person = program_of(options), person_at(options["email"])
        today = local_date(now, pack_of(program))
        posts = [one for one in posts_from(program, today) if one.public_id == options["post"]]
        held = [one for one in posts if one.person == person]
        if not held:
            raise CommandError(
                f"{options['email']} does not hold {options['post']}. See: alongside program people {program.slug}"
            )
        for post in held:
            end_post(post=post, on=options["on"] or today, today=today, by=Doer.OPERATOR)
        return f"{options['email']} does not hold {options['post']} from {held[0].until_date} on."

    def do_lost_keys(self, options: Mapping[str, Any], now: datetime) -> str:
        """Take keys away; a letter tells the person."""
        program = program_of(options)
        today = local_date(now, pack_of(program))
        take_away_keys(person=_person(program, options["person"]), program=program, today=today)
        return f"{options['person']} signs in by a code alone now; a letter says so to whoever has an address. Let them add a new passkey."

    def do_no_letters(self, options: Mapping[str, Any], now: datetime) -> str:
        """Delete an address of somebody who has no letter at hand; the same is said where there is none."""
        program = program_of(options)
        forget(program=program, address=options["email"])
        today = local_date(now, pack_of(program))
        note(program=program, by=Doer.OPERATOR, did=Did.LETTERS_STOPPED, on=today)
        return f"No letters go to {options['email']} any more, and the address is deleted."

    def do_code(self, options: Mapping[str, Any], now: datetime) -> str:
        """Print a code; only its hash is kept."""
        program = program_of(options)
        person, today = _person(program, options["person"]), local_date(now, pack_of(program))
        tell = partial(note, program=program, by=Doer.OPERATOR, did=Did.CODE_PRINTED, on=today)
        code = print_code(person=person, now=now, by_operator=True, tell=tell)
        return f"{code}\nIt works once, for {CODE_DAYS} days. Hand it over on paper."


def _pack(options: Mapping[str, Any]) -> str:
    """Read the pack that the command names; where real people are served, refuse one that is made up."""
    text = read_pack(options["pack"])
    if settings.PRODUCTION and (wrong := list(made_up(load_pack(text)))):
        raise PackError.of(wrong)
    return text


def _line(post: Post) -> str:
    """Write one post as a line: who, what, since when, until when."""
    ends = f", ends on {post.until_date}" if post.until_date else ""
    return f"{post.person.email or post.person.called}: {post.public_id}, from {post.from_date}{ends}"


def _person(program: Program, word: str) -> Person:
    """Give the person of an address, or of a seat in the program."""
    seated = Seat.objects.filter(public_id=word, cohort__program=program).select_related("person").first()
    person = seated.person if seated else person_at(word)
    if person is None:
        raise CommandError("Nobody here has this address or this seat. Let the person in first.")
    return person
