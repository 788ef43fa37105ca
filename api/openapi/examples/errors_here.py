"""Errors for the document's examples: what is wrong on our side.

Most do not show their own sentence, since it would name hosts and paths; what they are made with
here is not shown either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.access.receipts import ReceiptsOff
from api.auth.errors import WalletUnanswered
from api.chain import WrongNode
from api.errors import FieldFault, LongBodiesBusy, NotReady
from api.gate.asking import MirrorBehind
from api.gate.decision import Denied, Reason
from api.gate.remedies import WaitForBlock
from api.gate.values import Level
from api.health import MIRROR
from api.long_bodies import MAX_WAITING
from api.openapi.examples.errors_of_people import usual
from api.openapi.examples.story import BLOCK, CHAIN_ID, HEAD, NOW
from api.recordings.errors import MediaOff, MediaUnavailable, UploadsBusy
from api.webhooks.errors import WebhooksOff
from indexer.queries import MirrorIncomplete, MirrorMissing
from marketplace.domain.errors import ChainUnavailable, MirrorInconsistent
from marketplace.storage.errors import (
    DatabaseLockedError,
    DatabaseUnreachableError,
    StorageError,
    TableMissingError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNSHOWN: Final = "not shown"


def errors_here() -> Mapping[str, Exception]:
    """Each under its example's name."""
    waiting = WaitForBlock(HEAD + 1, Level.LATEST)
    behind = Denied(Reason.MIRROR_BEHIND, waiting, Level.LATEST, BLOCK, NOW)
    return {
        "internal": RuntimeError(),
        "storage": StorageError(),
        "storage_unreachable": DatabaseUnreachableError(_UNSHOWN, _UNSHOWN),
        "storage_locked": DatabaseLockedError(_UNSHOWN),
        "storage_version": TableMissingError(_UNSHOWN, _UNSHOWN),
        "chain_unavailable": ChainUnavailable(),
        "wrong_node": WrongNode(_UNSHOWN),
        "wallet_unanswered": WalletUnanswered(usual("wallet_gas"), usual("node_timeout_s")),
        "mirror_missing": MirrorMissing(CHAIN_ID, _UNSHOWN),
        "mirror_incomplete": MirrorIncomplete(CHAIN_ID, _UNSHOWN),
        "mirror_inconsistent": MirrorInconsistent(),
        "mirror_behind": MirrorBehind(behind),
        "receipts_off": ReceiptsOff(),
        "webhooks_off": WebhooksOff(),
        "media_off": MediaOff(),
        "media_unavailable": MediaUnavailable(_UNSHOWN, _UNSHOWN),
        "uploads_busy": UploadsBusy(usual("max_uploads")),
        "long_bodies_busy": LongBodiesBusy(MAX_WAITING),
        "not_ready": NotReady((FieldFault(MIRROR, "it is not level with the chain yet"),)),
    }
