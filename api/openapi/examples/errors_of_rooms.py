"""Errors for the document's examples: rooms, recordings, streams, webhooks.

Refuses who asks: `errors_of_people` has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.gate.asking import AccessDenied
from api.gate.decision import Denied, Reason
from api.gate.remedies import BuySeat
from api.gate.values import Level
from api.openapi.examples.errors_of_people import usual
from api.openapi.examples.story import BLOCK, DROP, ENDPOINT, NOW, RECORDING_SIZE, TIER, hashed
from api.push.errors import EventsGone, StreamsBusy
from api.recordings.bodies import MEDIA_TYPES
from api.recordings.errors import (
    DigestDiffers,
    MediaTypeRefused,
    PreconditionFailed,
    RangeNotSatisfiable,
    RecordingsFull,
    UploadCut,
    UploadTooSlow,
)
from api.recordings.reads import MAX_PER_SESSION
from api.recordings.slots import SLOW_BYTES
from api.sessions.errors import AdmissionEnded, AdmissionReplaced, TicketSpent
from api.webhooks.errors import (
    EditedMeanwhile,
    WebhookAddressRefused,
    WebhookDeliveryUnwanted,
    WebhookEndpointsFull,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def errors_of_rooms() -> Mapping[str, Exception]:
    """Each under its example's name."""
    return {**_doors(), **_recordings(), **_telling()}


def _doors() -> dict[str, Exception]:
    remedy = BuySeat(DROP, (TIER,))
    return {
        "access_denied": AccessDenied(Denied(Reason.NO_SEAT, remedy, Level.LATEST, BLOCK, NOW)),
        "ticket_spent": TicketSpent(),
        "admission_ended": AdmissionEnded(),
        "admission_replaced": AdmissionReplaced(),
    }


def _recordings() -> dict[str, Exception]:
    return {
        "rule_violated.recordings": RecordingsFull(
            f"a session has at most {MAX_PER_SESSION} recordings"
        ),
        "upload_cut": UploadCut(),
        "upload_too_slow": UploadTooSlow(SLOW_BYTES),
        "media_type_refused": MediaTypeRefused("video/quicktime", tuple(MEDIA_TYPES)),
        "digest_differs": DigestDiffers(
            hashed("as it was announced")[2:], hashed("as it arrived")[2:]
        ),
        "precondition_failed": PreconditionFailed(),
        "range_not_satisfiable": RangeNotSatisfiable(RECORDING_SIZE),
    }


def _telling() -> dict[str, Exception]:
    return {
        "streams_busy.events": StreamsBusy(usual("max_streams_of_one"), "One address or account"),
        "streams_busy.rooms": StreamsBusy(
            usual("max_room_streams_of_one"), "One account", "streams of rooms"
        ),
        "streams_busy.recordings": StreamsBusy(
            usual("max_watching_of_one"), "One account or seat", "recordings"
        ),
        "events_gone": EventsGone(1_200, 90_480),
        "webhook_address_refused": WebhookAddressRefused("it must begin with https://"),
        "edited_meanwhile": EditedMeanwhile(f'"{ENDPOINT}-3"'),
        "rule_violated.endpoints": WebhookEndpointsFull(usual("max_webhook_endpoints")),
        "rule_violated.deliveries": WebhookDeliveryUnwanted(),
    }
