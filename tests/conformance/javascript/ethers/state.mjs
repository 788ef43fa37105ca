import assert from "node:assert/strict";

import { toBeHex } from "ethers";

import { UNUSED_ADDRESS } from "../values.mjs";

export const state = {
  async past_blocks_keep_their_state({ provider, accounts, probe, mined, context }) {
    const { address } = accounts.alice;
    const { target } = probe;
    const now = await provider.getBlockNumber();
    await mined(probe.store(1n, 424_242n, { value: 5n }));
    const beforeProbe = context.series.firstBlock - 2;
    assert.equal(await probe.stored(), 424_242n);
    assert.equal(await probe.stored({ blockTag: now }), 1199n);
    assert.equal(BigInt(await provider.getStorage(target, 0)), 424_242n);
    assert.equal(BigInt(await provider.getStorage(target, 0, now)), 1199n);
    assert.equal(await provider.getBalance(target, now), 0n);
    assert.equal(await provider.getBalance(target), 5n);
    assert.equal(await provider.getTransactionCount(address, now), 0);
    assert.equal(await provider.getTransactionCount(address), 1);
    assert.equal(await provider.getCode(target, beforeProbe), "0x");
  },

  async block_is_named_by_its_hash({ provider, probe, mined }) {
    const { hash } = await provider.getBlock("latest");
    await mined(probe.store(1n, 424_242n, { value: 5n }));
    // ethers has no notation for EIP-1898, so the objects are sent as they are.
    const call = await probe.stored.populateTransaction();
    const stored = await provider.send("eth_call", [call, { blockHash: hash }]);
    const balance = await provider.send("eth_getBalance", [probe.target, { blockHash: hash }]);
    assert.equal(BigInt(stored), 1199n);
    assert.equal(BigInt(balance), 0n);
  },

  async state_override_applies_to_one_call({ provider, probe, context }) {
    // ethers has no notation for overrides, so they are sent as they are.
    const ask = (call, overrides) => provider.send("eth_call", [call, "latest", overrides]);
    const stateDiff = { [toBeHex(0, 32)]: toBeHex(31, 32) };
    const stored = await probe.stored.populateTransaction();
    const { data } = await probe.chainId.populateTransaction();
    const elsewhere = { [UNUSED_ADDRESS]: { code: context.probe.runtime } };
    const overridden = await ask(stored, { [probe.target]: { stateDiff } });
    const chainId = await ask({ to: UNUSED_ADDRESS, data }, elsewhere);
    assert.equal(BigInt(overridden), 31n);
    assert.equal(await probe.stored(), 1199n);
    assert.equal(BigInt(chainId), BigInt(context.chain.id));
    assert.equal(await provider.getCode(UNUSED_ADDRESS), "0x");
  },

  async call_at_an_unknown_block_is_refused({ probe }) {
    await assert.rejects(probe.stored({ blockTag: 10_000_000 }));
  },
};
