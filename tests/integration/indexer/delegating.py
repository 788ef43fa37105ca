"""A model of the registry of delegations, beside the market of `market`.

It owns what an action delegates, and the answer of the registry's check for a token. It shares no
code with the fold. Refuses to know who owns what: the registry does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.events import delegations as events
from marketplace.domain.addresses import ZERO_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from marketplace.bindings.events.delegations import DelegationEvent
    from marketplace.domain.addresses import ChecksumAddress

REGISTRY: Final = checksum_address(b"\xde" * 20)
RIGHTS: Final = (bytes(32), b"attend".ljust(32, b"\0"))

Given: TypeAlias = "tuple[ChecksumAddress, ChecksumAddress, str, ChecksumAddress, int, bytes]"
"""By whom, to whom, how far, in which contract, with which token, with which rights."""


def delegate(
    given: dict[Given, bool],
    one: ChecksumAddress,
    other: ChecksumAddress,
    contracts: tuple[ChecksumAddress, ...],
    tokens: list[int],
    dice: Random,
) -> list[DelegationEvent]:
    """Let an account delegate something to another, or take it back, given before or not."""
    rights, contract = dice.choice(RIGHTS), dice.choice(contracts)
    token, enable = dice.choice([*tokens, 1]), dice.random() < 0.6
    match dice.choice(["all", "contract", "token", "token", "coin", "share"]):
        case "all":
            given[one, other, "all", ZERO_ADDRESS, 0, rights] = enable
            return [events.DelegateAll(one, other, rights, enable)]
        case "contract":
            given[one, other, "contract", contract, 0, rights] = enable
            return [events.DelegateContract(one, other, contract, rights, enable)]
        case "token":
            given[one, other, "token", contract, token, rights] = enable
            return [events.DelegateERC721(one, other, contract, token, rights, enable)]
        case "coin":
            return [events.DelegateERC20(one, other, contract, rights, token)]
        case _:
            return [events.DelegateERC1155(one, other, contract, token, rights, 0)]


def stands(
    given: Mapping[Given, bool],
    owner: ChecksumAddress,
    to: ChecksumAddress,
    contract: ChecksumAddress,
    token: int,
    rights: bytes,
) -> bool:
    """What `checkDelegateForERC721` answers."""
    return any(
        given.get((owner, to, *reach, named), False)
        for named in (bytes(32), rights)
        for reach in (
            ("all", ZERO_ADDRESS, 0),
            ("contract", contract, 0),
            ("token", contract, token),
        )
    )
