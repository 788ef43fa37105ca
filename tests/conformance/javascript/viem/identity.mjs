import assert from "node:assert/strict";

import { ONE_ETHER, UNUSED_ADDRESS } from "../values.mjs";

export const identity = {
  async chain_id_is_the_configured_one({ client, context }) {
    assert.equal(await client.getChainId(), context.chain.id);
    assert.equal(await client.request({ method: "net_version" }), String(context.chain.id));
  },

  async node_names_its_software({ client, context }) {
    const software = await client.request({ method: "web3_clientVersion" });
    assert.ok(software.toLowerCase().includes(context.chain.software), software);
  },

  async node_holds_funded_accounts({ client, wallet }) {
    const addresses = await wallet.getAddresses();
    assert.ok(addresses.length >= 5);
    for (const address of addresses) {
      assert.ok((await client.getBalance({ address })) >= 100n * ONE_ETHER);
    }
  },

  async unused_account_is_empty({ client }) {
    const address = UNUSED_ADDRESS;
    assert.equal(await client.getBalance({ address }), 0n);
    assert.equal(await client.getTransactionCount({ address }), 0);
    assert.equal(await client.getCode({ address }), undefined);
  },
};
