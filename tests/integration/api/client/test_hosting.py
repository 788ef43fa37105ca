from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.client.errors import AccessDenied, ApiRefused
from tests.integration.api.live import SESSION
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from tests.integration.api.client.people import People


def test_a_mentor_names_somebody_who_helps_until_they_are_removed(people: People) -> None:
    mentor, bo = people("mentor"), people("bo")
    with pytest.raises(ApiRefused, match="Only the mentor"):
        bo.co_hosts(SESSION)

    named = mentor.name_co_host(SESSION, address_of("bo"))

    assert named.account == address_of("bo")
    assert mentor.name_co_host(SESSION, address_of("bo")) == named
    assert bo.co_hosts(SESSION).co_hosts == mentor.co_hosts(SESSION).co_hosts == (named,)
    # The room is not open yet: who helps prepares it.
    assert bo.check_access("enter_session", SESSION, session=1).via == "co_host"
    admission = bo.redeem(bo.join(SESSION, 1).ticket)
    assert (admission.account, admission.seat) == (address_of("bo"), None)
    mentor.remove_co_host(SESSION, address_of("bo"))
    with pytest.raises(AccessDenied):
        bo.renew(admission.admission)
    with pytest.raises(AccessDenied):
        bo.join(SESSION, 1)
    assert mentor.co_hosts(SESSION).co_hosts == ()
