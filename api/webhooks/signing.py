"""The secrets that messages are signed with, and the signatures (standard-webhooks).

Owns how a secret follows from an endpoint: it is the HMAC of the endpoint's id and generation under
a key of the settings, so that no table holds anything that could sign. Refuses to sign by hand:
`standardwebhooks` does.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from standardwebhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

BOTH_SIGN_FOR: Final = timedelta(hours=24)
"""After a new secret was made, messages carry a signature of the one before as well."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Which secret an endpoint has.

    Attributes:
        number: From 1.
        since: When it was made; None for the first.
    """

    endpoint: str
    number: int
    since: datetime | None

    def numbers_at(self, now: datetime) -> tuple[int, ...]:
        """The generations that sign at a moment, the newest first."""
        both = self.since is not None and now < self.since + BOTH_SIGN_FOR
        return (self.number, self.number - 1) if both else (self.number,)


def secret_of(key: SecretStr, endpoint: str, number: int) -> str:
    """The secret of an endpoint's generation, as its owner keeps it."""
    said = f"webhook secret:{endpoint}:{number}"
    made = hmac.digest(key.get_secret_value().encode(), said.encode(), "sha256")
    return f"whsec_{b64encode(made).decode()}"


def headers_of(
    key: SecretStr, generation: Generation, message_id: str, body: str, now: datetime
) -> Mapping[str, str]:
    """The headers that a message travels with; its receiver refuses one that is too old."""
    signatures = [
        Webhook(secret_of(key, generation.endpoint, number)).sign(message_id, now, body)
        for number in generation.numbers_at(now)
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
