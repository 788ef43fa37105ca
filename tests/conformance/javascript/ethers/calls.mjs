import assert from "node:assert/strict";

import { LARGEST_UINT, ONE_ETHER, SMALLEST_INT } from "../values.mjs";

export const calls = {
  async view_returns_its_value({ probe, context }) {
    assert.equal(await probe.stored(), 1000n + BigInt(context.series.length - 1));
  },

  async estimate_suffices_for_the_transaction({ probe, mined }) {
    const gasLimit = await probe.storeMany.estimateGas([5n, 6n, 7n]);
    const receipt = await mined(probe.storeMany([5n, 6n, 7n], { gasLimit }));
    assert.equal(receipt.status, 1);
    assert.ok(receipt.gasUsed <= gasLimit);
  },

  async unfunded_account_calls_without_a_fee({ provider, accounts, probe }) {
    const from = accounts.pauper.address;
    assert.equal(await provider.getBalance(from), 0n);
    assert.equal(await probe.connect(provider).caller({ from }), from);
  },

  async call_with_value_beyond_the_balance_is_refused({ provider, accounts, probe }) {
    const call = { from: accounts.pauper.address, to: probe.target, value: ONE_ETHER };
    // ethers takes every refused call for a revert and keeps the node's words beside it.
    const refused = (error) => /insufficient funds/i.test(error.info.error.message);
    await assert.rejects(provider.call(call), refused);
  },

  async extreme_integers_survive_exactly({ probe, mined }) {
    const extremes = [LARGEST_UINT, SMALLEST_INT];
    const receipt = await mined(probe.emitEcho(...extremes));
    const { args } = probe.interface.parseLog(receipt.logs[0]);
    assert.deepEqual([...(await probe.echo(...extremes))], extremes);
    assert.deepEqual([...args], extremes);
  },

  async contract_sees_chain_id_and_time({ provider, probe, context }) {
    const head = await provider.getBlock("latest");
    const time = await probe.blockTime({ blockTag: head.number });
    assert.equal(await probe.chainId(), BigInt(context.chain.id));
    assert.equal(time, BigInt(head.timestamp));
  },
};
