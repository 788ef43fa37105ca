// Answers the two calls that build tools make of a native Solidity compiler,
// with the compiler that package-lock.json pins.
"use strict";
const fs = require("node:fs");

if (process.argv.includes("--version")) {
  const version = JSON.parse(fs.readFileSync(require.resolve("solc/package.json"), "utf8")).version;
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${version}+commit.${"f401782d"}.Emscripten.clang\n`,
  );
} else if (process.argv.includes("--standard-json")) {
  const solc = require("solc");
  process.stdout.write(solc.compile(fs.readFileSync(0, "utf8")));
} else {
  process.stderr.write("solc: only --version and --standard-json are answered here\n");
  process.exit(2);
}
