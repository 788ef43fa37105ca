import assert from "node:assert/strict";

import { ContractFactory, id, keccak256, toBeHex, toQuantity, zeroPadValue } from "ethers";

import { UNKNOWN_HASH, UNUSED_ADDRESS, bloomAdmits } from "../values.mjs";

function seriesRange({ context }) {
  return { fromBlock: context.series.firstBlock, toBlock: context.series.lastBlock };
}

function keyOf({ probe }, log) {
  return probe.interface.parseLog(log).args.key;
}

export const logs = {
  async logs_are_found_by_range(world) {
    const { provider, probe } = world;
    const first = world.context.series.firstBlock;
    const range = { fromBlock: first + 10, toBlock: first + 19 };
    const some = await provider.getLogs({ address: probe.target, ...range });
    const keys = some.map((log) => Number(keyOf(world, log)));
    assert.deepEqual(keys, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    assert.equal(some[0].blockNumber, first + 10);
    assert.equal(some[9].blockNumber, first + 19);
  },

  async logs_are_found_by_block_hash(world) {
    const { provider, probe, context } = world;
    const { hash } = await provider.getBlock(context.series.firstBlock + 42);
    const found = await provider.getLogs({ address: probe.target, blockHash: hash });
    assert.deepEqual(found.map((log) => [keyOf(world, log), log.blockHash]), [[42n, hash]]);
  },

  async logs_are_found_by_topics(world) {
    const { provider, probe, accounts, context } = world;
    const stored = id("Stored(address,uint256,uint256)");
    const echoed = id("Echoed(uint256,int256)");
    const [alice, bob] = ["alice", "bob"].map((role) => zeroPadValue(accounts[role].address, 32));
    const key = (n) => toBeHex(n, 32);
    const filter = { address: probe.target, ...seriesRange(world) };
    const count = async (topics) => (await provider.getLogs({ ...filter, topics })).length;
    const { length } = context.series;
    assert.equal(await count([]), length);
    assert.equal(await count([stored]), length);
    assert.equal(await count([echoed]), 0);
    assert.equal(await count([[echoed, stored], bob]), length);
    assert.equal(await count([stored, alice]), 0);
    assert.equal(await count([stored, [alice, bob], key(7)]), 1);
    assert.equal(await count([null, null, [key(7), key(8), key(9)]]), 3);
  },

  async logs_are_found_by_several_addresses({ provider, accounts, probe, context, mined }) {
    const { abi, bytecode } = context.probe;
    const other = await new ContractFactory(abi, bytecode, accounts.alice).deploy();
    await other.waitForDeployment();
    const here = await mined(probe.store(1n, 1n));
    const there = await mined(other.store(2n, 2n));
    const found = await provider.getLogs({
      address: [probe.target, other.target, UNUSED_ADDRESS],
      fromBlock: here.blockNumber,
      toBlock: there.blockNumber,
    });
    assert.deepEqual(found.map((log) => log.address), [probe.target, other.target]);
  },

  async log_names_its_place({ provider, probe, mined }) {
    const receipt = await mined(probe.storeMany([11n, 12n, 13n]));
    const { blockNumber, blockHash, hash } = receipt;
    const range = { fromBlock: blockNumber, toBlock: blockNumber };
    const found = await provider.getLogs({ address: probe.target, ...range });
    assert.deepEqual(found.map((log) => log.index), [0, 1, 2]);
    for (const log of found) {
      const place = [log.blockNumber, log.blockHash, log.transactionHash, log.transactionIndex];
      assert.deepEqual(place, [blockNumber, blockHash, hash, 0]);
      assert.equal(log.removed, false);
    }
    // ethers' receipts leave `removed` out.
    const plain = (log) => ({ ...log.toJSON(), removed: null });
    assert.deepEqual(found.map(plain), receipt.logs.map(plain));
  },

  async bloom_contains_address_and_topics({ provider, probe, mined }) {
    const receipt = await mined(probe.store(1n, 2n));
    // ethers' own blocks leave the bloom out.
    const block = await provider.send("eth_getBlockByHash", [receipt.blockHash, false]);
    const [log] = receipt.logs;
    for (const value of [log.address, ...log.topics]) {
      assert.ok(bloomAdmits(receipt.logsBloom, keccak256(value)), `receipt lacks ${value}`);
      assert.ok(bloomAdmits(block.logsBloom, keccak256(value)), `block lacks ${value}`);
    }
    assert.ok(!bloomAdmits(receipt.logsBloom, keccak256(UNKNOWN_HASH)));
  },

  async dynamic_event_arguments_decode({ probe, mined }) {
    const text = "Ünïcode and a longer text that needs more than one word of thirty-two bytes";
    const [topic, blob, numbers] = [id("topic"), "0x00ff00", [0n, 1n, 2n ** 200n]];
    const receipt = await mined(probe.note(topic, text, blob, numbers));
    const { name, args } = probe.interface.parseLog(receipt.logs[0]);
    assert.equal(name, "Noted");
    assert.deepEqual(args.toArray(true), [topic, text, blob, numbers]);
  },

  async logs_of_an_unknown_block_hash_are_an_error({ provider }) {
    await assert.rejects(provider.getLogs({ blockHash: UNKNOWN_HASH }));
  },

  async inverted_range_is_an_error({ provider }) {
    await assert.rejects(provider.getLogs({ fromBlock: 5, toBlock: 4 }));
  },

  async more_topics_than_a_log_has_match_nothing(world) {
    const { firstBlock, lastBlock } = world.context.series;
    const [fromBlock, toBlock] = [toQuantity(firstBlock), toQuantity(lastBlock)];
    const topics = [null, null, null, null];
    const filter = { address: world.probe.target, fromBlock, toBlock, topics };
    assert.deepEqual(await world.provider.send("eth_getLogs", [filter]), []);
  },

  async two_hundred_logs_are_read_at_once(world) {
    const { probe, context } = world;
    const { fromBlock, toBlock } = seriesRange(world);
    const all = await probe.queryFilter(probe.filters.Stored(), fromBlock, toBlock);
    const keys = all.map((log) => Number(log.args.key));
    assert.deepEqual(keys, Array.from({ length: context.series.length }, (_, n) => n));
    assert.equal(world.times("eth_getLogs"), 1);
  },
};
