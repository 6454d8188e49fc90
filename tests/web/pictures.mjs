// The pictures of the README: each screen in both languages, as small files that can be made again.
//
//   node tests/web/pictures.mjs PROGRAM [FOLDER]      (default: datasets/demo/pictures; Chromium itself writes WebP)
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, serving, toured } from "./browser.mjs";

const [program, into = new URL("../../datasets/demo/pictures/", import.meta.url).pathname] = process.argv.slice(2);
assert(program, "usage: node tests/web/pictures.mjs PROGRAM [FOLDER]");
const LIMIT = 80_000;
mkdirSync(into, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "medring-pictures-"));
const [world, ws, secret] = ["world", "ws", "password"].map((name) => join(folder, name));
const PASSWORD = "correct horse battery";
writeFileSync(secret, `${PASSWORD}\n`);
const run = (...words) => {
  const ended = spawnSync(program, words, { encoding: "utf8" });
  assert.equal(ended.status, 0, `${words.join(" ")}: ${ended.stderr}`);
};
run("synth", world, "--preset", "demo", "--seed", "1");
run("init", ws);
run("ingest", "run", "--workspace", ws, world);
for (const [name, role] of [["wang", "investigator"], ["zhao", "reviewer"], ["guan", "administrator"]])
  run("user", "add", name, "--role", role, "--workspace", ws, "--password-file", secret);
const { base, stop } = await serving(program, ["serve", ws, "--listen", "127.0.0.1:0"]);
const browser = await launch();
const still = (page) => page.waitForFunction(() => !document.querySelector(".busy, .loading") && document.querySelector("main")?.innerText.length > 20);

async function signed(name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "zh-CN", reducedMotion: "reduce" });
  await toured(context);
  const page = await context.newPage();
  await page.goto(base);
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", PASSWORD);
  await page.click(".signin button[type=submit]");
  await page.waitForSelector("#who");
  const write = (path, body) => page.evaluate(async ([path, body]) => {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json", "x-medring": "page" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }, [path, body]);
  const read = (path) => page.evaluate(async (path) => (await fetch(path)).json(), path);
  return { context, page, write, read };
}

/** As WebP, with the best quality that stays below the limit. */
async function picture(context, page, name) {
  // A canvas is drawn in the frame after its model came, and what stands beside it asks only then.
  const frames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))));
  for (let times = 0; times < 2; times++) {
    await still(page);
    await frames();
  }
  const devtools = await context.newCDPSession(page);
  for (const quality of [80, 65, 50, 35]) {
    const { data } = await devtools.send("Page.captureScreenshot", { format: "webp", quality });
    const bytes = Buffer.from(data, "base64");
    if (bytes.length > LIMIT && quality > 35) continue;
    assert(bytes.length <= LIMIT, `${name} has ${bytes.length} bytes`);
    writeFileSync(join(into, `${name}.webp`), bytes);
    console.log(`  ${name}.webp ${bytes.length}`);
    return;
  }
}

try {
  const wang = await signed("wang");
  const { rings } = await wang.read("/v1/rings");
  const [first, second] = rings;
  const opened = await wang.write("/v1/cases", { title: "银溪县异地住院", rings: [first.id] });
  await wang.write(`/v1/cases/${opened.case.id}/staff`, { owner: "wang", second: "zhao", members: [] });
  await wang.write(`/v1/cases/${opened.case.id}/steps`, { to: "check", why: "" });
  await wang.write("/v1/cases", { title: "龙坝县挂床", rings: [second.id] });
  const { members } = await wang.read(`/v1/rings/${first.id}`);
  const [a, b] = members.filter((one) => one.party.kind === "person").map((one) => one.party.token);
  const screens = [
    ["leads", "/rings"], ["why", `/ring/${first.id}`], ["members", `/ring/${first.id}?tab=members`], ["graph", `/ring/${first.id}?tab=graph`],
    ["timeline", `/ring/${first.id}?tab=timeline`], ["evidence", `/ring/${first.id}?tab=evidence`], ["counter", `/ring/${rings[rings.length - 1].id}?tab=against`],
    ["explore", `/explore?ring=${first.id}&sel=${a}`], ["paths", `/path?from=${a}&to=${b}&k=3`], ["party", `/entity/${a}`],
    ["cases", "/cases"], ["case", `/case/${opened.case.id}`], ["data", "/data"],
  ];
  const guan = await signed("guan");
  for (const lang of ["zh", "en"]) {
    for (const [name, path] of screens) {
      await wang.page.goto(`${base}${path}${lang === "en" ? `${path.includes("?") ? "&" : "?"}lang=en` : ""}`);
      await picture(wang.context, wang.page, `${name}-${lang}`);
    }
    await guan.page.goto(`${base}/settings${lang === "en" ? "?lang=en" : ""}`);
    await guan.page.waitForSelector("#add-account");
    await picture(guan.context, guan.page, `settings-${lang}`);
    await wang.page.evaluate(() => localStorage.removeItem("medring.lang"));
  }
} finally {
  await browser.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
