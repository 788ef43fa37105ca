"""Addresses for libraries that depend on nothing but their code, and linking with them.

A library is deployed by the deterministic deployment proxy with salt 0, so its address is
keccak256(0xff ++ proxy ++ salt ++ keccak256(init code)) on every chain (ERC-1014). Linked
bytecode is therefore a constant that can be committed. Refuses libraries outside our sources.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from marketplace.bindings.artifacts import deterministic_address
from scripts.toolchain.errors import LinkingRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eth_typing import ChecksumAddress

    from scripts.toolchain.solc_json import Bytecode, LinkReferences

OWN_ADDRESS = "library_deploy_address"
"""How the compiler's IR pipeline names the immutable that holds a library's own address."""
_CALL_PROTECTION = "73" + "00" * 20


def referenced(links: LinkReferences) -> Iterator[str]:
    """Name each library of `links` as "source:name"."""
    for unit, libraries in sorted(links.items()):
        for name in sorted(libraries):
            yield f"{unit}:{name}"


def deployment_order(codes: Mapping[str, Bytecode]) -> tuple[str, ...]:
    """Order contracts ("source:name" → creation code) so that each follows what it links.

    Raises `LinkingRefusedError` for libraries that link each other or are not among `codes`.
    """
    graph = {name: tuple(referenced(code["linkReferences"])) for name, code in codes.items()}
    for name, libraries in graph.items():
        for library in libraries:
            if library not in graph:
                raise LinkingRefusedError(f"{name} links {library}, which is not our source")
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(graph):
        sorter.add(name, *graph[name])
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        raise LinkingRefusedError(f"{' → '.join(error.args[1])} link each other") from error


def link(code: Bytecode, addresses: Mapping[str, ChecksumAddress]) -> str:
    """Put `addresses` ("source:name" → address) into `code`; returns it with the prefix 0x."""
    text = code["object"]
    for unit, libraries in code["linkReferences"].items():
        for name, ranges in libraries.items():
            address = addresses[f"{unit}:{name}"].removeprefix("0x").lower()
            for place in ranges:
                start = 2 * place["start"]
                text = text[:start] + address + text[start + len(address) :]
    return f"0x{text}"


def deployed_code(
    code: Bytecode, addresses: Mapping[str, ChecksumAddress], own: ChecksumAddress
) -> str:
    """Link the runtime `code` as it stands at the address `own`; returns it with the prefix 0x.

    A library compares its own address, which its creation code fills in, so that calls without
    DELEGATECALL revert: the IR pipeline keeps it as an immutable, the legacy one pushes it first.
    """
    text = link(code, addresses).removeprefix("0x")
    address = own.removeprefix("0x").lower()
    for place in code.get("immutableReferences", {}).get(OWN_ADDRESS, []):
        start, end = 2 * place["start"], 2 * (place["start"] + place["length"])
        text = text[:start] + address.rjust(end - start, "0") + text[end:]
    if text.startswith(_CALL_PROTECTION):
        text = f"73{address}{text[len(_CALL_PROTECTION) :]}"
    return f"0x{text}"


def library_addresses(
    order: tuple[str, ...], codes: Mapping[str, Bytecode]
) -> dict[str, ChecksumAddress]:
    """Work out the address that each contract of `order` has when the proxy deploys it."""
    addresses: dict[str, ChecksumAddress] = {}
    for name in order:
        linked = link(codes[name], addresses)
        addresses[name] = deterministic_address(bytes.fromhex(linked.removeprefix("0x")))
    return addresses
