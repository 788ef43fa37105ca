"""Who helps with a drop: named, listed, removed.

Owns the order of the steps and the transactions. Whose the drop is, is read from the mirror each
time. Refuses HTTP, and to let anybody but the mentor name or remove somebody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import FieldFault, InvalidRequest
from api.hosting.errors import TooManyCoHosts
from api.hosting.writes import (
    CoHost,
    HostedDrop,
    co_hosts_of,
    forget_co_host,
    hold_co_hosts,
    keep_co_host,
)
from api.programme.errors import MentorRequired
from api.programme.programmes import mirrored_drop
from api.programme.publishing import mentored_drop
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from api.parts import Parts
    from indexer.queries import DropTerms
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


def listed(parts: Parts, drop: DropId, asker: ChecksumAddress) -> tuple[CoHost, ...]:
    """All co-hosts of a drop, for its mentor and for each of them.

    Raises:
        NotFound: there is no such drop in the mirror.
        MentorRequired: somebody else asks.
        MirrorMissing, StorageError: nothing can be read.
    """
    hosted = _hosted(parts, mirrored_drop(parts, drop))
    with reading(parts.store) as connection:
        found = co_hosts_of(connection, hosted)
    if asker != hosted.mentor and all(one.account != asker for one in found):
        raise MentorRequired(drop, hosted.mentor)
    return found


def name(parts: Parts, drop: DropId, mentor: ChecksumAddress, account: ChecksumAddress) -> CoHost:
    """Let somebody help, from now on. Doing it again changes nothing.

    Raises:
        NotFound: there is no such drop in the mirror.
        MentorRequired: somebody else than its mentor asks.
        InvalidRequest: nobody can be that account, or it is the mentor's own.
        TooManyCoHosts: the drop has as many as it may have.
        MirrorMissing, StorageError: nothing can be read or kept.
    """
    hosted = _hosted(parts, mentored_drop(parts, drop, mentor))
    if account in {ZERO_ADDRESS, mentor}:
        fault = "name somebody else than yourself and nobody"
        raise InvalidRequest((FieldFault("/path/account", fault),))
    most = parts.settings.max_co_hosts
    wanted = CoHost(account, parts.clock())
    with writing(parts.store) as connection:
        hold_co_hosts(connection, hosted)
        kept = co_hosts_of(connection, hosted)
        for one in kept:
            if one.account == account:
                return one
        if len(kept) >= most:
            raise TooManyCoHosts(drop, most)
        keep_co_host(connection, hosted, wanted)
    return wanted


def remove(parts: Parts, drop: DropId, mentor: ChecksumAddress, account: ChecksumAddress) -> None:
    """Let somebody help no longer: every decision after this is without it. Repeatable.

    Raises:
        NotFound: there is no such drop in the mirror.
        MentorRequired: somebody else than its mentor asks.
        MirrorMissing, StorageError: nothing can be read or kept.
    """
    hosted = _hosted(parts, mentored_drop(parts, drop, mentor))
    with writing(parts.store) as connection:
        forget_co_host(connection, hosted, account)


def _hosted(parts: Parts, mirrored: DropTerms) -> HostedDrop:
    drop = mirrored.drop
    return HostedDrop(parts.mirror_id, drop.drop_id, drop.terms_hash, drop.mentor)
