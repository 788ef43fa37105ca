import assert from "node:assert/strict";

import { BaseError, FeeCapTooLowError, InsufficientFundsError, NonceTooLowError } from "viem";
import { mainnet } from "viem/chains";

import { ONE_ETHER, ONE_GWEI, UNUSED_ADDRESS } from "../values.mjs";

// Everything is given, so that the node and not viem refuses.
async function fullFields({ client, accounts, chain }, role) {
  const { baseFeePerGas } = await client.getBlock();
  return {
    account: accounts[role],
    chain,
    to: UNUSED_ADDRESS,
    value: 1n,
    gas: 21_000n,
    nonce: await client.getTransactionCount({ address: accounts[role].address }),
    maxFeePerGas: baseFeePerGas * 2n + ONE_GWEI,
    maxPriorityFeePerGas: 1n,
  };
}

function causedBy(kind) {
  const isKind = (each) => each instanceof kind;
  return (error) => error instanceof BaseError && error.walk(isKind) !== null;
}

export const refusals = {
  async transaction_for_another_chain_is_refused(world) {
    const { client, accounts } = world;
    const { account, chain, ...fields } = await fullFields(world, "alice");
    const serializedTransaction = await account.signTransaction({
      ...fields,
      chainId: mainnet.id,
      type: "eip1559",
    });
    await assert.rejects(client.sendRawTransaction({ serializedTransaction }), /chain/i);
    const after = await client.getTransactionCount({ address: accounts.alice.address });
    assert.equal(after, fields.nonce);
  },

  async used_nonce_is_refused(world) {
    const fields = await fullFields(world, "bob");
    const stale = world.wallet.sendTransaction({ ...fields, nonce: fields.nonce - 1 });
    await assert.rejects(stale, causedBy(NonceTooLowError));
  },

  async unfunded_transaction_is_refused(world) {
    const fields = await fullFields(world, "pauper");
    const unfunded = world.wallet.sendTransaction({ ...fields, value: ONE_ETHER });
    await assert.rejects(unfunded, causedBy(InsufficientFundsError));
  },

  async fee_below_the_base_fee_is_refused(world) {
    const fields = await fullFields(world, "alice");
    const underpriced = { ...fields, maxFeePerGas: 1n, maxPriorityFeePerGas: 0n };
    await assert.rejects(world.wallet.sendTransaction(underpriced), causedBy(FeeCapTooLowError));
  },
};
