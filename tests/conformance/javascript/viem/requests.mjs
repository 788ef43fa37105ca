import assert from "node:assert/strict";

import { createPublicClient } from "viem";

export const requests = {
  async batch_answers_every_request({ chain, transport, accounts, context }) {
    const batching = transport({ batch: { wait: 5 } });
    const client = createPublicClient({ chain, transport: batching, cacheTime: 0 });
    const [number, chainId, alice, pauper] = await Promise.all([
      client.getBlockNumber(),
      client.getChainId(),
      client.getBalance({ address: accounts.alice.address }),
      client.getBalance({ address: accounts.pauper.address }),
    ]);
    assert.ok(number >= BigInt(context.series.lastBlock));
    assert.equal(chainId, context.chain.id);
    assert.ok(alice > 0n);
    assert.equal(pauper, 0n);
  },

  async fifty_parallel_calls_are_answered({ read }) {
    const numbers = Array.from({ length: 50 }, (_, n) => BigInt(n));
    const answers = await Promise.all(numbers.map((n) => read("echo", [n, -n])));
    assert.deepEqual(answers, numbers.map((n) => [n, -n]));
  },
};
