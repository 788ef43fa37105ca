// Runs cases of one client in one process and prints one JSON line per case.
//
//   node run.mjs <viem|ethers> --list
//   node run.mjs <viem|ethers> <context.json> <case>...
//
// Each case runs between a snapshot and its revert, so that none sees another's blocks. After a case
// that is late, or whose blocks outlive the revert, the process ends: what such a case does later
// would be told of others. It refuses to judge which cases there ought to be: the Python side
// compares the lists.
import { readFile } from "node:fs/promises";

import { control } from "./control.mjs";

const CLIENTS = ["viem", "ethers"];

async function outcomeOf(name, run, context, makeWorld) {
  const started = performance.now();
  const world = await makeWorld(context);
  let error = null;
  let isLate = false;
  let timer;
  const late = new Promise((_, reject) => {
    const complain = () => {
      isLate = true;
      reject(new Error(`no answer within ${context.caseMilliseconds} ms`));
    };
    timer = setTimeout(complain, context.caseMilliseconds);
  });
  try {
    await Promise.race([run(world), late]);
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.stack}` : JSON.stringify(thrown);
  } finally {
    clearTimeout(timer);
    await world.close();
  }
  const ms = Math.round(performance.now() - started);
  return { case: name, methods: [...world.sent].sort(), ms, error, isLate };
}

/** What is wrong with the chain where the head is not as prepared; null where it is. */
async function leftBy(name, rpc, { series }) {
  const head = Number(await rpc("eth_blockNumber"));
  if (head === series.lastBlock) return null;
  return `${name} left the head at block ${head} instead of ${series.lastBlock}`;
}

/** What makes it useless to go on after a case, now that its snapshot is gone; null: nothing. */
async function spoiledBy({ case: name, isLate }, restored, rpc, context) {
  if (restored !== true) return `${name} left the chain where it cannot be restored`;
  const left = await leftBy(name, rpc, context);
  return left ?? (isLate ? `${name} was late, and may change the chain at any time` : null);
}

async function main([client, second, ...names]) {
  if (!CLIENTS.includes(client)) throw new Error(`the first argument is one of ${CLIENTS}`);
  const { cases, makeWorld } = await import(`./${client}/client.mjs`);
  if (second === "--list") {
    process.stdout.write(`${Object.keys(cases).join("\n")}\n`);
    return;
  }
  const context = JSON.parse(await readFile(second, "utf8"));
  const rpc = control(context.url);
  let { previous } = context;
  for (const name of names) {
    const left = await leftBy(previous, rpc, context);
    if (left !== null) throw new Error(left);
    const snapshot = await rpc("evm_snapshot");
    const outcome = await outcomeOf(name, cases[name], context, makeWorld);
    const restored = await rpc("evm_revert", snapshot);
    const spoiled = await spoiledBy(outcome, restored, rpc, context);
    if (spoiled !== null) outcome.error = [outcome.error, spoiled].filter(Boolean).join("\n");
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    if (spoiled !== null) throw new Error(spoiled);
    previous = name;
  }
}

await main(process.argv.slice(2));
// Connections kept alive by a client must not keep the process.
process.exit(0);
