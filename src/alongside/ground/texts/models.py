"""Words of the log as a lead says them aloud. The log tells the hash; the file is here for as long as a lead lets it stand."""

from django.db import models

from alongside.ground.programs.models import Program

#: So many hexadecimal digits of its SHA-256 name a recording in its address: no other sound has it, and it is short enough to send.
DIGEST = 16


class Sound(models.Model):
    """A lead's own voice that says the words of an entry in one language: a report-back as a whole, or one question of a promise. Public."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="sounds")
    #: The entry whose words it says, in which of its languages, and which question by its id; empty of a whole.
    about = models.PositiveBigIntegerField()
    lang = models.CharField(max_length=12)
    part = models.CharField(max_length=80, blank=True)
    #: One of the kinds that core.recordings knows, such as "m4a".
    kind = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    #: The entry that tells its hash, and its day.
    entry = models.PositiveBigIntegerField()
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "about", "lang", "part"], name="words_are_said_aloud_once_in_a_language"
            ),
        ]

    @property
    def digest(self) -> str:
        """Give the name of its file."""
        return self.sha256[:DIGEST]
