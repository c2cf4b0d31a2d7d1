"""The scenes of the demonstration name actions that there are, and give them what they take."""

import inspect

import pytest

from alongside.site.demo.player import KNOWN, action_of, acts_of
from alongside.site.demo.programs import SCENES

#: What the player itself reads or adds.
OURS = {"as", "languages", "story", "now", *KNOWN}


@pytest.mark.parametrize("scene", SCENES)
def test_every_act_gives_its_action_what_it_takes(scene) -> None:
    wrong = []
    for ago, named, act in acts_of(scene):
        takes = inspect.signature(action_of(named)).parameters
        if not any(one.kind is one.VAR_KEYWORD for one in takes.values()):
            wrong += [f"{ago} days ago, {named} takes no {one}" for one in act if one not in {*takes, *OURS}]
    assert wrong == []


def test_every_scene_is_played() -> None:
    from alongside.site.demo.player import SCENES as folder

    assert sorted(SCENES) == sorted(one.stem for one in folder.glob("*.toml"))
