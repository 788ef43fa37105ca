"""What the order book refuses.

    ApiError
    ├── AnotherAccount                    prepared for an account that is not the caller's
    ├── ListingDead                       the contract would refuse its sale, and `cause` says why
    ├── BasketDead                        nothing of several can be bought; `skipped` says why
    └── ListingSignatureRefused
        ├── ListingSignatureMalformed     not a key's signature of the one form
        ├── ListingSignatureWrong         another account's, or over another listing
        └── ContractSellerRefused         the seller's contract does not take it

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import Extension
    from api.market.values import Skipped
    from marketplace.bindings.reverts import DeclaredRevert
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class AnotherAccount(ApiError):
    """Something was asked for an account other than the one that is signed in."""

    code = "another_account"

    account: ChecksumAddress
    signed_in: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"You are signed in as {self.signed_in}, and this was asked for {self.account}: only "
            "those whom the drop lets see its resales may buy there. Sign in with the account "
            "that buys."
        )


@typed_error
class ListingDead(ApiError):
    """A listing that nobody could buy now; `refusal` is what the contract would say."""

    code = "listing_dead"

    refusal: DeclaredRevert

    def _sentence(self) -> str:
        return self.refusal.sentence

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The contract's own code, so that both refusals can be told apart alike."""
        return {"cause": self.refusal.code}


@typed_error
class BasketDead(ApiError):
    """None of several listings can be bought."""

    code = "listing_dead"

    skipped: tuple[Skipped, ...]

    def _sentence(self) -> str:
        first = self.skipped[0]
        return (
            f"None of {len(self.skipped)} listings can be bought; the first: {first.sentence} "
            "Look for newer ones."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Each listing with its own reason."""
        return {
            "cause": "basket_dead",
            "skipped": [
                {"listing": one.listing, "cause": one.cause, "sentence": one.sentence}
                for one in self.skipped
            ],
        }


class ListingSignatureRefused(ApiError):
    """A listing came without its seller's signature."""

    code = "listing_signature_refused"


@typed_error
class ListingSignatureMalformed(ListingSignatureRefused):
    """The bytes are no signature of the form that the contract takes of a key."""

    code = "listing_signature_malformed"

    fault: str

    def _sentence(self) -> str:
        return (
            f"The signature is not 65 bytes r, s, v in hex: {self.fault}. Sign the typed data of "
            "POST /v1/tx/list again (eth_signTypedData_v4)."
        )


@typed_error
class ListingSignatureWrong(ListingSignatureRefused):
    """The signature is another account's, or over other values."""

    code = "listing_signature_wrong"

    seller: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"This is not {self.seller}'s signature over these values. Sign the typed data of "
            "POST /v1/tx/list as it is, with the seller's key."
        )


@typed_error
class ContractSellerRefused(ListingSignatureRefused):
    """The seller would have to be a contract wallet, and does not take the signature (ERC-1271).

    `why` is a name of `api.auth.wallets.Refusal`.
    """

    code = "contract_seller_refused"

    seller: ChecksumAddress
    why: str
    fault: str

    def _sentence(self) -> str:
        return (
            f"This is no signature of {self.seller}'s key, and {self.fault}. Sign the typed data "
            "of POST /v1/tx/list as it is, with the seller's wallet, or store the listing on the "
            "chain (stored=true)."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Why, as a stable name."""
        return {"cause": self.why}
