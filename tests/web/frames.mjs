// How many frames a second does the canvas painter draw without a GPU, beside a bare loop over the same points and lines?
//
//   node tests/web/frames.mjs          (prints a table; needs src/serve/web/node_modules, see run.sh)
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(new URL("../../src/serve/web/", import.meta.url));
const { build } = require("esbuild");
const source = new URL("../../src/serve/web/source/", import.meta.url).pathname;
const made = await build({
  stdin: { contents: `export { Painter } from "./graph/painter"; export { empty } from "./graph/model";`, resolveDir: source, loader: "ts" },
  bundle: true, write: false, format: "iife", globalName: "page",
});
const executablePath = [process.env.MEDRING_CHROMIUM, "/usr/bin/chromium"].find((path) => path && existsSync(path));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const tab = await browser.newPage({ viewport: { width: 1400, height: 900 } });
await tab.setContent(`<style>:root{--canvas:#fcfbf8;--ink:#222;--ink-soft:#555;--tie:#93a4a8;--tie-strong:#40626b;--visit:#c2bfb4;--select:#f0c56b;--c-person:#4d7c8a;--c-doctor:#8a5a9c;--c-institution:#b5562d;--c-pharmacy:#3f8155;--c-identifier:#b8860b;--c-context:#6b7280;--c-head:#b3261e}body{margin:0}canvas{width:1400px;height:900px}</style><canvas></canvas>`);
await tab.addScriptTag({ content: made.outputFiles[0].text });
const rows = [];
for (const [nodes, links] of [[300, 1000], [3000, 9000], [10000, 30000]]) {
  const measured = await tab.evaluate(async ([nodes, links]) => {
    let seed = 7;
    const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    const model = page.empty();
    for (let at = 0; at < nodes; at++) {
      const kind = at % 20 === 0 ? "institution" : "person";
      model.nodes.set(`${at}`, { token: `${at}`, kind, id: `H${at}`, role: null, head: false, rings: 0, neighbours: 1, x: chance() * 2000, y: chance() * 1300, pinned: false });
    }
    for (let at = 0; at < links; at++) {
      const [a, b] = [`${Math.floor(chance() * nodes)}`, `${Math.floor(chance() * nodes)}`];
      model.links.set(`${at}`, { a, b, tie: at % 3 > 0, weight: chance() * 9, note: null, facts: 1, fen: 0 });
    }
    const canvas = document.querySelector("canvas");
    const painter = new page.Painter(canvas);
    painter.resize();
    const run = async (draw) => {
      let [frames, begun] = [0, performance.now()];
      while (performance.now() - begun < 4000) {
        await new Promise(requestAnimationFrame);
        draw(frames++);
      }
      return (frames * 1000) / (performance.now() - begun);
    };
    const camera = (at) => ({ x: 1000 + 80 * Math.sin(at / 20), y: 650 + 50 * Math.cos(at / 25), scale: 0.68 });
    const look = { chosen: new Set(), near: null, label: (node) => node.id };
    const moving = await run((at) => painter.draw(model, camera(at), { ...look, moving: true }));
    const resting = await run((at) => painter.draw(model, camera(at), { ...look, moving: false }));
    const context = canvas.getContext("2d");
    const bare = await run((at) => {
      const { x, y, scale } = camera(at);
      context.clearRect(0, 0, 1400, 900);
      context.strokeStyle = "#999";
      context.beginPath();
      for (const link of model.links.values()) {
        const [a, b] = [model.nodes.get(link.a), model.nodes.get(link.b)];
        context.moveTo((a.x - x) * scale + 700, (a.y - y) * scale + 450);
        context.lineTo((b.x - x) * scale + 700, (b.y - y) * scale + 450);
      }
      context.stroke();
      context.fillStyle = "#47808f";
      for (const node of model.nodes.values()) {
        context.beginPath();
        context.arc((node.x - x) * scale + 700, (node.y - y) * scale + 450, 4, 0, 7);
        context.fill();
      }
    });
    return [moving, resting, bare];
  }, [nodes, links]);
  rows.push({ parties: nodes, links, "camera moving": measured[0].toFixed(1), "all drawn": measured[1].toFixed(1), "bare loop": measured[2].toFixed(1) });
}
console.table(rows);
await browser.close();
