"""Owns the canonical terms: the one text that a launch file means, and its hash.

The text is JSON with sorted keys, two spaces of indent, no escapes but those that JSON demands,
UTF-8 in composed form (NFC) and one line feed at its end. Amounts, shares and times are the texts
that people read; times are absolute, in UTC. The hash is keccak256 of these bytes; a drop carries
it as `termsHash`, so whoever has the text can show that it is the one that was sold.

Sessions, tiers and phases stand in the order of the file: their place, counted from 1 for sessions
and from 0 for tiers and phases, is the number by which everybody else names them.

Refuses to depend on how the file was laid out otherwise: comments, the order of keys, zones and
units do not matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from eth_utils.crypto import keccak

from marketplace.domain.money import percent_text
from marketplace.launch.forms import form_of, spelled_currency, spelled_gate
from marketplace.launch.units import duration, instant

if TYPE_CHECKING:
    from marketplace.domain.denomination import Denomination
    from marketplace.launch.calendar import Calendar
    from marketplace.launch.forms import GateTerm
    from marketplace.launch.schema import Dispute, Phase, Product, Refund, Resale, Terms, Tier

Json: TypeAlias = Mapping[str, "Json"] | tuple["Json", ...] | str | int | bool | None


def terms_hash(document: str) -> bytes:
    """The hash of canonical terms: keccak256 of their UTF-8 bytes."""
    return keccak(document.encode())


def terms_document(
    product: Product,
    terms: Terms,
    calendar: Calendar,
    tiers: tuple[Tier, ...],
    phases: tuple[Phase, ...],
    rules: tuple[Refund, Resale, Dispute],
    gates: Sequence[GateTerm],
) -> str:
    """Write the canonical terms, in the first form where it has words for all of it.

    Args:
        product: What is taught.
        terms: When, in which currency, and whom the money reaches.
        calendar: When everything is.
        tiers: Classes of seats.
        phases: Windows of sale.
        rules: Of refunds, resales and disputes.
        gates: What the contract keeps of each phase's.
    """
    refund, resale, dispute = rules
    paid_in = terms.currency
    document: Json = {
        "form": form_of(paid_in, terms.seats_move, gates),
        "product": {
            "format": product.format,
            "title": product.title,
            "mentor": product.mentor,
            "summary": product.summary,
            "contains": product.contains,
            "success": product.success,
        },
        "terms": {
            "currency": spelled_currency(paid_in),
            "deliver_by": instant(calendar.at(terms.deliver_by)),
            "highest_fee": percent_text(terms.highest_fee),
            "seats_move": terms.seats_move,
            "payout": terms.payout,
            "verifier": terms.verifier,
        },
        "sessions": tuple(
            {
                "title": meeting.title,
                "kind": meeting.kind,
                "starts": instant(meeting.starts),
                "ends": instant(meeting.ends),
                "tiers": meeting.tiers,
            }
            for meeting in calendar.meetings
        ),
        "tiers": tuple(_tier(tier, paid_in) for tier in tiers),
        "phases": tuple(
            {
                **_phase(phase, calendar),
                "gate": spelled_gate(gate),
                "price": paid_in.text(phase.price),
            }
            for phase, gate in zip(phases, gates, strict=True)
        ),
        "refund": {
            "until": instant(calendar.at(refund.until)),
            "penalty": percent_text(refund.penalty),
            "policy": refund.policy,
        },
        "resale": _resale(resale),
        "dispute": {
            "resolver": dispute.resolver,
            "objection_days": dispute.objection_days,
            "default_split": percent_text(dispute.default_split),
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _resale(resale: Resale) -> Json:
    written: dict[str, Json] = {
        "royalty": percent_text(resale.royalty),
        "toll": percent_text(resale.toll),
        "highest_price": percent_text(resale.highest_price),
        "gift_cooldown": duration(resale.gift_cooldown),
        "audience": resale.audience,
    }
    # Not written where there are none: terms of before there were turns have no such key.
    return written if resale.turn is None else {**written, "turn": duration(resale.turn)}


def _tier(tier: Tier, paid_in: Denomination) -> Json:
    return {
        "name": tier.name,
        "price": paid_in.text(tier.price),
        "seats": tier.seats,
        "includes": tier.includes,
    }


def _phase(phase: Phase, calendar: Calendar) -> Mapping[str, Json]:
    return {
        "name": phase.name,
        "tier": phase.tier,
        "opens": instant(calendar.at(phase.opens)),
        "closes": instant(calendar.at(phase.closes)),
        "seats": phase.seats,
        "reserved": phase.reserved,
        "per_wallet": phase.per_wallet,
    }
