import assert from "node:assert/strict";

import {
  ContractFactory,
  concat,
  getCreate2Address,
  getCreateAddress,
  keccak256,
  toBeHex,
} from "ethers";

import { CREATION_GAS, ONE_ETHER, STORE_GAS, UNUSED_ADDRESS, creationOfSize } from "../values.mjs";

const CODE_LIMIT = 24_576;

async function fieldsFor({ provider, accounts, probe, context }) {
  const { baseFeePerGas } = await provider.getBlock("latest");
  const { to, data } = await probe.store.populateTransaction(1n, 2n);
  const fields = {
    to,
    data,
    nonce: await provider.getTransactionCount(accounts.alice.address),
    gasLimit: STORE_GAS,
    chainId: context.chain.id,
  };
  return { fields, price: baseFeePerGas * 2n + 1n };
}

async function minedRaw({ provider, accounts, receiptOf }, fields) {
  const raw = await accounts.alice.signTransaction(fields);
  return receiptOf(await provider.broadcastTransaction(raw));
}

export const transactions = {
  async fee_market_transaction_is_mined(world) {
    const { fields, price } = await fieldsFor(world);
    const fees = { type: 2, maxFeePerGas: price, maxPriorityFeePerGas: 1n };
    const receipt = await minedRaw(world, { ...fields, ...fees });
    assert.equal(receipt.type, 2);
    assert.equal(receipt.status, 1);
  },

  async access_list_transaction_is_mined(world) {
    const { fields, price } = await fieldsFor(world);
    const accessList = [{ address: fields.to, storageKeys: [toBeHex(0, 32)] }];
    const receipt = await minedRaw(world, { ...fields, type: 1, gasPrice: price, accessList });
    const sent = await world.provider.getTransaction(receipt.hash);
    assert.equal(receipt.type, 1);
    assert.equal(receipt.status, 1);
    assert.deepEqual(sent.accessList, accessList);
    assert.equal(receipt.gasPrice, price);
  },

  async legacy_transaction_is_mined(world) {
    const { fields, price } = await fieldsFor(world);
    const receipt = await minedRaw(world, { ...fields, type: 0, gasPrice: price });
    assert.equal(receipt.type, 0);
    assert.equal(receipt.status, 1);
    assert.equal(receipt.gasPrice, price);
  },

  async wallet_fills_in_nonce_fees_and_gas({ provider, accounts, mined }) {
    const sent = accounts.alice.sendTransaction({ to: UNUSED_ADDRESS, value: ONE_ETHER });
    const receipt = await mined(sent);
    assert.equal(receipt.status, 1);
    assert.equal(receipt.gasUsed, 21_000n);
    assert.equal(await provider.getBalance(UNUSED_ADDRESS), ONE_ETHER);
  },

  async node_account_sends({ provider, mined }) {
    const [signer] = await provider.listAccounts();
    const receipt = await mined(signer.sendTransaction({ to: UNUSED_ADDRESS, value: 1n }));
    assert.equal(receipt.status, 1);
    assert.equal(receipt.from, signer.address);
  },

  async receipt_states_the_outcome({ provider, accounts, probe, mined }) {
    const { maxFeePerGas } = await provider.getFeeData();
    const fees = { maxFeePerGas, maxPriorityFeePerGas: 7n };
    const receipt = await mined(probe.store(1n, 2n, { ...fees, gasLimit: STORE_GAS }));
    const block = await provider.getBlock(receipt.blockHash);
    assert.equal(receipt.status, 1);
    assert.equal(receipt.from, accounts.alice.address);
    assert.equal(receipt.to, probe.target);
    assert.equal(receipt.contractAddress, null);
    assert.equal(receipt.gasPrice, block.baseFeePerGas + 7n);
    assert.equal(receipt.gasUsed, block.gasUsed);
    assert.equal(receipt.cumulativeGasUsed, receipt.gasUsed);
    assert.equal(receipt.blockNumber, block.number);
    assert.equal(receipt.index, 0);
    assert.deepEqual(block.transactions, [receipt.hash]);
    assert.equal(receipt.logs.length, 1);
  },

  async contract_is_deployed({ provider, accounts, context, receiptOf }) {
    const { abi, bytecode, runtime } = context.probe;
    const from = accounts.alice.address;
    const nonce = await provider.getTransactionCount(from);
    const factory = new ContractFactory(abi, bytecode, accounts.alice);
    const contract = await factory.deploy();
    const receipt = await receiptOf(contract.deploymentTransaction());
    assert.equal(receipt.contractAddress, getCreateAddress({ from, nonce }));
    assert.equal(receipt.to, null);
    assert.equal(await provider.getCode(receipt.contractAddress), runtime);
  },

  async contract_is_deployed_through_the_create2_proxy({ provider, accounts, context, mined }) {
    const { bytecode, runtime } = context.probe;
    const salt = toBeHex(0x5ea7, 32);
    const call = { to: context.create2Proxy, data: concat([salt, bytecode]) };
    const receipt = await mined(accounts.alice.sendTransaction(call));
    const address = getCreate2Address(context.create2Proxy, salt, keccak256(bytecode));
    assert.equal(receipt.status, 1);
    assert.equal(await provider.getCode(address), runtime);
  },

  async oversized_contract_is_refused({ provider, accounts, mined }) {
    const create = (size) => {
      const creation = { data: creationOfSize(size), gasLimit: CREATION_GAS };
      return mined(accounts.alice.sendTransaction(creation));
    };
    const largest = await create(CODE_LIMIT);
    const oversized = await create(CODE_LIMIT + 1);
    const code = await provider.getCode(largest.contractAddress);
    assert.equal(largest.status, 1);
    assert.equal((code.length - 2) / 2, CODE_LIMIT);
    assert.equal(oversized.status, 0);
    assert.equal(await provider.getCode(oversized.contractAddress), "0x");
  },

  async reverting_transaction_is_mined_with_status_zero({ provider, accounts, probe, mined }) {
    const { address } = accounts.alice;
    const nonce = await provider.getTransactionCount(address);
    const before = await probe.stored();
    const receipt = await mined(probe.storeAndRefuse(77n, { gasLimit: STORE_GAS }));
    assert.equal(receipt.status, 0);
    assert.ok(receipt.gasUsed > 21_000n && receipt.gasUsed < STORE_GAS);
    assert.deepEqual(receipt.logs, []);
    assert.equal(await probe.stored(), before);
    assert.equal(await provider.getTransactionCount(address), nonce + 1);
  },
};
