"""Every way in which the contracts say no, as a typed error.

Owns one class for each error of the ABI, with identical fields and a sentence for people, and one
normaliser for what eth-tester, anvil and nodes raise. The class is named like the Solidity error
without its room (`SeatMarket_ListingExpired` is `ListingExpired`); where two rooms share a name,
both keep the room (`SeatDropsPaused`, `SeatMarketPaused`). `code` is the Solidity name in snake
case.

    ContractReverted
    ├── DeclaredRevert     an error of the ABI: drops, market, token, escrow, platform, erc721
    ├── Panicked           Panic(uint256)
    ├── RevertedWithText   Error(string)
    ├── RevertedUnknown    bytes of another contract or version
    └── RevertedSilently   no bytes at all

Refuses to judge: whether a retry or another amount helps is in the sentence, not in the code.
"""

from __future__ import annotations

from marketplace.bindings.reverts.declaring import (
    DeclaredRevert,
    declared_reverts,
)
from marketplace.bindings.reverts.decoding import (
    decode_revert,
    revert_entries,
)
from marketplace.bindings.reverts.drops import (
    AboveMaxTotal,
    CurrencyNotAllowed,
    EmptyMint,
    FeeAboveMax,
    GateNotOffered,
    NotLive,
    PhaseClosed,
    PhaseUnknown,
    PolicyNotOffered,
    ResolverNotNeutral,
    SeatDropsPaused,
    SeatDropsUnknown,
    SeatDropsWrongPayment,
    SoldOut,
    TermOutOfBounds,
    VerifierIsMentor,
    WalletLimit,
)
from marketplace.bindings.reverts.erc721 import (
    AccountBalanceOverflow,
    BalanceQueryForZeroAddress,
    NotOwnerNorApproved,
    Reentrancy,
    TokenAlreadyExists,
    TokenDoesNotExist,
    TransferFromIncorrectOwner,
    TransferToNonERC721ReceiverImplementer,
    TransferToZeroAddress,
)
from marketplace.bindings.reverts.escrow import (
    CreditTooSmall,
    HeldTooLarge,
    NothingToWithdraw,
    PaymentRefused,
)
from marketplace.bindings.reverts.extraction import (
    revert_in,
)
from marketplace.bindings.reverts.market import (
    CounterPassed,
    EpochPassed,
    ExpiryTooFar,
    Granted,
    ListingExpired,
    NotTheSeller,
    NotTheTaker,
    PriceOutOfBounds,
    SeatMarketPaused,
    SeatMarketWrongPayment,
    SellerIsBuyer,
    SellerNotOwner,
    SignatureInvalid,
    TermsChanged,
)
from marketplace.bindings.reverts.plain import (
    Panicked,
    RevertedSilently,
    RevertedUnknown,
    RevertedWithText,
)
from marketplace.bindings.reverts.platform import (
    BaseAddressMissing,
    FeeTooHigh,
    OwnableInvalidOwner,
    OwnableUnauthorizedAccount,
    OwnerRequired,
    TreasuryMissing,
)
from marketplace.bindings.reverts.token import (
    ApprovalRefused,
    Bound,
    CoolingDown,
    DeliveryOverdue,
    DropImmovable,
    EpochExhausted,
    Locked,
    NotOwner,
    RendererMissing,
    SeatTokenUnknown,
    WrongToll,
)

__all__ = [
    "AboveMaxTotal",
    "AccountBalanceOverflow",
    "ApprovalRefused",
    "BalanceQueryForZeroAddress",
    "BaseAddressMissing",
    "Bound",
    "CoolingDown",
    "CounterPassed",
    "CreditTooSmall",
    "CurrencyNotAllowed",
    "DeclaredRevert",
    "DeliveryOverdue",
    "DropImmovable",
    "EmptyMint",
    "EpochExhausted",
    "EpochPassed",
    "ExpiryTooFar",
    "FeeAboveMax",
    "FeeTooHigh",
    "GateNotOffered",
    "Granted",
    "HeldTooLarge",
    "ListingExpired",
    "Locked",
    "NotLive",
    "NotOwner",
    "NotOwnerNorApproved",
    "NotTheSeller",
    "NotTheTaker",
    "NothingToWithdraw",
    "OwnableInvalidOwner",
    "OwnableUnauthorizedAccount",
    "OwnerRequired",
    "Panicked",
    "PaymentRefused",
    "PhaseClosed",
    "PhaseUnknown",
    "PolicyNotOffered",
    "PriceOutOfBounds",
    "Reentrancy",
    "RendererMissing",
    "ResolverNotNeutral",
    "RevertedSilently",
    "RevertedUnknown",
    "RevertedWithText",
    "SeatDropsPaused",
    "SeatDropsUnknown",
    "SeatDropsWrongPayment",
    "SeatMarketPaused",
    "SeatMarketWrongPayment",
    "SeatTokenUnknown",
    "SellerIsBuyer",
    "SellerNotOwner",
    "SignatureInvalid",
    "SoldOut",
    "TermOutOfBounds",
    "TermsChanged",
    "TokenAlreadyExists",
    "TokenDoesNotExist",
    "TransferFromIncorrectOwner",
    "TransferToNonERC721ReceiverImplementer",
    "TransferToZeroAddress",
    "TreasuryMissing",
    "VerifierIsMentor",
    "WalletLimit",
    "WrongToll",
    "declared_reverts",
    "decode_revert",
    "revert_entries",
    "revert_in",
]
