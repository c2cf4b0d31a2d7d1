"""Records forged by recipe, each broken at places drawn at random and kept by the log's own key, are all refused.

ALONGSIDE_SOAK_FORGED is how many in all (20,000); ALONGSIDE_SOAK_SEED repeats a run.
"""

import os
import re
from collections import Counter

import pytest

from alongside.check.record import said_of
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import check_entry, parse
from alongside.core.grammar.log import MemoryLog, ends, follows, owed, texts_are_its_own
from alongside.core.grammar.silence import hidden
from alongside.core.grammar.take_downs import hashes_in
from tests.check.recipes import RECIPES, Forged
from tests.check.test_recipes import whole

__all__ = ["whole"]

pytestmark = pytest.mark.soak
FORGED = int(os.environ.get("ALONGSIDE_SOAK_FORGED", "20000"))
SEED = int(os.environ.get("ALONGSIDE_SOAK_SEED", "7"))


class Known:
    """A record that holds, read once; a forged copy is judged from the first entry that differs from it."""

    def __init__(self, entries, origin):
        self.values, self.origin = Forged(entries, origin, 0).signed(), origin
        self.parsed = [parse(place, canonical(one)) for place, one in enumerate(self.values)]

    def judge(self, log):
        """Raise GrammarError as check_log does, or tell what is hidden at the end, without reading again what is as it was."""
        values = log.signed()
        same = next(
            (at for at, (old, new) in enumerate(zip(self.values, values, strict=False)) if old != new),
            min(len(self.values), len(values)),
        )
        seen = MemoryLog(self.origin)
        for one in self.parsed[:same]:
            seen.add(one)
        before = self.parsed[same - 1] if same else None
        said = {sha256 for one in self.parsed[:same] for sha256 in hashes_in(one).values()}
        for index in range(same, len(values)):
            entry = parse(index, canonical(values[index]))
            follows(before, entry, seen)
            check_entry(entry, seen)
            texts_are_its_own(entry, said)
            seen.add(entry)
            before = entry
        ends(before, seen)
        return hidden(seen, owed(seen, before.date), before.date)


def test_every_record_forged_by_recipe_is_refused_and_named(whole):
    known, wrong = Known(*whole), Counter()
    for turn in range(FORGED):
        recipe = RECIPES[turn % len(RECIPES)]
        log = Forged(*whole, SEED * FORGED + turn)
        blamed = recipe.forge(log)
        try:
            untold = known.judge(log)
        except GrammarError as error:
            if error.index != blamed or not re.search(recipe.says, str(error)):
                wrong[f"{recipe.name}: {error}"] += 1
        else:
            if not untold or untold[0].owed.index != blamed or not re.search(recipe.says, said_of(untold[0])):
                wrong[f"{recipe.name} holds"] += 1
    assert wrong == Counter(), "\n".join(wrong)
