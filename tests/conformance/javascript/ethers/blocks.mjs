import assert from "node:assert/strict";

import { toQuantity } from "ethers";

import { UNKNOWN_HASH } from "../values.mjs";

export const blocks = {
  async block_number_rises_with_each_block({ provider }) {
    const before = await provider.getBlockNumber();
    await provider.send("evm_mine", []);
    await provider.send("evm_mine", []);
    assert.equal(await provider.getBlockNumber(), before + 2);
  },

  async block_is_the_same_by_number_and_by_hash({ provider }) {
    const head = await provider.getBlock("latest");
    const byHash = await provider.getBlock(head.hash);
    const parent = await provider.getBlock(head.number - 1);
    assert.deepEqual(byHash.toJSON(), head.toJSON());
    assert.equal(head.parentHash, parent.hash);
    assert.ok(head.timestamp >= parent.timestamp);
  },

  async full_transactions_equal_the_single_ones({ provider, probe, mined }) {
    const receipt = await mined(probe.store(1n, 2n));
    const block = await provider.getBlock(receipt.blockNumber, true);
    const single = await provider.getTransaction(receipt.hash);
    const embedded = block.prefetchedTransactions.map((each) => each.toJSON());
    assert.deepEqual(embedded, [single.toJSON()]);
  },

  async transaction_is_found_by_its_place({ provider, probe, mined }) {
    const { blockNumber, blockHash, hash } = await mined(probe.store(1n, 2n));
    const number = toQuantity(blockNumber);
    const ask = (method, ...params) => provider.send(method, params);
    const byNumber = await ask("eth_getTransactionByBlockNumberAndIndex", number, "0x0");
    const byHash = await ask("eth_getTransactionByBlockHashAndIndex", blockHash, "0x0");
    assert.equal(byNumber.hash, hash);
    assert.deepEqual(byHash, byNumber);
    assert.equal(await ask("eth_getBlockTransactionCountByNumber", number), "0x1");
    assert.equal(await ask("eth_getBlockTransactionCountByHash", blockHash), "0x1");
  },

  async safe_and_finalized_lag_the_head({ provider, context }) {
    for (let round = 0; round < 2; round += 1) {
      await provider.send("evm_mine", []);
      const numberAt = async (tag) => (await provider.getBlock(tag)).number;
      const head = await numberAt("latest");
      assert.equal(head - (await numberAt("safe")), context.chain.safeDepth);
      assert.equal(head - (await numberAt("finalized")), context.chain.finalizedDepth);
    }
  },

  async pending_block_builds_on_the_head({ provider }) {
    const head = await provider.getBlock("latest");
    const pending = await provider.getBlock("pending");
    assert.equal(pending.number, head.number + 1);
    assert.equal(pending.parentHash, head.hash);
  },

  async unknown_objects_are_null({ provider }) {
    assert.equal(await provider.getBlock(10_000_000), null);
    assert.equal(await provider.getBlock(UNKNOWN_HASH), null);
    assert.equal(await provider.getTransaction(UNKNOWN_HASH), null);
    assert.equal(await provider.getTransactionReceipt(UNKNOWN_HASH), null);
  },

  async block_receipts_equal_the_single_ones({ provider, probe, mined }) {
    const { hash, blockHash } = await mined(probe.storeMany([1n, 2n]));
    const all = await provider.send("eth_getBlockReceipts", [blockHash]);
    const single = await provider.send("eth_getTransactionReceipt", [hash]);
    assert.deepEqual(all, [single]);
  },

  async fee_history_covers_the_range({ provider, probe, mined }) {
    await mined(probe.store(1n, 2n));
    const head = await provider.getBlock("latest");
    const parent = await provider.getBlock(head.number - 1);
    const history = await provider.send("eth_feeHistory", ["0x2", "latest", [25, 75]]);
    const fees = history.baseFeePerGas.map(BigInt);
    assert.equal(Number(history.oldestBlock), parent.number);
    assert.equal(fees.length, 3);
    assert.deepEqual(fees.slice(0, 2), [parent.baseFeePerGas, head.baseFeePerGas]);
    assert.equal(history.gasUsedRatio.length, 2);
    assert.ok(history.gasUsedRatio[1] > 0 && history.gasUsedRatio[1] < 1);
    assert.deepEqual(history.reward.map((each) => each.length), [2, 2]);
  },

  async gas_price_covers_the_base_fee({ provider }) {
    const { baseFeePerGas } = await provider.getBlock("latest");
    const fees = await provider.getFeeData();
    assert.ok(fees.gasPrice >= baseFeePerGas);
    assert.ok(fees.maxPriorityFeePerGas >= 0n);
    assert.ok(fees.maxFeePerGas >= baseFeePerGas);
  },
};
