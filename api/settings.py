"""Owns the API's settings: names, units, bounds and defaults.

Refuses to be read from anywhere else: one frozen object is built at the edge and passed down, and
no module reads the environment when it is imported.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.origin import LOOPBACK, Origin
from indexer.queries import DEFAULT_SET

# What EIP-4361 lets a statement consist of: RFC 3986's reserved and unreserved, and spaces.
_STATEMENT: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]+")


class ApiSettings(BaseSettings):
    """Settings of one API process; each may be set as `SEATS_API_<NAME>`."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_prefix="SEATS_API_",
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    database_url: SecretStr
    """Database of the API's own tables: `sqlite:///PATH` or `postgresql://…`; may hold a
    password."""

    mirror_url: SecretStr | None = None
    """Database of the chain's mirror, in the same form. Not set: the API's own."""

    contract_set: Annotated[str, Field(min_length=1, max_length=32)] = DEFAULT_SET
    """Name of the mirror in its database."""

    host: str = "127.0.0.1"
    """Address to listen on."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    """TCP port to listen on; 0 takes a free one."""

    public_url: str | None = None
    """Origin under which people reach the API, as in `https://seats.example`. Not set: the
    loopback address and port that it listens on."""

    chain_id: Annotated[int, Field(gt=0, lt=2**53)] = 31337
    """EIP-155 chain id that sign-in messages must name."""

    statement: Annotated[str, Field(min_length=1, max_length=200)] = (
        "Sign in to Seatmarket. This costs nothing and moves nothing."
    )
    """Sentence that wallets show before they sign in, in the characters of EIP-4361."""

    nonce_lifetime_s: Annotated[int, Field(ge=30, le=300)] = 300
    """Seconds in which a sign-in must be finished."""

    clock_skew_s: Annotated[int, Field(ge=0, le=60)] = 30
    """Seconds by which a wallet's clock may differ from ours."""

    session_lifetime_s: Annotated[int, Field(ge=60, le=30 * 86_400)] = 7 * 86_400
    """Seconds after which a session ends, however busy."""

    session_idle_s: Annotated[int, Field(ge=60, le=30 * 86_400)] = 86_400
    """Seconds without a request after which a session ends."""

    session_touch_s: Annotated[int, Field(ge=0, le=3_600)] = 300
    """Seconds between two notes that a session is in use; each is a write."""

    max_sessions: Annotated[int, Field(ge=1, le=100)] = 20
    """Sessions of one account; one more ends the one that was idle longest."""

    max_connections: Annotated[int, Field(ge=1, le=65_535)] = 500
    """Connections at once; requests on one more are answered 503 until others end."""

    head_timeout_s: Annotated[int, Field(ge=1, le=60)] = 10
    """Seconds in which a request's first line and headers must arrive."""

    max_body_bytes: Annotated[int, Field(ge=1_024)] = 65_536
    """Largest request body, in bytes."""

    body_timeout_s: Annotated[int, Field(ge=1, le=300)] = 10
    """Seconds in which a request's whole body must arrive."""

    allowed_lag_s: Annotated[int, Field(ge=1, le=600)] = 15
    """Seconds by which the mirror may lag before the gate stays closed."""

    shutdown_s: Annotated[int, Field(ge=0, le=300)] = 10
    """Seconds that requests under way have to finish when the process is stopped."""

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str | None) -> str | None:
        return value if value is None else Origin.parse(value).url

    @field_validator("statement")
    @classmethod
    def _can_be_signed(cls, value: str) -> str:
        if not _STATEMENT.fullmatch(value):
            raise ValueError("EIP-4361 allows letters, digits, spaces and -._~:/?#[]@!$&'()*+,;=")
        return value

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.public_url is None and self.host not in LOOPBACK - {"[::1]"}:
            raise ValueError(
                f"public_url must be set when the API listens on {self.host}: cookies and sign-in "
                "messages name it"
            )
        if self.session_touch_s >= self.session_idle_s:
            raise ValueError("session_touch_s must be below session_idle_s")
        return self
