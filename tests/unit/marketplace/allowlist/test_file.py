from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.allowlist import file
from marketplace.allowlist.file import AllowlistUnusable, parse_accounts, read_accounts
from marketplace.devnet.accounts import account_named
from marketplace.domain.addresses import ChecksumAddress

if TYPE_CHECKING:
    from pathlib import Path

ADA, BO = (ChecksumAddress(account_named(name).address) for name in ("ada", "bo"))
MISTYPED = ADA[:-1] + ("0" if ADA[-1] != "0" else "1")

AGAIN = "Copy it again from where it came."


def faults(text: str) -> list[str]:
    with pytest.raises(AllowlistUnusable) as refused:
        parse_accounts("list.csv", text)
    return [str(fault) for fault in refused.value.faults]


def test_accounts_are_read_in_their_order_and_notes_are_not() -> None:
    text = f'account,name\n# friends\n{BO}, Bo\n\n {ADA} ,"Ada, who came first"\n,\n'
    assert parse_accounts("list.csv", text) == (BO, ADA)


def test_an_account_without_a_checksum_is_given_one() -> None:
    assert parse_accounts("list.csv", f"{ADA.lower()}\r\n{BO}") == (ADA, BO)


def test_every_fault_is_told_with_its_line() -> None:
    text = f"address\n{ADA}\n{MISTYPED}\n\n{ADA.lower()}\nbo.eth\n0x{'0' * 40}\n"
    assert faults(text) == [
        f"line 3: {MISTYPED!r} is not an address: its checksum is wrong. {AGAIN}",
        f"line 5: {ADA} stands in line 2 already: keep one.",
        f"line 6: 'bo.eth' is not an address: it is not 0x and 40 hex digits. {AGAIN}",
        f"line 7: 0x{'0' * 40} is nobody: remove it.",
    ]


def test_a_heading_counts_in_the_first_line_alone() -> None:
    assert faults(f"{ADA}\naccount\n")[0].startswith("line 2: 'account' is not an address")


def test_the_line_of_a_fault_survives_a_note_over_two_lines() -> None:
    assert faults(f'{ADA},"one\ntwo"\nnobody\n')[0].startswith("line 3: 'nobody'")


def test_a_quote_that_never_ends_is_a_fault() -> None:
    assert "cannot be taken apart" in faults(f'{ADA}\n{BO},"never\n')[0]


def test_many_faults_are_counted_and_not_all_shown() -> None:
    with pytest.raises(AllowlistUnusable) as refused:
        parse_accounts("list.csv", "nobody\n" * 30)
    assert len(refused.value.faults) == 30
    assert "has 30 faults:" in str(refused.value)
    assert str(refused.value).endswith("and 10 more.")
    assert str(refused.value).count("line ") == 20


def test_a_list_of_nobody_is_refused() -> None:
    with pytest.raises(AllowlistUnusable, match=r"list\.csv lists nobody"):
        parse_accounts("list.csv", "account\n\n")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"account\r\n{ADA}\r\n".encode())
    assert read_accounts(path) == (ADA,)


def test_what_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.csv"
    with pytest.raises(AllowlistUnusable, match="cannot be read"):
        read_accounts(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(AllowlistUnusable, match="is not UTF-8"):
        read_accounts(path)
    monkeypatch.setattr(file, "MAX_BYTES", 1)
    with pytest.raises(AllowlistUnusable, match="has more than 1 bytes"):
        read_accounts(path)
