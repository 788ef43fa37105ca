import assert from "node:assert/strict";

import { hexToBigInt, toHex } from "viem";

import { UNUSED_ADDRESS } from "../values.mjs";

export const state = {
  async past_blocks_keep_their_state({ client, accounts, probe, read, write, context }) {
    const { address } = accounts.alice;
    const now = await client.getBlockNumber();
    await write("store", [1n, 424_242n], { value: 5n });
    const beforeProbe = BigInt(context.series.firstBlock) - 2n;
    const past = { blockNumber: now };
    const slot = { address: probe.address, slot: toHex(0) };
    assert.equal(await read("stored"), 424_242n);
    assert.equal(await read("stored", [], past), 1199n);
    assert.equal(hexToBigInt(await client.getStorageAt(slot)), 424_242n);
    assert.equal(hexToBigInt(await client.getStorageAt({ ...slot, ...past })), 1199n);
    assert.equal(await client.getBalance({ address: probe.address, ...past }), 0n);
    assert.equal(await client.getBalance({ address: probe.address }), 5n);
    assert.equal(await client.getTransactionCount({ address, ...past }), 0);
    assert.equal(await client.getTransactionCount({ address }), 1);
    const nothing = await client.getCode({ address: probe.address, blockNumber: beforeProbe });
    assert.equal(nothing, undefined);
  },

  async block_is_named_by_its_hash({ client, probe, read, write }) {
    const { hash } = await client.getBlock();
    await write("store", [1n, 424_242n], { value: 5n });
    assert.equal(await read("stored", [], { blockHash: hash }), 1199n);
    assert.equal(await client.getBalance({ address: probe.address, blockHash: hash }), 0n);
  },

  async state_override_applies_to_one_call({ client, probe, read, context }) {
    const slotZero = [{ slot: toHex(0, { size: 32 }), value: toHex(31, { size: 32 }) }];
    const storage = { stateOverride: [{ address: probe.address, stateDiff: slotZero }] };
    const code = { stateOverride: [{ address: UNUSED_ADDRESS, code: context.probe.runtime }] };
    const call = { address: UNUSED_ADDRESS, abi: probe.abi, functionName: "chainId", ...code };
    assert.equal(await read("stored", [], storage), 31n);
    assert.equal(await read("stored"), 1199n);
    assert.equal(await client.readContract(call), BigInt(context.chain.id));
    assert.equal(await client.getCode({ address: UNUSED_ADDRESS }), undefined);
  },

  async call_at_an_unknown_block_is_refused({ read }) {
    await assert.rejects(read("stored", [], { blockNumber: 10_000_000n }));
  },
};
