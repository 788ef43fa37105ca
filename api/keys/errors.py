"""Why a key opens nothing, or is not made.

    AuthError
    ├── ApiKeyEnded                      no such key, or its time is over
    └── ApiKeyRefused
        ├── KeyNotTakenHere              this address takes no keys
        ├── ScopeMissing                 the key is for something else
        ├── NotAnOperator                the account is none of those that run the platform
        ├── KeyLimited                   the key is limited to drops, and this is not
        └── KeyOfOtherDrops              the key is limited to other drops
    ApiError
    ├── ApiKeyRequired                   this address takes keys alone
    └── TooManyKeys                      the account has as many as it may have

Owns the classes and their sentences. Refuses to repeat a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.errors import AuthError, Challenge
from api.errors import ApiError
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import Extension


@typed_error
class ApiKeyRequired(Challenge):
    """Only a program with a key may ask this."""

    code = "api_key_required"

    scope: str

    def _sentence(self) -> str:
        return f"This takes an API key with the scope {self.scope}: make one with /v1/api-keys."

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The scope that the key needs."""
        return {"scope": self.scope}


@typed_error
class ApiKeyEnded(Challenge):
    """What was presented is no key, or it has expired or was ended."""

    code = "api_key_ended"

    def _sentence(self) -> str:
        return "This API key has expired, was ended or never existed. Its account makes another."


class ApiKeyRefused(AuthError):
    """A live key is not good for this."""

    code = "api_key_refused"


@typed_error
class KeyNotTakenHere(ApiKeyRefused):
    """The address takes people who are signed in, and no programs."""

    code = "key_not_taken_here"

    def _sentence(self) -> str:
        return "No API key opens this. Sign in with the account itself, or send no key."


@typed_error
class ScopeMissing(ApiKeyRefused):
    """The key was not made for this."""

    code = "scope_missing"

    scope: str

    def _sentence(self) -> str:
        return f"This API key has not the scope {self.scope}. Make one that has."

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The scope that the key would need."""
        return {"scope": self.scope}


@typed_error
class NotAnOperator(ApiKeyRefused):
    """The key is for those who run the platform, and its account is none of them."""

    code = "not_an_operator"

    account: str

    def _sentence(self) -> str:
        return (
            f"This key's account, {self.account}, is none of those that run this platform. Sign in "
            "with an account that may look."
        )


@typed_error
class KeyOfOtherDrops(ApiKeyRefused):
    """The key is limited to drops, and this is none of them."""

    code = "key_of_other_drops"

    drop: int

    def _sentence(self) -> str:
        return f"This API key is limited to other drops than {self.drop}. Make one that names it."


@typed_error
class KeyLimited(ApiKeyRefused):
    """The key is limited to drops, and this is of all that is the account's."""

    code = "key_limited"

    instead: str

    def _sentence(self) -> str:
        return f"This API key is limited to drops, and this is not. {self.instead}"


@typed_error
class TooManyKeys(ApiError):
    """The account has as many live keys as it may have."""

    code = "too_many_api_keys"

    most: int

    def _sentence(self) -> str:
        return f"An account may have {self.most} live API keys, and has. End one first."
