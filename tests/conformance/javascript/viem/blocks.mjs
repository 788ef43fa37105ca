import assert from "node:assert/strict";

import {
  BlockNotFoundError,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
} from "viem";

import { UNKNOWN_HASH } from "../values.mjs";

export const blocks = {
  async block_number_rises_with_each_block({ client, test }) {
    const before = await client.getBlockNumber();
    await test.request({ method: "evm_mine" });
    await test.request({ method: "evm_mine" });
    assert.equal(await client.getBlockNumber(), before + 2n);
  },

  async block_is_the_same_by_number_and_by_hash({ client }) {
    const head = await client.getBlock();
    const byHash = await client.getBlock({ blockHash: head.hash });
    const parent = await client.getBlock({ blockNumber: head.number - 1n });
    assert.deepEqual(byHash, head);
    assert.equal(head.parentHash, parent.hash);
    assert.ok(head.timestamp >= parent.timestamp);
  },

  async full_transactions_equal_the_single_ones({ client, write }) {
    const { blockNumber, transactionHash } = await write("store", [1n, 2n]);
    const block = await client.getBlock({ blockNumber, includeTransactions: true });
    const single = await client.getTransaction({ hash: transactionHash });
    assert.deepEqual(block.transactions, [single]);
  },

  async transaction_is_found_by_its_place({ client, write }) {
    const { blockNumber, blockHash, transactionHash } = await write("store", [1n, 2n]);
    const byNumber = await client.getTransaction({ blockNumber, index: 0 });
    const byHash = await client.getTransaction({ blockHash, index: 0 });
    assert.equal(byNumber.hash, transactionHash);
    assert.deepEqual(byHash, byNumber);
    assert.equal(await client.getBlockTransactionCount({ blockNumber }), 1);
    assert.equal(await client.getBlockTransactionCount({ blockHash }), 1);
  },

  async safe_and_finalized_lag_the_head({ client, test, context }) {
    for (let round = 0; round < 2; round += 1) {
      await test.request({ method: "evm_mine" });
      const numberAt = async (blockTag) => (await client.getBlock({ blockTag })).number;
      const head = await numberAt("latest");
      assert.equal(head - (await numberAt("safe")), BigInt(context.chain.safeDepth));
      assert.equal(head - (await numberAt("finalized")), BigInt(context.chain.finalizedDepth));
    }
  },

  async pending_block_builds_on_the_head({ client }) {
    const head = await client.getBlock();
    const pending = await client.getBlock({ blockTag: "pending" });
    assert.equal(pending.number, head.number + 1n);
    assert.equal(pending.parentHash, head.hash);
  },

  async unknown_objects_are_null({ client }) {
    const hash = UNKNOWN_HASH;
    const number = 10_000_000n;
    await assert.rejects(client.getBlock({ blockNumber: number }), BlockNotFoundError);
    await assert.rejects(client.getBlock({ blockHash: hash }), BlockNotFoundError);
    await assert.rejects(client.getTransaction({ hash }), TransactionNotFoundError);
    await assert.rejects(client.getTransactionReceipt({ hash }), TransactionReceiptNotFoundError);
  },

  async block_receipts_equal_the_single_ones({ client, write }) {
    const { transactionHash, blockHash } = await write("storeMany", [[1n, 2n]]);
    const ask = (method, ...params) => client.request({ method, params });
    const all = await ask("eth_getBlockReceipts", blockHash);
    const single = await ask("eth_getTransactionReceipt", transactionHash);
    assert.deepEqual(all, [single]);
  },

  async fee_history_covers_the_range({ client, write }) {
    await write("store", [1n, 2n]);
    const head = await client.getBlock();
    const parent = await client.getBlock({ blockNumber: head.number - 1n });
    const history = await client.getFeeHistory({ blockCount: 2, rewardPercentiles: [25, 75] });
    assert.equal(history.oldestBlock, parent.number);
    assert.equal(history.baseFeePerGas.length, 3);
    assert.deepEqual(history.baseFeePerGas.slice(0, 2), [
      parent.baseFeePerGas,
      head.baseFeePerGas,
    ]);
    assert.equal(history.gasUsedRatio.length, 2);
    assert.ok(history.gasUsedRatio[1] > 0 && history.gasUsedRatio[1] < 1);
    assert.deepEqual(history.reward.map((each) => each.length), [2, 2]);
  },

  async gas_price_covers_the_base_fee({ client }) {
    const { baseFeePerGas } = await client.getBlock();
    assert.ok((await client.getGasPrice()) >= baseFeePerGas);
    assert.ok((await client.estimateMaxPriorityFeePerGas()) >= 0n);
  },
};
