"""What the book of offers refuses.

    ApiError
    ├── OfferDead                     the contract would refuse it, and `cause` says why
    ├── BidderDenied                  its buyer is none of those whom the resales are for
    └── OfferSignatureRefused
        ├── OfferSignatureMalformed   not a key's signature of the one form
        ├── OfferSignatureWrong       another account's, or over another offer
        └── ContractBuyerRefused      the buyer's contract does not take it

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from api.gate.answers import DecisionAnswer
from api.market.restriction import COURTESY
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import Extension
    from api.gate.decision import Denied
    from marketplace.bindings.reverts import DeclaredRevert
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class OfferDead(ApiError):
    """An offer that nobody could take now; `refusal` is what the contract would say."""

    code = "offer_dead"

    refusal: DeclaredRevert

    def _sentence(self) -> str:
        return self.refusal.sentence

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The contract's own code, so that both refusals can be told apart alike."""
        return {"cause": self.refusal.code}


@typed_error
class BidderDenied(ApiError):
    """An offer of somebody whom the gate would not let buy; `denial` is what they would be told."""

    code = "bidder_denied"

    buyer: ChecksumAddress
    denial: Denied

    def _sentence(self) -> str:
        return (
            f"This offer is {self.buyer}'s, who is none of those whom the drop's resales are for "
            f"({self.denial.reason}): it is neither shown nor accepted here while that is so. "
            f"{COURTESY}"
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Who offers, and the gate's decision about them, as the access check would show it."""
        return {
            "buyer": self.buyer,
            "decision": DecisionAnswer.of(self.denial).model_dump(mode="json"),
        }


class OfferSignatureRefused(ApiError):
    """An offer came without its buyer's signature."""

    code = "offer_signature_refused"


@typed_error
class OfferSignatureMalformed(OfferSignatureRefused):
    """The bytes are no signature of the form that the contract takes of a key."""

    code = "offer_signature_malformed"

    fault: str

    def _sentence(self) -> str:
        return (
            f"The signature is not 65 bytes r, s, v in hex: {self.fault}. Sign the typed data of "
            "POST /v1/tx/offer again (eth_signTypedData_v4)."
        )


@typed_error
class OfferSignatureWrong(OfferSignatureRefused):
    """The signature is another account's, or over other values."""

    code = "offer_signature_wrong"

    buyer: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"This is not {self.buyer}'s signature over these values. Sign the typed data of "
            "POST /v1/tx/offer as it is, with the buyer's key."
        )


@typed_error
class ContractBuyerRefused(OfferSignatureRefused):
    """The buyer would have to be a contract wallet, and does not take the signature (ERC-1271).

    `why` is a name of `api.auth.wallets.Refusal`.
    """

    code = "contract_buyer_refused"

    buyer: ChecksumAddress
    why: str
    fault: str

    def _sentence(self) -> str:
        return (
            f"This is no signature of {self.buyer}'s key, and {self.fault}. Sign the typed data "
            "of POST /v1/tx/offer as it is, with the buyer's wallet."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Why, as a stable name."""
        return {"cause": self.why}
