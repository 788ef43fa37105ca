import assert from "node:assert/strict";

import { JsonRpcProvider } from "ethers";

export const requests = {
  async batch_answers_every_request({ accounts, context, sent }) {
    const payloads = [];
    const provider = new (class extends JsonRpcProvider {
      async _send(payload) {
        payloads.push([payload].flat().map((each) => each.method));
        return super._send(payload);
      }
    })(context.url, context.chain.id, { staticNetwork: true, batchStallTime: 20 });
    const [number, chainId, alice, pauper] = await Promise.all([
      provider.getBlockNumber(),
      provider.send("eth_chainId", []),
      provider.getBalance(accounts.alice.address),
      provider.getBalance(accounts.pauper.address),
    ]);
    provider.destroy();
    for (const method of payloads.flat()) sent.add(method);
    assert.equal(payloads.length, 1, "ethers sends one batch");
    assert.ok(number >= context.series.lastBlock);
    assert.equal(Number(chainId), context.chain.id);
    assert.ok(alice > 0n);
    assert.equal(pauper, 0n);
  },

  async fifty_parallel_calls_are_answered({ probe }) {
    const numbers = Array.from({ length: 50 }, (_, n) => BigInt(n));
    const answers = await Promise.all(numbers.map((n) => probe.echo(n, -n)));
    assert.deepEqual(answers.map((each) => [...each]), numbers.map((n) => [n, -n]));
  },
};
