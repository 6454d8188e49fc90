// What people who are looked into may write into forms, in a real Chromium: names and identifiers made to be run as markup or as
// formulas. Every screen is opened; nothing of them may become an element, ask anybody, or stop the page.
//
//   node tests/web/hostile.mjs PROGRAM
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failed, launch, listen, serving } from "./browser.mjs";

const [program] = process.argv.slice(2);
assert(program, "usage: node tests/web/hostile.mjs PROGRAM");
const HOSTILE = `=<script>window.ran=1</script><img src=x onerror=window.ran=1>"'&`;
const WRITTEN = new Set(["psn_no", "holder_id", "certno", "ident_value", "dr_code", "dr_name", "bilg_dr_codg", "atddr_no", "fixmedins_code",
  "prac_fixmedins_code", "fixmedins_name", "setl_id", "mdtrt_id", "emp_no", "emp_name", "admdvs_name", "psn_name", "agnter_name",
  "agnter_certno", "med_list_name", "diag_name"]);

/** Cells of a line; the worlds that are made quote none. */
function poison(path) {
  const [head, ...rows] = readFileSync(path, "utf8").trimEnd().split("\n");
  const heads = head.replace("\r", "").split(",");
  const own = heads.map((name) => WRITTEN.has(name.replace("\ufeff", "")));
  const cell = (text, at) => (own[at] && text ? `"${HOSTILE.replace(/"/g, '""')}${text}"` : text);
  writeFileSync(path, [head, ...rows.map((row) => row.replace("\r", "").split(",").map(cell).join(","))].join("\n") + "\n");
}

const folder = mkdtempSync(join(tmpdir(), "medring-hostile-"));
const [world, ws] = ["world", "ws"].map((name) => join(folder, name));
const run = (...words) => {
  const ended = spawnSync(program, words, { encoding: "utf8" });
  assert.equal(ended.status, 0, `${words.join(" ")}: ${ended.stderr}`);
};
run("synth", world, "--preset", "demo", "--seed", "1", "--persons", "4000");
for (const name of readdirSync(world)) if (name.endsWith(".csv") && name !== "labels.csv") poison(join(world, name));
run("init", ws);
run("ingest", "run", "--workspace", ws, world);
const secret = join(folder, "password");
writeFileSync(secret, "correct horse battery\n");
run("user", "add", "lin", "--role", "reviewer", "--workspace", ws, "--password-file", secret);
const { base, stop } = await serving(program, ["serve", ws, "--listen", "127.0.0.1:0"]);
const browser = await launch();
const complaints = [];
let [step, page] = ["start", null];
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN", reducedMotion: "reduce" });
  page = await context.newPage();
  listen(page, base, complaints);
  page.on("dialog", (dialog) => { complaints.push(`a dialog: ${dialog.message()}`); void dialog.dismiss(); });
  await page.goto(base);
  await page.fill("[name=name]", "lin");
  await page.fill("[name=password]", "correct horse battery");
  await page.click(".signin button[type=submit]");
  await page.waitForSelector(".rings li");
  const told = (path) => page.evaluate((path) => fetch(path).then((answer) => answer.json()), path);
  const post = (path, body) => page.evaluate(([path, body]) => fetch(path, {
    method: "POST", headers: { "content-type": "application/json", "x-medring": "page" }, body: JSON.stringify(body),
  }).then((answer) => answer.json()), [path, body]);
  const ring = (await told("/v1/rings")).rings[0].id;
  const { members } = await told(`/v1/rings/${ring}`);
  const of = (kind) => members.find((one) => one.party.kind === kind)?.party.token;
  const case_id = (await post("/v1/cases", { title: HOSTILE, rings: [ring] })).case.id;
  await post(`/v1/cases/${case_id}/notes`, { text: HOSTILE });
  await post(`/v1/cases/${case_id}/tasks`, { text: HOSTILE, assignee: "lin" });
  await post(`/v1/cases/${case_id}/canvases`, { title: HOSTILE, note: HOSTILE, ring });
  const period = (await told("/v1/reports")).reports[0].period;
  const screens = [
    "/rings", ...["overview", "members", "graph", "timeline", "facts", "evolution"].map((tab) => `/ring/${ring}?tab=${tab}`), `/ring/${ring}?tab=graph&view=table`,
    `/explore?ring=${ring}&view=table`, `/explore?ring=${ring}`, `/entity/${of("person")}`, `/entity/${of("institution")}`,
    `/path?from=${of("person")}&to=${of("institution")}`, "/cases",
    ...["overview", "rings", "evidence", "canvas", "documents", "tasks", "steps"].map((tab) => `/case/${case_id}?tab=${tab}`), `/report/${period}`, "/data", "/settings",
  ];
  let shown = 0;
  for (const screen of screens) {
    step = screen;
    await page.goto(base + screen);
    await page.waitForSelector("main");
    await page.waitForFunction(() => !document.querySelector("main .loading"));
    await page.waitForTimeout(250);
    shown += (await page.locator("body").innerText()).includes("window.ran=1") ? 1 : 0;
    const found = await page.evaluate(() => ({
      ran: globalThis.ran, images: document.querySelectorAll('img[src="x"], img[onerror]').length,
      scripts: [...document.scripts].filter((one) => !one.src).length,
    }));
    assert.deepEqual(found, { ran: undefined, images: 0, scripts: 0 }, screen);
    assert.equal(await page.locator("main .trouble").count(), 0, `${screen}: ${await page.locator("main").innerText()}`);
  }
  assert(shown >= 5, `the hostile text is shown on ${shown} screens only: nothing is tested`);
  step = "the report of a period, opened as a file";
  const html = await page.evaluate((path) => fetch(path).then((answer) => answer.text()), `/v1/reports/${period}.html`);
  const file = join(folder, "report.html");
  writeFileSync(file, html);
  const alone = await context.newPage();
  await alone.goto(`file://${file}`);
  assert.equal(await alone.evaluate(() => document.querySelectorAll('img[src="x"]').length + Number(globalThis.ran ?? 0)), 0);
  step = "report.html of a run";
  run("detect", world, "--out", join(folder, "out"));
  await alone.goto(`file://${join(folder, "out", "report.html")}`);
  await alone.evaluate(() => { for (const one of document.querySelectorAll("details")) one.open = true; });
  await alone.waitForTimeout(500);
  assert.equal(await alone.evaluate(() => document.querySelectorAll('img[src="x"]').length + Number(globalThis.ran ?? 0)), 0);
  assert.deepEqual(complaints, [], "the console, or a request of elsewhere");
  console.log(`hostile: all well, on ${shown} of ${screens.length} screens it is shown`);
} catch (error) {
  await failed(step, page, null, complaints);
  process.exitCode = 1;
  throw error;
} finally {
  await browser.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
