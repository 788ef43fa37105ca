import assert from "node:assert/strict";

import { ONE_ETHER, UNUSED_ADDRESS } from "../values.mjs";

export const identity = {
  async chain_id_is_the_configured_one({ provider, context }) {
    const { chainId } = await provider.getNetwork();
    assert.equal(chainId, BigInt(context.chain.id));
    assert.equal(await provider.send("net_version", []), String(context.chain.id));
  },

  async node_names_its_software({ provider, context }) {
    const software = await provider.send("web3_clientVersion", []);
    assert.ok(software.toLowerCase().includes(context.chain.software), software);
  },

  async node_holds_funded_accounts({ provider }) {
    const signers = await provider.listAccounts();
    assert.ok(signers.length >= 5);
    for (const signer of signers) {
      assert.ok((await provider.getBalance(signer.address)) >= 100n * ONE_ETHER);
    }
  },

  async unused_account_is_empty({ provider }) {
    assert.equal(await provider.getBalance(UNUSED_ADDRESS), 0n);
    assert.equal(await provider.getTransactionCount(UNUSED_ADDRESS), 0);
    assert.equal(await provider.getCode(UNUSED_ADDRESS), "0x");
  },
};
