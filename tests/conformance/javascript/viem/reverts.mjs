import assert from "node:assert/strict";

import { BaseError, ContractFunctionRevertedError } from "viem";

async function revertOf(promise) {
  const thrown = await promise.then(
    () => assert.fail("the call did not revert"),
    (error) => error,
  );
  assert.ok(thrown instanceof BaseError, String(thrown));
  const revert = thrown.walk((each) => each instanceof ContractFunctionRevertedError);
  assert.ok(revert, `viem did not recognise a revert: ${thrown}`);
  return revert;
}

export const reverts = {
  async custom_error_decodes_with_its_arguments({ accounts, read }) {
    const account = accounts.alice.address;
    const { data } = await revertOf(read("refuse", [3n, 5n], { account }));
    assert.equal(data.errorName, "Refused");
    assert.deepEqual(data.args, [account, 3n, 5n, "not enough"]);
  },

  async custom_error_without_arguments_decodes({ read }) {
    const { data } = await revertOf(read("close"));
    assert.equal(data.errorName, "Closed");
  },

  async reason_string_decodes({ read }) {
    const { reason } = await revertOf(read("revertWithReason", ["the seat has moved"]));
    assert.equal(reason, "the seat has moved");
  },

  async panic_decodes({ read }) {
    const { data } = await revertOf(read("divide", [1n, 0n]));
    assert.equal(data.errorName, "Panic");
    assert.deepEqual(data.args, [0x12n]);
  },

  async revert_without_data_is_an_error({ read }) {
    const revert = await revertOf(read("revertWithoutData"));
    assert.equal(revert.data, undefined);
  },

  async estimate_of_a_reverting_call_carries_the_error({ client, accounts, probe }) {
    // An address instead of a local account: viem then asks for the estimate alone.
    const account = accounts.alice.address;
    const call = { ...probe, functionName: "storeAndRefuse", args: [9n], account };
    const { data } = await revertOf(client.estimateContractGas(call));
    assert.equal(data.errorName, "Refused");
    assert.deepEqual(data.args, [account, 9n, 9n, "undone"]);
  },
};
