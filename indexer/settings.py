"""The indexer's settings: names, units, bounds and defaults.

Owns one frozen object, built at the edge and passed down. Refuses to be read from anywhere else.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from indexer.identity import DEFAULT_SET
from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.web_addresses import parts_of

_DEVELOPMENT: Final = frozenset({1337, 31337})
"""Chains whose time people move by hand."""

_CLOCK_ERROR_S: Final = 60

_LARGEST: Final = 2**63 - 1
"""What a column of whole numbers holds."""


class IndexerSettings(BaseSettings):
    """Settings of one indexer; each may be set as `SEATS_INDEXER_<NAME>`."""

    model_config = SettingsConfigDict(
        frozen=True, env_prefix="SEATS_INDEXER_", extra="forbid", hide_input_in_errors=True
    )

    database: Annotated[
        SecretStr, Field(description="Address of the mirror: sqlite:///PATH or postgresql://…")
    ]
    node: Annotated[
        SecretStr, Field(description="Address of the node: http:// or https://, JSON-RPC")
    ]
    node_ws: Annotated[
        SecretStr | None,
        Field(
            description="Address of the node's WebSocket, which tells of new heads: ws:// or wss://"
        ),
    ] = None
    chain_id: Annotated[
        int, Field(gt=0, le=_LARGEST, description="EIP-155 id of the chain to follow")
    ]
    contract: Annotated[str, Field(description="Address of the Seats contract")]
    start_block: Annotated[
        int,
        Field(
            ge=0, le=_LARGEST, description="Number of the block that the contract was created in"
        ),
    ] = 0
    delegations: Annotated[
        str | None,
        Field(description="Address of delegate.xyz's registry; not set: delegations are unknown"),
    ] = None
    delegations_start_block: Annotated[
        int,
        Field(
            ge=0, le=_LARGEST, description="Number of the block that the registry was created in"
        ),
    ] = 0
    contract_set: Annotated[
        str,
        Field(min_length=1, max_length=32, description="Name of this mirror in the database"),
    ] = DEFAULT_SET
    poll_interval_s: Annotated[
        float, Field(gt=0, le=10, description="Seconds between looks at the head")
    ] = 0.25
    heartbeat_s: Annotated[
        int,
        Field(
            ge=1,
            le=10,
            validate_default=True,
            description="Seconds after which a mirror says again that it is level",
        ),
    ] = 2
    max_head_age_s: Annotated[
        int | None,
        Field(ge=1, description="Seconds after which a head is taken for a stuck node's"),
    ] = None
    request_timeout_s: Annotated[
        float, Field(gt=0, le=600, description="Seconds until a silent node counts as failed")
    ] = 10.0
    batch_limit: Annotated[
        int, Field(ge=1, le=1_000, description="Questions in one request to the node")
    ] = 100
    range_blocks: Annotated[
        int, Field(ge=1, le=1_000_000, description="Most blocks in one question for history")
    ] = 2_000
    head_blocks: Annotated[
        int, Field(ge=1, le=1_000, description="Most blocks in one commit above finalized")
    ] = 32
    late_index_blocks: Annotated[
        int,
        Field(
            ge=0,
            description="Blocks of history from which on indexes are built at its end; 0: never",
        ),
    ] = 20_000
    first_backoff_s: Annotated[
        float, Field(gt=0, le=60, description="Seconds to wait after a first failure")
    ] = 0.1
    most_backoff_s: Annotated[
        float, Field(gt=0, le=3_600, description="Longest wait between failures, in seconds")
    ] = 30.0
    database_patience_s: Annotated[
        float, Field(ge=0, le=86_400, description="Seconds of database failures before giving up")
    ] = 120.0
    max_clock_error_s: Annotated[
        int | None,
        Field(
            ge=1, description="Seconds by which our clock may be behind the head, or ahead of all"
        ),
    ] = None
    audit: Annotated[
        Literal["off", "ranges", "headers"],
        Field(description="How final blocks are held against the chain once more"),
    ] = "ranges"
    audit_samples: Annotated[
        int, Field(ge=0, le=1_000, description="Events whose seats and money each audit asks for")
    ] = 8
    outbox_days: Annotated[
        int | None,
        Field(ge=1, le=36_500, description="Days for which messages are kept; not set: for ever"),
    ] = None
    metrics_port: Annotated[
        int | None, Field(ge=0, le=65_535, description="TCP port of the metrics; 0: a free one")
    ] = None
    metrics_host: Annotated[
        str, Field(min_length=1, description="Address that the metrics are served on")
    ] = "127.0.0.1"
    stand_by: Annotated[
        bool, Field(description="Wait while another indexer leads; no: take over from it at once")
    ] = True
    lease_s: Annotated[
        float,
        Field(ge=1, le=600, description="Seconds of silence after which a leader is replaced"),
    ] = 3.0
    busy_timeout_ms: Annotated[
        int, Field(ge=0, le=600_000, description="Milliseconds to wait for SQLite's write lock")
    ] = 5_000

    @property
    def clock_error_s(self) -> int | None:
        """`max_clock_error_s`, or what is meant where it is not set; None: any."""
        if self.max_clock_error_s is not None or self.chain_id in _DEVELOPMENT:
            return self.max_clock_error_s
        return _CLOCK_ERROR_S

    @field_validator("heartbeat_s")
    @classmethod
    def spoken_as_often_as_looked(cls, seconds: int, info: ValidationInfo) -> int:
        """Refuse heartbeats that no look at the node would come in time for."""
        if info.data.get("poll_interval_s", 0) > seconds:
            raise ValueError("it must not be below SEATS_INDEXER_POLL_INTERVAL_S")
        return seconds

    @field_validator("node_ws")
    @classmethod
    def a_socket(cls, address: SecretStr | None) -> SecretStr | None:
        """Refuse what is no address of a WebSocket, without repeating it."""
        if address is None:
            return None
        parts = parts_of(address.get_secret_value(), {"ws", "wss"})
        if parts is None or parts.fragment:
            raise ValueError("write ws://HOST:PORT or wss://…")
        return address

    @field_validator("contract", "delegations")
    @classmethod
    def checksummed(cls, text: str | None) -> str | None:
        """Give the address its checksum; a mistyped one is refused."""
        try:
            return None if text is None else parse_address(text)
        except InvalidAddress as error:
            raise ValueError(
                f"this is no address: {error.why}. Copy the address again; what stands here is "
                "not shown, since it may be a key"
            ) from error

    @field_validator("delegations")
    @classmethod
    def another_contract(cls, address: str | None, info: ValidationInfo) -> str | None:
        """Refuse the contract of the seats as the registry."""
        if address is not None and address == info.data.get("contract"):
            raise ValueError("it must not be SEATS_INDEXER_CONTRACT")
        return address
