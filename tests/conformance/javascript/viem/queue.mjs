// What only anvil can do: the development chain mines at once and keeps no pool.
import assert from "node:assert/strict";

import { createPublicClient, webSocket } from "viem";

import { ONE_GWEI, UNUSED_ADDRESS } from "../values.mjs";

function payment(world, nonce, fields = {}) {
  const account = world.accounts.alice;
  const sent = { account, to: UNUSED_ADDRESS, value: 1n, gas: 21_000n, nonce, ...fields };
  return world.wallet.sendTransaction(sent);
}

// No block but those the case mines: where two transactions become ready at once, anvil's own
// miner may take them a second time, into a block that comes after the case's revert.
async function miningByHand({ test }, run) {
  await test.setAutomine(false);
  try {
    await run(() => test.request({ method: "evm_mine" }));
  } finally {
    await test.setAutomine(true);
  }
}

export const queue = {
  async nonce_gap_is_queued(world) {
    const { client, accounts } = world;
    const nonce = await client.getTransactionCount({ address: accounts.alice.address });
    await miningByHand(world, async (mine) => {
      const ahead = await payment(world, nonce + 1);
      await mine();
      await assert.rejects(client.getTransactionReceipt({ hash: ahead }));
      await payment(world, nonce);
      await mine();
      const receipt = await client.waitForTransactionReceipt({ hash: ahead });
      assert.equal(receipt.status, "success");
    });
  },

  async fee_bump_replaces_a_waiting_transaction(world) {
    const { client, accounts } = world;
    const nonce = await client.getTransactionCount({ address: accounts.alice.address });
    const fees = (times) => ({
      maxFeePerGas: 10n * ONE_GWEI * times,
      maxPriorityFeePerGas: ONE_GWEI * times,
    });
    await miningByHand(world, async (mine) => {
      const first = await payment(world, nonce, fees(1n));
      const second = await payment(world, nonce, fees(2n));
      await mine();
      const receipt = await client.waitForTransactionReceipt({ hash: second });
      assert.equal(receipt.status, "success");
      await assert.rejects(client.getTransactionReceipt({ hash: first }));
    });
  },

  async subscription_announces_new_heads({ chain, test, context, sent }) {
    const transport = webSocket(context.websocketUrl);
    const client = createPublicClient({ chain, transport });
    const socket = await client.transport.getRpcClient();
    const told = Promise.withResolvers ? Promise.withResolvers() : resolvers();
    const { unsubscribe } = await client.transport.subscribe({
      params: ["newHeads"],
      onData: ({ result }) => told.resolve(BigInt(result.number)),
      onError: told.reject,
    });
    sent.add("eth_subscribe");
    await test.request({ method: "evm_mine" });
    assert.equal(await told.promise, BigInt(context.series.lastBlock) + 1n);
    await unsubscribe();
    socket.close();
  },
};

function resolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
