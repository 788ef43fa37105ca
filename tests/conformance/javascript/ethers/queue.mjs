// What only anvil can do: the development chain mines at once and keeps no pool.
import assert from "node:assert/strict";

import { WebSocketProvider } from "ethers";

import { ONE_GWEI, UNUSED_ADDRESS } from "../values.mjs";

function payment({ accounts }, nonce, fields = {}) {
  const sent = { to: UNUSED_ADDRESS, value: 1n, gasLimit: 21_000n, nonce, ...fields };
  return accounts.alice.sendTransaction(sent);
}

// No block but those the case mines: where two transactions become ready at once, anvil's own
// miner may take them a second time, into a block that comes after the case's revert.
async function miningByHand({ provider }, run) {
  await provider.send("evm_setAutomine", [false]);
  try {
    await run(() => provider.send("evm_mine", []));
  } finally {
    await provider.send("evm_setAutomine", [true]);
  }
}

export const queue = {
  async nonce_gap_is_queued(world) {
    const nonce = await world.provider.getTransactionCount(world.accounts.alice.address);
    await miningByHand(world, async (mine) => {
      const ahead = await payment(world, nonce + 1);
      await mine();
      assert.equal(await world.provider.getTransactionReceipt(ahead.hash), null);
      await payment(world, nonce);
      await mine();
      const receipt = await world.receiptOf(ahead);
      assert.equal(receipt.status, 1);
    });
  },

  async fee_bump_replaces_a_waiting_transaction(world) {
    const { provider, accounts, receiptOf } = world;
    const nonce = await provider.getTransactionCount(accounts.alice.address);
    const fees = (times) => ({
      maxFeePerGas: 10n * ONE_GWEI * times,
      maxPriorityFeePerGas: ONE_GWEI * times,
    });
    await miningByHand(world, async (mine) => {
      const first = await payment(world, nonce, fees(1n));
      const second = await payment(world, nonce, fees(2n));
      await mine();
      const receipt = await receiptOf(second);
      assert.equal(receipt.status, 1);
      assert.equal(await provider.getTransactionReceipt(first.hash), null);
    });
  },

  async subscription_announces_new_heads({ provider, context, sent }) {
    const socket = new WebSocketProvider(context.websocketUrl, context.chain.id);
    const subscribe = await socket.send("eth_subscribe", ["newHeads"]);
    sent.add("eth_subscribe");
    const told = new Promise((resolve) => {
      socket.websocket.onmessage = ({ data }) => {
        const { params } = JSON.parse(data);
        if (params?.subscription === subscribe) resolve(Number(params.result.number));
      };
    });
    await provider.send("evm_mine", []);
    assert.equal(await told, context.series.lastBlock + 1);
    await socket.destroy();
  },
};
