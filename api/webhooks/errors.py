"""Why an endpoint is not registered, edited or told.

    ApiError
    ├── WebhooksOff              this API sends none
    ├── WebhookAddressRefused    an address that nothing is sent to
    └── EditedMeanwhile          an edit of what is not there any more
    RuleViolated
    ├── WebhookEndpointsFull     the account has as many as it may
    ├── WebhookEndpointDisabled  nothing is sent there
    └── WebhookDeliveryUnwanted  the endpoint does not name the drop any more

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping


@typed_error
class WebhooksOff(ApiError):
    """The operator has set no key."""

    code = "webhooks_off"

    def _sentence(self) -> str:
        return "This API sends no webhooks. Its operator sets the key that secrets follow from."


@typed_error
class WebhookAddressRefused(ApiError):
    """Nothing is sent to such an address."""

    code = "webhook_address_refused"

    fault: str

    def _sentence(self) -> str:
        return f"Messages are not sent to this address: {self.fault}."


@typed_error
class EditedMeanwhile(ApiError):
    """Somebody else has edited it since it was read."""

    code = "edited_meanwhile"

    etag: str

    def _sentence(self) -> str:
        return f"It is {self.etag} by now. Read it again before you edit it."

    @property
    def headers(self) -> Mapping[str, str]:
        """What it is now."""
        return {"ETag": self.etag}


@typed_error
class WebhookEndpointsFull(RuleViolated):
    """An account has as many endpoints as it may."""

    code = "webhook_endpoints_full"

    most: int

    def _sentence(self) -> str:
        return f"An account may have {self.most} webhook endpoints. Delete one first."


@typed_error
class WebhookEndpointDisabled(RuleViolated):
    """Nothing is sent to an endpoint that is disabled."""

    code = "webhook_endpoint_disabled"

    why: str

    def _sentence(self) -> str:
        return f"The endpoint is disabled ({self.why}). Enable it first."


@typed_error
class WebhookDeliveryUnwanted(RuleViolated):
    """What is about a drop that an endpoint does not name is not sent there."""

    code = "webhook_delivery_unwanted"

    def _sentence(self) -> str:
        return "The endpoint does not name the drop of this message. Name it first."
