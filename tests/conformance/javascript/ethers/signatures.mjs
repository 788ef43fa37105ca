import assert from "node:assert/strict";

import { getBytes, id } from "ethers";

const NOTE_TYPES = {
  Note: [
    { name: "author", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "text", type: "string" },
  ],
};

export const signatures = {
  async typed_data_signature_recovers_on_chain({ accounts, probe, context }) {
    const { alice } = accounts;
    const chainId = context.chain.id;
    const domain = { name: "Probe", version: "1", chainId, verifyingContract: probe.target };
    const message = { author: alice.address, amount: 2n ** 255n, text: "a seat for Zoë" };
    const signature = await alice.signTypedData(domain, NOTE_TYPES, message);
    const elsewhere = await alice.signTypedData({ ...domain, chainId: 1 }, NOTE_TYPES, message);
    assert.equal(await probe.signerOfNote(message, signature), alice.address);
    assert.notEqual(await probe.signerOfNote(message, elsewhere), alice.address);
  },

  async message_signature_recovers_on_chain({ accounts, probe }) {
    const raw = id("let me in");
    const signature = await accounts.alice.signMessage(getBytes(raw));
    assert.equal(await probe.signerOfMessage(raw, signature), accounts.alice.address);
  },
};
