"""Whom a question to the gate is about: whoever asks, or for a program whomever it names.

Owns who may ask about others: an API key with the scope `access:check`, about drops whose mentor
its account is, as far as the key is not limited to other drops. Refuses rules about getting in, and
to be asked about others by anybody who is merely signed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from fastapi import Depends, Query, Request

from api.auth.caller import caller_if_any, program_in
from api.errors import NotFound
from api.gate.values import Anonymous, Holder, Principal
from api.keys.errors import ApiKeyRefused, ApiKeyRequired, KeyNotTakenHere
from api.keys.keys import led_drop
from api.keys.values import ApiClient, Scope
from api.places import drop_of
from api.programme.errors import MentorRequired
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import Account
from indexer.queries import MirrorMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from api.access.asked import Asked, Decided
    from api.access.together import Nothing
    from api.gate.decision import Decision
    from api.parts import Parts

Asker: TypeAlias = Principal | ApiClient
"""Whoever asks, or a program with a key that may ask about others."""

NotLed: TypeAlias = MentorRequired | ApiKeyRefused | NotFound
"""Why a program is told nothing about a drop."""

OTHER_PROBLEMS: Final = (
    "api_key_required",
    "api_key_ended",
    "mentor_required",
    "mirror_missing",
    "mirror_incomplete",
)
"""What asking about others adds to what a route can answer with."""


def asker_of(request: Request, parts: ApiParts) -> Asker:
    """Give whoever asks, or the program that does. Raises as `program_in` and `caller_if_any`."""
    client = program_in(request, parts, Scope.ACCESS_CHECK)
    if client is not None:
        return client
    caller = caller_if_any(request, parts)
    return Anonymous() if caller is None else Holder(caller.session.account)


CurrentAsker = Annotated[Asker, Depends(asker_of)]
"""For a route that can be asked about others."""

OtherAccount = Annotated[
    Account | None, Query(description="Whom it is about, for an API key; nobody else names one.")
]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the answer is about.

    Attributes:
        principal: As the gate knows them.
        client: The program that asks about them; None: they ask themselves.
    """

    principal: Principal
    client: ApiClient | None = None

    def require_led(self, parts: Parts, decided: Decided) -> None:
        """Refuse a program an answer about a drop that is not its account's.

        The answer was decided before: it is of the drop that has this number now, or refused.

        Raises:
            MentorRequired, KeyOfOtherDrops: it is another mentor's, or none of the key's.
            NotFound: the number is another drop's since the decision; ask again.
        """
        if self.client is None:
            return
        mirrored = led_drop(parts, self.client, decided.resource.drop)
        if mirrored.drop.terms_hash != decided.resource.terms_hash:
            raise NotFound("drop")

    def told(
        self,
        parts: Parts,
        asked: Sequence[Asked],
        decide: Callable[[], Sequence[Decision | Nothing]],
    ) -> list[Decision | Nothing | NotLed]:
        """What is told of several answers: to a program, those about drops of its account.

        Args:
            parts: Of this application.
            asked: The questions.
            decide: Gives their answers.
        """
        if self.client is None:
            return list(decide())
        drops = {one.drop for one in asked}
        before = _led(parts, self.client, drops)
        answers = decide()
        after = _led(parts, self.client, drops)
        return [
            _told(before[one.drop], after[one.drop], answer)
            for one, answer in zip(asked, answers, strict=True)
        ]


def subject_of(asker: Asker, account: Account | None) -> Subject:
    """Whom a question is about that may name an account.

    Raises:
        ApiKeyRequired: somebody without a key names one.
        KeyNotTakenHere: a program names nobody, and is nobody itself.
    """
    if isinstance(asker, ApiClient):
        if account is None:
            raise KeyNotTakenHere
        return Subject(Holder(account), asker)
    if account is not None:
        raise ApiKeyRequired(Scope.ACCESS_CHECK)
    return Subject(asker)


def _told(
    before: str | NotLed, after: str | NotLed, answer: Decision | Nothing
) -> Decision | Nothing | NotLed:
    if not isinstance(after, str):
        return after
    # The number was another drop's when it was decided, or may have been.
    return answer if before == after else NotFound("drop")


def _led(parts: Parts, client: ApiClient, drops: Iterable[int]) -> Mapping[int, str | NotLed]:
    """The terms hash of each drop that a program may ask about, or why it may not."""
    found: dict[int, str | NotLed] = {}
    for number in drops:
        try:
            found[number] = led_drop(parts, client, drop_of(number)).drop.terms_hash
        except MirrorMissing:
            found[number] = NotFound("drop")
        except (MentorRequired, ApiKeyRefused, NotFound) as error:
            found[number] = error
    return found
