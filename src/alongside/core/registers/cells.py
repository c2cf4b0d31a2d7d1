"""What stands in a cell: nothing in its many spellings, a list written as one string, an email address."""

import json
import re
from collections.abc import Mapping

NOTHING = frozenset(
    {
        "",
        "[]",
        "{}",
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "-",
        "--",
        "–",
        "not applicable",
        "not available",
        "tbd",
    }
)
ITEM = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\[\]'"\s][^,\]]*)""", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": " ", "r": ""}
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}\Z")
EMAIL_HEADING = re.compile(r"\be-?mails?\b|correo|email|البريد", re.IGNORECASE)
MOST = 0.6
#: Headings of columns about people, in the languages of our packs. "Project name" is about a thing, so "name" stands alone.
PEOPLE_HEADING = re.compile(
    r"^(full|first|last|given|family|middle)?[ -]?names?$|^(sur|nick)name$|\bphones?\b|\bmobile\b|\btelephone\b"
    r"|^(main |primary |emergency )?contacts?[ -]?(full |first |last )?(names?|persons?|info|information|details)?$"
    r"|^(persons?|people|staff|employees?|applicants?|residents?|clients?|customers?|patients?|tenants?|callers?"
    r"|members?|students?|owners?|managers?|supervisors?|authors?|requesters?|reviewers?|complainants?)"
    r"('s|s')?[ -]?(full |first |last )?names?$|^(staff|employees?|persons?)$"
    r"|\b(home|street|mailing)[ _-]address\b|^address$|\bssn\b|social.security|\bbirth|\bdob\b|passport"
    r"|^(persona de )?contactos?$|^(empleado|persona)s?$|^nombres?\b|^apellidos?\b|tel[eé]fono|^direcci[oó]n$|domicilio|nacimiento"
    r"|họ và tên|^họ tên|^tên$|^tên (của )?(người|nhân viên|cán bộ|khách hàng|cư dân)|người liên hệ|^liên hệ$|^nhân viên$"
    r"|điện thoại|^địa chỉ$|ngày sinh"
    r"|^الاسم|^اسم (ال)?(موظف|شخص|مسؤول|متصل|مقدم|عميل|ساكن|جهة)|جهة (ال)?اتصال|مسؤول (ال)?اتصال|^(ال)?موظف(ون|ين)?$"
    r"|هاتف|العنوان|الميلاد",
    re.IGNORECASE,
)
NUMBER_OF_A_PERSON = re.compile(r"\+?[\d().\s-]{9,20}\Z|\d{3}-\d{2}-\d{4}\Z")
DIGITS_OF_A_PHONE = range(9, 16)


def clean(text: str) -> str:
    """Give a text that every database can keep: no zero, no half of a sign."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def nothing(cell: str) -> bool:
    """Say whether a cell holds nothing, however that is written."""
    return cell.strip().casefold() in NOTHING


def several(cell: str) -> tuple[str, ...]:
    """Give the items of a list that is written as one string, as "['a', 'b']"; the cell itself, stripped, if it is none.

    Items that say nothing are left out.
    """
    text = cell.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return () if nothing(text) else (text,)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        items = [_unescaped(match) for match in ITEM.finditer(text[1:-1])]
    else:
        items = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in read]
    return tuple(one.strip() for one in items if not nothing(one))


def _unescaped(match: re.Match[str]) -> str:
    found = next((one for one in match.groups() if one is not None), "")
    return ESCAPED.sub(lambda each: ESCAPES.get(each[1], each[1]), found)


def is_email(cell: str) -> bool:
    """Say whether a cell is an email address, or several."""
    parts = [one for one in re.split(r"[\s,;]+", cell.strip()) if one]
    return bool(parts) and all(EMAIL.match(one) for one in parts)


def holds_emails(heading: str, samples: list[str]) -> bool:
    """Say whether a column is about email addresses, by its heading or by most of what stands in it."""
    if EMAIL_HEADING.search(heading):
        return True
    told = [one for one in samples if not nothing(one)]
    return bool(told) and sum(map(is_email, told)) >= MOST * len(told)


def holds_people(heading: str, samples: list[str]) -> bool:
    """Say whether a column looks as if it were about people, by its heading or by most of what stands in it."""
    if holds_emails(heading, samples) or PEOPLE_HEADING.search(heading.replace("_", " ").strip()):
        return True
    told = [one.strip() for one in samples if not nothing(one)]
    return bool(told) and sum(map(_is_number_of_a_person, told)) >= MOST * len(told)


def _is_number_of_a_person(cell: str) -> bool:
    """Say whether a cell is written like a phone number or a social security number: digits in groups."""
    digits = sum(letter.isdigit() for letter in cell)
    return bool(NUMBER_OF_A_PERSON.match(cell)) and digits in DIGITS_OF_A_PHONE and digits < len(cell)


def without_emails(cells: Mapping[str, str]) -> dict[str, str]:
    """Give the cells of a row without those that are email addresses, or that stand under such a heading."""
    return {
        name: cell for name, cell in cells.items() if not EMAIL_HEADING.search(name) and not is_email(cell)
    }
