// Follows one drop through a running API and chain with one client library, and prints what was
// seen as one JSON line.
//
//   node run.mjs <viem|ethers> <context.json>
//
// It refuses shortcuts: the API prepares, this side signs and sends, and the chain is asked what
// became of it.
import { readFile } from "node:fs/promises";

import { follow } from "./story.mjs";

const LIBRARIES = ["viem", "ethers"];

async function main([library, path]) {
  if (!LIBRARIES.includes(library)) throw new Error(`the first argument is one of ${LIBRARIES}`);
  const { makeWallets } = await import(`./${library}.mjs`);
  const context = JSON.parse(await readFile(path, "utf8"));
  const wallets = await makeWallets(context);
  const seen = await follow(context, wallets);
  process.stdout.write(`${JSON.stringify(seen)}\n`);
}

await main(process.argv.slice(2));
// Connections kept alive by a client must not keep the process.
process.exit(0);
