"""Inclusion and consistency proofs: ours against RFC 6962's vectors, pymerkle, and the verifier's own check."""

import hashlib
from itertools import pairwise

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.verify.takar_verify import Tree, grown, included, leaf_hash
from shared.merkle import EMPTY, consistency_path, inclusion_path, packed_root, root, unpacked

# the test data of RFC 6962's and RFC 9162's reference implementation
CONTENTS = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
LEAVES = [leaf_hash(content) for content in CONTENTS]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
MOST = 65


def many(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def hexed(path: list[bytes]) -> list[str]:
    return [node.hex() for node in path]


def test_the_roots_are_the_rfcs() -> None:
    assert hashlib.sha256(b"").digest() == EMPTY
    assert [root(LEAVES[:size]).hex() for size in range(1, 9)] == ROOTS
    tree = Tree()
    assert [tree.add(leaf).hex() for leaf in LEAVES] == ROOTS


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_an_inclusion_proof_is_the_rfcs(index: int, size: int) -> None:
    path = inclusion_path(LEAVES[:size], index)
    assert hexed(path) == INCLUSION[index, size]
    assert included(LEAVES[index], index, size, path, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_a_consistency_proof_is_the_rfcs(first: int, second: int) -> None:
    path = consistency_path(LEAVES[:second], first)
    assert hexed(path) == CONSISTENCY[first, second]
    assert grown(first, bytes.fromhex(ROOTS[first - 1]), second, bytes.fromhex(ROOTS[second - 1]), path)


def test_every_inclusion_proof_up_to_65_leaves_is_pymerkles_and_is_accepted() -> None:
    theirs, leaves = pymerkle.InmemoryTree(algorithm="sha256"), many(MOST)
    for size in range(1, MOST + 1):
        theirs.append_entry(str(size - 1).encode())
        whole = root(leaves[:size])
        assert whole == theirs.get_state(size)
        for index in range(size):
            path = inclusion_path(leaves[:size], index)
            proof = theirs.prove_inclusion(index + 1, size)
            assert [leaves[index], *path] == proof.path
            pymerkle.verify_inclusion(leaves[index], whole, proof)
            assert included(leaves[index], index, size, path, whole)


def test_every_consistency_proof_up_to_65_leaves_agrees_with_pymerkle_and_is_accepted() -> None:
    theirs, leaves = pymerkle.InmemoryTree(algorithm="sha256"), many(MOST)
    for number in range(MOST):
        theirs.append_entry(str(number).encode())
    for second in range(1, MOST + 1):
        for first in range(1, second + 1):
            older, newer = root(leaves[:first]), root(leaves[:second])
            proof = theirs.prove_consistency(
                first, second
            )  # of another form than the RFC's: roots and verdicts compare
            pymerkle.verify_consistency(older, newer, proof)
            path = consistency_path(leaves[:second], first)
            assert grown(first, older, second, newer, path)
            if first < second:
                with pytest.raises(pymerkle.InvalidProof):
                    pymerkle.verify_consistency(newer, newer, proof)
                assert not grown(first, newer, second, newer, path)


@pytest.mark.parametrize("size", range(1, 18))
def test_no_other_leaf_place_size_or_path_is_accepted(size: int) -> None:
    leaves = many(size)
    whole, bigger = root(leaves), root(many(size + 1))
    for index in range(size):
        path = inclusion_path(leaves, index)
        for other in {*range(size + 3)} - {index}:
            assert not included(leaves[index], other, size, path, whole)
        for other in {*range(1, size)}:
            assert not included(leaves[other], index, size, path, whole) or other == index
        assert not included(leaves[index], index, size, [*path, whole], whole)
        assert not included(leaves[index], index, size, path, bigger)
        for cut in range(len(path)):
            assert not included(leaves[index], index, size, path[:cut] + path[cut + 1 :], whole)
        for one, two in pairwise(range(len(path))):
            swapped = [*path[:one], path[two], path[one], *path[two + 1 :]]
            assert not included(leaves[index], index, size, swapped, whole)


@pytest.mark.parametrize("second", range(2, 18))
def test_no_shrunken_or_other_tree_is_shown_to_have_grown(second: int) -> None:
    leaves = many(second)
    assert grown(second, root(leaves), second, root(leaves), [])
    assert not grown(second, root(leaves), second, root(leaves), [root(leaves)])
    assert not grown(second, root(many(second)[::-1]), second, root(leaves), [])
    for first in range(1, second):
        older, newer = root(leaves[:first]), root(leaves)
        path = consistency_path(leaves, first)
        forked = root([*many(second - 1), leaf_hash(b"another")])
        assert not grown(second, newer, first, older, path)
        assert not grown(first, older, second, forked, path)
        assert not grown(first, forked, second, newer, path)
        assert not grown(first, older, second, newer, [*path, older])
        assert not grown(first, older, second, newer, [])
        for cut in range(len(path)):
            assert not grown(first, older, second, newer, path[:cut] + path[cut + 1 :])
        for other in {*range(1, second + 1)} - {first}:
            assert not grown(other, older, second, newer, path)


@given(st.integers(1, 300), st.data())
def test_proofs_hold_in_trees_of_any_size(size: int, data: st.DataObject) -> None:
    leaves = many(size)
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert included(leaves[index], index, size, inclusion_path(leaves, index), root(leaves))
    assert grown(first, root(leaves[:first]), size, root(leaves), consistency_path(leaves, first))


@pytest.mark.parametrize("index", [-1, 3, 100])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_path(many(3), index)
    with pytest.raises(ValueError, match="no tree"):
        consistency_path(many(3), index + 1 if index < 0 else index + 2)


def test_leaves_that_stand_one_after_another_have_the_same_root() -> None:
    for count in range(MOST):
        leaves = many(count)
        assert packed_root(b"".join(leaves)) == root(leaves)
        assert unpacked(b"".join(leaves)) == leaves
