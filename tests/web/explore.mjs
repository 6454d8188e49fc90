// The command palette and the canvas in a real Chromium without WebGL: lasso, show as one, filter, take back, draft, files.
//
//   node tests/web/explore.mjs PROGRAM [FOLDER FOR PICTURES]
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { accessible, failed, launch, listen, serving, toured } from "./browser.mjs";

const [program, pictures] = process.argv.slice(2);
assert(program, "usage: node tests/web/explore.mjs PROGRAM [FOLDER FOR PICTURES]");
if (pictures) mkdirSync(pictures, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "medring-explore-"));
const { base, stop } = await serving(program, ["demo", "--dir", folder, "--listen", "127.0.0.1:0"]);
const browser = await launch("--disable-3d-apis");
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN", reducedMotion: "reduce" });
await toured(context);
const page = await context.newPage();
const complaints = [];
listen(page, base, complaints);
let step = "start";
const at = (name) => console.log(`  ${(step = name)}`);
const shot = async (name) => pictures && page.screenshot({ path: join(pictures, `${name}.png`) });
const counts = () => page.locator("[data-nodes]").evaluate((element) => [Number(element.dataset.nodes), Number(element.dataset.links)]);
/** Waits until the canvas shows what the address says. */
const still = async () => {
  const frames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));
  await frames();
  await page.waitForFunction(() => document.querySelector("[data-nodes]:not(.busy)")?.dataset.nodes > 0);
  await frames();
};
const after = async (deed, changes = true) => {
  const before = [await counts(), page.url()];
  await deed();
  if (changes) await page.waitForFunction((url) => location.href !== url, before[1]);
  await still();
  return [before[0], await counts()];
};
const press = (key) => after(() => page.keyboard.press(key));
const leave = () => page.evaluate(() => document.activeElement?.blur());
const bytes = async (name) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".menu summary").then(() => page.click(`.menu >> text=${name}`))]);
  return readFileSync(await download.path());
};
const file = async (name) => (await bytes(name)).toString("utf8");
/** A file of an archive, as its directory names it. */
const unpacked = (archive, name) => {
  let at = archive.readUInt32LE(archive.lastIndexOf("PK\x05\x06") + 16);
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [packed, long, extra, remark, from] = [archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32), archive.readUInt32LE(at + 42)];
    if (archive.toString("utf8", at + 46, at + 46 + long) === name) {
      const begin = from + 30 + archive.readUInt16LE(from + 26) + archive.readUInt16LE(from + 28);
      const piece = archive.subarray(begin, begin + packed);
      return (archive.readUInt16LE(at + 10) === 8 ? inflateRawSync(piece) : piece).toString("utf8");
    }
    at += 46 + long + extra + remark;
  }
  throw new Error(`no ${name}`);
};
/** Elements of a file, as a reader of XML finds them. */
const elements = (xml, name) => page.evaluate(([xml, name]) => {
  const document = new DOMParser().parseFromString(xml, "application/xml");
  if (document.querySelector("parsererror")) throw new Error(document.documentElement.textContent);
  return [...document.getElementsByTagName(name)].map((one) => Object.fromEntries([
    ...[...one.getElementsByTagName("data")].map((data) => [data.getAttribute("key"), data.textContent]),
    ...[...one.attributes].map((attribute) => [attribute.name, attribute.value]),
  ]));
}, [xml, name]);
const places = async () => new Map((await elements(await file("GraphML"), "node")).map((one) => [one.id, `${one.x} ${one.y}`]));

try {
  at("no WebGL; commands are found by characters, pinyin, initials and English");
  await page.goto(base);
  await page.waitForSelector(".rings li");
  assert(!(await page.evaluate(() => document.createElement("canvas").getContext("webgl"))), "WebGL is on");
  const ring = await page.locator(".rings li").first().getAttribute("data-ring");
  for (const [typed, path] of [["路径", "/path"], ["shuju", "/data"], ["aj", "/cases"], ["settings", "/settings"], ["xians", "/rings"], ["tansuo", "/explore"]]) {
    await page.keyboard.press("Control+k");
    await page.fill(".dialog input", typed);
    await page.keyboard.press("Enter");
    await page.waitForFunction((path) => location.pathname === path, path);
  }
  // A screen offers its own actions, and a word with a choice finds the choice.
  await page.goto(`${base}/rings`);
  await page.waitForSelector(".rings li");
  await page.keyboard.press("Control+k");
  await page.fill(".dialog input", "jjzf");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search.includes("sort=fund"));
  await page.keyboard.press("Control+k");
  await page.fill(".dialog input", "zzzz");
  assert.equal(await page.locator("#commands li").count(), 0);
  await page.fill(".dialog input", "");
  await accessible(page, "palette");
  await shot("palette-zh");
  await page.keyboard.press("Escape");

  at("a lasso selects; several are shown as one, and taken apart again");
  await page.goto(`${base}/explore?ring=${ring}`);
  await still();
  const whole = await counts();
  const box = await page.locator("canvas").boundingBox();
  const draw = async (corners) => {
    await page.keyboard.press("b");
    const [[x, y], ...rest] = corners.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (const [x, y] of [...rest]) await page.mouse.move(x, y, { steps: 5 });
    await page.mouse.up();
  };
  await draw([[0.02, 0.02], [0.55, 0.02], [0.55, 0.75], [0.02, 0.75]]);
  await page.waitForSelector("#combine");
  const number = Number((await page.locator(".inspector h3").innerText()).match(/\d+/)[0]);
  assert(number > 1 && number < whole[0], `${number} of ${whole}`);
  const [, combined] = await press("c");
  assert.equal(combined[0], whole[0] - number + 1);
  assert(combined[1] < whole[1]);
  await shot("combined-zh");
  const [, undone] = await press("u");
  assert.deepEqual(undone, whole);
  assert.deepEqual((await press("U"))[1], combined);
  await page.keyboard.press("t");
  await page.locator("tr[data-token]", { hasText: `×${number}` }).click();
  assert.deepEqual((await after(() => page.click("#split")))[1], whole);
  assert.equal(decodeURIComponent(page.url()).includes("*x."), true);

  at("by keys alone: a table of the same, choose, hide, invert, take back");
  await leave();
  while (!(await page.evaluate(() => document.activeElement?.matches("tr[data-token] input")))) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.waitForSelector("tr[data-token].on");
  assert.equal(await page.locator("tr[data-token].on").count(), 1);
  await accessible(page, "table of the canvas");
  await leave();
  await page.keyboard.press("i");
  await page.waitForFunction((many) => document.querySelectorAll("tr[data-token].on").length === many, whole[0] - 1);
  await page.keyboard.press("i");
  await page.waitForFunction(() => document.querySelectorAll("tr[data-token].on").length === 1);
  const [, hidden] = await press("h");
  assert.equal(hidden[0], whole[0] - 1);
  assert.equal(await page.locator("tr[data-token]").count(), hidden[0]);
  assert.deepEqual((await press("u"))[1], whole);
  await page.keyboard.press("t");

  at("keys move and zoom the camera");
  const drawn = () => page.locator("canvas").evaluate((element) => element.toDataURL().slice(-2000));
  await page.locator("canvas").focus();
  for (const key of ["+", "ArrowRight", "-"]) {
    const picture = await drawn();
    await page.keyboard.press(key);
    await page.waitForFunction((old) => document.querySelector("canvas").toDataURL().slice(-2000) !== old, picture);
  }
  await leave();
  await page.keyboard.press("f");
  await still();

  at("what is pinned stays where it is, whatever is laid out anew or expanded");
  await draw([[0.02, 0.02], [0.98, 0.02], [0.98, 0.4], [0.02, 0.4]]);
  await page.waitForSelector("#combine");
  await press("p");
  const before = await places();
  const pinned = (await elements(await file("GraphML"), "node")).filter((one) => one.pinned === "true").map((one) => one.id);
  assert(pinned.length > 1);
  await leave();
  await press("l");
  const then = await places();
  for (const token of pinned) assert.equal(then.get(token), before.get(token), "a pinned party moved");
  assert([...before.keys()].some((token) => then.get(token) !== before.get(token)), "nothing was laid out");
  await press("u");
  await press("u");

  at("days and kinds filter graph and table, in the address and in what undo takes back");
  await page.keyboard.press("t");
  const first = await page.locator(".brush input[name=from]").inputValue();
  assert.match(first, /^20\d\d-/);
  const middle = await page.locator(".brush svg").boundingBox();
  await after(async () => {
    await page.mouse.move(middle.x + middle.width * 0.1, middle.y + 8);
    await page.mouse.down();
    await page.mouse.move(middle.x + middle.width * 0.45, middle.y + 8, { steps: 4 });
    await page.mouse.up();
  });
  const window = await counts();
  assert(window[1] < whole[1], "days filter nothing");
  assert.equal(await page.locator("tr[data-token]").count(), window[0]);
  const [, fewer] = await after(() => page.click('[data-kind="doctor"], [data-kind="institution"] >> nth=0'));
  assert(fewer[0] < window[0]);
  await page.reload();
  await still();
  assert.deepEqual(await counts(), fewer);
  await shot("window-zh");

  at("files hold exactly what is seen");
  await page.keyboard.press("t");
  const gexf = await file("GEXF");
  const graphml = await file("GraphML");
  for (const [xml, node, edge] of [[graphml, "node", "edge"], [gexf, "node", "edge"]])
    assert.deepEqual([(await elements(xml, node)).length, (await elements(xml, edge)).length], fewer);
  const lines = (text) => text.trim().split("\r\n").length - 1;
  assert.deepEqual([lines(await file("CSV 主体")), lines(await file("CSV 关联"))], fewer);
  const book = await bytes("XLSX");
  const rows = [1, 2].map((sheet) => unpacked(book, `xl/worksheets/sheet${sheet}.xml`).match(/<row /g).length - 1);
  assert.deepEqual(rows, fewer, "the workbook is not what is seen");
  assert.match(await file("SVG"), /^<svg /);
  assert.match(await file("PNG"), /PNG/);

  at("undone steps outlive a reload, and a draft outlives leaving");
  await leave();
  await press("u");
  await page.reload();
  await still();
  assert.deepEqual(await counts(), window);
  assert.deepEqual((await press("U"))[1], fewer);
  await page.goto(`${base}/rings`);
  await page.waitForSelector(".rings li");
  await page.goto(`${base}/explore?ring=${ring}`);
  await still();
  await page.waitForSelector("#draft");
  assert.deepEqual(await counts(), whole);
  await after(() => page.click("#draft"));
  assert.deepEqual(await counts(), fewer);
  while (!(await page.locator('button[title="u"]').isDisabled())) await press("u");
  assert.deepEqual(await counts(), whole);

  at("steps too long for an address stay in the browser that made them, and elsewhere the page says so");
  await page.goto(`${base}/explore?ring=${ring}&view=table`);
  await still();
  const tokens = await page.locator("tr[data-token]").evaluateAll((rows) => rows.map((row) => row.dataset.token.slice(0, 8)).join(""));
  await page.goto(`${base}/explore?ring=${ring}&s=${Array(30).fill(`n.${tokens}`).join("*")}`);
  await still();
  await press("l");
  assert.match(new URL(page.url()).searchParams.get("s"), /^@/);
  const kept = await file("GraphML");
  assert.equal((await elements(kept, "node")).filter((one) => one.pinned === "true").length, whole[0]);
  await page.reload();
  await still();
  assert.equal(await file("GraphML"), kept);
  const elsewhere = await (await browser.newContext({ locale: "zh-CN" })).newPage();
  await elsewhere.goto(page.url());
  await elsewhere.waitForSelector(".past");
  assert.match(await elsewhere.locator(".past").innerText(), /步骤过长/);
  await elsewhere.close();

  at("what is not shown one by one is one with its number; one request for an expansion");
  await page.goto(`${base}/explore?ring=${ring}&view=table`);
  await still();
  await page.locator("tr[data-token]", { hasText: "医疗机构" }).first().click();
  await page.waitForSelector("[data-aggregate=person]");
  const all = Number((await page.locator(".kind", { has: page.locator("[data-aggregate=person]") }).locator(".num").innerText()).replace(/,/g, ""));
  await after(() => page.click("[data-aggregate=person]"));
  const stack = await page.locator("tr[data-token]", { hasText: "×" }).first().innerText();
  const rest = Number(stack.match(/×([\d,]+)/)[1].replace(/,/g, ""));
  assert(rest > 0 && rest < all, `${rest} of ${all}`);
  await leave();
  const requests = [];
  page.on("request", (request) => request.url().includes("/neighbours") && requests.push(request.url()));
  await press("e");
  assert.equal(requests.length, 1);
  await page.waitForFunction(() => ![...document.querySelectorAll("tr[data-token]")].some((row) => row.innerText.includes("×")));
  await page.keyboard.press("t");
  await page.waitForTimeout(300);
  await accessible(page, "canvas");
  await shot("expanded-zh");

  at("dark colours and English: nothing grave, no Chinese word");
  await page.click("#language");
  await page.locator("button[title=Theme]").click();
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  await still();
  await accessible(page, "dark canvas");
  const words = async (where) => assert.doesNotMatch((await page.locator("button, th, summary, label, dt, li[role=option] span:first-child").allInnerTexts()).join(" ").replace("中文", ""), /[\u4e00-\u9fff]/, where);
  await words("canvas");
  await page.keyboard.press("Control+k");
  await words("palette");
  await accessible(page, "dark palette");
  await page.keyboard.press("Escape");
  await page.click("#epoch");
  await page.waitForSelector(".epochs button");
  await words("epochs");
  await accessible(page, "dark epochs");
  await shot("epochs-dark-en");
  await page.keyboard.press("Escape");
  await page.goto(`${base}/ring/${ring}?tab=graph&view=table&lang=en`);
  await page.waitForSelector("tr[data-token]");
  await accessible(page, "table of a ring's graph");
  await page.goto(`${base}/cases?lang=en`);
  await page.waitForSelector(".first pre");
  await accessible(page, "cases without accounts");

  assert.deepEqual(complaints, [], "the console, or a request of elsewhere");
  console.log("explore: all well");
} catch (error) {
  await failed(step, page, pictures, complaints);
  process.exitCode = 1;
  throw error;
} finally {
  await browser.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
