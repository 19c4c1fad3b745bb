"""The verifier's Ed25519: RFC 8032's vectors, the cryptography library's signatures, and what must not pass."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.verify.takar_verify import BASE, ZERO, D, L, P, _add, _equal, _point, signed, usable_key

# RFC 8032 7.1: secret key, public key, message, signature
VECTORS = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
        "2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
        "d9bef1177331a704",
    ),
}


def encoded(x: int, y: int) -> bytes:
    return (y | (x & 1) << 255).to_bytes(32, "little")


def affine(point: tuple[int, int, int, int]) -> tuple[int, int]:
    inverse = pow(point[2], -1, P)
    return point[0] * inverse % P, point[1] * inverse % P


def times(factor: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    found = ZERO
    for bit in bin(factor)[2:]:
        found = _add(found, found)
        found = _add(found, point) if bit == "1" else found
    return found


def small_points() -> list[tuple[int, int, int, int]]:
    """All eight points of small order: multiples of one of order 8, found by clearing the large prime factor."""
    y = 2
    while True:
        point = _point(y.to_bytes(32, "little"))
        if point is not None:
            eighth = times(L, point)
            if not _equal(times(4, eighth), ZERO):
                return [times(number, eighth) for number in range(8)]
        y += 1


SMALL = [encoded(*affine(point)) for point in small_points()]
# the same points, and others, written another way than they should be: y of p or more, or a sign on x = 0
NOT_CANONICAL = [
    *[(P + y | sign << 255).to_bytes(32, "little") for y in range(19) for sign in (0, 1)],
    (1 | 1 << 255).to_bytes(32, "little"),
    (P - 1 | 1 << 255).to_bytes(32, "little"),
    b"\xff" * 32,
]


@pytest.mark.parametrize("name", VECTORS)
def test_the_rfcs_signatures_hold(name: str) -> None:
    secret, public, message, signature = map(bytes.fromhex, VECTORS[name])
    assert Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw() == public
    assert signed(public, message, signature)
    assert not signed(public, message + b"\0", signature)


@settings(max_examples=30, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=300))
def test_what_the_cryptography_library_signs_holds(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    assert signed(private.public_key().public_bytes_raw(), message, private.sign(message))


@pytest.mark.parametrize("name", ["TEST 2", "TEST 3"])
def test_no_single_bit_of_key_message_or_signature_may_be_another(name: str) -> None:
    _, public, message, signature = map(bytes.fromhex, VECTORS[name])
    whole = public + message + signature
    for bit in range(0, len(whole) * 8, 3):
        other = bytearray(whole)
        other[bit // 8] ^= 1 << bit % 8
        key, text, seal = bytes(other[:32]), bytes(other[32:-64]), bytes(other[-64:])
        assert not signed(key, text, seal)
        with pytest.raises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(key).verify(seal, text)


@pytest.mark.parametrize("more", [1, 2, 3, 7])
def test_a_signature_is_not_malleable(more: int) -> None:
    _, public, message, signature = map(bytes.fromhex, VECTORS["TEST 3"])
    s = int.from_bytes(signature[32:], "little") + more * L
    assert not signed(public, message, signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 128])
def test_a_signature_has_64_bytes(length: int) -> None:
    _, public, message, signature = map(bytes.fromhex, VECTORS["TEST 1"])
    assert not signed(public, message, (signature * 2)[:length])
    assert not signed(public[:-1], message, signature)
    assert not signed(b"", message, signature)


def test_there_are_eight_points_of_small_order() -> None:
    assert len(set(SMALL)) == 8
    assert (1).to_bytes(32, "little") in SMALL


@pytest.mark.parametrize("key", SMALL, ids=bytes.hex)
@pytest.mark.parametrize("r", SMALL, ids=bytes.hex)
def test_no_key_of_small_order_signs_everything(key: bytes, r: bytes) -> None:
    """With s = 0 the equation holds for such keys under many a message; a lax verifier says yes."""
    assert not usable_key(key)
    assert not any(signed(key, message, r + bytes(32)) for message in (b"", b"a", b"takar"))


@pytest.mark.parametrize("r", SMALL, ids=bytes.hex)
def test_no_r_of_small_order_is_accepted(r: bytes) -> None:
    """Made by who holds the key: s = k * a lets r be the neutral point. Refused all the same."""
    from hashlib import sha512

    seed, public, message, _ = map(bytes.fromhex, VECTORS["TEST 1"])
    a = int.from_bytes(sha512(seed).digest()[:32], "little") & (2**254 - 8) | 2**254
    assert encoded(*affine(times(a, BASE))) == public
    k = int.from_bytes(sha512(r + public + message).digest(), "little") % L
    assert not signed(public, message, r + (k * a % L).to_bytes(32, "little"))


@pytest.mark.parametrize("written", NOT_CANONICAL, ids=bytes.hex)
def test_a_point_written_another_way_is_no_point(written: bytes) -> None:
    _, public, message, signature = map(bytes.fromhex, VECTORS["TEST 1"])
    assert not usable_key(written)
    assert not signed(written, message, signature)
    assert not signed(public, message, written + signature[32:])


def test_a_key_with_a_small_part_does_not_pass_for_the_key() -> None:
    """A + T for T of order 8: a verifier that multiplies by the cofactor cannot tell them apart."""
    _, public, message, signature = map(bytes.fromhex, VECTORS["TEST 2"])
    key, small = _point(public), _point(next(one for one in SMALL if one != (1).to_bytes(32, "little")))
    assert key is not None
    assert small is not None
    assert not signed(encoded(*affine(_add(key, small))), message, signature)


def test_the_base_point_is_the_rfcs() -> None:
    x, y = affine(BASE)
    assert (y * 5 - 4) % P == 0
    assert x == 15112221349535400772501151409588531511454012693041857206046113283949847762202
    assert (-x * x + y * y - 1 - D * x * x * y * y) % P == 0
    assert _equal(times(L, BASE), ZERO)
