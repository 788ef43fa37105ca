"""Owns the names under which the development chain's accounts are shown.

Refuses to sign for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.devnet.accounts import named_accounts
from marketplace.domain.addresses import ChecksumAddress

if TYPE_CHECKING:
    from collections.abc import Mapping


def names() -> Mapping[ChecksumAddress, str]:
    """The named accounts by address."""
    return {ChecksumAddress(account.address): account.name for account in named_accounts()}
