import assert from "node:assert/strict";

import { decodeEventLog, keccak256, numberToHex, pad, stringToHex } from "viem";

import { UNKNOWN_HASH, UNUSED_ADDRESS, bloomAdmits } from "../values.mjs";

function seriesOf({ context }) {
  return { first: BigInt(context.series.firstBlock), last: BigInt(context.series.lastBlock) };
}

/** Logs by raw topics: viem's getLogs takes only an ABI. */
async function logsByTopics({ client, context, probe }, topics) {
  const range = [context.series.firstBlock, context.series.lastBlock].map((n) => numberToHex(n));
  const [fromBlock, toBlock] = range;
  const filter = { address: probe.address, fromBlock, toBlock, topics };
  return client.request({ method: "eth_getLogs", params: [filter] });
}

export const logs = {
  async logs_are_found_by_range(world) {
    const { first } = seriesOf(world);
    const { client, probe } = world;
    const some = await client.getContractEvents({
      ...probe,
      fromBlock: first + 10n,
      toBlock: first + 19n,
    });
    const keys = some.map((log) => Number(log.args.key));
    assert.deepEqual(keys, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    assert.equal(some[0].blockNumber, first + 10n);
    assert.equal(some[9].blockNumber, first + 19n);
  },

  async logs_are_found_by_block_hash(world) {
    const { client, probe } = world;
    const { hash } = await client.getBlock({ blockNumber: seriesOf(world).first + 42n });
    const found = await client.getContractEvents({ ...probe, blockHash: hash });
    assert.deepEqual(found.map((log) => [log.args.key, log.blockHash]), [[42n, hash]]);
  },

  async logs_are_found_by_topics(world) {
    const stored = keccak256(stringToHex("Stored(address,uint256,uint256)"));
    const echoed = keccak256(stringToHex("Echoed(uint256,int256)"));
    const bob = pad(world.accounts.bob.address.toLowerCase());
    const alice = pad(world.accounts.alice.address.toLowerCase());
    const key = (n) => numberToHex(n, { size: 32 });
    const count = async (topics) => (await logsByTopics(world, topics)).length;
    const { length } = world.context.series;
    assert.equal(await count([]), length);
    assert.equal(await count([stored]), length);
    assert.equal(await count([echoed]), 0);
    assert.equal(await count([[echoed, stored], bob]), length);
    assert.equal(await count([stored, alice]), 0);
    assert.equal(await count([stored, [alice, bob], key(7)]), 1);
    assert.equal(await count([null, null, [key(7), key(8), key(9)]]), 3);
  },

  async logs_are_found_by_several_addresses({ client, wallet, accounts, probe, write, context }) {
    const { bytecode } = context.probe;
    const hash = await wallet.deployContract({ abi: probe.abi, bytecode, account: accounts.alice });
    const { contractAddress } = await client.waitForTransactionReceipt({ hash });
    const here = await write("store", [1n, 1n]);
    const there = await write("store", [2n, 2n], { address: contractAddress });
    const found = await client.getLogs({
      address: [probe.address, contractAddress, UNUSED_ADDRESS],
      fromBlock: here.blockNumber,
      toBlock: there.blockNumber,
    });
    const addresses = found.map((log) => log.address);
    assert.deepEqual(addresses, [probe.address.toLowerCase(), contractAddress]);
  },

  async log_names_its_place({ client, probe, write }) {
    const receipt = await write("storeMany", [[11n, 12n, 13n]]);
    const { blockNumber, blockHash, transactionHash } = receipt;
    const range = { fromBlock: blockNumber, toBlock: blockNumber };
    const found = await client.getLogs({ address: probe.address, ...range });
    assert.deepEqual(found.map((log) => log.logIndex), [0, 1, 2]);
    for (const log of found) {
      const place = [log.blockNumber, log.blockHash, log.transactionHash, log.transactionIndex];
      assert.deepEqual(place, [blockNumber, blockHash, transactionHash, 0]);
      assert.equal(log.removed, false);
    }
    assert.deepEqual(found, receipt.logs);
  },

  async bloom_contains_address_and_topics({ client, write }) {
    const receipt = await write("store", [1n, 2n]);
    const block = await client.getBlock({ blockHash: receipt.blockHash });
    const [log] = receipt.logs;
    for (const value of [log.address, ...log.topics]) {
      assert.ok(bloomAdmits(receipt.logsBloom, keccak256(value)), `receipt lacks ${value}`);
      assert.ok(bloomAdmits(block.logsBloom, keccak256(value)), `block lacks ${value}`);
    }
    assert.ok(!bloomAdmits(receipt.logsBloom, keccak256(UNKNOWN_HASH)));
  },

  async dynamic_event_arguments_decode({ probe, write }) {
    const noted = {
      topic: keccak256(stringToHex("topic")),
      text: "Ünïcode and a longer text that needs more than one word of thirty-two bytes",
      blob: "0x00ff00",
      numbers: [0n, 1n, 2n ** 200n],
    };
    const receipt = await write("note", Object.values(noted));
    const { eventName, args } = decodeEventLog({ abi: probe.abi, ...receipt.logs[0] });
    assert.equal(eventName, "Noted");
    assert.deepEqual(args, noted);
  },

  async logs_of_an_unknown_block_hash_are_an_error({ client }) {
    await assert.rejects(client.getLogs({ blockHash: UNKNOWN_HASH }));
  },

  async inverted_range_is_an_error({ client }) {
    await assert.rejects(client.getLogs({ fromBlock: 5n, toBlock: 4n }));
  },

  async more_topics_than_a_log_has_match_nothing(world) {
    assert.deepEqual(await logsByTopics(world, [null, null, null, null]), []);
  },

  async two_hundred_logs_are_read_at_once(world) {
    const { client, probe, context } = world;
    const { first, last } = seriesOf(world);
    const all = await client.getContractEvents({ ...probe, fromBlock: first, toBlock: last });
    const keys = all.map((log) => Number(log.args.key));
    assert.deepEqual(keys, Array.from({ length: context.series.length }, (_, n) => n));
    assert.equal(world.times("eth_getLogs"), 1);
  },
};
