"""Make the whole paper of a project, or of a thread from old sources, for one signed head and one language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.core.kinds import is_from_sources
from alongside.desks.statements.answered import Answered
from alongside.desks.statements.blocks import Block, Line, Paper, Para, Run, plain
from alongside.desks.statements.checked import Addresses, limits, proofs
from alongside.desks.statements.past import Reconstructed
from alongside.desks.statements.queries import Stated
from alongside.desks.statements.wording import EntryPage, Wording, day
from alongside.ground.record.queries import Packs
from alongside.ground.ui.templatetags.ui import counted


@dataclass(frozen=True)
class Origin:
    """Where a record comes from: its program's packs, its origin, its public key, and the addresses of this site."""

    packs: Packs
    origin: str
    vkey: str
    base: str
    entry_page: EntryPage
    where: Addresses


@dataclass(frozen=True)
class Made:
    """A paper, and the numbers of the entries it cites."""

    paper: Paper
    cited: tuple[int, ...]


def made(stated: Stated, origin: Origin, lang: str) -> Made:
    """Make the paper. Asks nothing; the same head, words and language give the same paper."""
    is_past = is_from_sources(stated.subject.entry.kind)
    wording = _of_past(stated, origin, lang) if is_past else _of_project(stated, origin, lang)
    blocks: list[Block] = [*_opening(wording), *wording.blocks, *limits(is_past=is_past)]
    blocks += proofs(wording, origin.origin, origin.vkey, origin.where)
    title: Line = (Run(_("Public Involvement Statement:") + " "), wording.title(stated.subject))
    paper = Paper(title, lang, wording.pack.name.say(lang), stated.head.signed_on, origin.base, tuple(blocks))
    return Made(paper, tuple(sorted(wording.cited)))


def _of_project(stated: Stated, origin: Origin, lang: str) -> Wording:
    wording = Answered(stated, origin.packs, lang, origin.entry_page)
    wording.decided()
    wording.in_short()
    wording.asked()
    wording.heard()
    wording.changed()
    wording.declined()
    wording.open()
    wording.reported()
    return wording


def _of_past(stated: Stated, origin: Origin, lang: str) -> Wording:
    wording = Reconstructed(stated, origin.packs, lang, origin.entry_page)
    wording.steps()
    return wording


def _opening(wording: Wording) -> list[Block]:
    """Say from what the statement was made, and that nobody wrote it."""
    head = wording.stated.head
    said = {
        "day": day(head.signed_on),
        "size": counted(head.size),
        "program": wording.pack.name.say(wording.lang),
    }
    made_from = _("%(program)s. As of %(day)s, from the first %(size)s entries of the record.") % said
    nobody = _("Nobody wrote this statement: it is read from the record, and anyone can check it.")
    return [Para(plain(made_from)), Para(plain(nobody))]
