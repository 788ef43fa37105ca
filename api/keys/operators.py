"""Who runs the platform, as far as the gate knows them: programs of accounts that a setting names.

Owns turning such a program into the gate's operator. Refuses sessions: somebody who is signed in is
the holder of what they hold, whoever they are; and refuses to say what an operator sees, which
`api.gate.decide` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.gate.values import Operator
from api.keys.errors import KeyLimited, NotAnOperator
from api.keys.keys import is_limited

if TYPE_CHECKING:
    from api.keys.values import ApiClient
    from api.parts import Parts


def operator_of(parts: Parts, client: ApiClient) -> Operator:
    """The operator whose program shows a key.

    Raises:
        NotAnOperator: its account is none of those that run the platform.
        KeyLimited: it is for some drops alone, and an operator looks at all.
    """
    if client.account not in parts.settings.operator_accounts:
        raise NotAnOperator(client.account)
    if is_limited(client):
        raise KeyLimited("Make one without drops.")
    return Operator(client.id)
