from __future__ import annotations

import pytest

from marketplace.bindings import reverts
from marketplace.bindings.names import error_class_names, snake_name
from marketplace.bindings.reverts import DeclaredRevert, declared_reverts, revert_entries
from marketplace.bindings.reverts.declaring import revert
from tests.unit.marketplace.bindings.parity import differences

ENTRIES = revert_entries()
DECLARED = declared_reverts()


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_every_error_has_a_class_with_its_fields(name: str) -> None:
    assert name in DECLARED
    assert differences(DECLARED[name], ENTRIES[name]) == []  # type: ignore[arg-type] # a dataclass by its decorator


def test_no_class_stands_for_an_error_that_there_is_not() -> None:
    assert set(DECLARED) == set(ENTRIES)


def test_only_these_refusals_name_no_value() -> None:
    """Record 0017 says why of each of the first; the others are Solady's and never said."""
    silent = {name for name, entry in ENTRIES.items() if not entry.inputs}
    assert silent == {
        "BalanceQueryForZeroAddress",
        "Reentrancy",
        "SeatRenderer_BaseAddressMissing",
        "Seats_OwnerRequired",
        "Seats_TreasuryMissing",
    } | {
        "AccountBalanceOverflow",
        "NotOwnerNorApproved",
        "TokenAlreadyExists",
        "TokenDoesNotExist",
        "TransferFromIncorrectOwner",
        "TransferToNonERC721ReceiverImplementer",
        "TransferToZeroAddress",
    }


def test_classes_are_named_by_one_rule() -> None:
    named = {name: cls.__name__ for name, cls in DECLARED.items()}
    assert named == error_class_names(ENTRIES)


def test_codes_are_the_names_in_snake_case_and_differ() -> None:
    codes = [cls.code for cls in DECLARED.values()]
    assert codes == [snake_name(name) for name in DECLARED]
    assert len(set(codes)) == len(codes)


def test_every_class_can_be_imported_from_one_place() -> None:
    assert {cls.__name__ for cls in DECLARED.values()} <= set(reverts.__all__)


def test_an_error_has_one_class() -> None:
    with pytest.raises(ValueError, match="has a class already"):
        revert("SeatMarket_Granted")(DeclaredRevert)
