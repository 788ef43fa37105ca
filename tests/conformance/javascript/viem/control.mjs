import assert from "node:assert/strict";

import { encodeFunctionData } from "viem";

import { ONE_ETHER, STORE_GAS, UNUSED_ADDRESS } from "../values.mjs";

const DEPTH = 3;

export const control = {
  async time_moves_by_the_asked_seconds({ client, test }) {
    const { timestamp } = await client.getBlock();
    await test.increaseTime({ seconds: 86_400 });
    await test.request({ method: "evm_mine" });
    const later = (await client.getBlock()).timestamp;
    assert.ok(later >= timestamp + 86_400n, `${timestamp} to ${later}`);
    assert.ok(later < timestamp + 86_400n + 600n, `${timestamp} to ${later}`);
  },

  async next_block_takes_the_set_timestamp({ client, test }) {
    const { timestamp } = await client.getBlock();
    await test.setNextBlockTimestamp({ timestamp: timestamp + 12_345n });
    await test.request({ method: "evm_mine" });
    assert.equal((await client.getBlock()).timestamp, timestamp + 12_345n);
  },

  async many_blocks_are_mined_at_once({ client, test }) {
    const before = await client.getBlockNumber();
    await test.mine({ blocks: 40 });
    assert.equal(await client.getBlockNumber(), before + 40n);
  },

  async balance_is_set({ client, test, accounts, send }) {
    const { address } = accounts.pauper;
    await test.setBalance({ address, value: ONE_ETHER });
    assert.equal(await client.getBalance({ address }), ONE_ETHER);
    const receipt = await send({ account: accounts.pauper, to: UNUSED_ADDRESS, value: 1n });
    assert.equal(receipt.status, "success");
  },

  async snapshot_restores_state_and_logs({ client, test, probe, read, write }) {
    const head = await client.getBlock();
    const id = await test.snapshot();
    const receipt = await write("store", [1n, 424_242n]);
    await test.revert({ id });
    assert.equal(await read("stored"), 1199n);
    assert.equal((await client.getBlock()).hash, head.hash);
    const since = { ...probe, fromBlock: head.number, toBlock: "latest" };
    const keys = (await client.getContractEvents(since)).map((log) => log.args.value);
    assert.deepEqual(keys, [1199n]);
    const hash = receipt.transactionHash;
    await assert.rejects(client.getTransactionReceipt({ hash }), /could not be found/);
  },

  async reorg_replaces_blocks_and_their_logs({ client, test, probe, read, write }) {
    const ancestor = await client.getBlock();
    const first = await write("store", [1n, 31n]);
    const second = await write("store", [2n, 32n]);
    const third = await write("store", [3n, 33n]);
    await test.request({ method: "anvil_reorg", params: [DEPTH, []] });
    const since = { ...probe, fromBlock: ancestor.number + 1n, toBlock: "latest" };
    assert.equal(await client.getBlockNumber(), third.blockNumber);
    assert.deepEqual(await client.getContractEvents(since), []);
    assert.equal(await read("stored"), 1199n);
    for (const { blockNumber, blockHash } of [first, second, third]) {
      assert.notEqual((await client.getBlock({ blockNumber })).hash, blockHash);
      await assert.rejects(client.getLogs({ blockHash }));
    }
    const same = await client.getBlock({ blockNumber: ancestor.number });
    const successor = await client.getBlock({ blockNumber: first.blockNumber });
    assert.equal(same.hash, ancestor.hash);
    assert.equal(successor.parentHash, ancestor.hash);
  },

  async reorged_transaction_is_mined_again({ client, test, accounts, probe, chain }) {
    const { alice } = accounts;
    const raw = await alice.signTransaction({
      to: probe.address,
      data: encodeFunctionData({ abi: probe.abi, functionName: "store", args: [1n, 55n] }),
      nonce: await client.getTransactionCount({ address: alice.address }),
      gas: STORE_GAS,
      gasPrice: (await client.getGasPrice()) * 2n,
      chainId: chain.id,
      type: "legacy",
    });
    const hash = await client.sendRawTransaction({ serializedTransaction: raw });
    const before = await client.waitForTransactionReceipt({ hash });
    await test.request({ method: "evm_mine" });
    await test.request({ method: "evm_mine" });
    await test.request({ method: "anvil_reorg", params: [DEPTH, [[raw, 1]]] });
    const after = await client.getTransactionReceipt({ hash });
    assert.equal(after.transactionHash, before.transactionHash);
    assert.notEqual(after.blockHash, before.blockHash);
    assert.equal(after.blockNumber, before.blockNumber + 1n);
    const [log] = await client.getContractEvents({ ...probe, blockHash: after.blockHash });
    assert.equal(log.args.value, 55n);
  },
};
