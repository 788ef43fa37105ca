// ethers' side of the suite: the world that its cases get, and the cases by name.
import { Contract, JsonRpcProvider, Wallet } from "ethers";

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

class RecordingProvider extends JsonRpcProvider {
  sent = new Set();
  asked = [];

  async _send(payload) {
    for (const { method } of [payload].flat()) {
      this.sent.add(method);
      this.asked.push(method);
    }
    return super._send(payload);
  }
}

/** Fresh clients for one case; `sent` collects the methods they ask, `times` how often. */
export async function makeWorld(context) {
  const options = { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 };
  const provider = new RecordingProvider(context.url, undefined, options);
  provider.pollingInterval = 10;
  const accounts = Object.fromEntries(
    Object.entries(context.keys).map(([role, key]) => [role, new Wallet(key, provider)]),
  );
  const { address, abi } = context.probe;

  /** The receipt of a sent transaction, whatever its status. */
  const receiptOf = async (response) =>
    response.wait().catch((error) => error.receipt ?? Promise.reject(error));
  return {
    context,
    sent: provider.sent,
    times: (method) => provider.asked.filter((each) => each === method).length,
    provider,
    accounts,
    probe: new Contract(address, abi, accounts.alice),
    receiptOf,
    mined: async (response) => receiptOf(await response),
    close: async () => provider.destroy(),
  };
}
