"""The sign-in message (EIP-4361): how it is prepared, and what is checked before it counts.

Owns every rule about the text and whose key's signature is under it, as functions of values and
`now`. Refuses to know nonces that are stored, cookies and HTTP, and to ask a node: what no key has
signed is handed on for `api.auth.wallets`.

The library parses the text and recovers the signer. It leaves to us, and we require here: the
expected domain, URI, chain, nonce and statement; an expiry; a plausible `Issued At`; no request
id, no resources, no other scheme; the account's checksum; and that the text is exactly what the
fields say. Its parser takes time that grows with the square of the length, so everything that is
known beforehand is compared first, and the length is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from eth_account.messages import defunct_hash_message
from eth_utils.address import is_checksum_address
from pydantic import ValidationError
from siwe import (
    ExpiredMessage,
    InvalidSignature,
    ISO8601Datetime,
    NotYetValidMessage,
    SiweMessage,
    VerificationError,
)

from api.auth.errors import (
    SignInMessageMalformed,
    SignInMessageRefused,
    SignInSignatureMalformed,
)
from api.auth.signature import fault_of_key, octets_of
from marketplace.domain.addresses import ChecksumAddress

if TYPE_CHECKING:
    from api.origin import Origin

MAX_CHARACTERS: Final = 1_024
_INVITATION: Final = " wants you to sign in with your Ethereum account:"
_STATEMENT_LINE: Final = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """What a message must say, by configuration and by the attempt it belongs to.

    Attributes:
        origin: Gives domain, URI and scheme.
        chain_id: EIP-155.
        statement: The sentence that the wallet showed.
        nonce: Of the attempt.
        issued_at: When the nonce was made.
        expires_at: When the attempt ends; the message may not claim to last longer.
        skew: By how much the wallet's clock may differ.
    """

    origin: Origin
    chain_id: int
    statement: str
    nonce: str
    issued_at: datetime
    expires_at: datetime
    skew: timedelta


@dataclass(frozen=True, slots=True)
class SignedText:
    """A message that is the expected one, and what is under it.

    Attributes:
        account: That the message names.
        digest: Of the text, as `personal_sign` hashes it (EIP-191).
        signature: As it came.
        by_key: Whether the account's own key made the signature. If not, the account may still be
            a contract that takes it.
    """

    account: ChecksumAddress
    digest: bytes
    signature: bytes
    by_key: bool


def prepare(account: ChecksumAddress, expected: Expected) -> str:
    """Write the message that an account shall sign."""
    message = SiweMessage(
        domain=expected.origin.authority,
        address=account,
        statement=expected.statement,
        uri=expected.origin.url,
        version="1",
        chain_id=expected.chain_id,
        nonce=expected.nonce,
        issued_at=ISO8601Datetime.from_datetime(expected.issued_at),
        expiration_time=ISO8601Datetime.from_datetime(expected.expires_at),
    )
    return str(message.prepare_message())


def signed_text(text: str, signature: str, expected: Expected, now: datetime) -> SignedText:
    """Read what an account says to have signed: exactly the message that was expected, now.

    Raises:
        SignInRefused: one of its classes says which check failed.
    """
    _compare_known_lines(text, expected)
    message = _parsed(text)
    _compare_fields(message, expected)
    _check_times(message, expected, now)
    octets = octets_of(signature)
    by_key = _is_by_key(message, octets, expected, now)
    fault = fault_of_key(octets)
    if by_key and fault is not None:
        # Another spelling of a signature that may have been seen: no wallet is asked about it.
        raise SignInSignatureMalformed(fault)
    account = ChecksumAddress(message.address)
    return SignedText(account, bytes(defunct_hash_message(text=text)), octets, by_key)


def _compare_known_lines(text: str, expected: Expected) -> None:
    if len(text) > MAX_CHARACTERS:
        raise SignInMessageMalformed(f"it is longer than {MAX_CHARACTERS} characters")
    lines = text.split("\n")
    domain, invitation, rest = lines[0].partition(_INVITATION)
    if not invitation or rest:
        raise SignInMessageMalformed("its first line is no invitation to sign in")
    scheme, separator, named = domain.rpartition("://")
    if separator and scheme != expected.origin.scheme:
        raise SignInMessageRefused("scheme", f"must be {expected.origin.scheme}")
    if named != expected.origin.authority:
        raise SignInMessageRefused("domain", f"must be {expected.origin.authority}")
    if len(lines) <= _STATEMENT_LINE or lines[_STATEMENT_LINE] != expected.statement:
        raise SignInMessageRefused("statement", f"must be: {expected.statement}")


def _parsed(text: str) -> SiweMessage:
    try:
        message = SiweMessage.from_message(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "text"
        raise SignInMessageMalformed(f"its {where} does not fit") from error
    except (ValueError, RecursionError) as error:
        raise SignInMessageMalformed("its lines are not those of the standard") from error
    # The signature is checked over what is written from the fields: it must be the same text.
    if message.prepare_message() != text:
        raise SignInMessageMalformed("a field is not in its usual spelling")
    return message


def _compare_fields(message: SiweMessage, expected: Expected) -> None:
    fields: tuple[tuple[str, object, object], ...] = (
        ("domain", message.domain, expected.origin.authority),
        ("statement", message.statement, expected.statement),
        ("uri", message.uri, expected.origin.url),
        ("chain-id", message.chain_id, expected.chain_id),
        ("nonce", message.nonce, expected.nonce),
        ("request-id", message.request_id, None),
        ("resources", message.resources, None),
    )
    for name, said, wanted in fields:
        if said != wanted:
            raise SignInMessageRefused(
                name, "must be absent" if wanted is None else f"must be {wanted}"
            )
    if not is_checksum_address(message.address):
        raise SignInMessageRefused("address", "must carry its ERC-55 checksum")


def _check_times(message: SiweMessage, expected: Expected, now: datetime) -> None:
    issued = _moment(message.issued_at)
    if message.expiration_time is None:
        raise SignInMessageRefused("expiration-time", "is missing")
    if not expected.issued_at - expected.skew <= issued <= now + expected.skew:
        raise SignInMessageRefused("issued-at", "is not the time at which the nonce was made")
    if _moment(message.expiration_time) > expected.expires_at + expected.skew:
        raise SignInMessageRefused("expiration-time", "is later than the nonce allows")


def _is_by_key(message: SiweMessage, signature: bytes, expected: Expected, now: datetime) -> bool:
    try:
        # No provider: nothing of this may ask a node, or call what the signature names.
        message.verify(
            "0x" + signature.hex(),
            domain=expected.origin.authority,
            uri=expected.origin.url,
            chain_id=expected.chain_id,
            nonce=expected.nonce,
            timestamp=now,
            strict=True,
        )
    except ExpiredMessage as error:
        raise SignInMessageRefused("expiration-time", "has passed") from error
    except NotYetValidMessage as error:
        raise SignInMessageRefused("not-before", "has not come") from error
    except InvalidSignature:
        return False
    except VerificationError as error:
        raise SignInMessageMalformed("it does not verify") from error
    return True


def _moment(text: ISO8601Datetime) -> datetime:
    # The library has checked the spelling, which always names a zone. Moments of two zones are
    # compared as they are: at the calendar's ends there is no other zone to move them to.
    return datetime.fromisoformat(text)
