// Answers the two calls that build tools make of a native Solidity compiler, with the compiler
// that package-lock.json pins.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const refuse = (sentence) => {
  process.stderr.write(`solc: ${sentence}\n`);
  process.exit(2);
};

const locate = () => {
  try {
    return require.resolve("solc/soljson.js");
  } catch {
    return refuse("no native compiler, and npm's is not installed; run `make setup`");
  }
};

// The version is inside the compiled module, which takes half a second to load: it is kept
// beside the other caches under the module's size and time.
const version = () => {
  const soljson = locate();
  const { size, mtimeMs } = fs.statSync(soljson);
  const folder = path.join(__dirname, "..", "..", ".cache", "solc");
  const kept = path.join(folder, `version-${size}-${Math.trunc(mtimeMs)}`);
  if (fs.existsSync(kept)) return fs.readFileSync(kept, "utf8");
  const answer = require("solc").version();
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(`${kept}.${process.pid}`, answer);
    fs.renameSync(`${kept}.${process.pid}`, kept);
  } catch {
    // A read-only checkout pays the half second each time.
  }
  return answer;
};

if (process.argv.includes("--version")) {
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${version()}\n`,
  );
} else if (process.argv.includes("--standard-json")) {
  locate();
  process.stdout.write(require("solc").compile(fs.readFileSync(0, "utf8")));
} else {
  refuse("only --version and --standard-json are answered here");
}
