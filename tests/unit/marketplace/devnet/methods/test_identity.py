from __future__ import annotations

from marketplace.devnet.chain import DevChain
from marketplace.devnet.rpc import Node
from marketplace.devnet.settings import DevnetSettings
from tests.unit.marketplace.devnet.driving import START, Client, Clock


def test_the_chain_id_is_told_in_both_ways() -> None:
    client = Client(Node(DevChain(DevnetSettings(chain_id=84_532), Clock(START))))
    assert client.ask("eth_chainId") == "0x14a34"
    assert client.ask("net_version") == "84532"


def test_a_lonely_chain_says_so(client: Client) -> None:
    assert client.ask("eth_syncing") is False
    assert client.ask("net_listening") is True
    assert client.ask("net_peerCount") == "0x0"
    assert client.ask("web3_clientVersion").startswith("Seatmarket/")
    assert client.ask("eth_coinbase") == "0x" + "00" * 20


def test_keccak_of_nothing_is_the_known_one(client: Client) -> None:
    known = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert client.ask("web3_sha3", "0x") == known
