"""What a search looks in: the folded words of everything public, made from it and from nothing else."""

from django.db import models

from alongside.ground.record.models.log import Log


class SearchDoc(models.Model):
    """Something public that a search can find, with its folded words in every language it is written in.

    The database keeps an index over `heading`, `words` and `marks` by itself (see search_tables). `source` says what
    `about` counts: "entry" is an entry of the log; an app that shows public rows of its own names them otherwise.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="search_docs")
    source = models.CharField(max_length=20, default="entry")
    about = models.PositiveBigIntegerField()
    group = models.CharField(max_length=20)
    unit = models.CharField(max_length=60, blank=True)
    heading = models.TextField()
    words = models.TextField()
    marks = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "source", "about"], name="a_thing_is_found_once"),
        ]


class SearchWord(models.Model):
    """A word that is found in so many things; gone when it is in none."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="search_words")
    word = models.CharField(max_length=40)
    docs = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "word"], name="a_word_is_counted_once")]


class SearchGram(models.Model):
    """Three letters in a row of a word, by which a mistyped word is found."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="+")
    gram = models.CharField(max_length=3)
    word = models.ForeignKey(SearchWord, models.CASCADE, related_name="grams")

    class Meta:
        indexes = [models.Index(fields=["log", "gram", "word"], name="words_by_three_letters")]
