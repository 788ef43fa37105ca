import assert from "node:assert/strict";

import { keccak256, stringToHex } from "viem";

const NOTE_TYPES = {
  Note: [
    { name: "author", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "text", type: "string" },
  ],
};

export const signatures = {
  async typed_data_signature_recovers_on_chain({ accounts, probe, read, context }) {
    const { address } = accounts.alice;
    const domain = {
      name: "Probe",
      version: "1",
      chainId: context.chain.id,
      verifyingContract: probe.address,
    };
    const message = { author: address, amount: 2n ** 255n, text: "a seat for Zoë" };
    const typed = { domain, types: NOTE_TYPES, primaryType: "Note", message };
    const signature = await accounts.alice.signTypedData(typed);
    const elsewhere = await accounts.alice.signTypedData({
      ...typed,
      domain: { ...domain, chainId: 1 },
    });
    assert.equal(await read("signerOfNote", [message, signature]), address);
    assert.notEqual(await read("signerOfNote", [message, elsewhere]), address);
  },

  async message_signature_recovers_on_chain({ accounts, read }) {
    const raw = keccak256(stringToHex("let me in"));
    const signature = await accounts.alice.signMessage({ message: { raw } });
    assert.equal(await read("signerOfMessage", [raw, signature]), accounts.alice.address);
  },
};
