import assert from "node:assert/strict";

import { InsufficientFundsError, decodeEventLog } from "viem";

import { LARGEST_UINT, ONE_ETHER, SMALLEST_INT } from "../values.mjs";

export const calls = {
  async view_returns_its_value({ read, context }) {
    assert.equal(await read("stored"), 1000n + BigInt(context.series.length - 1));
  },

  async estimate_suffices_for_the_transaction({ client, accounts, probe, write }) {
    // An address instead of a local account: viem then asks for the estimate alone.
    const account = accounts.alice.address;
    const call = { ...probe, functionName: "storeMany", args: [[5n, 6n, 7n]], account };
    const gas = await client.estimateContractGas(call);
    const receipt = await write("storeMany", [[5n, 6n, 7n]], { gas });
    assert.equal(receipt.status, "success");
    assert.ok(receipt.gasUsed <= gas);
  },

  async unfunded_account_calls_without_a_fee({ client, accounts, read }) {
    const account = accounts.pauper.address;
    assert.equal(await client.getBalance({ address: account }), 0n);
    assert.equal(await read("caller", [], { account }), account);
  },

  async call_with_value_beyond_the_balance_is_refused({ client, accounts, probe }) {
    const call = { account: accounts.pauper.address, to: probe.address, value: ONE_ETHER };
    const refused = (error) => error.walk((e) => e instanceof InsufficientFundsError) !== null;
    await assert.rejects(client.call(call), refused);
  },

  async extreme_integers_survive_exactly({ probe, read, write }) {
    const extremes = [LARGEST_UINT, SMALLEST_INT];
    const receipt = await write("emitEcho", extremes);
    const { args } = decodeEventLog({ abi: probe.abi, ...receipt.logs[0] });
    assert.deepEqual(await read("echo", extremes), extremes);
    assert.deepEqual(args, { unsigned: LARGEST_UINT, signed: SMALLEST_INT });
  },

  async contract_sees_chain_id_and_time({ client, read, context }) {
    const head = await client.getBlock();
    const { timestamp } = head;
    assert.equal(await read("chainId"), BigInt(context.chain.id));
    assert.equal(await read("blockTime", [], { blockNumber: head.number }), timestamp);
  },
};
