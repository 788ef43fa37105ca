from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from marketplace.bindings.addresses import parse_address
from marketplace.chain.keys import (
    KeyUnusable,
    signer_from_environment,
    signer_from_keystore,
    signer_of_key,
    write_keystore,
)
from marketplace.devnet.accounts import account_named

if TYPE_CHECKING:
    from pathlib import Path

KEY = account_named("ada").private_key
ADA = parse_address(account_named("ada").address)
PASSWORD = "open sesame"  # noqa: S105 - it opens keystores of these tests alone


def test_a_key_signs_for_its_address() -> None:
    assert signer_of_key(KEY).address == ADA


def test_a_text_is_signed_as_a_wallet_signs_it() -> None:
    signature = signer_of_key(KEY).sign_message("Grüße aus Lissabon")
    message = encode_defunct(text="Grüße aus Lissabon")
    assert parse_address(Account.recover_message(message, signature=signature)) == ADA
    assert len(signature) == 65


def test_a_key_is_never_shown_or_copied_out() -> None:
    signer = signer_of_key(KEY)
    for shown in (repr(signer), str(signer), f"{signer}", repr([signer])):
        assert KEY.hex() not in shown.lower()
        assert ADA in shown
    for leave in (pickle.dumps, copy.deepcopy, copy.copy):
        with pytest.raises(TypeError, match="is not copied"):
            leave(signer)


@pytest.mark.parametrize("text", [KEY.hex(), f"0x{KEY.hex()}", f" {KEY.hex()}\n"])
def test_the_environment_gives_a_key(text: str) -> None:
    assert signer_from_environment("SEATS_KEY", {"SEATS_KEY": text}).address == ADA


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({}, "it is not set"),
        ({"SEATS_KEY": " "}, "it is not set"),
        ({"SEATS_KEY": "secret-words"}, "it is not hexadecimal"),
        ({"SEATS_KEY": KEY.hex()[:-2]}, "private key of 32 bytes"),
        ({"SEATS_KEY": "00" * 32}, "private key of 32 bytes"),
    ],
)
def test_an_unusable_variable_is_named_without_its_content(
    environment: dict[str, str], why: str
) -> None:
    with pytest.raises(
        KeyUnusable, match=f"the environment variable SEATS_KEY: .*{why}"
    ) as refused:
        signer_from_environment("SEATS_KEY", environment)
    content = environment.get("SEATS_KEY", "").strip()
    assert not content or content not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or not content


def keystore(path: Path) -> Path:
    """A keystore that is quick to open: its stretching is weak, for tests alone."""
    path.write_text(json.dumps(Account.encrypt(KEY, PASSWORD, kdf="pbkdf2", iterations=2)))
    return path


def test_a_keystore_opens_with_its_password(tmp_path: Path) -> None:
    assert signer_from_keystore(keystore(tmp_path / "ada.json"), lambda: PASSWORD).address == ADA


def test_a_wrong_password_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match=r"the keystore ada\.json: the password does not open it"):
        signer_from_keystore(keystore(tmp_path / "ada.json"), lambda: "guess")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "no such file"),
        ("{", "cannot be read as JSON"),
        ("[]", "not an encrypted keystore"),
        (f'"{KEY.hex()}"', "not an encrypted keystore"),
        ('{"crypto": {}}', "the password does not open it, or it is damaged"),
        ('{"crypto": {}, "version": 3}', "the password does not open it, or it is damaged"),
    ],
)
def test_what_is_no_keystore_is_said(tmp_path: Path, content: str | None, why: str) -> None:
    path = tmp_path / "ada.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(KeyUnusable, match=why) as refused:
        signer_from_keystore(path, lambda: PASSWORD)
    assert KEY.hex() not in str(refused.value)


def test_the_password_is_asked_only_for_a_keystore(tmp_path: Path) -> None:
    def never() -> str:
        raise AssertionError("nobody should be asked")

    with pytest.raises(KeyUnusable):
        signer_from_keystore(tmp_path / "absent.json", never)


def test_a_new_keystore_is_its_owners_alone_and_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    assert write_keystore(path, KEY, PASSWORD) == ADA
    assert path.stat().st_mode & 0o777 == 0o600
    assert KEY.hex() not in path.read_text()
    assert signer_from_keystore(path, lambda: PASSWORD).address == ADA
    with pytest.raises(FileExistsError):
        write_keystore(path, KEY, PASSWORD)
