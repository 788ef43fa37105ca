"""Owns the development chain's settings: names, units, bounds and defaults.

Refuses to be read from anywhere else: one frozen object is built at the edge and passed down, and
no module reads the environment when it is imported.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Fork = Literal["cancun", "prague"]


class DevnetSettings(BaseSettings):
    """Settings of one development chain; each may be set as `SEATS_DEVNET_<NAME>`."""

    model_config = SettingsConfigDict(frozen=True, env_prefix="SEATS_DEVNET_", extra="forbid")

    chain_id: Annotated[int, Field(gt=0, lt=2**53)] = 31337
    """EIP-155 chain id; below 2**53 because clients keep it in a JSON number."""

    fork: Fork = "prague"
    """Rules of the virtual machine; prague adds EIP-7702 and EIP-7623 to cancun."""

    safe_depth: Annotated[int, Field(ge=0)] = 2
    """Blocks by which `safe` trails the head."""

    finalized_depth: Annotated[int, Field(ge=0)] = 4
    """Blocks by which `finalized` trails the head; at least `safe_depth`."""

    block_gas_limit: Annotated[int, Field(ge=1_000_000)] = 30_000_000
    """Gas in one block."""

    base_fee_wei: Annotated[int, Field(gt=0)] = 1_000_000_000
    """Base fee of the first block, in wei per gas; later ones follow EIP-1559."""

    account_balance_wei: Annotated[int, Field(gt=0)] = 10_000 * 10**18
    """What every named account owns at genesis, in wei."""

    genesis_time: Annotated[int, Field(gt=0)] | None = None
    """Unix second of the first block; the clock's present second when it is not set."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 8545
    """TCP port on 127.0.0.1; 0 takes a free one."""

    max_body_bytes: Annotated[int, Field(gt=0)] = 5_000_000
    """Largest request body."""

    max_batch: Annotated[int, Field(gt=0)] = 1_000
    """Most requests in one batch."""
