// The real page in a real Chromium: from the first visit of the demo to evidence, canvas, paths, language and reload.
//
//   node tests/web/page.mjs PROGRAM [FOLDER FOR PICTURES]
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as own from "./browser.mjs";

const [program, pictures] = process.argv.slice(2);
assert(program, "usage: node tests/web/page.mjs PROGRAM [FOLDER FOR PICTURES]");
if (pictures) mkdirSync(pictures, { recursive: true });

const folder = mkdtempSync(join(tmpdir(), "medring-page-"));
const { base, stop } = await own.serving(program, ["demo", "--dir", folder, "--listen", "127.0.0.1:0"]);
const browser = await own.launch();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN", reducedMotion: "reduce" });
const page = await context.newPage();
const complaints = [];
own.listen(page, base, complaints);

let step = "start";
const at = (name) => {
  step = name;
  console.log(`  ${name}`);
};
const text = (selector) => page.locator(selector).first().innerText();
const still = async () => {
  await page.waitForFunction(() => !document.querySelector(".busy, .loading") && document.querySelector("main")?.innerText.length > 20);
};
const shot = async (name) => {
  if (pictures) {
    await still();
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  }
};
const accessible = (name) => own.accessible(page, name);
const counts = () => page.locator("[data-nodes]").first().evaluate((element) => [Number(element.dataset.nodes), Number(element.dataset.links)]);
const reloaded = async () => {
  await still();
  const before = [page.url(), await page.locator("main").innerText()];
  await page.reload();
  await still();
  await page.waitForFunction((wanted) => document.querySelector("main").innerText === wanted, before[1]).catch(() => {});
  assert.deepEqual([page.url(), await page.locator("main").innerText()], before);
};

try {
  at("the first visit shows leads, in Chinese, with nobody's name");
  const started = Date.now();
  await page.goto(base);
  await page.waitForSelector(".rings li");
  console.log(`    first list after ${Date.now() - started} ms`);
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
  assert(await page.locator("#open-access").isVisible(), "nothing says that everybody reads everything");
  at("a tour of five steps, which keys alone go through, and which is shown once");
  for (let number = 1; number <= 5; number++) {
    await page.waitForSelector(`.tour[data-step="${number}"]`);
    await page.waitForSelector(".toured");
    if (number === 2) await accessible("tour");
    await page.locator("#tour-next").focus();
    await page.keyboard.press("Enter");
  }
  await page.waitForSelector(".tour", { state: "detached" });
  await page.goto(base);
  await page.waitForSelector(".rings li");
  await still();
  assert.equal(await page.locator(".tour").count(), 0, "the tour comes again");

  const rows = await page.locator(".rings li").count();
  assert(rows >= 5, `only ${rows} leads`);
  await accessible("inbox");
  await shot("inbox-zh");

  at("keys alone open a lead");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const ring = await page.locator(".rings li.on").getAttribute("data-ring");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".waterfall");
  assert(page.url().includes(`/ring/${ring}`));

  at("a reason opens its source rows");
  const factor = page.locator("button.step").first();
  await factor.click();
  await page.waitForSelector(".factrows tbody tr");
  const [, all] = (await text(".factrows p")).match(/\d+ \/ (\d+)/);
  const promised = Number((await factor.innerText()).match(/(\d+) 行/)[1]);
  assert.equal(Number(all), promised, "the reason promises other rows than it shows");
  assert.match(await text(".factrows tbody td:last-child"), /\.csv:\d+/);
  await accessible("dossier");
  await shot("why-zh");
  await reloaded();

  at("every tab of the dossier has something to say");
  for (const tab of ["members", "graph", "timeline", "evidence", "evolution", "against"]) {
    await page.click(`[data-tab="${tab}"]`);
    await still();
    await page.waitForSelector({ graph: "canvas", timeline: "svg.timeline rect", against: ".against, section p" }[tab] ?? "tbody tr");
    await shot(`${tab}-zh`);
    if (tab !== "graph" && tab !== "timeline") continue;
    // Every drawing has a table of the same.
    await page.click("#twin");
    await page.waitForSelector(".dossier tbody tr");
    await accessible(`${tab} as a table`);
    await reloaded();
    await page.click("#twin");
  }

  at("the canvas expands with counts first, and takes it back");
  await page.goto(`${base}/explore?ring=${ring}&view=table`);
  await page.waitForSelector("tbody tr");
  await page.locator("tr[data-token]", { hasText: "参保人" }).first().click();
  await page.waitForSelector("[data-expand]");
  const before = await counts();
  const kind = page.locator("[data-expand]").last();
  assert.match(await kind.locator("xpath=..").innerText(), /\d/, "no count before expanding");
  const requests = [];
  const listen = (request) => request.url().includes("/neighbours") && requests.push(request.url());
  page.on("request", listen);
  await kind.click();
  await page.waitForFunction((nodes) => Number(document.querySelector("[data-nodes]").dataset.nodes) > nodes, before[0]).catch(() => {});
  let after = await counts();
  if (after[0] === before[0]) {
    await page.keyboard.press("e");
    await page.waitForFunction((nodes) => Number(document.querySelector("[data-nodes]").dataset.nodes) > nodes, before[0]);
    after = await counts();
  }
  page.off("request", listen);
  assert(requests.length <= 2, "more than one request for an expansion");
  await page.keyboard.press("p");
  await page.waitForFunction(() => location.search.includes("*p."));
  await still();
  const pinned = await counts();
  await reloaded();
  assert.deepEqual(await counts(), pinned);
  await page.click("button[title=t]");
  await page.waitForSelector("canvas");
  await accessible("canvas");
  await shot("explore-zh");
  for (let times = 0; times < 4 && !(await page.locator("button[title=u]").isDisabled()); times++) {
    await page.keyboard.press("u");
    await still();
  }
  await page.waitForFunction((nodes) => Number(document.querySelector("[data-nodes]").dataset.nodes) === nodes, before[0]);
  assert.deepEqual(await counts(), before);
  const canvas = await page.locator("canvas").boundingBox();
  await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + canvas.height / 2);
  await page.mouse.wheel(0, -300);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".menu summary").then(() => page.click(".menu >> text=SVG"))]);
  assert.equal(download.suggestedFilename(), "medring.svg");

  at("a path leads from one member to another, and each step to its rows");
  await page.goto(`${base}/ring/${ring}?tab=members&kind=person`);
  await page.waitForSelector("tbody tr");
  const tokens = await page.locator("td a.party").evaluateAll((links) => links.map((link) => new URL(link.href).pathname.split("/").pop()));
  await page.locator('td.acts a[title="由此出发找路径"]').first().click();
  await page.waitForSelector('[data-end="from"] .chosen');
  await page.goto(`${base}/path?from=${tokens[0]}&to=${tokens[1]}&k=3`);
  await page.waitForSelector(".pathlist li");
  await page.locator("[data-hop]").first().click();
  await page.waitForSelector(".hops tbody tr");
  assert.match(await text(".hops tbody"), /setl_d:|mdtrt_d:|x_ident:|psn_info_b:|out_appy_d:/);
  await accessible("paths");
  await shot("path-zh");
  await reloaded();

  at("a party has a page; an identifier is found only as a whole");
  await page.locator("a.stop").nth(1).click();
  await page.waitForSelector(".entity h1");
  await accessible("entity");
  await shot("entity-zh");
  const code = (await page.locator(".entity h1").innerText()).trim();
  await page.goto(`${base}/rings`);
  await page.waitForSelector(".rings li");
  await page.keyboard.press("/");
  await page.fill(".dialog input", ring);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".hits button");
  assert((await text(".hits")).includes(ring), `${code} ${ring}`);
  await page.keyboard.press("Escape");

  at("English says the same, and stays after a reload");
  await page.goto(`${base}/ring/${ring}`);
  await page.waitForSelector(".waterfall");
  const score = await text(".result b");
  await page.click("#language");
  await page.waitForFunction(() => document.documentElement.lang === "en");
  assert.equal(await text(".result b"), score);
  assert.match(await text("main"), /Suspected lead/);
  await reloaded();
  for (const [name, path] of [["inbox", "/rings?"], ["why", `/ring/${ring}?`], ["graph", `/ring/${ring}?tab=graph&`], ["explore", `/explore?ring=${ring}&`], ["path", `/path?from=${tokens[0]}&to=${tokens[1]}&`], ["data", "/data?"]]) {
    await page.goto(`${base}${path}lang=en`);
    await still();
    const shown = await page.locator("nav, .top, .tabs, th, dt").allInnerTexts();
    assert.doesNotMatch(shown.join(" ").replace("中文", ""), /[\u4e00-\u9fff]/, `Chinese words on the English ${name}`);
    await shot(`${name}-en`);
  }

  at("help, dark colours, go-to keys");
  await page.keyboard.press("?");
  await page.waitForSelector("dl.keys");
  await page.keyboard.press("Escape");
  await page.locator("button[title=Theme]").click();
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.waitForSelector(".rings li");
  await accessible("dark inbox");
  await shot("inbox-dark-en");

  assert.deepEqual(complaints, [], "the console, or a request of elsewhere");
  console.log("page: all well");
} catch (error) {
  await own.failed(step, page, pictures, complaints);
  process.exitCode = 1;
  throw error;
} finally {
  await browser.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
