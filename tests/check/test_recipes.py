"""A record forged with the log's own key is refused, and the verifier names the entry and what is wrong with it."""

import contextlib
import json
import re
import sqlite3

import pytest

from alongside.check.log import RecordError
from alongside.check.record import check_days
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.ledger.keys import KeyKind, Signer
from tests.check.recipes import RECIPES, Forged
from tests.check.records import Record
from tests.support.acts import HANDS


@pytest.fixture(scope="session")
def whole(demonstration_template):
    """Give the entries of the demonstration's record, as the actions wrote them, and its origin."""
    asked = (
        "SELECT l.raw FROM record_logentry l JOIN record_log g ON g.id = l.log_id JOIN programs_program p ON p.id = g.program_id"
        " WHERE p.slug = 'riverbend' ORDER BY l.\"index\""
    )
    with contextlib.closing(sqlite3.connect(demonstration_template.file)) as link:
        HANDS.update((ring.sign_key, ring.key) for ring in demonstration_template.story.keyrings.values())
        (origin,) = link.execute("SELECT origin FROM programs_program WHERE slug = 'riverbend'").fetchone()
        return [json.loads(bytes(raw)) for (raw,) in link.execute(asked)], origin


def judged(recipe, whole, seed):
    """Forge by a recipe; give the entry to blame, the one that is named, and what the check says of it."""
    log = Forged(*whole, seed)
    blamed = recipe.forge(log)
    try:
        summary = check_log(log.raw(), origin=log.origin)
        check_days(summary, summary.last)
    except GrammarError as error:
        return blamed, error.index, str(error)
    except RecordError as error:
        return blamed, summary.hidden[0].owed.index, str(error)
    return blamed, None, ""


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda one: one.name)
def test_a_record_forged_by_recipe_is_refused_and_named(recipe, whole):
    blamed, named, says = judged(recipe, whole, 7)
    assert says, f"{recipe.name} holds, and breaks promise {recipe.promise}; add a rule to the grammar."
    assert (named, bool(re.search(recipe.says, says))) == (blamed, True), says


def test_what_the_recipes_begin_with_holds(whole):
    summary = check_log(Forged(*whole, 7).raw(), origin=whole[1])
    assert (summary.entries, summary.hidden) == (len(whole[0]), [])


BY_PROMISE = {one.promise: one for one in RECIPES}


@pytest.mark.parametrize("promise", sorted(BY_PROMISE))
def test_whoever_runs_the_verifier_is_told_which_entry_was_forged(verify, whole, tmp_path, promise):
    recipe, log = BY_PROMISE[promise], Forged(*whole, 11)
    blamed = recipe.forge(log)
    record = Record()
    record.entries = log.entries
    signer = Signer(log.origin, KeyKind.ED25519, b"s" * 32)
    folder = record.write(tmp_path / "forged", signer=signer, raw=log.raw())
    code, _, said = verify("record", folder, "--state", tmp_path / "seen.json")
    assert (code, said.startswith(f"This does not hold. Entry {blamed}: ")) == (1, True), said
    assert re.search(recipe.says, said)
