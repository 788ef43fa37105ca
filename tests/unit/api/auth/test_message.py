from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from api.auth.errors import (
    SignInMessageMalformed,
    SignInMessageRefused,
    SignInRefused,
    SignInSignatureMalformed,
)
from api.auth.message import MAX_CHARACTERS, Expected, prepare, signed_text
from api.origin import Origin
from marketplace.domain.addresses import ChecksumAddress

NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
SIGNER = Account.from_key(b"\x07" * 32)
ACCOUNT = ChecksumAddress(SIGNER.address)
EXPECTED = Expected(
    origin=Origin("https", "seats.example"),
    chain_id=31337,
    statement="Sign in to Seatmarket. This costs nothing and moves nothing.",
    nonce="0123456789abcdef" * 2 + "01234567",
    issued_at=NOW,
    expires_at=NOW + timedelta(minutes=5),
    skew=timedelta(seconds=30),
)
ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
PREPARED = prepare(ACCOUNT, EXPECTED)


def signed(text: str) -> str:
    return "0x" + bytes(SIGNER.sign_message(encode_defunct(text=text)).signature).hex()


def signer_of(text: str, signature: str, expected: Expected, now: datetime) -> ChecksumAddress:
    """The account whose own key signed."""
    found = signed_text(text, signature, expected, now)
    if not found.by_key:
        raise SignInRefused
    return found.account


def test_the_prepared_message_is_the_standards() -> None:
    assert (
        "seats.example wants you to sign in with your Ethereum account:\n"
        f"{ACCOUNT}\n"
        "\n"
        "Sign in to Seatmarket. This costs nothing and moves nothing.\n"
        "\n"
        "URI: https://seats.example\n"
        "Version: 1\n"
        "Chain ID: 31337\n"
        "Nonce: 0123456789abcdef0123456789abcdef01234567\n"
        "Issued At: 2027-03-01T18:00:00.000Z\n"
        "Expiration Time: 2027-03-01T18:05:00.000Z"
    ) == PREPARED


def test_whoever_signed_it_is_known() -> None:
    assert signer_of(PREPARED, signed(PREPARED), EXPECTED, NOW) == ACCOUNT


def test_a_wallet_may_write_times_its_own_way_and_name_the_scheme() -> None:
    text = "https://" + PREPARED.replace("18:00:00.000Z", "19:00:12+01:00")
    assert signer_of(text, signed(text), EXPECTED, NOW) == ACCOUNT


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00"])
@pytest.mark.parametrize("line", ["Issued At", "Expiration Time", "Not Before"])
def test_a_moment_at_the_calendars_ends_breaks_nothing(line: str, moment: str) -> None:
    kept = [one for one in PREPARED.split("\n") if not one.startswith(line)]
    at = len(kept) - (line == "Issued At")
    text = "\n".join([*kept[:at], f"{line}: {moment}", *kept[at:]])
    if (line, moment[0]) == ("Not Before", "0"):
        assert signer_of(text, signed(text), EXPECTED, NOW) == ACCOUNT
        return
    with pytest.raises(SignInMessageRefused) as refused:
        signer_of(text, signed(text), EXPECTED, NOW)
    assert refused.value.field == line.lower().replace(" ", "-")


@pytest.mark.parametrize("signature", [signed(PREPARED + " "), "0x", "0x" + "11" * 8_192])
def test_what_the_key_did_not_sign_is_handed_on_with_its_digest(signature: str) -> None:
    found = signed_text(PREPARED, signature, EXPECTED, NOW)
    assert (found.account, found.by_key) == (ACCOUNT, False)
    assert found.signature == bytes.fromhex(signature[2:])
    assert found.digest == keccak(
        b"\x19Ethereum Signed Message:\n%d" % len(PREPARED) + PREPARED.encode()
    )


def test_a_second_spelling_of_the_keys_signature_is_handed_to_no_wallet() -> None:
    octets = bytes.fromhex(signed(PREPARED)[2:])
    s = ORDER - int.from_bytes(octets[32:64])
    for other in (
        octets[:64] + bytes([octets[64] - 27]),
        octets[:32] + s.to_bytes(32) + bytes([55 - octets[64]]),
    ):
        with pytest.raises(SignInSignatureMalformed):
            signed_text(PREPARED, "0x" + other.hex(), EXPECTED, NOW)


@pytest.mark.parametrize(
    ("seconds", "holds"), [(299, True), (300, False), (-30, True), (-31, False)]
)
def test_a_message_holds_from_its_issue_to_its_expiry(seconds: int, *, holds: bool) -> None:
    now = NOW + timedelta(seconds=seconds)
    if holds:
        assert signer_of(PREPARED, signed(PREPARED), EXPECTED, now) == ACCOUNT
        return
    with pytest.raises(SignInMessageRefused):
        signer_of(PREPARED, signed(PREPARED), EXPECTED, now)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Chain ID: 31337", "Chain ID: 031337"),
        ("Version: 1", "Version: 2"),
        ("Issued At: 2027-03-01T18", "Issued At: 2027-13-01T18"),
        ("Nonce: ", "Nonce: é"),
        ("\n\nURI", "\nURI"),
        ("URI: ", "Uri: "),
    ],
)
def test_a_text_in_another_spelling_is_malformed(old: str, new: str) -> None:
    text = PREPARED.replace(old, new)
    assert text != PREPARED
    with pytest.raises(SignInMessageMalformed):
        signer_of(text, signed(text), EXPECTED, NOW)


@pytest.mark.parametrize(
    "text",
    [
        PREPARED + "\n" + "x" * MAX_CHARACTERS,
        "x" * 60_000,
        ":" * MAX_CHARACTERS,
        PREPARED.replace("Nonce: ", "Nonce: " + "a" * 500),
        PREPARED + "\nResources:" + "\n- http://a/b" * 40,
        PREPARED + "\nRequest ID: " + "%41" * 190,
    ],
)
def test_no_text_takes_long_to_refuse(text: str) -> None:
    # The library alone takes a second for two thousand characters.
    began = process_time()
    with pytest.raises(SignInRefused):
        signer_of(text, signed("x"), EXPECTED, NOW)
    assert process_time() - began < 1


def test_a_message_that_is_too_long_is_not_even_parsed() -> None:
    text = PREPARED + "\nRequest ID: " + "a" * MAX_CHARACTERS
    with pytest.raises(SignInMessageMalformed, match="longer than 1024 characters"):
        signer_of(text, signed(text), EXPECTED, NOW)


@given(
    st.integers(0, len(PREPARED)),
    st.integers(0, 12),
    st.text(max_size=20) | st.sampled_from(["\n", "Z", "0x", "\n\n", "://", "9999999999"]),
)
def test_no_changed_text_signs_in_or_breaks_anything(at: int, cut: int, put: str) -> None:
    text = PREPARED[:at] + put + PREPARED[at + cut :]
    signature = signed(PREPARED)
    if text == PREPARED:
        assert signer_of(text, signature, EXPECTED, NOW) == ACCOUNT
        return
    with pytest.raises(SignInRefused):
        signer_of(text, signature, EXPECTED, NOW)


@given(st.text(max_size=MAX_CHARACTERS))
def test_no_text_at_all_breaks_anything(text: str) -> None:
    with pytest.raises(SignInRefused):
        signer_of(text, signed(PREPARED), EXPECTED, NOW)


def test_what_is_expected_is_taken_from_nowhere_else() -> None:
    other = replace(EXPECTED, origin=Origin("https", "evil.example"))
    text = prepare(ACCOUNT, other)
    with pytest.raises(SignInMessageRefused) as refused:
        signer_of(text, signed(text), EXPECTED, NOW)
    assert refused.value.field == "domain"
