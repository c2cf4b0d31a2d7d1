"""Every prefix of a log stays a prefix, and no changed proof is ever believed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.ledger.hashing import EMPTY_ROOT, LedgerError, leaf_hash, node_hash
from alongside.core.ledger.nodes import consistency_proof, inclusion_proof, root_from
from alongside.core.ledger.reader import TileReader
from alongside.core.ledger.tiles import (
    TileRef,
    bundles_of,
    decode_bundle,
    encode_bundle,
    grow,
    hash_tile,
    parse_tile_path,
    tiles_of,
)
from alongside.core.ledger.tree import Tree
from alongside.core.ledger.verify import verify_consistency, verify_inclusion

BIG = Tree(n.to_bytes(3, "big") for n in range(70_000))
sizes = st.integers(1, 70_000)
hashes = st.binary(min_size=32, max_size=32)


def plain_root(entries):
    """RFC 6962, section 2.1, as it is written there."""
    if not entries:
        return EMPTY_ROOT
    if len(entries) == 1:
        return leaf_hash(entries[0])
    half = 1 << ((len(entries) - 1).bit_length() - 1)
    return node_hash(plain_root(entries[:half]), plain_root(entries[half:]))


@given(st.lists(st.binary(max_size=8), max_size=70), st.integers(0, 70))
def test_a_tree_has_the_root_of_the_definition_however_it_was_filled(entries, cut):
    by_one = Tree()
    indexes = [by_one.append(entry) for entry in entries]
    in_two = Tree(entries[:cut])
    in_two.extend(entries[cut:])
    assert indexes == list(range(len(entries)))
    assert [by_one.root(n) for n in range(len(entries) + 1)] == [
        plain_root(entries[:n]) for n in range(len(entries) + 1)
    ]
    assert in_two.root() == by_one.root()
    assert in_two.size == len(entries)


def test_every_prefix_is_consistent_with_every_later_one_and_holds_each_entry():
    tree = Tree(bytes([n]) for n in range(130))
    for new in range(1, 131):
        for old in range(1, new + 1):
            verify_consistency(old, new, tree.consistency(old, new), tree.root(old), tree.root(new))
        for index in range(new):
            verify_inclusion(
                index, new, leaf_hash(bytes([index])), tree.inclusion(index, new), tree.root(new)
            )


@given(sizes, sizes)
def test_proofs_from_tiles_equal_proofs_from_memory_and_hold(one, other):
    old, new = sorted((one, other))
    reader = TileReader(new, BIG.tile)
    assert root_from(reader.read, new) == BIG.root(new)
    path, growth = inclusion_proof(old - 1, new, reader.read), consistency_proof(old, new, reader.read)
    assert (path, growth) == (BIG.inclusion(old - 1, new), BIG.consistency(old, new))
    verify_inclusion(old - 1, new, BIG.read(0, old - 1), path, BIG.root(new))
    verify_consistency(old, new, growth, BIG.root(old), BIG.root(new))


@st.composite
def changed(draw, proof):
    """A proof with one thing about it changed."""
    proof = list(proof)
    match draw(st.sampled_from(["flip", "drop", "add", "swap", "cut", "turn"])):
        case "flip" if proof:
            at, byte, bit = (
                draw(st.integers(0, len(proof) - 1)),
                draw(st.integers(0, 31)),
                draw(st.integers(0, 7)),
            )
            proof[at] = proof[at][:byte] + bytes([proof[at][byte] ^ 1 << bit]) + proof[at][byte + 1 :]
        case "drop" if proof:
            del proof[draw(st.integers(0, len(proof) - 1))]
        case "swap" if len(proof) > 1:
            at = draw(st.integers(0, len(proof) - 2))
            proof[at : at + 2] = proof[at + 1], proof[at]
        case "cut" if proof:
            at = draw(st.integers(0, len(proof) - 1))
            proof[at] = proof[at][: draw(st.integers(0, 31))]
        case "turn" if len(proof) > 1:
            proof.reverse()
        case _:
            proof.insert(draw(st.integers(0, len(proof))), draw(hashes))
    return proof


near = st.sampled_from([0, 0, 0, 1, -1, 2, 256, -70_000, 2**64])


@settings(max_examples=2000)
@given(st.data(), sizes, sizes, near, near)
def test_no_changed_inclusion_proof_is_believed(data, one, other, by_index, by_size):
    index, size = sorted((one - 1, other))
    size += index == size
    proof = BIG.inclusion(index, size) if size <= 70_000 else BIG.inclusion(index := 69_999, size := 70_000)
    mutant = data.draw(changed(proof))
    if mutant == proof:
        return
    with pytest.raises(LedgerError):
        verify_inclusion(index + by_index, size + by_size, BIG.read(0, index), mutant, BIG.root(size))


@settings(max_examples=2000)
@given(st.data(), sizes, sizes, near, near)
def test_no_changed_consistency_proof_is_believed(data, one, other, by_old, by_new):
    old, new = sorted((one, other))
    proof = BIG.consistency(old, new)
    mutant = data.draw(changed(proof))
    if mutant == proof:
        return
    with pytest.raises(LedgerError):
        verify_consistency(old + by_old, new + by_new, mutant, BIG.root(old), BIG.root(new))


@given(sizes, sizes, hashes)
def test_no_proof_leads_to_another_root_or_from_another_entry(one, other, wrong):
    old, new = sorted((one, other))
    leaf, root = BIG.read(0, old - 1), BIG.root(new)
    for arguments in ((wrong, root), (leaf, wrong)):
        with pytest.raises(LedgerError):
            verify_inclusion(old - 1, new, arguments[0], BIG.inclusion(old - 1, new), arguments[1])
    for roots in ((BIG.root(old), wrong), (wrong, root)):
        with pytest.raises(LedgerError):
            verify_consistency(old, new, BIG.consistency(old, new), *roots)


def test_a_shrunk_or_empty_old_size_is_refused_by_the_bare_check():
    for old, new in ((0, 5), (6, 5), (0, 0)):
        with pytest.raises(LedgerError) as refusal:
            verify_consistency(old, new, [], BIG.root(old), BIG.root(new))
        assert str(refusal.value) == f"A tree of {old} entries cannot grow into one of {new}."


def test_a_tree_refuses_what_it_does_not_have():
    tree = Tree([b"a", b"b", b"c"])
    for ask in (
        lambda: tree.root(4),
        lambda: tree.root(-1),
        lambda: tree.inclusion(3),
        lambda: tree.inclusion(-1),
        lambda: tree.consistency(4),
        lambda: tree.read(1, 1),
        lambda: tree.read(0, -1),
        lambda: tree.tile(0, 0),
        lambda: tree.tile(1, 0, 1),
        lambda: tree.extend_hashes([b"short"]),
        lambda: root_from(tree.read, -1),
    ):
        with pytest.raises(LedgerError):
            ask()


def test_a_log_of_70_000_entries_has_the_tiles_that_the_specification_counts():
    refs = list(tiles_of(70_000))
    count = {}
    for ref in refs:
        count.setdefault((ref.level, ref.width), []).append(ref.n)
    assert {key: len(numbers) for key, numbers in count.items()} == {
        (0, 256): 273,
        (0, 112): 1,
        (1, 256): 1,
        (1, 17): 1,
        (2, 1): 1,
    }
    assert len(list(bundles_of(70_000))) == 274
    assert [ref.path for ref in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


@given(st.integers(0, 2**40), st.integers(1, 256), st.none() | st.integers(0, 63))
def test_a_tile_address_reads_back_and_has_one_spelling(n, width, level):
    ref = TileRef(level, n, width)
    assert parse_tile_path(ref.path) == ref


def test_the_address_in_the_specification_is_ours():
    assert TileRef(0, 1_234_067, 256).path == "tile/0/x001/x234/067"
    assert TileRef(None, 1_234_067, 3).path == "tile/entries/x001/x234/067.p/3"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/00/000",
        "tile/0/x000/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/64/000",
        "tile/0/001/",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/" + "x999/" * 60 + "000",
        "tile/0/" + "x999/" * 8 + "000",
        "tile/entries",
        "",
        "tile/0/٠٠٠",
    ],
)
def test_another_spelling_of_a_tile_address_is_refused(path):
    with pytest.raises(LedgerError):
        parse_tile_path(path)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
def test_tiles_grown_step_by_step_are_the_tiles_of_the_whole(steps):
    tiles, size = {}, 0
    for step in steps:
        fresh = [BIG.read(0, at) for at in range(size, size + step)]
        tiles |= grow(size, fresh, lambda *ref: tiles[TileRef(*ref)])
        size += step
    assert {ref: tiles[ref] for ref in tiles_of(size)} == {ref: BIG.tile(*ref) for ref in tiles_of(size)}


def test_growth_across_a_full_tile_of_tiles_reaches_the_level_above():
    tiles = grow(0, [BIG.read(0, at) for at in range(65_530)], lambda *_: b"")
    tiles |= grow(
        65_530, [BIG.read(0, at) for at in range(65_530, 70_000)], lambda *ref: tiles[TileRef(*ref)]
    )
    assert [tiles[ref] for ref in tiles_of(70_000)] == [BIG.tile(*ref) for ref in tiles_of(70_000)]


def test_broken_tiles_are_refused():
    for ask in (
        lambda: grow(5, [bytes(32)], lambda *_: b"short"),
        lambda: grow(0, [b"short"], lambda *_: b""),
        lambda: hash_tile(bytes(32 * 255)),
        lambda: TileReader(300, lambda *_: b"short").read(0, 0),
        lambda: TileReader(300, BIG.tile).read(0, 300),
        lambda: TileReader(300, BIG.tile).read(8, 1),
        lambda: TileReader(300, BIG.tile).read(3, 37),
        lambda: TileReader(300, BIG.tile).read(0, -1),
    ):
        with pytest.raises(LedgerError):
            ask()


def test_a_tile_is_fetched_once_however_many_proofs_are_read_from_it():
    fetched = []

    def fetch(*ref):
        fetched.append(ref)
        return BIG.tile(*ref)

    reader = TileReader(70_000, fetch)
    for index in range(250):
        inclusion_proof(index, 70_000, reader.read)
    assert sorted(fetched) == [(0, 0, 256), (0, 273, 112), (1, 0, 256), (1, 1, 17)]


@given(st.lists(st.binary(max_size=40), max_size=300))
def test_a_bundle_reads_back_as_it_was_written(entries):
    assert decode_bundle(encode_bundle(entries), len(entries)) == entries


@given(st.binary(max_size=60), st.integers(0, 5))
def test_any_bytes_read_as_a_bundle_are_either_exactly_that_bundle_or_refused(data, width):
    try:
        entries = decode_bundle(data, width)
    except LedgerError:
        return
    assert encode_bundle(entries) == data
    assert len(entries) == width


def test_an_entry_may_have_65_535_bytes_and_no_more():
    longest = bytes(65_535)
    assert decode_bundle(encode_bundle([longest]), 1) == [longest]
    with pytest.raises(LedgerError) as refusal:
        encode_bundle([longest + b"\0"])
    assert str(refusal.value) == "An entry of 65,536 bytes is too long; keep it to 65,535."
