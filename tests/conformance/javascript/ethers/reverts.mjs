import assert from "node:assert/strict";

import { isError } from "ethers";

async function revertOf(promise) {
  const thrown = await promise.then(
    () => assert.fail("the call did not revert"),
    (error) => error,
  );
  assert.ok(isError(thrown, "CALL_EXCEPTION"), `ethers did not recognise a revert: ${thrown}`);
  return thrown;
}

export const reverts = {
  async custom_error_decodes_with_its_arguments({ accounts, probe }) {
    const { revert } = await revertOf(probe.refuse(3n, 5n));
    assert.equal(revert.name, "Refused");
    assert.deepEqual([...revert.args], [accounts.alice.address, 3n, 5n, "not enough"]);
  },

  async custom_error_without_arguments_decodes({ probe }) {
    const { revert } = await revertOf(probe.close());
    assert.equal(revert.name, "Closed");
  },

  async reason_string_decodes({ probe }) {
    const { reason } = await revertOf(probe.revertWithReason("the seat has moved"));
    assert.equal(reason, "the seat has moved");
  },

  async panic_decodes({ probe }) {
    const { revert } = await revertOf(probe.divide(1n, 0n));
    assert.equal(revert.name, "Panic");
    assert.deepEqual(revert.args.map(BigInt), [0x12n]);
  },

  async revert_without_data_is_an_error({ probe }) {
    const { data, revert } = await revertOf(probe.revertWithoutData());
    assert.ok(data === null || data === "0x", data);
    assert.equal(revert, null);
  },

  async estimate_of_a_reverting_call_carries_the_error({ accounts, probe }) {
    const thrown = await revertOf(probe.storeAndRefuse.estimateGas(9n));
    const revert = thrown.revert ?? probe.interface.parseError(thrown.data);
    assert.equal(revert.name, "Refused");
    assert.deepEqual([...revert.args], [accounts.alice.address, 9n, 9n, "undone"]);
  },
};
