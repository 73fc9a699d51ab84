"""The tree against the published vectors of RFC 6962 implementations, against a naive tree, and against liars."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auth.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    NodeReader,
    consistency_proof,
    frontier_of,
    inclusion_proof,
    leaf_hash,
    node_hash,
    range_root,
    root,
    verify_consistency,
    verify_inclusion,
)
from auth.errors import ProofInvalid

# The eight leaves and roots with which implementations of RFC 6962 are commonly tested.
VECTOR_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(0, 300)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(size)]


def reader(hashes: Sequence[bytes]) -> NodeReader:
    return lambda height, index: root(hashes[index << height : index + 1 << height])


def grow(hashes: Sequence[bytes]) -> Frontier:
    frontier = Frontier()
    for leaf in hashes:
        frontier, _ = frontier.append(leaf)
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_known_vectors(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in VECTOR_LEAVES[:size]]
    assert root(hashes).hex() == VECTOR_ROOTS[size] == grow(hashes).root().hex()


def test_proofs_are_those_of_rfc_6962_section_2_1_3() -> None:
    hashes = leaves(7)
    a, b, c, d, e, f, j = hashes
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, ll = node_hash(g, h), node_hash(i, j)
    node = reader(hashes)
    assert inclusion_proof(0, 7, node) == [b, h, ll]
    assert inclusion_proof(3, 7, node) == [c, g, ll]
    assert inclusion_proof(4, 7, node) == [f, j, k]
    assert inclusion_proof(6, 7, node) == [i, k]
    assert consistency_proof(3, 7, node) == [c, d, g, ll]
    assert consistency_proof(4, 7, node) == [ll]
    assert consistency_proof(6, 7, node) == [i, j, k]


@given(sizes)
def test_appending_gives_the_root_and_reports_completed_subtrees(size: int) -> None:
    hashes = leaves(size)
    frontier = Frontier()
    for at, leaf in enumerate(hashes):
        frontier, completed = frontier.append(leaf)
        for height, found in enumerate(completed):
            assert found == root(hashes[at + 1 - (1 << height) : at + 1])
        assert (at + 1) % (1 << len(completed)) != 0
    assert frontier.root() == root(hashes)
    assert frontier == frontier_of(size, reader(hashes))
    assert range_root(0, size, reader(hashes)) == root(hashes)


@given(st.data(), st.integers(1, 300))
def test_every_inclusion_proof_verifies_and_no_other_claim_does(data: st.DataObject, size: int) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, reader(hashes))
    verify_inclusion(hashes[index], index, size, proof, root(hashes))
    assert len(proof) <= size.bit_length()
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf_hash(b"another"), index, size, proof, root(hashes))
    with pytest.raises(ProofInvalid):
        verify_inclusion(hashes[index], index, size, [*proof, EMPTY_ROOT], root(hashes))
    if proof:
        with pytest.raises(ProofInvalid):
            verify_inclusion(hashes[index], index, size, proof[:-1], root(hashes))
        with pytest.raises(ProofInvalid):
            verify_inclusion(hashes[index], index, size, _flipped(data, proof), root(hashes))
        other = data.draw(st.integers(0, size - 1))
        assume(other != index)
        with pytest.raises(ProofInvalid):
            verify_inclusion(hashes[index], other, size, proof, root(hashes))


@given(st.data(), sizes)
def test_every_consistency_proof_verifies_and_no_other_claim_does(data: st.DataObject, size: int) -> None:
    hashes = leaves(size)
    old = data.draw(st.integers(0, size))
    proof = consistency_proof(old, size, reader(hashes))
    old_root, new_root = root(hashes[:old]), root(hashes)
    verify_consistency(old, old_root, size, new_root, proof)
    for wrong in ((leaf_hash(b"x"), new_root, proof), (old_root, new_root, [*proof, EMPTY_ROOT])):
        with pytest.raises(ProofInvalid):
            verify_consistency(old, wrong[0], size, wrong[1], wrong[2])
    if 0 < old < size:
        with pytest.raises(ProofInvalid):
            verify_consistency(old, old_root, size, leaf_hash(b"x"), proof)
        with pytest.raises(ProofInvalid):
            verify_consistency(old, old_root, size, new_root, _flipped(data, proof))
        with pytest.raises(ProofInvalid):
            verify_consistency(old, old_root, size, new_root, proof[:-1])
        with pytest.raises(ProofInvalid):
            verify_consistency(old, old_root, size, new_root, [])


@given(st.integers(1, 64), st.data())
def test_a_changed_past_is_never_consistent(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    old = data.draw(st.integers(1, size))
    forged = list(hashes)
    forged[data.draw(st.integers(0, old - 1))] = leaf_hash(b"forged")
    proof = consistency_proof(old, size, reader(forged))
    with pytest.raises(ProofInvalid):
        verify_consistency(old, root(hashes[:old]), size, root(forged), proof)


@given(st.lists(sizes, min_size=2, max_size=5))
def test_consistency_chains_from_checkpoint_to_checkpoint(steps: list[int]) -> None:
    hashes = leaves(max(steps))
    for old, new in pairwise(sorted(steps)):
        proof = consistency_proof(old, new, reader(hashes[:new]))
        verify_consistency(old, root(hashes[:old]), new, root(hashes[:new]), proof)


def test_claims_outside_the_log_are_refused() -> None:
    node = reader(leaves(4))
    for index, size in ((-1, 4), (4, 4), (0, 0)):
        with pytest.raises(ProofInvalid):
            inclusion_proof(index, size, node)
        with pytest.raises(ProofInvalid):
            verify_inclusion(EMPTY_ROOT, index, size, [], EMPTY_ROOT)
    for old, size in ((-1, 4), (5, 4)):
        with pytest.raises(ProofInvalid):
            consistency_proof(old, size, node)
        with pytest.raises(ProofInvalid):
            verify_consistency(old, EMPTY_ROOT, size, EMPTY_ROOT, [])
    with pytest.raises(ProofInvalid):
        verify_consistency(4, leaf_hash(b"a"), 4, leaf_hash(b"b"), [])


def _flipped(data: st.DataObject, proof: list[bytes]) -> list[bytes]:
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    number = int.from_bytes(proof[at]) ^ (1 << bit)
    return [*proof[:at], number.to_bytes(32), *proof[at + 1 :]]
