"""Votes go out as Polis writes them, and whoever has them computes the same map to the last byte; exports of Polis are read."""

import csv
import hashlib
import json

import pytest
from django.core.management import CommandError, call_command

from alongside.chain.opinions.models import Map
from alongside.check.opinions import main
from alongside.core.opinions.files import read
from alongside.core.opinions.votes import VotesError
from tests.chain.opinions.cast import SLUG
from tests.chain.opinions.test_maps import over
from tests.core.opinions.conversations import DATA, REAL, real

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(tmp_path):
    over()
    call_command("opinions", "export", "riverbend", SLUG, str(tmp_path / "votes"))
    return tmp_path / "votes"


def test_the_map_is_computed_again_from_its_export(exported, capsys):
    assert main([str(exported)]) == 0
    assert "This is the same map" in capsys.readouterr().err
    assert Map.objects.get().data["hash"] in json.loads((exported / "map.json").read_text())["hash"]


def test_one_vote_more_or_another_is_seen(exported, capsys):
    lines = (exported / "votes.csv").read_text().splitlines()
    (exported / "votes.csv").write_text("\n".join(lines[:-1]) + "\n")

    assert main([str(exported)]) == 1
    assert "votes" in capsys.readouterr().err


def test_a_map_of_another_method_is_called_neither_right_nor_wrong(exported, capsys):
    told = json.loads((exported / "map.json").read_text())
    told |= {"hash": "0" * 64, "computed_by": {**told["computed_by"], "method": "alongside/opinions/v1"}}
    (exported / "map.json").write_text(json.dumps(told))

    assert main([str(exported)]) == 2
    assert "drawn by alongside/opinions/v1" in capsys.readouterr().err


def test_the_export_names_nobody_and_counts_right(exported):
    with (exported / "votes.csv").open() as opened:
        rows = list(csv.DictReader(opened))
    with (exported / "comments.csv").open() as opened:
        first = next(csv.DictReader(opened))

    assert (len(rows), {int(one["voter-id"]) for one in rows}) == (480, set(range(60)))
    assert (first["agrees"], first["disagrees"], first["comment-body"]) == (
        "60",
        "0",
        "A sign should say what is kept.",
    )
    assert (exported.stat().st_mode & 0o777, "code" in "".join(rows[0])) == (0o700, False)


def test_nothing_is_written_over(exported):
    with pytest.raises(CommandError, match="is there already"):
        call_command("opinions", "export", "riverbend", SLUG, str(exported))


def test_a_conversation_held_elsewhere_is_computed_and_cited_by_the_hashes_of_its_files(tmp_path, capsys):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    votes = [f"0,x,{number},{person},{1 if number else -1}" for person in range(12) for number in (0, 1)]
    (folder / "votes.csv").write_text("timestamp,datetime,comment-id,voter-id,vote\n" + "\n".join(votes))
    (folder / "comments.csv").write_text("comment-id,moderated,comment-body\n0,1,Yes?\n1,1,No?\n")

    assert main([str(folder), "--result"]) == 0
    out, err = capsys.readouterr()
    made = json.loads(out)
    assert made["result"]["statements"][1]["everybody"]["agree"] == {"low": 10, "high": 20}
    assert f"The hash of the result is {made['hash']}." in err
    for name in ("votes.csv", "comments.csv"):
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert f"SHA-256 of {name}: {digest}." in err


@pytest.mark.parametrize("name", sorted(REAL))
def test_every_generation_of_polis_is_read_and_its_last_votes_count(name):
    folder = DATA / REAL[name] / name
    if not folder.exists():
        pytest.skip("The real conversations are not here: ../shared is not here.")
    found = read(*((folder / f"{one}.csv").read_text(encoding="utf-8-sig") for one in ("votes", "comments")))
    known = real(name)

    assert len(found.votes.people) == len(known.people)
    assert found.votes.answer.sum() == known.answer.sum()
    assert set(found.words) <= set(found.votes.statements.tolist())


def test_what_is_no_export_is_refused_with_what_to_do():
    with pytest.raises(VotesError, match="export them again"):
        read("a,b\n1,2\n", "comment-id,comment-body\n1,Yes\n")
