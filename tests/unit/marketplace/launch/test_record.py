from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from marketplace.domain.addresses import ChecksumAddress
from marketplace.launch.record import (
    Intention,
    Launched,
    LaunchRecord,
    ListedAccounts,
    RecordUnreadable,
    RecordUnwritable,
    complete,
    forget,
    intend,
    read_record,
    record_path,
)

if TYPE_CHECKING:
    from pathlib import Path

HERE = ChecksumAddress("0x976EA74026E726554dB657fA54763abd0C3a0aa9")
ELSEWHERE = ChecksumAddress("0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f")


def launched(drop: int, chain_id: int = 1, contract: str = HERE) -> Launched:
    """A launch that differs in what matters here."""
    return Launched(
        chain_id=chain_id,
        contract=contract,
        drop=drop,
        mentor=ELSEWHERE,
        transaction_hash=f"0x{1:064x}",
        block=5,
        block_hash=f"0x{2:064x}",
        gas_used=150_000,
        terms_hash=f"0x{3:064x}",
        terms="{}\n",
    )


def intention(nonce: int, chain_id: int = 1) -> Intention:
    """A launch that was signed with a nonce."""
    return Intention(
        chain_id=chain_id,
        contract=HERE,
        mentor=ELSEWHERE,
        nonce=nonce,
        max_fee="1000000000",
        transaction_hash=f"0x{1:064x}",
        settled_block=4,
        settled_block_hash=f"0x{4:064x}",
        terms_hash=f"0x{3:064x}",
        terms="{}\n",
    )


def test_the_record_lies_beside_its_file(tmp_path: Path) -> None:
    assert record_path(tmp_path / "my.drop.toml") == tmp_path / "my.drop.launch.json"


def test_without_a_file_nothing_was_launched(tmp_path: Path) -> None:
    assert read_record(tmp_path / "drop.launch.json") == LaunchRecord()


def test_launches_are_kept_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "drop.launch.json"
    complete(path, launched(1), [])
    complete(path, launched(2), [])
    assert read_record(path).launches == [launched(1), launched(2)]
    assert list(tmp_path.iterdir()) == [path]


def test_the_launches_on_the_same_contract_are_found_newest_first() -> None:
    launches = [launched(1), launched(3), launched(4, chain_id=2), launched(5, contract=ELSEWHERE)]
    record = LaunchRecord(launches=launches)
    assert record.on(1, HERE) == (launched(3), launched(1))
    assert record.on(3, HERE) == ()


def test_whom_a_list_named_is_kept_and_records_of_before_have_none(tmp_path: Path) -> None:
    path = tmp_path / "drop.launch.json"
    listed = [ListedAccounts(phase=0, accounts=[HERE, ELSEWHERE])]
    signed = intention(1).model_copy(update={"allowlists": listed})
    intend(path, signed)
    assert read_record(path).intentions == [signed]
    complete(path, launched(1).model_copy(update={"allowlists": listed}), [signed])
    assert read_record(path).launches[0].allowlists == listed
    before = launched(1).model_dump(exclude={"allowlists"})
    path.write_text(json.dumps({"launches": [before]}), "utf-8")
    assert read_record(path).launches == [launched(1)]


@pytest.mark.parametrize("octets", [b"", b"{", b"\xff", b'{"form": "another"}', b'{"launches": 1}'])
def test_a_record_that_says_nothing_stops_the_launch(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "drop.launch.json"
    path.write_bytes(octets)
    with pytest.raises(RecordUnreadable, match="mend the record or move it away"):
        intend(path, intention(1))
    assert path.read_bytes() == octets


def test_a_folder_in_its_place_stops_the_launch(tmp_path: Path) -> None:
    with pytest.raises(RecordUnreadable):
        read_record(tmp_path)


def test_an_intention_is_kept_until_it_is_completed_or_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "drop.launch.json"
    for nonce in (1, 2, 3):
        intend(path, intention(nonce))
    intend(path, intention(1, chain_id=2))
    forget(path, [intention(2)])
    complete(path, launched(1), [intention(1), intention(4)])
    record = read_record(path)
    assert record.launches == [launched(1)]
    assert record.intended_on(1, HERE) == (intention(3),)
    assert record.intended_on(2, HERE) == (intention(1, chain_id=2),)
    assert record.intended_on(1, ELSEWHERE) == ()


def test_a_record_that_cannot_be_kept_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "drop.launch.json"
    with pytest.raises(RecordUnwritable, match="then run the same command again"):
        intend(path, intention(1))
