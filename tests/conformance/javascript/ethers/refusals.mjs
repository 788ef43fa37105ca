import assert from "node:assert/strict";

import { ONE_ETHER, ONE_GWEI, UNUSED_ADDRESS } from "../values.mjs";

// Everything is given, so that the node and not ethers refuses.
async function fullFields({ provider, accounts, context }, role) {
  const { baseFeePerGas } = await provider.getBlock("latest");
  return {
    type: 2,
    chainId: context.chain.id,
    to: UNUSED_ADDRESS,
    value: 1n,
    gasLimit: 21_000n,
    nonce: await provider.getTransactionCount(accounts[role].address),
    maxFeePerGas: baseFeePerGas * 2n + ONE_GWEI,
    maxPriorityFeePerGas: 1n,
  };
}

export const refusals = {
  async transaction_for_another_chain_is_refused(world) {
    const { provider, accounts } = world;
    const fields = await fullFields(world, "alice");
    const raw = await accounts.alice.signTransaction({ ...fields, chainId: 1 });
    // Sent plainly: broadcastTransaction would compare hashes and say less.
    await assert.rejects(provider.send("eth_sendRawTransaction", [raw]), /chain/i);
    const after = await provider.getTransactionCount(accounts.alice.address);
    assert.equal(after, fields.nonce);
  },

  async used_nonce_is_refused(world) {
    const fields = await fullFields(world, "bob");
    const stale = world.accounts.bob.sendTransaction({ ...fields, nonce: fields.nonce - 1 });
    await assert.rejects(stale, { code: "NONCE_EXPIRED" });
  },

  async unfunded_transaction_is_refused(world) {
    const fields = await fullFields(world, "pauper");
    const unfunded = world.accounts.pauper.sendTransaction({ ...fields, value: ONE_ETHER });
    await assert.rejects(unfunded, { code: "INSUFFICIENT_FUNDS" });
  },

  async fee_below_the_base_fee_is_refused(world) {
    const fields = await fullFields(world, "alice");
    const fees = { maxFeePerGas: 1n, maxPriorityFeePerGas: 0n };
    const underpriced = world.accounts.alice.sendTransaction({ ...fields, ...fees });
    await assert.rejects(underpriced, /max fee per gas less than block base fee/i);
  },
};
