"""Signing in with a key: the message is read before it is signed.

Owns the three steps of a bearer's sign-in (EIP-4361). Refuses to sign a message for another origin,
account, chain or attempt than its own: somebody who stands between could hand over the message of
another site and sign in there.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from marketplace.client import routes
from marketplace.client.errors import AnswerUnexpected, PreparedOtherwise

if TYPE_CHECKING:
    from marketplace.chain.keys import Signer
    from marketplace.client.answers.sign_in import Nonce, SignedIn
    from marketplace.client.transport import Transport
    from marketplace.domain.addresses import ChecksumAddress

_LONGEST: Final = timedelta(hours=1)
_MESSAGE: Final = re.compile(
    r"(?P<domain>[^\n]+) wants you to sign in with your Ethereum account:\n"
    r"(?P<account>0x[0-9a-fA-F]{40})\n\n"
    r"(?P<statement>[^\n]+)\n\n"
    r"URI: (?P<uri>[^\n]+)\n"
    r"Version: (?P<version>[^\n]+)\n"
    r"Chain ID: (?P<chain_id>[0-9]+)\n"
    r"Nonce: (?P<nonce>[0-9A-Za-z]{8,})\n"
    r"Issued At: (?P<issued_at>[^\n]+)\n"
    r"Expiration Time: (?P<expires_at>[^\n]+)"
)


def sign_in(transport: Transport, signer: Signer, chain_id: int | None) -> SignedIn:
    """Sign in, and let the connection carry the session from here on.

    Args:
        transport: To the API.
        signer: Of the account.
        chain_id: The chain that the message must name; None: whichever the API names.

    Raises:
        PreparedOtherwise: If the message is another than the one that was asked for.
        ApiRefused: If the API does not take the signature.
    """
    asked = transport.ask(routes.NONCE, body={"session": "bearer", "account": str(signer.address)})
    message = _checked(asked, transport.origin.authority, signer.address, chain_id)
    if asked.attempt is None:
        raise AnswerUnexpected(routes.NONCE.name, "it holds no attempt")
    signed_in = transport.ask(
        routes.VERIFY,
        body={
            "message": message,
            "signature": f"0x{signer.sign_message(message).hex()}",
            "attempt": asked.attempt,
        },
    )
    if signed_in.token is None or signed_in.account != signer.address:
        raise AnswerUnexpected(routes.VERIFY.name, "it holds no session of this account")
    transport.token = signed_in.token
    return signed_in


def _checked(asked: Nonce, authority: str, account: ChecksumAddress, chain_id: int | None) -> str:
    found = _MESSAGE.fullmatch(asked.message or "")
    if found is None or asked.message is None:
        raise PreparedOtherwise("sign-in message", "it has not the lines of EIP-4361")
    wanted = {
        "domain": authority,
        "account": account,
        "statement": asked.statement,
        "uri": asked.uri,
        "version": "1",
        "chain_id": str(asked.chain_id if chain_id is None else chain_id),
        "nonce": asked.nonce,
    }
    for name, value in wanted.items():
        if found[name] != value:
            raise PreparedOtherwise("sign-in message", f"{name} is {found[name]!r}, not {value!r}")
    if asked.uri.partition("://")[2].partition("/")[0] != authority:
        raise PreparedOtherwise("sign-in message", f"it leads to {asked.uri!r}")
    try:
        lasts = datetime.fromisoformat(found["expires_at"]) - datetime.fromisoformat(
            found["issued_at"]
        )
    except (ValueError, TypeError):
        raise PreparedOtherwise("sign-in message", "its times are none") from None
    if not timedelta() < lasts <= _LONGEST:
        raise PreparedOtherwise("sign-in message", f"it would be good for {lasts}")
    return asked.message
