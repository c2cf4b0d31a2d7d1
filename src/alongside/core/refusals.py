"""A refusal of the core: one sentence that says its cure, in English, and as a template for other languages."""

from collections.abc import Mapping, Sequence
from datetime import date


class Named(str):
    """The public id of a seat, an office or a unit; a page writes what people call it in its place."""

    __slots__ = ()


class Tongue(str):
    """The code of a language; a page writes the language's name in its place."""

    __slots__ = ()


type Value = str | int | date | Sequence[str]


class Refusal(ValueError):  # noqa: N818 -- the subclasses say what was wrong
    """Something was refused. `message` is English with ISO days; `template` and `values` say it in any language.

    The template names its values in braces, as "contest it until {last}". Days stay days, numbers stay numbers and
    lists stay lists in `values`, so that whoever shows the sentence writes them as the reader does.
    """

    def __init__(self, template: str, **values: Value) -> None:
        self.template = template
        self.values: Mapping[str, Value] = values
        self.message = template.format(**{name: _english(one) for name, one in values.items()})
        super().__init__(self.message)


def _english(value: Value) -> str:
    if isinstance(value, str | int | date):
        return str(value)
    return ", ".join(value)
