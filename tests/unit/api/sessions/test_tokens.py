from __future__ import annotations

from api.sessions.tokens import SECRET, Pass, hash_of, new_secret


def test_no_two_secrets_are_the_same() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(SECRET.fullmatch(secret) for secret in secrets)


def test_a_ticket_is_no_admission() -> None:
    secret = new_secret()
    assert hash_of(Pass.TICKET, secret) != hash_of(Pass.ADMISSION, secret)
    assert len(hash_of(Pass.TICKET, secret)) == 66
    assert secret not in hash_of(Pass.TICKET, secret)
