import hashlib
import re

import pytest

from alongside.core.canonical import canonical
from alongside.core.policy.load import load_pack
from alongside.core.policy.parts import differences, plain
from alongside.core.policy.purpose import FACTS, USUAL, usual_purpose
from alongside.core.policy.words import PackError
from alongside.ground.programs.pack_files import read_pack, shipped_pack
from alongside.ground.ui.addresses import has_page
from alongside.work.registers.queries import FACT_WORDS

NEUTRAL = shipped_pack("neutral")
HEAD, REST = NEUTRAL.split("# Partnerships about", 1)
REST = REST[REST.index("\n[government]") :]
OWN = """[purpose]
about = "Leads look with you at the parks."
facts = ["sort", "purpose"]
sorts = [{id = "park", name = "A park"}]
products = [{id = "plan", name = "A plan", headings = [{id = "who", name = "Who", asks = "Who goes there?"}]}]
"""


def wrong_with(purpose):
    with pytest.raises(PackError) as found:
        load_pack(HEAD + purpose + REST)
    return [str(one) for one in found.value.every]


def test_a_pack_that_tells_no_purpose_has_that_of_before_packs_told_it():
    older = load_pack(HEAD + REST)
    assert older.purpose is usual_purpose()
    assert differences(older, load_pack(NEUTRAL)) == []


def test_the_usual_purpose_stays_as_it_is_since_packs_on_a_log_mean_it():
    told = hashlib.sha256(canonical(plain(usual_purpose()))).hexdigest()
    assert told == "9baa80a4a2f3109813ed1a330233b3a17f3f6110595261e1ef9c692cded1df92", (
        "write a purpose of another name, and leave this one as it is"
    )


def test_an_older_pack_is_whole_in_languages_that_the_usual_purpose_does_not_have():
    spoken = HEAD.replace("[[languages]]", "[[languages]]", 1) + REST
    extra = '[[languages]]\ncode = "fi"\nname = "Suomi"\ndirection = "ltr"\n\n[[languages]]\ncode = "en"'
    assert load_pack(spoken.replace('[[languages]]\ncode = "en"', extra, 1)).language("fi")


def in_english(purpose):
    text = re.sub("complete = true", "complete = false", HEAD + purpose + REST)
    return load_pack(text.replace("= false", "= true", 1))


def test_a_pack_says_what_it_is_about_itself(tmp_path):
    made = in_english(OWN)
    assert made.purpose.sorts_in("es") == {"park": "A park"}
    assert made.purpose.product("plan").heading("who").asks.say("en") == "Who goes there?"
    assert str(made.purpose.product("gone").name) == "gone", "a pack of before had it"


def test_a_purpose_that_packs_share_is_put_in_whole(tmp_path):
    file = tmp_path / "city.toml"
    file.write_text(f'{HEAD}purpose = "{USUAL}"\n{REST}', "utf-8")
    assert load_pack(read_pack(file)).purpose == usual_purpose()
    file.write_text(f'{HEAD}purpose = "parks"\n{REST}', "utf-8")
    with pytest.raises(PackError, match=f"purpose: is not a purpose that packs share; name one of .*{USUAL}"):
        read_pack(file)
    file.write_text(f'{HEAD}purpose = "{USUAL}"\nk = 10\n{REST}', "utf-8")
    with pytest.raises(PackError, match="move k above it"):
        read_pack(file)


def test_what_is_wrong_with_a_purpose_is_told():
    said = "\n".join(
        wrong_with(OWN.replace('["sort", "purpose"]', '["sort", "height"]').replace('"park"', '"A Park"'))
    )
    assert "purpose.facts: holds height; a bureau tells only sort, stage," in said
    assert "purpose.sorts: needs ids of small letters" in said
    assert "purpose.about.es: is missing" in said
    twice = OWN.replace('["sort", "purpose"]', '["sort", "sort"]')
    assert "purpose.facts: names sort twice; keep one." in wrong_with(twice)
    assert "purpose.facts: is empty; name one." in wrong_with(OWN.replace('["sort", "purpose"]', "[]"))


def test_each_fact_that_a_bureau_can_tell_has_a_name():
    assert list(FACTS) == list(FACT_WORDS)


@pytest.mark.parametrize("name", ["housing", "schools"])
def test_a_pack_of_another_partnership_is_whole_in_both_its_languages_and_is_marked_as_made_up(name):
    made = load_pack(shipped_pack(name))
    assert (made.complete_languages, made.made_up) == (("en", "es"), True)
    assert {one.demonstration for one in (*made.help, *made.routes)} <= {True}
    assert made.purpose != usual_purpose()


def test_the_name_at_the_top_of_each_page_leaves_room_for_the_languages_on_a_phone():
    long = HEAD.replace("\nk = 10", '\nmasthead = "Riverbend Community Leads and Friends"\nk = 10', 1) + REST
    with pytest.raises(PackError) as found:
        load_pack(long)
    assert "masthead.en: is longer than 20 letters" in "\n".join(str(one) for one in found.value.every)


def test_a_pack_that_leaves_out_a_part_has_no_page_of_it():
    housing, schools = load_pack(shipped_pack("housing")), load_pack(shipped_pack("schools"))
    pages = (
        "directory:help",
        "directory:papers",
        "directory:federal",
        "directory:requests",
        "directory:record",
    )
    assert [has_page(housing, one) for one in pages] == [False] * 5
    assert [has_page(schools, one) for one in pages] == [True, *[False] * 4]
    assert [has_page(load_pack(NEUTRAL), one) for one in pages] == [True] * 5


@pytest.mark.parametrize(
    ("called", "where"),
    [
        ('leads = "people of the Example"', "purpose.leads.en"),
        ('leads = "neighbors, who are always right"', "purpose.leads.en"),
        ('coordinator = "<b>host</b>"', "purpose.coordinator.en"),
    ],
)
def test_what_leads_and_the_coordinator_are_called_is_a_name_and_not_the_governments(called, where):
    assert any(where in one for one in wrong_with(f"{OWN.strip()}\n{called}\n"))


def test_leads_and_the_coordinator_have_the_names_that_a_purpose_gives_them():
    made = in_english(f'{OWN}leads = "park friends"\ncoordinator = "host of the Example"\n').purpose
    assert (str(made.leads), str(made.coordinator)) == ("park friends", "host of the Example")
