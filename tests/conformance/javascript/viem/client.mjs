// viem's side of the suite: the world that its cases get, and the cases by name.
import { createPublicClient, createTestClient, createWalletClient, defineChain, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";

import { blocks } from "./blocks.mjs";
import { calls } from "./calls.mjs";
import { control } from "./control.mjs";
import { filters } from "./filters.mjs";
import { identity } from "./identity.mjs";
import { logs } from "./logs.mjs";
import { queue } from "./queue.mjs";
import { refusals } from "./refusals.mjs";
import { requests } from "./requests.mjs";
import { reverts } from "./reverts.mjs";
import { signatures } from "./signatures.mjs";
import { state } from "./state.mjs";
import { transactions } from "./transactions.mjs";

export const cases = {
  ...identity,
  ...blocks,
  ...transactions,
  ...refusals,
  ...calls,
  ...reverts,
  ...state,
  ...logs,
  ...filters,
  ...signatures,
  ...requests,
  ...control,
  ...queue,
};

/** Fresh clients for one case; `sent` collects the methods they ask, `times` how often. */
export async function makeWorld(context) {
  const sent = new Set();
  const asked = [];
  const chain = defineChain({
    id: context.chain.id,
    name: context.chain.name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [context.url] } },
  });
  const record = async (request) => {
    const body = await request.clone().json();
    for (const { method } of [body].flat()) {
      sent.add(method);
      asked.push(method);
    }
  };
  const transport = (options = {}) =>
    http(context.url, { retryCount: 0, onFetchRequest: record, ...options });
  const shared = { chain, transport: transport(), cacheTime: 0, pollingInterval: 10 };
  const client = createPublicClient(shared);
  const wallet = createWalletClient(shared);
  const accounts = Object.fromEntries(
    Object.entries(context.keys).map(([role, key]) => [role, privateKeyToAccount(key)]),
  );
  const probe = { address: context.probe.address, abi: context.probe.abi };

  /** Send with everything filled in that the case leaves open; returns the receipt. */
  const send = async (fields) => {
    const hash = await wallet.sendTransaction({ account: accounts.alice, ...fields });
    return client.waitForTransactionReceipt({ hash });
  };
  const write = async (functionName, args, fields = {}) => {
    const call = { ...probe, functionName, args, account: accounts.alice, ...fields };
    return client.waitForTransactionReceipt({ hash: await wallet.writeContract(call) });
  };
  return {
    context,
    sent,
    times: (method) => asked.filter((each) => each === method).length,
    chain,
    transport,
    client,
    wallet,
    test: createTestClient({ ...shared, mode: "anvil" }),
    accounts,
    probe,
    send,
    write,
    read: (functionName, args = [], fields = {}) =>
      client.readContract({ ...probe, functionName, args, ...fields }),
    close: async () => {},
  };
}
