"""Owns the API's settings: names, units, bounds and defaults.

Refuses to be read from anywhere else: one frozen object is built at the edge and passed down, and
no module reads the environment when it is imported.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated, Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.origin import LOOPBACK, Origin
from indexer.queries import DEFAULT_SET
from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.domain.addresses import ChecksumAddress
from marketplace.receipts.coherence import LONGEST_LAG_S
from marketplace.web_addresses import parts_of

# What EIP-4361 lets a statement consist of: RFC 3986's reserved and unreserved, and spaces.
_STATEMENT: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]+")

_COPY_AGAIN: Final = "Copy the address again; what stands here is not shown, since it may be a key"


def _account(value: str) -> str:
    try:
        parsed = parse_address(value)
    except InvalidAddress as error:
        raise ValueError(f"this is no account: {error.why}. {_COPY_AGAIN}") from error
    if parsed != value:
        raise ValueError(f"this is an account without its ERC-55 checksum. {_COPY_AGAIN}")
    return value


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

    node_url: SecretStr
    """Address of a node of the chain: `http://…` or `https://…`; may hold a key. Transactions are
    tried on it before anybody is asked to sign them, and seats' pictures come from it."""

    contract: str
    """Address of the market's contract, with its ERC-55 checksum."""

    node_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5
    """Seconds that the node has for one answer, while somebody waits."""

    media_url: SecretStr | None = None
    """Where recordings are kept: `file:///FOLDER` or `s3://BUCKET/PREFIX`. Not set: this API takes
    and shows no recordings."""

    media_copy_url: SecretStr | None = None
    """Where the second copy of each recording is kept, in the same form; must be set with
    `media_url`, and differ from it."""

    receipt_key: SecretStr | None = None
    """Key that signs decisions for those who ask for a receipt, 64 hexadecimal digits; its address
    is what they check against. Not set: this API signs none."""

    database_connections: Annotated[int, Field(ge=1, le=1_000)] = 15
    """Connections to each of the two databases at once, and as many again for single questions."""

    database_wait_s: Annotated[float, Field(gt=0, le=60)] = 3
    """Seconds that a request waits for a free one; then it is answered 503."""

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

    max_open_attempts: Annotated[int, Field(ge=100, le=1_000_000)] = 20_000
    """Sign-ins that may be under way at once; one more ends the oldest."""

    clock_skew_s: Annotated[int, Field(ge=0, le=60)] = 30
    """Seconds by which a wallet's clock may differ from ours."""

    session_lifetime_s: Annotated[int, Field(ge=60, le=30 * 86_400)] = 7 * 86_400
    """Seconds after which a session ends, however busy."""

    session_idle_s: Annotated[int, Field(ge=60, le=30 * 86_400)] = 86_400
    """Seconds without a request after which a session ends."""

    session_touch_s: Annotated[int, Field(ge=0, le=3_600)] = 300
    """Seconds between two notes that a session or a key is in use; each is a write."""

    max_sessions: Annotated[int, Field(ge=1, le=100)] = 20
    """Sessions of one account; one more ends the one that was idle longest."""

    wallet_recheck_s: Annotated[int, Field(ge=1, le=300)] = 30
    """Seconds after which a contract wallet that somebody signed in with is asked again, when they
    use their session or key."""

    wallet_gas: Annotated[int, Field(ge=100_000, le=30_000_000)] = 3_000_000
    """Gas that a contract wallet's check of a signature may take at sign-in, its deployment
    included; of orders the market's contract says how much."""

    max_api_keys: Annotated[int, Field(ge=1, le=100)] = 20
    """Live API keys of one account; no more are made until one ends."""

    max_co_hosts: Annotated[int, Field(ge=1, le=100)] = 10
    """Co-hosts of one drop; no more are named until one is removed."""

    limit_sign_in: Annotated[int, Field(ge=0, le=1_000_000)] = 30
    """Requests a minute to sign in, of one address: an attempt is two. 0: no limit. All processes
    together."""

    limit_writes: Annotated[int, Field(ge=0, le=1_000_000)] = 120
    """Requests a minute that change something, of one account, API key or address. 0: no limit.
    All processes together."""

    limit_preparing: Annotated[int, Field(ge=0, le=1_000_000)] = 120
    """Requests a minute that are tried on the node, of one account, API key or address. 0: no
    limit. Each process has its share."""

    limit_reads: Annotated[int, Field(ge=0, le=1_000_000)] = 1_200
    """Requests a minute that only look, of one account, API key or address. 0: no limit. Each
    process has its share."""

    limit_checks: Annotated[int, Field(ge=0, le=1_000_000)] = 12_000
    """Requests a minute that ask the gate, of one account, API key or address. 0: no limit. Each
    process has its share."""

    limit_addresses: bool = True
    """Whether those limits hold for addresses too, and ten times as much for all accounts and API
    keys at one address together; also whether an address's streams are counted. Turn it off where a
    proxy limits addresses itself."""

    trusted_proxies: Annotated[str, Field(max_length=2_000)] = ""
    """Addresses and networks of the proxies in front of this API, with commas between them, as in
    `10.0.0.0/8, 192.0.2.7`. Who comes through one of them is the last address in `X-Forwarded-For`
    that is no such proxy. Not set: who asks is who is connected, and behind a proxy everybody has
    the proxy's address."""

    operators: Annotated[str, Field(max_length=2_000)] = ""
    """Accounts of those who run the platform, with commas between them, each with its ERC-55
    checksum. A program with an API key of one of them and the scope `resales:read` sees the
    listings and offers of every drop. Not set: no key does."""

    metrics_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    """TCP port on which Prometheus finds this process's figures; 0 takes a free one. Not set: they
    are not served."""

    metrics_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """Address that they are served on. They need no password."""

    traces_url: SecretStr | None = None
    """Where traces of requests are told by OTLP over HTTP, as in `http://127.0.0.1:4318/v1/traces`;
    may hold a password. Not set: they are not told."""

    traces_share: Annotated[float, Field(ge=0, le=1)] = 1
    """Share of traces that are told."""

    processes: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Processes of this API that requests are spread over. Limits that are counted in each process
    are divided by it."""

    max_connections: Annotated[int, Field(ge=1, le=65_535)] = 500
    """Connections at once; requests on one more are answered 503 until others end."""

    head_timeout_s: Annotated[int, Field(ge=1, le=60)] = 10
    """Seconds in which a request's first line and headers must arrive."""

    max_body_bytes: Annotated[int, Field(ge=1_024)] = 65_536
    """Largest request body, in bytes."""

    max_recording_bytes: Annotated[int, Field(ge=1_024, lt=2**62)] = 4 * 2**30
    """Largest recording, in bytes."""

    max_drop_recordings_bytes: Annotated[int, Field(ge=1_024, lt=2**62)] = 100 * 2**30
    """Largest size of all recordings of one drop together, in bytes."""

    max_uploads: Annotated[int, Field(ge=1, le=1_000)] = 8
    """Recordings that are taken in at once; each takes some 20 MB of memory."""

    upload_timeout_s: Annotated[int, Field(ge=1, le=86_400)] = 3_600
    """Seconds in which a whole recording must arrive, and again in which it must be copied."""

    max_streams: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Streams of events at once, of this process; each is one of its connections."""

    max_streams_of_one: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Streams of events of one address (of IPv6 its /64) where addresses are limited, and of one
    account."""

    max_room_streams: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Streams of rooms at once, of this process; each is one of its connections, and looks at its
    room whenever the mirror moves."""

    max_room_streams_of_one: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Streams of rooms of one account, by all of its API keys."""

    max_watching_of_one: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Recordings that are sent at once to one account, and by one seat, of this process; each is
    one of its connections."""

    stream_look_s: Annotated[float, Field(gt=0, le=60)] = 2
    """Seconds after which a stream of events looks although nothing has woken it, and asks whether
    its session still lasts."""

    stream_beat_s: Annotated[float, Field(gt=0, le=300)] = 15
    """Seconds without an event after which a stream shows that it lives."""

    stream_stalled_s: Annotated[float, Field(gt=0, le=300)] = 30
    """Seconds without a byte taken after which a stream's reader is cut off."""

    webhook_key: Annotated[SecretStr, Field(min_length=32)] | None = None
    """Secret of at least 32 characters that the secrets of webhook endpoints follow from; the same
    in all processes. Another one gives every endpoint another secret. Not set: no webhooks."""

    webhook_loopback: bool = False
    """Whether webhooks may be sent to this machine itself, and without TLS. For development."""

    max_webhook_endpoints: Annotated[int, Field(ge=1, le=1_000)] = 10
    """Webhook endpoints of one account."""

    stream_recheck_s: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Seconds between two questions to the gate while a recording is streamed."""

    body_timeout_s: Annotated[int, Field(ge=1, le=300)] = 10
    """Seconds in which a request's whole body must arrive."""

    allowed_lag_s: Annotated[int, Field(ge=1, le=LONGEST_LAG_S)] = 15
    """Seconds by which the mirror may lag before the gate stays closed."""

    shutdown_s: Annotated[int, Field(ge=0, le=300)] = 10
    """Seconds that requests under way have to finish when the process is stopped."""

    @property
    def operator_accounts(self) -> frozenset[ChecksumAddress]:
        """Those who run the platform."""
        return frozenset(ChecksumAddress(one) for one in self.operators.split(",") if one)

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str | None) -> str | None:
        return value if value is None else Origin.parse(value).url

    @field_validator("node_url", "traces_url")
    @classmethod
    def _is_of_http(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and parts_of(value.get_secret_value(), {"http", "https"}) is None:
            raise ValueError("write http:// or https:// and a host")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_few(cls, value: str) -> str:
        named = [one.strip() for one in value.split(",")] if value.strip() else []
        try:
            networks = [ip_network(one) for one in named]
        except ValueError as error:
            # Python's sentence repeats what stands there.
            raise ValueError(
                "write addresses and networks with commas between them, as in 10.0.0.0/8, "
                "192.0.2.7, and of a network its first address"
            ) from error
        if any(one.prefixlen == 0 for one in networks):
            raise ValueError("everybody would be trusted to say who they are")
        return ",".join(map(str, networks))

    @field_validator("contract")
    @classmethod
    def _is_an_account(cls, value: str) -> str:
        return _account(value)

    @field_validator("operators")
    @classmethod
    def _are_accounts(cls, value: str) -> str:
        named = value.split(",") if value.strip() else []
        return ",".join(_account(one.strip()) for one in named)

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
                "public_url must be set when the API listens elsewhere than on the loopback, "
                "which host names as 127.0.0.1 or localhost: cookies and sign-in messages name it"
            )
        if (self.media_url is None) != (self.media_copy_url is None) or (
            self.media_url is not None and self.media_url == self.media_copy_url
        ):
            raise ValueError(
                "media_url and media_copy_url must be set together and name two places"
            )
        if self.session_touch_s >= self.session_idle_s:
            raise ValueError("session_touch_s must be below session_idle_s")
        return self
