from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.toolchain.layout import readable

if TYPE_CHECKING:
    from scripts.toolchain.solc_json import StorageLayout

LAYOUT: StorageLayout = {
    "storage": [
        {"label": "owner", "slot": "0", "offset": 0, "type": "t_address"},
        {"label": "drops", "slot": "1", "offset": 0, "type": "t_mapping"},
    ],
    "types": {
        "t_address": {"label": "address", "numberOfBytes": "20"},
        "t_mapping": {"label": "mapping(DropId => struct Drop)", "numberOfBytes": "32"},
        "t_struct(Drop)1234_storage": {
            "label": "struct Drop",
            "numberOfBytes": "32",
            "members": [{"label": "mentor", "slot": "0", "offset": 12, "type": "t_address"}],
        },
    },
}


def test_variables_and_struct_members_carry_labels_only() -> None:
    assert readable(LAYOUT) == {
        "variables": [
            {"label": "owner", "slot": 0, "offset": 0, "bytes": 20, "type": "address"},
            {
                "label": "drops",
                "slot": 1,
                "offset": 0,
                "bytes": 32,
                "type": "mapping(DropId => struct Drop)",
            },
        ],
        "structs": {
            "struct Drop": [
                {"label": "mentor", "slot": 0, "offset": 12, "bytes": 20, "type": "address"}
            ]
        },
    }


def test_a_contract_that_stores_nothing_has_an_empty_layout() -> None:
    assert readable({"storage": [], "types": None}) == {"variables": [], "structs": {}}
