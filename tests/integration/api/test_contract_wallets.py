"""Contract wallets sign in over a real chain: their contracts are asked, within bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from eth_account import Account
from sqlalchemy import select

from api.auth.proofs import WalletProof, keep_proof
from api.auth.tokens import Carrier, SessionToken
from api.auth.wallets import LAST_RESERVED
from api.auth.writes import NewSession, start_session
from api.store.tables import wallet_proofs
from marketplace.bindings.addresses import parse_address
from marketplace.bindings.verification import code_at
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import PhaseIndex, SeatId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import CHAIN_ID, SESSION, wallet
from tests.integration.api.wallets import (
    ContractWallet,
    calldata,
    called,
    deployed,
    factory_wallet,
    owned_wallet,
    set_owner,
    through_factory,
)
from tests.integration.api.world import (
    Wallet,
    ask_nonce,
    browser,
    code_of,
    sign_in_client,
    verify,
)

if TYPE_CHECKING:
    import httpx

    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.api.live import Live

RECHECK_S: Final = 30
ROOM: Final[dict[str, str | int]] = {"action": "enter_session", "drop": SESSION, "session": 1}
MAGIC: Final = bytes.fromhex("1626ba7e")
KEY_WISH: Final = {"name": "Door", "scopes": ["access:check"], "expires_in_s": 3_600}
LASTS: Final = timedelta(days=1)


def attempted(live: Live, account: Wallet, signature: str | None = None) -> httpx.Response:
    """Try to sign in once, with the wallet's own signature unless another is given."""
    asked = ask_nonce(live.api, account, "bearer")
    given = account.sign(asked["message"]) if signature is None else signature
    return verify(live.api, asked["message"], given, asked["attempt"])


def signed_in(live: Live, account: Wallet) -> httpx.Client:
    client = browser(live.parts)
    client.headers["Authorization"] = f"Bearer {sign_in_client(client, account)}"
    return client


def proofs(live: Live) -> int:
    with reading(live.parts.store) as connection:
        return len(connection.execute(select(wallet_proofs)).all())


def test_a_contract_wallet_signs_in_by_its_owners_key(live: Live) -> None:
    account = owned_wallet(live, "ada")
    client = signed_in(live, account)
    assert client.get("/v1/auth/session").json()["account"] == account.at
    assert proofs(live) == 1


def test_what_a_wallet_has_proved_counts_on_its_chain_alone(live: Live) -> None:
    """APIs of several chains may share their tables, and the wallet's address elsewhere is free."""
    client = signed_in(live, owned_wallet(live, "ada"))
    key = client.post("/v1/api-keys", json=KEY_WISH).json()["key"]
    settings = live.parts.settings.model_copy(update={"chain_id": CHAIN_ID + 1})
    elsewhere = browser(replace(live.parts, settings=settings))

    def shown(authorization: str, path: str = "/v1/auth/session") -> httpx.Response:
        return elsewhere.get(path, headers={"Authorization": authorization})

    assert code_of(shown(client.headers["Authorization"])) == "session_ended"
    about_bo = f"/v1/access/check?action=see_resale&drop=1&account={wallet('bo').address}"
    assert code_of(shown(f"Bearer {key}", about_bo)) == "api_key_ended"
    assert client.get("/v1/auth/session").status_code == 200
    # An account's own key is the same on every chain.
    assert shown(signed_in(live, wallet("bo")).headers["Authorization"]).status_code == 200


def test_a_stranger_at_the_same_address_of_another_chain_sees_and_ends_nothing(live: Live) -> None:
    owner = signed_in(live, owned_wallet(live, "ada"))
    account = parse_address(owner.get("/v1/auth/session").json()["account"])
    session = owner.get("/v1/auth/session").json()["id"]
    made = owner.post("/v1/api-keys", json=KEY_WISH).json()
    changes = {"chain_id": CHAIN_ID + 1, "max_api_keys": 1}
    settings = live.parts.settings.model_copy(update=changes)
    stranger = browser(replace(live.parts, settings=settings))
    # As by a contract that the stranger has put there.
    _, token = strange_session(live, account), strange_session(live, account)
    stranger.headers["Authorization"] = f"Bearer {token.secret}"
    seen = stranger.get("/v1/auth/sessions").json()["sessions"]
    assert [one["id"] for one in seen] == [token.hash]
    assert stranger.get("/v1/api-keys").json() == {"keys": []}
    for path in (f"/v1/auth/sessions/{session}", f"/v1/api-keys/{made['id']}"):
        assert code_of(stranger.delete(path)) == "not_found"
    assert stranger.post("/v1/api-keys", json=KEY_WISH).status_code == 201
    assert [one["id"] for one in owner.get("/v1/api-keys").json()["keys"]] == [made["id"]]
    mine = owner.get("/v1/auth/sessions").json()["sessions"]
    assert [one["id"] for one in mine] == [session]


def strange_session(live: Live, account: ChecksumAddress) -> SessionToken:
    """A session that a wallet at an address of the next chain has proved; one may be alive."""
    token, now, end = SessionToken.new(Carrier.BEARER), live.clock(), live.clock() + LASTS
    with writing(live.parts.store) as connection:
        kept = NewSession(token.hash, account, now, end, None)
        start_session(connection, kept, CHAIN_ID + 1, 1)
        keep_proof(
            connection, token.hash, WalletProof(CHAIN_ID + 1, bytes(32), b"signed", now), end
        )
    return token


def test_a_wallets_signature_may_be_long(live: Live) -> None:
    account = owned_wallet(live, "ada", padding=8_192 - 65)
    assert attempted(live, account).status_code == 201


def test_a_nonce_serves_one_attempt_of_a_wallet_too(live: Live) -> None:
    account = owned_wallet(live, "ada")
    asked = ask_nonce(live.api, account, "bearer")
    signature, attempt = account.sign(asked["message"]), asked["attempt"]
    assert verify(live.api, asked["message"], signature, attempt).status_code == 201
    again = verify(live.api, asked["message"], signature, attempt)
    assert code_of(again) == "sign_in_attempt_unknown"


def test_a_wallet_that_is_not_there_yet_signs_in_with_its_factory(live: Live) -> None:
    account = factory_wallet(live, "ada")
    before = live.market.web3.eth.block_number
    client = signed_in(live, account)
    assert client.get("/v1/auth/session").json()["account"] == account.at
    # It was tried, not sent: nothing is there, and no block was made.
    assert code_at(live.market.web3, account.at) == b""
    assert live.market.web3.eth.block_number == before


def test_its_session_lives_on_when_the_wallet_is_made(live: Live) -> None:
    account = factory_wallet(live, "ada")
    client = signed_in(live, account)
    assert account.factory is not None
    called(live, account.factory, calldata("make(address)", account.signer.address))
    live.clock.forward(RECHECK_S)
    assert client.get("/v1/auth/session").status_code == 200
    set_owner(live, account, "ada", owns=False)
    live.clock.forward(RECHECK_S)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


def test_a_factory_is_not_called_for_a_wallet_that_is_there(live: Live) -> None:
    # Else whoever may make a wallet say yes for the length of a call could sign in as it.
    account = owned_wallet(live, "ada")
    thief = ContractWallet(wallet("bo").signer, account.at)
    owns = True
    takes_over = calldata("setOwner(address,bool)", thief.signer.address, owns)
    asked = ask_nonce(live.api, account, "bearer")
    signature = through_factory(account.at, takes_over, thief.sign(asked["message"]))
    answer = verify(live.api, asked["message"], signature, asked["attempt"])
    assert refusal(answer) == "wallet_says_no"


def refusal(answer: httpx.Response) -> str:
    assert (answer.status_code, code_of(answer)) == (401, "contract_wallet_refused")
    assert answer.headers["www-authenticate"] == 'Bearer realm="seats"'
    return str(answer.json()["cause"])


def test_the_key_of_a_stranger_does_not_sign_for_a_wallet(live: Live) -> None:
    account = owned_wallet(live, "ada")
    stranger = ContractWallet(wallet("bo").signer, account.at)
    assert refusal(attempted(live, stranger)) == "wallet_says_no"
    assert proofs(live) == 0


@pytest.mark.parametrize(
    ("name", "answer", "cause"),
    [
        ("RevertingWallet", None, "wallet_reverted"),
        ("BombingWallet", None, "wallet_says_no"),
        ("AnsweringWallet", b"", "wallet_says_no"),
        ("AnsweringWallet", MAGIC, "wallet_says_no"),
        ("AnsweringWallet", bytes(28) + MAGIC, "wallet_says_no"),
        ("AnsweringWallet", (1).to_bytes(32), "wallet_says_no"),
        ("AnsweringWallet", MAGIC + b"\x01" * 28, "wallet_says_no"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_wallet_that_says_anything_but_yes_is_refused(
    live: Live, name: str, answer: bytes | None, cause: str
) -> None:
    arguments = ([], []) if answer is None else (["bytes"], [answer])
    account = ContractWallet(wallet("ada").signer, deployed(live, name, *arguments))
    assert refusal(attempted(live, account)) == cause


def test_a_wallet_that_comes_to_no_end_costs_its_gas_and_is_no_denial(live: Live) -> None:
    settings = live.parts.settings.model_copy(update={"wallet_gas": 100_000})
    live.api = browser(replace(live.parts, settings=settings))
    account = ContractWallet(wallet("ada").signer, deployed(live, "BurningWallet"))
    answer = attempted(live, account)
    assert (answer.status_code, code_of(answer)) == (503, "wallet_unanswered")
    assert "100000 gas" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("factory", "code", "cause"),
    [
        ("RevertingWallet", "contract_wallet_refused", "wallet_reverted"),
        ("BombingWallet", "contract_wallet_refused", "wallet_reverted"),
        ("BurningWallet", None, None),
        (None, "contract_wallet_refused", "wallet_reverted"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_factory_that_makes_nothing_signs_nobody_in(
    live: Live, factory: str | None, code: str | None, cause: str | None
) -> None:
    settings = live.parts.settings.model_copy(update={"wallet_gas": 300_000})
    live.api = browser(replace(live.parts, settings=settings))
    at = parse_address("0x" + "77" * 20) if factory is None else deployed(live, factory)
    account = ContractWallet(Account.create(), parse_address("0x" + "12" * 20), factory=at)
    answer = attempted(live, account)
    if code is None:
        # It leaves a 64th of the gas, which may or may not suffice to say so.
        assert code_of(answer) in {"wallet_unanswered", "contract_wallet_refused"}
        return
    assert (code_of(answer), answer.json()["cause"]) == (code, cause)


@pytest.mark.parametrize("number", [0, 1, 2, 4, 9, 0x100, LAST_RESERVED])
@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_chains_own_contracts_sign_nobody_in(live: Live, number: int, *, wrapped: bool) -> None:
    at = parse_address(f"0x{number:040x}")
    factory = live.market.contract.address if wrapped else None
    account = ContractWallet(wallet("ada").signer, at, padding=7, factory=factory)
    assert refusal(attempted(live, account)) == "address_reserved"


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        ("0x", "contract_wallet_refused"),
        ("0x" + "11" * 130, "contract_wallet_refused"),
        ("0x" + "11" * 64, "sign_in_signature_malformed"),
        ("0x" + "11" * 65, "sign_in_signature_malformed"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_account_without_code_has_no_wallet_to_ask(
    live: Live, signature: str, code: str
) -> None:
    answer = attempted(live, Wallet(), signature)
    assert code_of(answer) == code
    if code == "contract_wallet_refused":
        assert refusal(answer) == "no_contract"


def test_a_message_of_another_account_is_refused(live: Live) -> None:
    account = Wallet()
    asked = ask_nonce(live.api, account, "bearer")
    answer = verify(live.api, asked["message"], Wallet().sign(asked["message"]), asked["attempt"])
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_signature_wrong")
    assert answer.headers["www-authenticate"] == 'Bearer realm="seats"'


def test_a_wallet_is_shown_no_factory_that_cannot_be_read(live: Live) -> None:
    account = owned_wallet(live, "ada")
    answer = attempted(live, account, "0x" + "ff" * 64 + "6492" * 16)
    assert refusal(answer) == "factory_unreadable"


def test_an_account_that_has_gained_code_signs_in_with_its_key(live: Live) -> None:
    # EIP-7702: the code is of a contract that accepts nothing.
    refuser = deployed(live, "AnsweringWallet", ["bytes"], [bytes(32)])
    web3, signer = live.market.web3, wallet("dan").signer
    authorization = signer.sign_authorization(
        {
            "chainId": CHAIN_ID,
            "address": refuser,
            "nonce": web3.eth.get_transaction_count(signer.address),
        }
    )
    payer = wallet("cleo").signer
    sent: dict[str, Any] = {
        "type": 4,
        "chainId": CHAIN_ID,
        "nonce": web3.eth.get_transaction_count(payer.address),
        "to": signer.address,
        "value": 0,
        "gas": 200_000,
        "maxFeePerGas": 10**11,
        "maxPriorityFeePerGas": 10**9,
        "authorizationList": [authorization],
    }
    web3.eth.send_raw_transaction(payer.sign_transaction(sent).raw_transaction)
    assert web3.eth.get_code(signer.address).startswith(bytes.fromhex("ef0100"))

    client = signed_in(live, wallet("dan"))

    live.clock.forward(RECHECK_S)
    assert client.get("/v1/auth/session").json()["account"] == signer.address
    assert proofs(live) == 0


def test_an_owner_who_is_removed_loses_the_session(live: Live) -> None:
    account = owned_wallet(live, "ada")
    client = signed_in(live, account)
    live.clock.forward(RECHECK_S)
    assert client.get("/v1/auth/session").status_code == 200
    set_owner(live, account, "ada", owns=False)
    live.clock.forward(RECHECK_S)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"
    # Ended, not asked about again: the owner who comes back signs in anew.
    set_owner(live, account, "ada", owns=True)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


def test_a_key_that_the_owner_made_ends_with_it(live: Live) -> None:
    account = owned_wallet(live, "ada")
    client = signed_in(live, account)
    wish = {"name": "Door", "scopes": ["recordings:write"], "expires_in_s": 86_400}
    key = client.post("/v1/api-keys", json=wish).json()["key"]
    program = browser(live.parts)
    program.headers["Authorization"] = f"Bearer {key}"
    live.mirror()

    def upload() -> str:
        answer = program.post(f"/v1/drops/{SESSION}/sessions/1/recordings?title=x")
        return code_of(answer)

    live.clock.forward(RECHECK_S)
    assert upload() != "api_key_ended"
    set_owner(live, account, "ada", owns=False)
    live.clock.forward(RECHECK_S)
    assert upload() == "api_key_ended"


def test_while_the_node_is_away_nobody_is_thrown_out_and_nobody_let_in(live: Live) -> None:
    account = owned_wallet(live, "ada")
    client = signed_in(live, account)
    alone = browser(live.parts_without_node())
    alone.headers.update(client.headers)

    live.clock.forward(RECHECK_S - 1)
    assert alone.get("/v1/auth/session").status_code == 200
    live.clock.forward(1)
    answer = alone.get("/v1/auth/session")
    assert (answer.status_code, code_of(answer)) == (503, "chain_unavailable")
    assert client.get("/v1/auth/session").status_code == 200


def test_a_session_of_a_key_needs_no_node(live: Live) -> None:
    alone = browser(live.parts_without_node())
    alone.headers.update(live.client("ada").headers)
    live.clock.forward(10 * RECHECK_S)
    assert alone.get("/v1/auth/session").status_code == 200


def test_a_seat_that_a_contract_wallet_holds_opens_the_door_for_its_owner(live: Live) -> None:
    account, other = owned_wallet(live, "ada"), owned_wallet(live, "ada")
    mint(live, account.at)
    live.market.steering.travel(live.files[SESSION].drop.terms.starts_at + 60)
    live.mirror()
    live.publish()
    holder, stranger = signed_in(live, account), signed_in(live, other)

    assert holder.get("/v1/access/check", params=ROOM).json()["allow"]
    # The same person, by an account that holds nothing.
    assert stranger.get("/v1/access/check", params=ROOM).json()["reason"] == "no_seat"
    assert live.client("ada").get("/v1/access/check", params=ROOM).json()["reason"] == "no_seat"

    set_owner(live, account, "ada", owns=False)
    live.mirror()
    live.clock.forward(RECHECK_S)
    live.mirror()
    assert code_of(holder.get("/v1/access/check", params=ROOM)) == "session_ended"


def mint(live: Live, recipient: ChecksumAddress) -> SeatId:
    total = live.price(SESSION, 0)
    request = MintRequest(
        drop=SESSION, phase=PhaseIndex(0), recipient=recipient, quantity=1, max_total=total
    )
    live.market.send("cleo", live.market.contract.mint(request, total))
    return SeatId.of(SESSION, live.files[SESSION].drop.phases[0].tier, 1)
