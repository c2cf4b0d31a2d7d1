// Bundles each island into one file. Usage: node build.mjs OUT_DIR FONTS_DIR INPUT_DIGEST
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const [out, faces, inputs] = process.argv.slice(2);
// The sealing and receipt pages must run on old phones: ES2015. The reader needs ES2022 (typage).
const modern = new Set(["reader", "workplan", "strategy", "ask", "progress", "sign", "own", "open"]);
const islands = readdirSync(".", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) =>
    ["element", "worker"].filter((one) => existsSync(`${name}/${one}.ts`)).map((one) => [name, one]),
  );
const files = {};
for (const [name, file] of islands) {
  const result = await build({
    entryPoints: { [name]: `${name}/${file}.ts` },
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
// Fonts for papers that people take along as PDF (SIL Open Font License). They are copied, never committed.
const fonts = {
  "noto-sans": ["400Regular/NotoSans_400Regular", "700Bold/NotoSans_700Bold"],
  "noto-sans-arabic": ["400Regular/NotoSansArabic_400Regular", "700Bold/NotoSansArabic_700Bold"],
  "noto-emoji": ["400Regular/NotoEmoji_400Regular"],
};
mkdirSync(faces, { recursive: true });
for (const [family, names] of Object.entries(fonts)) {
  const from = `node_modules/@expo-google-fonts/${family}`;
  copyFileSync(`${from}/LICENSE_FONT`, `${faces}/${family}-LICENSE.txt`);
  for (const face of names) copyFileSync(`${from}/${face}.ttf`, `${faces}/${face.split("/").pop()}.ttf`);
}
writeFileSync(`${out}/manifest.json`, JSON.stringify({ inputs, files }));
