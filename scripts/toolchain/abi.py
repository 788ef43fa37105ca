"""The ABI that clients decode with: a contract's own, and all that may surface through it.

The compiler lists in a contract's ABI what the contract itself declares or raises. Linked
libraries, interfaces and assembly in npm's libraries raise errors and events beyond that, which
would reach a client as unknown bytes. Refuses to guess: two entries with one signature must be
the same entry.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from eth_utils.abi import abi_to_signature, function_signature_to_4byte_selector

from scripts.toolchain.errors import LinkingRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eth_typing import ABIElement, ABIError, ABIEvent

    from scripts.toolchain.solc_json import SolcContract

_ORDER = ("constructor", "fallback", "receive", "function", "event", "error")


def merged_abi(
    contract: SolcContract,
    own: Iterable[SolcContract],
    foreign: Iterable[SolcContract],
    codes: Sequence[bytes],
    extension: SolcContract | None = None,
) -> list[ABIElement]:
    """Give the ABI of `contract` with the events and errors that can surface through it.

    `extension` is a contract that answers at the same address: its functions belong as well, but
    for those that `contract` has itself.
    `own` are the contracts of our sources that it imports: all their events and errors belong.
    `foreign` are npm's: only errors whose selector is pushed by one of `codes` (the runtime code
    of the contract and of the libraries it links) belong.
    """
    entries: dict[str, ABIElement] = {}
    for element in contract["abi"]:
        _add(entries, element)
    for element in extension["abi"] if extension else ():
        if element["type"] == "function":
            # What the contract has itself never reaches its extension.
            entries.setdefault(_key(element), element)
    for other in own:
        for element in other["abi"]:
            if element["type"] in {"event", "error"}:
                _add(entries, element)
    for other in foreign:
        for element in other["abi"]:
            if element["type"] == "error" and _is_pushed(element, codes):
                _add(entries, element)
    return sorted(entries.values(), key=_rank)


def _add(entries: dict[str, ABIElement], element: ABIElement) -> None:
    key = _key(element)
    known = entries.setdefault(key, element)
    if _without_internal_types(known) != _without_internal_types(element):
        raise LinkingRefusedError(f"{key} is declared twice with different parameters")


def _key(element: ABIElement) -> str:
    if element["type"] in {"function", "event", "error"}:
        named = cast("ABIError | ABIEvent", element)
        return f"{element['type']} {abi_to_signature(named)}"
    return element["type"]


def _rank(element: ABIElement) -> tuple[int, str]:
    return _ORDER.index(element["type"]), _key(element)


def _is_pushed(error: ABIElement, codes: Sequence[bytes]) -> bool:
    selector = function_signature_to_4byte_selector(abi_to_signature(cast("ABIError", error)))
    # The optimiser drops zero bytes on either side and shifts instead.
    significant = selector.strip(b"\0")
    push = bytes([0x5F + len(significant)]) + significant
    return any(push in code for code in codes)


def _without_internal_types(element: ABIElement) -> str:
    return json.dumps(_stripped(element), sort_keys=True)


def _stripped(value: object) -> object:
    if isinstance(value, dict):
        fields = cast("Mapping[str, object]", value)
        return {key: _stripped(item) for key, item in fields.items() if key != "internalType"}
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    return value
