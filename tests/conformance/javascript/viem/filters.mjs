import assert from "node:assert/strict";

export const filters = {
  async block_filter_reports_new_blocks({ client, test }) {
    const filter = await client.createBlockFilter();
    await test.request({ method: "evm_mine" });
    await test.request({ method: "evm_mine" });
    const head = await client.getBlock();
    assert.deepEqual(await client.getFilterChanges({ filter }), [head.parentHash, head.hash]);
    assert.deepEqual(await client.getFilterChanges({ filter }), []);
  },

  async log_filter_reports_new_logs({ client, test, probe, write }) {
    await test.request({ method: "evm_mine" });
    const fromBlock = await client.getBlockNumber();
    const matching = { ...probe, eventName: "Stored", fromBlock };
    const filter = await client.createContractEventFilter(matching);
    await write("store", [1n, 10n]);
    await write("emitEcho", [1n, 1n]);
    await write("store", [2n, 20n]);
    const keys = (logs) => logs.map((log) => log.args.key);
    assert.deepEqual(keys(await client.getFilterChanges({ filter })), [1n, 2n]);
    assert.deepEqual(await client.getFilterChanges({ filter }), []);
    await write("store", [3n, 30n]);
    assert.deepEqual(keys(await client.getFilterChanges({ filter })), [3n]);
    assert.deepEqual(keys(await client.getFilterLogs({ filter })), [1n, 2n, 3n]);
  },

  async uninstalled_filter_is_unknown({ client }) {
    const filter = await client.createBlockFilter();
    assert.equal(await client.uninstallFilter({ filter }), true);
    assert.equal(await client.uninstallFilter({ filter }), false);
    await assert.rejects(client.getFilterChanges({ filter }));
  },
};
