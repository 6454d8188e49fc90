// Bundles the page into dist/. With --check it bundles into memory and fails when dist/ differs.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { pinyin } from "pinyin-pro";

const check = process.argv.includes("--check");

/** How the characters of the page's texts are read: 探 → tan. A reading depends on the word, so whole texts are read. */
const readings = {
  name: "pinyin",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^pinyin$/ }, () => ({ path: "pinyin", namespace: "pinyin" }));
    onLoad({ filter: /.*/, namespace: "pinyin" }, async () => {
      const texts = (await readFile("source/words.ts", "utf8")).match(/[\u4e00-\u9fff]+/g) ?? [];
      const table = new Map();
      for (const text of texts) {
        const read = pinyin(text, { toneType: "none", type: "array", v: true });
        [...text].forEach((letter, at) => (table.get(letter) ?? table.set(letter, new Set()).get(letter)).add(read[at]));
      }
      const by = new Map();
      for (const letter of [...table.keys()].sort()) for (const read of table.get(letter)) by.set(read, (by.get(read) ?? "") + letter);
      const lines = [...by].sort(([a], [b]) => (a < b ? -1 : 1)).map(([read, letters]) => `${read}${letters}`);
      return { contents: `export const READINGS = ${JSON.stringify(lines.join(" "))};`, loader: "ts", watchFiles: [] };
    });
  },
};
const made = await build({
  plugins: [readings],
  entryPoints: { page: "source/main.tsx" },
  bundle: true,
  // What is loaded late and what both need are files of their own.
  splitting: true,
  chunkNames: "[name]",
  minify: true,
  format: "esm",
  target: ["es2020", "chrome90", "firefox90", "safari15"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  charset: "utf8",
  outdir: "dist",
  write: false,
});
const files = made.outputFiles.map((file) => [file.path.split("/").pop(), Buffer.from(file.contents)]);
for (const name of ["index.html", "icon.svg"]) files.push([name, await readFile(`source/${name}`)]);
// Office machines load the page over slow lines: what they need before any chart stays small.
const BUDGET = 60 * 1024;
const first = files.filter(([name]) => name.endsWith(".js") && name !== "late.js");
const script = first.reduce((sum, [, text]) => sum + gzipSync(text, { level: 9 }).length, 0);
if (script > BUDGET) {
  console.error(`what is loaded first has ${script} bytes compressed, more than ${BUDGET}`);
  process.exit(1);
}
await mkdir("dist", { recursive: true });
let wrong = 0;
for (const [name, contents] of files) {
  const path = `dist/${name}`;
  if (check) {
    const there = await readFile(path).catch(() => Buffer.alloc(0));
    if (!there.equals(contents)) {
      console.error(`${path} is not what the sources give: run npm run build`);
      wrong += 1;
    }
  } else {
    await writeFile(path, contents);
    console.log(path, contents.length);
  }
}
process.exit(wrong ? 1 : 0);
