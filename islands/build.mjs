// Bundles each island into one file. Usage: node build.mjs OUT_DIR INPUT_DIGEST
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const [out, inputs] = process.argv.slice(2);
// The sealing and receipt pages must run on old phones: ES2015. The reader needs ES2022 (typage).
const modern = new Set(["reader", "opinions", "workplan"]);
const islands = readdirSync(".", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`${entry.name}/element.ts`))
  .map((entry) => entry.name);
const files = {};
for (const name of islands) {
  const result = await build({
    entryPoints: { [name]: `${name}/element.ts` },
    bundle: true,
    minify: true,
    format: modern.has(name) ? "esm" : "iife",
    target: modern.has(name) ? ["es2022"] : ["es2015"],
    outdir: out,
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  });
  for (const [path, about] of Object.entries(result.metafile.outputs)) files[path.split("/").pop()] = about.bytes;
}
writeFileSync(`${out}/manifest.json`, JSON.stringify({ inputs, files }));
