"""Write docs/reference/entries.md from the grammar: every kind of entry, whose pen, what it holds and cites."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))
from alongside.core.grammar.versions import KINDS
from alongside.core.grammar.shape import ANY, SERVED, SITTING, UNSIGNED

SEATS = {SERVED: "also those whose term is over", ANY: "any that was taken"}

HEAD = """# Entries of the record

Every line of the public log, as grammar version 5 knows it; what it knew before stays valid for old entries. Made from `core.grammar` by `python scripts/entries.py`.

An entry is canonical JSON with exactly these fields:

    {"v": 5, "kind": "...", "date": "YYYY-MM-DD", "pen": "...", "by": [...], "data": {...}, "cites": {...}, "texts": {...}}

- `date` is the program's local day, never a finer time. Days never go backwards.
- `pen` says whose pen it is: `community`, `city`, `both`, `clock` (it happened by itself) or `program` (the steward).
- `by` names seats (`seat-1a2b3c4d`), offices (`unit/office`), `clock` or `steward`. Never a person.
- A seat signs only while it is in force: begun, not over, not left, not suspended, not removed. Where a kind says so, a lead whose
  term is over signs too. The log names nobody; that one person never stands behind two of the seats and offices that sign, or
  behind one that signs and one under *other people than*, is judged where entries are written.
- `cites` maps a role to numbers of earlier entries. A link may look back, never forward.
- `texts` maps a name to `{"lang", "sha256"}`. The hash is SHA-256 of a 16-byte salt and the words; the words stand outside
  the log, so that they can be taken down by law without breaking it. From version 2 on no hash stands under two texts of a log.
- From version 4 on an entry may hold `act`: `{"nonce", "of", "place"}`, and in place 0 `sigs`. Entries in a row with one nonce are one act, which leads signed with
  their own keys (`docs/reference/sealing.md`). Kinds that say *signed by the lead's key* are refused without the signature of each seat that signs them and has a key on the log.
  From version 5 on each signs her own part of what leads sign *apart*. Kinds that say *entered by the site* are not signed, and why; so is what seats without a key do.
- An entry's number is its place in the log, counted from 0. It holds at most 65,535 bytes.

"""


def row(kind) -> str:
    """Describe one kind."""
    data = [f"`{name}`" for name in kind.data] + [f"`{name}` (may)" for name in kind.may]
    cites = [
        f"{role}: {rule.least}–{rule.most} of {', '.join('any' if k == '*' else f'`{k}`' for k in rule.kinds)}"
        for role, rule in kind.cites.items()
    ]
    texts = [f"`{name}`" for name in kind.texts] + [f"`{name}` (may)" for name in kind.may_text]
    if kind.any_text:
        texts.append("one a name" if kind.name != "report.published" else "one a language")
    rules = [(rule.__doc__ or "").strip().rstrip(".") for rule in kind.rules]
    lines = [f"### `{kind.name}`", "", kind.says, "", f"- pen: {kind.pen}; by: {', '.join(kind.by)}"]
    for name, found in (("data", data), ("cites", cites), ("texts", texts)):
        if found:
            lines.append(f"- {name}: {'; '.join(found)}")
    lines += [f"- rule: {one}" for one in rules]
    if kind.signed:
        lines.append(f"- signed by the lead's key, from version {kind.signed} on{parts_of(kind)}")
    if kind.unsigned:
        lines.append(f"- entered by the site: {UNSIGNED[kind.unsigned]}")
    if "seat" in kind.by and kind.seats != SITTING:
        lines.append(f"- seats: {SEATS[kind.seats]}")
    if kind.beside:
        said = (kind.beside.__doc__ or "").strip().rstrip(".")
        lines.append(f"- other people than: {said.removeprefix('Give ')}")
    return "\n".join(lines) + "\n"


def parts_of(kind) -> str:
    """Say whether leads sign a kind apart, what of it is each lead's own, and what nobody signs alone."""
    own = ", ".join(f"`{one}`" for one in (*kind.own_data, *kind.own_texts))
    where = "".join(f" where `{name}` is `{held}`" for name, held in kind.follows_where.items())
    follows = ", ".join(f"`{one}`{where}" for one in kind.follows)
    return (
        (f"; apart, within {kind.apart} days" if kind.apart else "")
        + ("; one pen" if kind.alone else "")
        + (f"; of each: {own}" if own else "")
        + (f"; signed by nobody, as it follows: {follows}" if follows else "")
    )


def text() -> str:
    """Give the whole page."""
    parts, last = [HEAD], ""
    for name, kind in KINDS.items():
        group = name.split(".")[0]
        if group != last:
            parts.append(f"## {group}\n")
            last = group
        parts.append(row(kind))
    return "\n".join(parts)


if __name__ == "__main__":
    (ROOT / "docs/reference/entries.md").write_text(text())
