from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from api.webhooks.signing import BOTH_SIGN_FOR, Generation, headers_of, secret_of

KEY = SecretStr("k" * 32)
BODY = '{"type":"seat.moved"}'


@pytest.fixture
def now() -> datetime:
    """The machine's own clock, which the library holds messages against, for five minutes."""
    return datetime.now(UTC)


def headers(generation: Generation, now: datetime) -> dict[str, str]:
    return dict(headers_of(KEY, generation, "msg_12345678", BODY, now))


def is_believed(secret: str, given: dict[str, str], body: str = BODY) -> bool:
    try:
        Webhook(secret).verify(body, given)
    except WebhookVerificationError:
        return False
    return True


def test_whoever_has_the_secret_believes_the_message_and_nobody_else(now: datetime) -> None:
    given = headers(Generation("whe_1", 1, None), now)
    assert is_believed(secret_of(KEY, "whe_1", 1), given)
    assert not is_believed(secret_of(KEY, "whe_2", 1), given)
    assert not is_believed(secret_of(KEY, "whe_1", 2), given)
    assert not is_believed(secret_of(SecretStr("x" * 32), "whe_1", 1), given)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_message_that_was_altered_is_not_believed(name: str, now: datetime) -> None:
    secret, given = secret_of(KEY, "whe_1", 1), headers(Generation("whe_1", 1, None), now)
    assert not is_believed(secret, given, BODY + " ")
    altered = {"webhook-timestamp": str(int(now.timestamp()) - 1)}.get(name, "v1,AAAA")
    assert not is_believed(secret, given | {name: altered})


def test_for_a_day_both_secrets_are_believed(now: datetime) -> None:
    since = now - BOTH_SIGN_FOR
    young = headers(Generation("whe_1", 2, since + timedelta(seconds=1)), now)
    assert is_believed(secret_of(KEY, "whe_1", 1), young)
    assert is_believed(secret_of(KEY, "whe_1", 2), young)
    old = headers(Generation("whe_1", 2, since), now)
    assert not is_believed(secret_of(KEY, "whe_1", 1), old)
    assert is_believed(secret_of(KEY, "whe_1", 2), old)


def test_a_message_is_verified_as_the_document_says(now: datetime) -> None:
    page = Path(__file__).parents[4] / "docs" / "api.md"
    (example,) = re.findall(
        r"```python\n(from standardwebhooks.*?)```", page.read_text(), re.DOTALL
    )
    given = headers(Generation("whe_1", 1, None), now)

    def read(body: str) -> object:
        names: dict[str, object] = {
            "secret": secret_of(KEY, "whe_1", 1),
            "body": body,
            "headers": given,
        }
        exec(compile(example, str(page), "exec"), names)  # noqa: S102 - the document's own lines
        return names["message"]

    assert read(BODY) == {"type": "seat.moved"}
    assert read(BODY + " ") is None
