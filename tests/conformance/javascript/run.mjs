// Runs cases of one client in one process and prints one JSON line per case.
//
//   node run.mjs <viem|ethers> --list
//   node run.mjs <viem|ethers> <context.json> <case>...
//
// Each case runs between a snapshot and its revert, so that none sees another's blocks. It refuses
// to judge which cases there ought to be: the Python side compares the lists.
import { readFile } from "node:fs/promises";

import { control } from "./control.mjs";

const CASE_MILLISECONDS = 10_000;
const CLIENTS = ["viem", "ethers"];

async function outcomeOf(name, run, context, makeWorld) {
  const started = performance.now();
  const world = await makeWorld(context);
  let error = null;
  let timer;
  const late = new Promise((_, reject) => {
    const complain = () => reject(new Error(`no answer within ${CASE_MILLISECONDS} ms`));
    timer = setTimeout(complain, CASE_MILLISECONDS);
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
  return { case: name, methods: [...world.sent].sort(), ms, error };
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
  for (const name of names) {
    const head = Number(await rpc("eth_blockNumber"));
    if (head !== context.series.lastBlock)
      throw new Error(`before ${name} the head is block ${head}: the case before it left more`);
    const snapshot = await rpc("evm_snapshot");
    const outcome = await outcomeOf(name, cases[name], context, makeWorld);
    const restored = await rpc("evm_revert", snapshot);
    if (restored !== true) throw new Error(`${name} left the chain where it cannot be restored`);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
}

await main(process.argv.slice(2));
// Connections kept alive by a client must not keep the process.
process.exit(0);
