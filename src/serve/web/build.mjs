// Bundles the page into dist/. With --check it bundles into memory and fails when dist/ differs.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { build } from "esbuild";

const check = process.argv.includes("--check");
const made = await build({
  entryPoints: { page: "source/main.tsx" },
  bundle: true,
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
