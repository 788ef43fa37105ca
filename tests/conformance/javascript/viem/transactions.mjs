import assert from "node:assert/strict";

import { concat, encodeFunctionData, getContractAddress, getCreate2Address, pad } from "viem";

import { CREATION_GAS, ONE_ETHER, STORE_GAS, UNUSED_ADDRESS, creationOfSize } from "../values.mjs";

const CODE_LIMIT = 24_576;

async function fieldsFor({ client, accounts, probe, chain }) {
  const { baseFeePerGas } = await client.getBlock();
  return {
    to: probe.address,
    data: encodeFunctionData({ abi: probe.abi, functionName: "store", args: [1n, 2n] }),
    nonce: await client.getTransactionCount({ address: accounts.alice.address }),
    gas: STORE_GAS,
    chainId: chain.id,
    price: baseFeePerGas * 2n + 1n,
  };
}

async function minedRaw({ client, accounts }, fields) {
  const serializedTransaction = await accounts.alice.signTransaction(fields);
  const hash = await client.sendRawTransaction({ serializedTransaction });
  return client.waitForTransactionReceipt({ hash });
}

export const transactions = {
  async fee_market_transaction_is_mined(world) {
    const { price, ...fields } = await fieldsFor(world);
    const fees = { type: "eip1559", maxFeePerGas: price, maxPriorityFeePerGas: 1n };
    const receipt = await minedRaw(world, { ...fields, ...fees });
    assert.equal(receipt.type, "eip1559");
    assert.equal(receipt.status, "success");
  },

  async access_list_transaction_is_mined(world) {
    const { price, ...fields } = await fieldsFor(world);
    const accessList = [{ address: fields.to.toLowerCase(), storageKeys: [pad("0x0")] }];
    const listed = { ...fields, type: "eip2930", gasPrice: price, accessList };
    const receipt = await minedRaw(world, listed);
    const sent = await world.client.getTransaction({ hash: receipt.transactionHash });
    assert.equal(receipt.type, "eip2930");
    assert.equal(receipt.status, "success");
    assert.deepEqual(sent.accessList, accessList);
    assert.equal(receipt.effectiveGasPrice, price);
  },

  async legacy_transaction_is_mined(world) {
    const { price, ...fields } = await fieldsFor(world);
    const receipt = await minedRaw(world, { ...fields, type: "legacy", gasPrice: price });
    assert.equal(receipt.type, "legacy");
    assert.equal(receipt.status, "success");
    assert.equal(receipt.effectiveGasPrice, price);
  },

  async wallet_fills_in_nonce_fees_and_gas({ client, send }) {
    const receipt = await send({ to: UNUSED_ADDRESS, value: ONE_ETHER });
    assert.equal(receipt.status, "success");
    assert.equal(receipt.gasUsed, 21_000n);
    assert.equal(await client.getBalance({ address: UNUSED_ADDRESS }), ONE_ETHER);
  },

  async node_account_sends({ wallet, send }) {
    const [account] = await wallet.getAddresses();
    const receipt = await send({ account, to: UNUSED_ADDRESS, value: 1n });
    assert.equal(receipt.status, "success");
    assert.equal(receipt.from, account.toLowerCase());
  },

  async receipt_states_the_outcome({ client, accounts, probe, write }) {
    const receipt = await write("store", [1n, 2n], { maxPriorityFeePerGas: 7n });
    const block = await client.getBlock({ blockHash: receipt.blockHash });
    assert.equal(receipt.status, "success");
    assert.equal(receipt.from, accounts.alice.address.toLowerCase());
    assert.equal(receipt.to, probe.address.toLowerCase());
    assert.equal(receipt.contractAddress, null);
    assert.equal(receipt.effectiveGasPrice, block.baseFeePerGas + 7n);
    assert.equal(receipt.gasUsed, block.gasUsed);
    assert.equal(receipt.cumulativeGasUsed, receipt.gasUsed);
    assert.equal(receipt.blockNumber, block.number);
    assert.equal(receipt.transactionIndex, 0);
    assert.deepEqual(block.transactions, [receipt.transactionHash]);
    assert.equal(receipt.logs.length, 1);
  },

  async contract_is_deployed({ client, wallet, accounts, probe, context }) {
    const { bytecode, runtime } = context.probe;
    const from = accounts.alice.address;
    const nonce = BigInt(await client.getTransactionCount({ address: from }));
    const hash = await wallet.deployContract({ abi: probe.abi, bytecode, account: accounts.alice });
    const receipt = await client.waitForTransactionReceipt({ hash });
    const expected = getContractAddress({ from, nonce });
    assert.equal(receipt.contractAddress, expected.toLowerCase());
    assert.equal(receipt.to, null);
    assert.equal(await client.getCode({ address: receipt.contractAddress }), runtime);
  },

  async contract_is_deployed_through_the_create2_proxy({ client, send, context }) {
    const { bytecode, runtime } = context.probe;
    const salt = pad("0x5ea7");
    const receipt = await send({ to: context.create2Proxy, data: concat([salt, bytecode]) });
    const address = getCreate2Address({ from: context.create2Proxy, salt, bytecode });
    assert.equal(receipt.status, "success");
    assert.equal(await client.getCode({ address }), runtime);
  },

  async oversized_contract_is_refused({ client, send }) {
    const gas = CREATION_GAS;
    const largest = await send({ data: creationOfSize(CODE_LIMIT), gas });
    const oversized = await send({ data: creationOfSize(CODE_LIMIT + 1), gas });
    const code = await client.getCode({ address: largest.contractAddress });
    assert.equal(largest.status, "success");
    assert.equal((code.length - 2) / 2, CODE_LIMIT);
    assert.equal(oversized.status, "reverted");
    const nothing = await client.getCode({ address: oversized.contractAddress });
    assert.equal(nothing, undefined);
  },

  async reverting_transaction_is_mined_with_status_zero({ client, accounts, read, write }) {
    const address = accounts.alice.address;
    const nonce = await client.getTransactionCount({ address });
    const before = await read("stored");
    const receipt = await write("storeAndRefuse", [77n], { gas: STORE_GAS });
    assert.equal(receipt.status, "reverted");
    assert.ok(receipt.gasUsed > 21_000n && receipt.gasUsed < STORE_GAS);
    assert.deepEqual(receipt.logs, []);
    assert.equal(await read("stored"), before);
    assert.equal(await client.getTransactionCount({ address }), nonce + 1);
  },
};
