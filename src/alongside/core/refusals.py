"""A refusal of the core: one sentence that says its cure, in English, and as a template for other languages."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType


class Named(str):
    """The public id of a seat, an office or a unit; a page writes what people call it in its place."""

    __slots__ = ()


class Tongue(str):
    """The code of a language; a page writes the language's name in its place."""

    __slots__ = ()


type Value = str | int | date | Sequence[str]


NOTHING: Mapping[str, Value] = MappingProxyType({})


class Refused(ValueError):
    """Something was refused. `message` says what cures it; `field` names the field of a form that it is about, if one is.

    In the core `template` is English and names its values in braces, as "contest it until {last}"; days stay days, numbers
    stay numbers and lists stay lists in `values`, so that whoever shows the sentence writes them as the reader does.
    Elsewhere it is in the reader's language already, without values.
    """

    def __init__(self, template: str, field: str = "", values: Mapping[str, Value] = NOTHING) -> None:
        self.template, self.field, self.values = template, field, values
        english = {name: _english(one) for name, one in values.items()}
        self.message = template.format(**english) if values else template
        super().__init__(self.message)


class UnusableInputError(ValueError):
    """What a person sent cannot be used as it is; the message is the cure, `why` names it for pages in other languages.

    `about` says of what in it: the columns that are missing, or the last row that could be read.
    """

    def __init__(self, why: str, message: str, about: Sequence[str] = ()) -> None:
        self.why, self.about = why, tuple(about)
        super().__init__(message)


def _english(value: Value) -> str:
    if isinstance(value, str | int | date):
        return str(value)
    return ", ".join(value)
