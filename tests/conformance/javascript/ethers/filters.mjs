// ethers polls through filters on its own, so the cases send the filter methods plainly.
import assert from "node:assert/strict";

import { id, toQuantity } from "ethers";

export const filters = {
  async block_filter_reports_new_blocks({ provider }) {
    const filter = await provider.send("eth_newBlockFilter", []);
    await provider.send("evm_mine", []);
    await provider.send("evm_mine", []);
    const head = await provider.getBlock("latest");
    const changes = () => provider.send("eth_getFilterChanges", [filter]);
    assert.deepEqual(await changes(), [head.parentHash, head.hash]);
    assert.deepEqual(await changes(), []);
  },

  async log_filter_reports_new_logs({ provider, probe, mined }) {
    await provider.send("evm_mine", []);
    const fromBlock = toQuantity(await provider.getBlockNumber());
    const topics = [id("Stored(address,uint256,uint256)")];
    const matching = { address: probe.target, topics, fromBlock };
    const filter = await provider.send("eth_newFilter", [matching]);
    await mined(probe.store(1n, 10n));
    await mined(probe.emitEcho(1n, 1n));
    await mined(probe.store(2n, 20n));
    const keys = async (method) => {
      const logs = await provider.send(method, [filter]);
      return logs.map((log) => probe.interface.parseLog(log).args.key);
    };
    assert.deepEqual(await keys("eth_getFilterChanges"), [1n, 2n]);
    assert.deepEqual(await keys("eth_getFilterChanges"), []);
    await mined(probe.store(3n, 30n));
    assert.deepEqual(await keys("eth_getFilterChanges"), [3n]);
    assert.deepEqual(await keys("eth_getFilterLogs"), [1n, 2n, 3n]);
  },

  async uninstalled_filter_is_unknown({ provider }) {
    const filter = await provider.send("eth_newBlockFilter", []);
    assert.equal(await provider.send("eth_uninstallFilter", [filter]), true);
    assert.equal(await provider.send("eth_uninstallFilter", [filter]), false);
    await assert.rejects(provider.send("eth_getFilterChanges", [filter]));
  },
};
