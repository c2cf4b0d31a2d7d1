"""Lets the database itself refuse to change a map that was drawn."""

from django.apps import AppConfig

WORD = "a map that was drawn is never changed; another is drawn beside it"


class OpinionsConfig(AppConfig):
    """The app of opinions."""

    name = "alongside.chain.opinions"

    def ready(self) -> None:
        """Name the table of maps as one that only grows: of a row only its entry and its salt may still change."""
        from alongside.chain.opinions.models import Map  # noqa: PLC0415 -- models must be loaded first
        from alongside.ground.record.triggers import register, stays, table_of  # noqa: PLC0415 -- as above

        columns = [str(one.column) for one in Map._meta.concrete_fields if one.name not in {"entry", "salt"}]  # noqa: SLF001 -- the documented way to read a model
        register(table_of(Map, WORD, changed=stays(*columns)))
