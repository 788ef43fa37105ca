import assert from "node:assert/strict";

import { toQuantity } from "ethers";

import { ONE_ETHER, STORE_GAS, UNUSED_ADDRESS } from "../values.mjs";

const DEPTH = 3;

export const control = {
  async time_moves_by_the_asked_seconds({ provider }) {
    const { timestamp } = await provider.getBlock("latest");
    await provider.send("evm_increaseTime", [86_400]);
    await provider.send("evm_mine", []);
    const later = (await provider.getBlock("latest")).timestamp;
    assert.ok(later >= timestamp + 86_400, `${timestamp} to ${later}`);
    assert.ok(later < timestamp + 86_400 + 600, `${timestamp} to ${later}`);
  },

  async next_block_takes_the_set_timestamp({ provider }) {
    const { timestamp } = await provider.getBlock("latest");
    await provider.send("evm_setNextBlockTimestamp", [timestamp + 12_345]);
    await provider.send("evm_mine", []);
    assert.equal((await provider.getBlock("latest")).timestamp, timestamp + 12_345);
  },

  async many_blocks_are_mined_at_once({ provider }) {
    const before = await provider.getBlockNumber();
    await provider.send("anvil_mine", [toQuantity(40)]);
    assert.equal(await provider.getBlockNumber(), before + 40);
  },

  async balance_is_set({ provider, accounts, mined }) {
    const { pauper } = accounts;
    await provider.send("anvil_setBalance", [pauper.address, toQuantity(ONE_ETHER)]);
    assert.equal(await provider.getBalance(pauper.address), ONE_ETHER);
    const receipt = await mined(pauper.sendTransaction({ to: UNUSED_ADDRESS, value: 1n }));
    assert.equal(receipt.status, 1);
  },

  async snapshot_restores_state_and_logs({ provider, probe, mined }) {
    const head = await provider.getBlock("latest");
    const snapshot = await provider.send("evm_snapshot", []);
    const { hash } = await mined(probe.store(1n, 424_242n));
    assert.equal(await provider.send("evm_revert", [snapshot]), true);
    assert.equal(await probe.stored(), 1199n);
    assert.equal((await provider.getBlock("latest")).hash, head.hash);
    const logs = await probe.queryFilter(probe.filters.Stored(), head.number, "latest");
    assert.deepEqual(logs.map((log) => log.args.value), [1199n]);
    assert.equal(await provider.getTransactionReceipt(hash), null);
  },

  async reorg_replaces_blocks_and_their_logs({ provider, probe, mined }) {
    const ancestor = await provider.getBlock("latest");
    const first = await mined(probe.store(1n, 31n));
    const second = await mined(probe.store(2n, 32n));
    const third = await mined(probe.store(3n, 33n));
    await provider.send("anvil_reorg", [DEPTH, []]);
    const since = ancestor.number + 1;
    assert.equal(await provider.getBlockNumber(), third.blockNumber);
    assert.deepEqual(await probe.queryFilter(probe.filters.Stored(), since, "latest"), []);
    assert.equal(await probe.stored(), 1199n);
    for (const { blockNumber, blockHash } of [first, second, third]) {
      assert.notEqual((await provider.getBlock(blockNumber)).hash, blockHash);
      await assert.rejects(provider.getLogs({ blockHash }));
    }
    const same = await provider.getBlock(ancestor.number);
    const successor = await provider.getBlock(first.blockNumber);
    assert.equal(same.hash, ancestor.hash);
    assert.equal(successor.parentHash, ancestor.hash);
  },

  async reorged_transaction_is_mined_again({ provider, accounts, probe, context, receiptOf }) {
    const { alice } = accounts;
    const { gasPrice } = await provider.getFeeData();
    const raw = await alice.signTransaction({
      ...(await probe.store.populateTransaction(1n, 55n)),
      nonce: await provider.getTransactionCount(alice.address),
      gasLimit: STORE_GAS,
      gasPrice: gasPrice * 2n,
      chainId: context.chain.id,
      type: 0,
    });
    const before = await receiptOf(await provider.broadcastTransaction(raw));
    await provider.send("evm_mine", []);
    await provider.send("evm_mine", []);
    await provider.send("anvil_reorg", [DEPTH, [[raw, 1]]]);
    const after = await provider.getTransactionReceipt(before.hash);
    assert.equal(after.hash, before.hash);
    assert.notEqual(after.blockHash, before.blockHash);
    assert.equal(after.blockNumber, before.blockNumber + 1);
    const { blockHash } = after;
    const [log] = await provider.getLogs({ address: probe.target, blockHash });
    assert.equal(probe.interface.parseLog(log).args.value, 55n);
  },
};
