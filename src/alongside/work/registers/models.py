"""Registers of projects that come in from files, and the list of all projects, from files and from the record.

`Listing` is folded from the record and from imported rows, and can be rebuilt.
"""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from alongside.ground.gate.presses import LENGTH
from alongside.ground.programs.models import Program, Unit


class Register(models.Model):
    """A register that comes in from files, again and again: what it is called, and how its columns were mapped last."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="registers")
    slug = models.SlugField(max_length=40)
    title = models.CharField(max_length=140)
    lang = models.CharField(max_length=12)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="registers")
    source = models.CharField(max_length=300, blank=True)
    license = models.CharField(max_length=120, blank=True)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_register_is_named_once_in_a_program"),
        ]


class Import(models.Model):
    """A file on its way into a register. `entry` is its register.imported, once someone confirmed it.

    `looked_at` is when every row was read, `confirmed_at` when somebody said yes, `listed_at` when every row stood in
    the list. `trouble` says why a file as a whole could not be read. `read_bytes` and `listed` are how far it is.
    `mark` binds it to whoever said yes (see gate.presses), and to every row as it was shown then, by its hash in `shown`.
    """

    register = models.ForeignKey(Register, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    #: SHA-256 of the salt and the file. The salt goes with the first row of the register that is taken down.
    sha256 = models.CharField(max_length=64)
    salt = models.BinaryField(default=b"")
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=20)
    mapping = models.JSONField(default=dict)
    #: Goes up with every mapping, so that a reading by an older one stops.
    revision = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    pen = models.CharField(max_length=121)
    made_at = models.DateTimeField()
    read_bytes = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    #: The last entry that changed the register when every row was compared with it; None where there was none.
    compared_with = models.PositiveBigIntegerField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    shown = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=LENGTH, blank=True)
    listed = models.PositiveIntegerField(default=0)
    listed_at = models.DateTimeField(null=True)
    entry = models.PositiveBigIntegerField(null=True)
    #: The file whose rows this one took out again, so that the rows before it are in force; no file came in then.
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, related_name="taken_back_by")

    @property
    def pressed(self) -> dict[str, Any]:
        """Give what somebody said yes to, and as whom."""
        names = ("register_id", "sha256", "mapping", "revision", "pen", "compared_with", "shown")
        at = self.confirmed_at.astimezone(UTC).isoformat() if self.confirmed_at else ""
        return {name: getattr(self, name) for name in names} | {"at": at}


class Chunk(models.Model):
    """A piece of a file that was uploaded, until its rows are in or it is dropped."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="a_piece_of_a_file_has_one_place"),
        ]


class Row(models.Model):
    """One row of a register as it came in: every cell, and the facts that were read from it.

    A row is in force from the import that brought it until the one that replaced or ended it. A row of an import that
    nobody confirmed is in force nowhere. `leaf` is what the root in the record stands over. Of a row whose words were
    taken down, only the leaf is left, and a key that points at nobody; `erased` is the entry that says on what ground.
    """

    register = models.ForeignKey(Register, models.PROTECT, related_name="rows")
    came_with = models.ForeignKey(Import, models.CASCADE, related_name="came")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=160)
    #: How it stands against what is in force: new, changed, same; or wrong, and then `why`.
    state = models.CharField(max_length=10)
    why = models.CharField(max_length=40, blank=True)
    cells = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    salt = models.BinaryField()
    leaf = models.BinaryField()
    is_in_force = models.BooleanField(default=False)
    ended_by = models.ForeignKey(Import, models.PROTECT, null=True, related_name="ended")
    erased = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "key"],
                condition=Q(is_in_force=True),
                name="a_register_has_one_row_in_force_for_a_thing",
            ),
            models.UniqueConstraint(fields=["came_with", "number"], name="a_row_of_a_file_comes_in_once"),
            models.CheckConstraint(
                condition=Q(is_in_force=False) | Q(ended_by=None), name="a_row_that_ended_is_not_in_force"
            ),
            models.CheckConstraint(
                condition=Q(erased=None) | Q(cells={}, facts={}, salt=b""),
                name="a_row_that_was_taken_down_says_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["came_with", "state", "number"], name="rows_by_state"),
            models.Index(fields=["came_with", "key"], name="rows_by_key"),
            models.Index(fields=["register", "key"], name="rows_of_a_thing"),
            models.Index(fields=["erased"], condition=Q(erased__isnull=False), name="rows_taken_down"),
        ]


class Tile(models.Model):
    """A tile of hashes over the rows in force after an import, as tlog-tiles lays them out, in the order of their bytes.

    From a few tiles the way of one row to the root in the record is read. `first` is the hash it begins with.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="tiles")
    level = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    first = models.BinaryField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of", "level", "number"], name="a_tile_of_an_import_has_one_place"
            ),
        ]
        indexes = [models.Index(fields=["of", "level", "first"], name="tiles_by_their_first_hash")]


class Listing(models.Model):
    """One line of the list of projects. No words of the record are in it, so that taking words down needs nothing here.

    `entry` is its project.registered where it is on the record by itself, `row` where it came in from a file.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="listings")
    slug = models.SlugField(max_length=60)
    entry = models.PositiveBigIntegerField(null=True)
    row = models.OneToOneField(Row, models.PROTECT, null=True, related_name="listing")
    is_imported = models.BooleanField()
    unit = models.CharField(max_length=60, blank=True)
    sort = models.CharField(max_length=12, blank=True)
    stage = models.CharField(max_length=12, blank=True)
    impact = models.CharField(max_length=12, blank=True)
    asked = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_listing_has_its_own_address"),
            models.UniqueConstraint(fields=["program", "entry"], name="a_project_is_listed_once"),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | Q(row__isnull=False), name="a_listing_is_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["program", "is_imported", "-id"], name="listings_in_order"),
            models.Index(fields=["program", "unit", "is_imported", "-id"], name="listings_by_unit"),
            models.Index(fields=["program", "stage", "is_imported", "-id"], name="listings_by_stage"),
            models.Index(fields=["program", "impact", "is_imported", "-id"], name="listings_by_impact"),
        ]


class Touch(models.Model):
    """A project touches a community of the policy pack."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="touches")
    community = models.SlugField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "community"], name="a_project_touches_a_community_once"
            ),
        ]
        indexes = [models.Index(fields=["community", "listing"], name="touches_by_community")]
