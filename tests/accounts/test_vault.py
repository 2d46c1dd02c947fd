"""A sealed secret opens with its key, for its account, at its store, and in no other way."""

import itertools
import traceback
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import Mock

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin.accounts.vault import Vault, VaultError
from tests.accounts import stored

OLD, NEW = b"o" * 32, b"n" * 32
CANARY = b"canary-pa55word"
HERE = {"workspace_id": "w1", "account_id": "acc_1", "base_url": "https://shop.test/api"}


@pytest.fixture
def vault() -> Vault:
    return Vault(lambda: {"first": OLD})


@given(secret=st.binary(max_size=200))
def test_what_is_sealed_opens_again(secret: bytes) -> None:
    vault = Vault(lambda: {"first": OLD})

    sealed = vault.seal(secret, **HERE)

    assert vault.open(sealed, **HERE) == secret
    assert sealed != vault.seal(secret, **HERE)


def test_every_flipped_bit_is_refused(vault: Vault) -> None:
    sealed = vault.seal(CANARY, **HERE)
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(VaultError, match="cannot be opened"):
            vault.open(bytes(changed), **HERE)


def test_every_truncation_and_extension_is_refused(vault: Vault) -> None:
    sealed = vault.seal(CANARY, **HERE)
    for changed in (*(sealed[:length] for length in range(len(sealed))), sealed + b"\0", sealed[1:], sealed * 2):
        with pytest.raises(VaultError, match="cannot be opened"):
            vault.open(changed, **HERE)


def test_fifty_rows_swapped_with_each_other_are_refused(vault: Vault) -> None:
    places = [
        {"workspace_id": f"w{number % 5}", "account_id": f"acc_{number}", "base_url": f"https://shop{number % 7}.test"}
        for number in range(50)
    ]
    rows = [vault.seal(CANARY, **place) for place in places]

    for (sealed, origin), place in itertools.product(zip(rows, places, strict=True), places):
        if origin is place:
            assert vault.open(sealed, **place) == CANARY
        else:
            with pytest.raises(VaultError):
                vault.open(sealed, **place)


@pytest.mark.anyio
@pytest.mark.parametrize("column", ["sealed", "base_url", "workspace_id", "id"])
async def test_fifty_rows_of_the_database_that_swap_a_part_are_refused(tmp_path: Path, column: str) -> None:
    await stored.connect(tmp_path, 50)
    assert await stored.credentials(tmp_path) == [stored.CANARY] * 50
    # In the order of the workspaces, so that these too are others' afterwards; held back, as both are unique.
    rows = stored.execute(tmp_path, f"SELECT {column}, rowid FROM accounts ORDER BY workspace_id")  # noqa: S608 - the columns are our own
    moved = [(rows[number - 17][0], rowid) for number, (_, rowid) in enumerate(rows)]
    stored.execute(tmp_path, f"UPDATE accounts SET {column} = rowid")  # noqa: S608 - the columns are our own
    stored.execute(tmp_path, f"UPDATE accounts SET {column} = ? WHERE rowid = ?", *moved)  # noqa: S608 - the columns are our own

    assert await stored.credentials(tmp_path) == [None] * 50


@pytest.mark.anyio
async def test_a_row_whose_base_url_was_changed_in_the_database_is_refused(tmp_path: Path) -> None:
    await stored.connect(tmp_path, 3)
    stored.execute(tmp_path, "UPDATE accounts SET base_url = 'https://evil.test' WHERE workspace_id = 'w1'")

    assert await stored.credentials(tmp_path) == [stored.CANARY, None, stored.CANARY]


@pytest.mark.parametrize(
    "base_url",
    ["http://shop.test/api", "https://shop.test:444", "https://evil.test/api", "https://shop.test.evil.test", "", "x"],
)
def test_a_secret_does_not_open_at_another_origin(vault: Vault, base_url: str) -> None:
    sealed = vault.seal(CANARY, **HERE)

    with pytest.raises(VaultError):
        vault.open(sealed, **HERE | {"base_url": base_url})


@pytest.mark.parametrize("base_url", ["https://shop.test", "https://SHOP.test:443/other"])
def test_a_secret_opens_at_another_path_of_its_origin(vault: Vault, base_url: str) -> None:
    assert vault.open(vault.seal(CANARY, **HERE), **HERE | {"base_url": base_url}) == CANARY


def test_parts_that_join_to_the_same_text_are_not_the_same_binding(vault: Vault) -> None:
    sealed = vault.seal(CANARY, workspace_id="w1", account_id="2acc", base_url="https://shop.test")

    with pytest.raises(VaultError):
        vault.open(sealed, workspace_id="w12", account_id="acc", base_url="https://shop.test")


# The GCM specification (McGrew, Viega), test cases 13 to 16, which are AES-256.
LONG_KEY, LONG_NONCE = "feffe9928665731c6d6a8f9467308308" * 2, "cafebabefacedbaddecaf888"
PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
CIPHER = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
)
BESIDE = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
VECTORS = [  # key, nonce, plain text, what is bound beside it, cipher text with its tag
    ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    ("00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"),
    (LONG_KEY, LONG_NONCE, PLAIN, "", CIPHER + "b094dac5d93471bdec1a502270e3cc6c"),
    (LONG_KEY, LONG_NONCE, PLAIN[:120], BESIDE, CIPHER[:120] + "76fc6ece0f4e1768cddf8853bb2d551b"),
]


@pytest.mark.parametrize("vector", VECTORS, ids=["13", "14", "15", "16"])
def test_the_cipher_passes_the_published_vectors(vector: tuple[str, ...]) -> None:
    key, nonce, plain, beside, sealed = (bytes.fromhex(part) for part in vector)

    assert AESGCM(key).encrypt(nonce, plain, beside) == sealed
    assert AESGCM(key).decrypt(nonce, sealed, beside) == plain


def test_the_layout_is_the_documented_one() -> None:
    """Opened by hand, so that a row of today opens in ten years."""
    sealed = Vault(lambda: {"k1": OLD}).seal(CANARY, **HERE)
    fields = [b"\x01\x02k1", b"w1", b"acc_1", b"https://shop.test:443"]
    beside = b"".join(len(field).to_bytes(8, "big") + field for field in fields)

    assert sealed[:4] == b"\x01\x02k1"
    assert AESGCM(OLD).decrypt(sealed[4:16], sealed[16:], beside) == CANARY


@pytest.mark.parametrize(
    ("ring", "sentence"),
    [
        ({}, "The key ring holds no key to seal secrets with."),
        ({"k1": b"short"}, "The key 'k1' must have 32 bytes and has 5."),
        ({"k1": OLD, "k2": b"x" * 33}, "The key 'k2' must have 32 bytes and has 33."),
        ({"": OLD}, "A key's id must have 1 to 255 bytes."),
        ({"ü" * 128: OLD}, "A key's id must have 1 to 255 bytes."),
    ],
)
def test_a_faulty_key_ring_is_a_sentence_at_start(ring: Mapping[str, bytes], sentence: str) -> None:
    with pytest.raises(VaultError) as caught:
        Vault(lambda: ring)

    assert str(caught.value) == sentence


def test_an_unknown_key_is_refused_and_known_to_be_unknown(vault: Vault) -> None:
    sealed = Vault(lambda: {"other": OLD}).seal(CANARY, **HERE)

    assert vault.lost_key(sealed) == "other"
    assert vault.lost_key(vault.seal(CANARY, **HERE)) == vault.lost_key(b"damaged") == ""
    with pytest.raises(VaultError, match="cannot be opened"):
        vault.open(sealed, **HERE)


def test_another_key_under_a_known_id_is_refused(vault: Vault) -> None:
    sealed = Vault(lambda: {"first": NEW}).seal(CANARY, **HERE)

    with pytest.raises(VaultError, match="cannot be opened"):
        vault.open(sealed, **HERE)


def test_keys_are_asked_for_again_when_an_unknown_id_is_met() -> None:
    ring = {"first": OLD}
    keys = Mock(return_value=ring)
    vault = Vault(keys)
    sealed = Vault(lambda: {"second": NEW}).seal(CANARY, **HERE)
    ring["second"] = NEW

    assert vault.open(sealed, **HERE) == CANARY
    assert vault.open(sealed, **HERE) == CANARY
    assert keys.call_count == 2


def test_the_first_key_seals_and_all_open() -> None:
    sealed = Vault(lambda: {"first": OLD}).seal(CANARY, **HERE)
    vault = Vault(lambda: {"second": NEW, "first": OLD})

    assert vault.open(sealed, **HERE) == CANARY
    assert vault.needs_reseal(sealed)
    resealed = vault.reseal(sealed, **HERE)
    assert not vault.needs_reseal(resealed)
    assert Vault(lambda: {"second": NEW}).open(resealed, **HERE) == CANARY


def test_a_new_first_key_seals_from_the_next_secret_on() -> None:
    ring = {"first": OLD}
    vault = Vault(lambda: ring)
    ring = {"second": NEW, "first": OLD}

    assert Vault(lambda: {"second": NEW}).open(vault.seal(CANARY, **HERE), **HERE) == CANARY


def test_no_failure_shows_a_secret_or_a_key_even_with_locals() -> None:
    ring = {"first": OLD}
    vault = Vault(lambda: ring)
    sealed = vault.seal(CANARY, **HERE)
    ring["short"] = b"x"

    for fail in (
        lambda: Vault(lambda: ring),
        lambda: vault.reseal(sealed, **HERE),
        lambda: vault.open(sealed, **HERE | {"account_id": "acc_2"}),
    ):
        with pytest.raises(VaultError) as caught:
            fail()
        frames = traceback.walk_tb(caught.value.__traceback__)
        shown = "".join(
            repr(frame.f_locals) for frame, _ in frames if frame.f_code.co_filename.endswith("accounts/vault.py")
        )
        assert shown
        assert CANARY.decode() not in shown
        assert OLD.decode() not in shown
    assert OLD.decode() not in repr(vars(vault))
