// Accounts and cases in a real Chromium: sign in, open a case, a second officer agrees, reveal with a watermark, and the log.
//
//   node tests/web/office.mjs PROGRAM [FOLDER FOR PICTURES]
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, failed, launch, listen, serving } from "./browser.mjs";

const [program, pictures] = process.argv.slice(2);
assert(program, "usage: node tests/web/office.mjs PROGRAM [FOLDER FOR PICTURES]");
if (pictures) mkdirSync(pictures, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "medring-office-"));
const [world, ws, secret] = ["world", "ws", "password"].map((name) => join(folder, name));
const run = (...words) => {
  const ended = spawnSync(program, words, { encoding: "utf8" });
  assert.equal(ended.status, 0, `${words.join(" ")}: ${ended.stderr}`);
  return ended.stdout;
};
const PASSWORD = "correct horse battery";
writeFileSync(secret, `${PASSWORD}\n`);
run("synth", world, "--preset", "demo", "--seed", "1");
run("init", ws);
// Two batches: what comes second brings leads that the first epoch does not have.
const late = join(folder, "late");
mkdirSync(late);
for (const table of ["fee_list_d.csv", "x_ident.csv"]) renameSync(join(world, table), join(late, table));
run("ingest", "run", "--workspace", ws, world);
run("ingest", "run", "--workspace", ws, late);
const ACCOUNTS = [["lin", "investigator"], ["luo", "investigator"], ["audit", "auditor"], ["root", "administrator"], ["wei", "administrator"]];
for (const [name, role] of ACCOUNTS) run("user", "add", name, "--role", role, "--workspace", ws, "--password-file", secret);
const { base, stop } = await serving(program, ["serve", ws, "--listen", "127.0.0.1:0"]);
const browser = await launch();
const complaints = [];
let [step, page] = ["start", null];
const at = (name) => console.log(`  ${(step = name)}`);
const shot = async (name) => pictures && page.screenshot({ path: join(pictures, `${name}.png`) });

/** Somebody's own browser. */
async function enter(name, password = PASSWORD) {
  page ??= await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN", reducedMotion: "reduce" })).newPage();
  if (page.url() === "about:blank") {
    listen(page, base, complaints);
    await page.goto(base);
  }
  await page.waitForSelector(".signin");
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", password);
  await page.click(".signin button[type=submit]");
}
const another = async (name) => {
  page = null;
  await enter(name);
  await page.waitForSelector("#who");
};
const move = async (stage) => {
  await page.waitForSelector("#move");
  await page.selectOption("#move [name=to]", stage);
  await page.click("#move button[type=submit]");
};
const arrived = (stage) => page.waitForSelector(`.badge[data-stage="${stage}"]`);

try {
  at("nothing is shown to nobody; a wrong password says so");
  await enter("lin", "not the password");
  await page.waitForSelector(".trouble");
  assert.match(await page.locator(".trouble").innerText(), /MR-WEB-014/);
  assert.equal(await page.locator(".rings li").count(), 0);
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("401")));
  await accessible(page, "sign in");
  await shot("sign-in-zh");

  at("somebody who is signed in opens a case from a lead");
  await enter("lin");
  await page.waitForSelector(".rings li");
  assert.match(await page.locator("#who").innerText(), /lin/);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".waterfall");
  await page.keyboard.press("n");
  await page.fill(".dialog [name=title]", "浏览器里的案件");
  await accessible(page, "new case");
  await page.click(".dialog button[type=submit]");
  await arrived("lead");
  const path = new URL(page.url()).pathname;
  assert.match(path, /^\/case\/C-\d{4}-\d{4}$/);
  await page.click('[data-tab="evidence"]');
  await page.waitForSelector("#chain");
  assert.match(await page.locator("tbody tr").first().innerText(), /✓/);
  await accessible(page, "evidence of a case");
  await shot("case-evidence-zh");
  await page.click('[data-tab="rings"]');
  await page.waitForSelector(".caserings tbody tr");
  await page.click('[data-tab="overview"]');
  await page.selectOption("#staff [name=second]", "luo");
  await page.click("#staff button[type=submit]");
  for (const stage of ["check", "administrative", "investigation", "handover"]) {
    await move(stage);
    await arrived(stage);
  }

  at("a document is attached with its hash and comes back as it was; what only calls itself one is refused");
  const letter = join(folder, "笔录 1.txt");
  writeFileSync(letter, "询问笔录：<img src=x onerror=alert(1)>\n");
  await page.goto(`${base}${path}?tab=documents`);
  await page.waitForSelector("#attach");
  await page.setInputFiles("#attach input", letter);
  await page.click("#attach button");
  await page.waitForSelector('[data-document="1"]');
  await accessible(page, "documents of a case");
  await shot("case-documents-zh");
  const [got] = await Promise.all([page.waitForEvent("download"), page.click('[data-document="1"] a')]);
  assert.equal(readFileSync(await got.path(), "utf8"), readFileSync(letter, "utf8"));
  assert.equal(got.suggestedFilename(), "笔录 1.txt");
  const fake = join(folder, "照片.png");
  writeFileSync(fake, "<html>");
  await page.setInputFiles("#attach input", fake);
  await page.click("#attach button");
  await page.waitForSelector(".trouble");
  assert.equal(await page.locator("[data-document]").count(), 1);
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("400")));

  at("a document is taken out with a reason, which stays to be read, and put back; by keys alone");
  for (const [state, why] of [["true", "误传的笔录"], ["false", "并非误传"]]) {
    await page.focus('[data-document="1"] button');
    await page.keyboard.press("Enter");
    await page.waitForSelector("#removal");
    if (state === "true") await accessible(page, "take a document out");
    await page.keyboard.type(why);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`[data-document="1"][data-removed="${state}"]`);
    assert.equal(await page.locator('[data-document="1"] a').count(), state === "true" ? 0 : 1);
    assert.match(await page.locator('[data-document="1"]').innerText(), new RegExp(`lin[^]*${why}`));
    if (state === "true") await shot("case-document-out-zh");
  }

  at("a view of the canvas is kept in the case with a note, and opens as it was");
  await page.click('[data-tab="rings"]');
  const lead = await page.locator(".caserings a").first().innerText();
  await page.goto(`${base}/explore?ring=${lead}&view=table`);
  await page.waitForFunction(() => document.querySelector("[data-nodes]:not(.busy)")?.dataset.nodes > 0);
  await page.locator("tr[data-token]").nth(1).click();
  await page.waitForFunction(() => location.search.includes("sel="));
  await page.evaluate(() => document.activeElement?.blur());
  const nodes = () => page.locator("[data-nodes]").getAttribute("data-nodes");
  const all = await nodes();
  await page.keyboard.press("h");
  await page.waitForFunction((all) => document.querySelector("[data-nodes]:not(.busy)")?.dataset.nodes < all, Number(all));
  const left = await nodes();
  await page.click("#publish");
  await page.waitForSelector("#publish-canvas");
  await page.fill("#publish-canvas [name=title]", "去掉中心的图");
  await page.fill("#publish-canvas [name=note]", "两部手机联系了所有人");
  await accessible(page, "keep a canvas");
  await page.click("#publish-canvas button[type=submit]");
  await page.waitForSelector('[data-canvas="1"]');
  assert.match(await page.locator('[data-canvas="1"]').innerText(), /去掉中心的图[^]*两部手机/);
  await accessible(page, "canvases of a case");
  await shot("case-canvas-zh");
  await page.click('[data-canvas="1"] button');
  await page.waitForFunction((left) => document.querySelector("[data-nodes]:not(.busy)")?.dataset.nodes === left, left);

  at("what would be handed over is looked at, and asked for, by keys alone");
  await page.goto(`${base}${path}`);
  await page.waitForSelector("#move");
  await page.keyboard.press("8");
  await page.waitForSelector("#dry-run");
  assert.equal(await page.locator("#seal").count(), 0, "nobody has agreed");
  await page.focus("#dry-run");
  await page.keyboard.press("Enter");
  await page.waitForSelector('#contents [data-file="letter.html"]');
  assert.equal(await page.locator('[data-file="documents/0001.txt"]').count(), 1);
  assert.equal(await page.locator('[data-file="canvas-1.json"]').count(), 1);
  await page.click("#contents summary");
  assert(await page.locator("#contents details tbody tr").count() > 3, "nobody is named");
  await accessible(page, "hand-over");
  await shot("case-handover-zh");
  await page.focus("#ask-handover [name=why]");
  await page.keyboard.type("证据齐全");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#decide");
  assert.equal(await page.locator("#approve").count(), 0, "whoever asks can agree");
  await accessible(page, "case");
  await shot("case-asked-zh");

  at("the report of a week says what there is, in both languages, and leaves as files");
  await page.goto(`${base}/report`);
  await page.waitForSelector(".tools .button");
  const weeks = await page.locator(".tools .button").allInnerTexts();
  assert(weeks.some((week) => /^\d{4}-W\d\d$/.test(week)) && weeks.some((week) => /^\d{4}-\d\d$/.test(week)), weeks.join(" "));
  await page.click(`.tools >> text=${weeks.find((week) => week.includes("W"))}`);
  await page.waitForFunction(() => document.querySelectorAll("main table").length >= 4);
  const top = page.locator("main table").first().locator("tbody tr");
  assert(await top.count() > 0, "no lead in the report");
  await accessible(page, "report");
  await shot("report-zh");
  for (const form of ["HTML", "XLSX", "JSON"]) {
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click(`a.button >> text=${form}`)]);
    assert.match(saved.suggestedFilename(), new RegExp(`\\.${form.toLowerCase()}$`));
    assert(readFileSync(await saved.path()).length > 500, form);
  }
  await page.click("#language");
  await page.waitForFunction(() => document.documentElement.lang === "en");
  await page.waitForFunction(() => document.querySelectorAll("main table").length >= 4);
  assert.doesNotMatch((await page.locator("main h2, main th, main dt").allInnerTexts()).join(" "), /[\u4e00-\u9fff]/);
  await shot("report-en");
  await top.first().locator("a").click();
  await page.waitForSelector(".waterfall");
  await page.click("#language");

  at("until the end of a day: the same leads as now, and none before there was anything");
  await page.goto(`${base}/rings`);
  await page.waitForSelector(".rings li");
  for (const [day, some] of [["2001-01-01", false], ["2199-01-01", true]]) {
    await page.click("#epoch");
    await page.fill("#until [name=day]", day);
    await page.click("#until button");
    await page.waitForFunction((day) => location.search.includes(`as_of=${day}`), day);
    await page.waitForFunction((some) => (document.querySelectorAll(".rings li").length > 0) === some, some);
  }

  at("an earlier epoch goes along to every screen, stays in the address, and says what it cannot show");
  await page.goto(`${base}/rings`);
  await page.waitForSelector(".rings li");
  const leads = () => page.locator(".rings li").evaluateAll((rows) => rows.map((row) => row.dataset.ring));
  const now = await leads();
  await page.click("#epoch");
  await page.waitForSelector(".epochs button");
  await accessible(page, "epochs");
  await shot("epochs-zh");
  await page.locator(".epochs button").last().focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search.includes("as_of=1"));
  await page.waitForFunction((many) => document.querySelectorAll(".rings li").length < many, now.length);
  const then = await leads();
  assert(then.length > 0 && then.length < now.length && then.every((id) => now.includes(id)), `${then} ${now}`);
  assert.match(await page.locator("#past").innerText(), /1/);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".waterfall");
  assert.match(page.url(), /as_of=1/);
  const score = await page.locator(".result b").innerText();
  await page.click('[data-tab="graph"]');
  await page.waitForSelector("canvas");
  await page.click(".ringhead a.button >> nth=0");
  await page.waitForSelector("[data-nodes]");
  assert.match(page.url(), /\/explore\?.*as_of=1/);
  for (const [key, word] of [["p", "路径"], ["d", "现状"], ["c", "当前"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForSelector("#past.not");
    assert.match(page.url(), /as_of=1/);
    await page.waitForFunction((word) => document.querySelector("#past").innerText.includes(word), word);
  }
  await page.goto(`${base}/ring/${then[0]}?as_of=1`);
  await page.waitForSelector(".waterfall");
  assert.equal(await page.locator(".result b").innerText(), score);
  await page.click("#past button");
  await page.waitForFunction(() => !location.search.includes("as_of"));
  await page.waitForFunction((score) => document.querySelector(".result b").innerText !== score, score);
  await page.goto(`${base}/rings?as_of=99`);
  await page.waitForSelector(".trouble");
  assert.match(await page.locator(".trouble").innerText(), /as_of/);
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("400")));

  at("a second officer agrees, in a browser of their own");
  await another("luo");
  await page.goto(`${base}/cases`);
  await page.waitForSelector('[data-stage="handover"] .card');
  await accessible(page, "board");
  await shot("board-zh");
  await page.click('[data-stage="handover"] .card');
  await page.click("#approve");
  await arrived("receipt");

  at("the hand-over is sealed and downloaded as the second officer agreed to it, and its receipt stops the clock");
  const { public_key: key } = await page.evaluate((path) => fetch(`/v1${path.replace("case", "cases")}/bundle`).then((answer) => answer.json()), path);
  await page.click('[data-tab="handover"]');
  await page.waitForSelector("#seal");
  const [zip] = await Promise.all([page.waitForEvent("download"), page.click("#seal button[type=submit]")]);
  assert.equal(zip.suggestedFilename(), `${path.split("/").pop()}.zip`);
  assert.match(run("bundle", "verify", await zip.path(), "--key", key), new RegExp(path.split("/").pop()));
  await page.waitForSelector('[data-sealed="1"]');
  const kept = createHash("sha256").update(readFileSync(await zip.path())).digest("hex");
  assert(await page.locator('[data-sealed="1"]').innerText().then((text) => text.includes(kept)), "the case knows another hash");
  const slip = join(folder, "回执.txt");
  writeFileSync(slip, "已收到\n");
  await page.setInputFiles("#receive input", slip);
  await page.click("#receive button");
  await page.waitForSelector(".clock.met");
  assert.equal(await page.locator('#way [data-done="true"]').count(), 4);
  await accessible(page, "handed over");
  await shot("case-handed-over-zh");
  await page.click("#language");
  await page.waitForFunction(() => document.documentElement.lang === "en");
  assert.doesNotMatch((await page.locator("main h2, main th, main label, #way, main p.soft").allInnerTexts()).join(" "), /[\u4e00-\u9fff]/);
  await shot("case-handed-over-en");
  await page.click("#language");

  at("a reveal has a reason and a watermark, and ends");
  await page.goto(`${base}/rings`);
  await page.waitForSelector(".rings li");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".waterfall");
  await page.click('[data-tab="members"]');
  await page.click("text=参保人 >> nth=0");
  await page.waitForSelector("td a.party .id");
  const masks = await page.locator("td a.party .id").allInnerTexts();
  assert(masks.some((mask) => mask.includes("…")), "nobody is masked");
  await page.keyboard.press("m");
  await page.fill(".dialog [name=reason]", "核对病案");
  await accessible(page, "reveal");
  await page.click(".dialog button[type=submit]");
  await page.waitForSelector(".watermark");
  assert.equal(await page.locator(".watermark").getAttribute("data-account"), "luo");
  const shown = await page.locator("td a.party .id").allInnerTexts();
  assert.notDeepEqual(shown, masks);
  const raw = shown.find((id, at) => id !== masks[at]);
  assert(!page.url().includes(raw), "a name in the address");
  await shot("revealed-zh");
  await page.keyboard.press("m");
  await page.waitForSelector(".watermark", { state: "detached" });
  assert.deepEqual(await page.locator("td a.party .id").allInnerTexts(), masks);
  await page.click("#leave");
  await page.waitForSelector(".signin");

  at("two cases become one when somebody else agrees, and one becomes two");
  await another("luo");
  const made = [];
  for (const [at, title] of ["一个团伙", "同一个团伙"].entries()) {
    await page.goto(`${base}/rings`);
    await page.waitForSelector(".rings li");
    await page.goto(`${base}/ring/${await page.locator(".rings li").nth(at).getAttribute("data-ring")}`);
    await page.waitForSelector(".waterfall");
    await page.keyboard.press("n");
    await page.fill(".dialog [name=title]", title);
    await page.click(".dialog button[type=submit]");
    await arrived("lead");
    await page.selectOption("#staff [name=second]", "lin");
    await page.click("#staff button[type=submit]");
    await page.waitForFunction(() => [...document.querySelectorAll(".ringhead dd")].some((one) => one.innerText === "lin"));
    made.push(new URL(page.url()).pathname);
  }
  const [into, from] = made;
  await page.goto(`${base}${into}`);
  await page.focus("#merge summary");
  await page.keyboard.press("Enter");
  await page.selectOption("#merge [name=case]", from.split("/").pop());
  await page.waitForSelector("#merge-effect");
  await page.fill("#merge [name=why]", "两部手机相同");
  await accessible(page, "merge");
  await shot("case-merge-zh");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#decide");
  assert.equal(await page.locator("#approve").count(), 0, "whoever asks can agree");
  await another("lin");
  await page.goto(`${base}${into}`);
  await page.waitForSelector('#decide [data-change="takes_in"]');
  assert(await page.locator("#decide").innerText().then((text) => text.includes(from.split("/").pop())));
  await page.click("#approve");
  await page.waitForSelector("#split-case");
  await page.click('[data-tab="rings"]');
  assert.equal(await page.locator(".caserings").count(), 2);
  await page.goto(`${base}${from}`);
  await page.waitForSelector("#merged a");
  assert.equal(await page.locator("#move, #staff, #merge").count(), 0, "a case that went into another is worked on");
  await accessible(page, "a case that went into another");
  await shot("case-merged-zh");
  await page.click("#merged a");
  await page.waitForSelector("#split-case");
  await page.click("#split-case summary");
  await page.fill("#split-case [name=title]", "另一个团伙");
  await page.locator("#split-case [name=ring]").last().check();
  await page.fill("#split-case [name=why]", "没有共同的人");
  await accessible(page, "split");
  await shot("case-split-zh");
  await page.click("#split-case button");
  await page.waitForSelector("#decide");
  await another("luo");
  await page.goto(`${base}${into}`);
  await page.click("#approve");
  await page.click('[data-tab="steps"]');
  await page.waitForSelector('tr [data-change="splits"] a[href^="/case/"]');
  assert.equal(await page.locator('tr [data-change="takes_in"]').count(), 1);
  await shot("case-history-zh");
  await page.click('tr [data-change="splits"] a[href^="/case/"]');
  await page.waitForFunction(() => document.querySelector("h1")?.innerText === "另一个团伙");
  await page.click('[data-tab="rings"]');
  assert.equal(await page.locator(".caserings").count(), 1);
  await page.goto(`${base}/cases`);
  await page.waitForSelector(".card");
  assert.equal(await page.locator(".card", { hasText: from.split("/").pop() }).count(), 0, "a case that went into another is on the board");

  at("the auditor sees who did it, and nothing else");
  await another("audit");
  assert.equal(await page.locator('.rail a[href^="/rings"]:not(.logo)').count(), 0);
  await page.goto(`${base}/settings?lang=en`);
  await page.waitForSelector('tr[data-action="reveal"]');
  const entry = await page.locator('tr[data-action="reveal"]').first().innerText();
  assert(entry.includes("luo") && entry.includes("核对病案") && !entry.includes(raw), entry);
  await page.click("#verify");
  await page.waitForSelector("#verified");
  assert.match(await page.locator("#verified").innerText(), /the chain holds/);
  await accessible(page, "audit");
  await shot("audit-en");

  at("an auditor searches the log, and the address says for what");
  await page.fill(".fields [name=actor]", "luo");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => [...document.querySelectorAll("tbody tr td:nth-child(3)")].every((cell) => cell.innerText === "luo"));
  await page.fill(".fields [name=action]", "reveal");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  assert.equal(await page.locator(".fields [name=actor]").inputValue(), "luo");
  assert.equal(await page.locator("#add-account").count(), 0, "an auditor may make accounts");

  at("an administrator makes an account, locks it, and sees no lead");
  await another("root");
  assert.equal(await page.locator('.rail a[href^="/rings"]:not(.logo)').count(), 0);
  await page.goto(`${base}/settings`);
  await page.waitForSelector("#add-account");
  await accessible(page, "accounts");
  await page.fill("#add-account [name=name]", "chen");
  await page.selectOption("#add-account [name=role]", "reviewer");
  await page.fill("#add-account [name=regions]", "32");
  await page.fill("#add-account [name=password]", PASSWORD);
  await page.click("#add-account button[type=submit]");
  await page.waitForSelector('tr[data-account="chen"]');
  await shot("accounts-zh");
  const chen = () => page.locator('tr[data-account="chen"]').innerText();
  assert.match(await chen(), /复核人[^]*32[^]*待另一管理员同意 \(root\)/);
  assert.equal(await page.locator('tr[data-account="chen"] .agree').count(), 0, "whoever gave a password can agree to it");
  assert.equal(await page.locator('tr[data-account="root"] button').count(), 0, "one can lock oneself out");
  await page.fill("#add-account [name=name]", "chen");
  await page.fill("#add-account [name=password]", PASSWORD);
  await page.click("#add-account button[type=submit]");
  await page.waitForSelector(".trouble");
  assert.match(await page.locator(".trouble").innerText(), /账号已存在/);
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("400")));

  at("a password that somebody gave opens nothing before a second administrator agreed and its owner chose another");
  page = null;
  await enter("chen");
  await page.waitForSelector(".trouble");
  assert.match(await page.locator(".trouble").innerText(), /MR-WEB-023/);
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("403")));
  await another("wei");
  await page.goto(`${base}/settings`);
  await page.click('tr[data-account="chen"] .agree');
  await page.waitForFunction(() => document.querySelector('tr[data-account="chen"]').innerText.includes("待本人更换口令"));
  await shot("accounts-agreed-zh");
  page = null;
  await enter("chen");
  await page.waitForSelector("#choose-password");
  await accessible(page, "choose a password");
  await shot("choose-password-zh");
  assert.equal(await page.locator(".rings li, .rail a").count(), 0);
  await page.fill("#choose-password [name=old]", PASSWORD);
  await page.fill("#choose-password [name=new]", "chosen by chen");
  await page.click("#choose-password button[type=submit]");
  await page.waitForSelector("#who");
  await another("root");
  await page.goto(`${base}/settings`);
  await page.waitForSelector('tr[data-account="chen"]');
  assert.match(await chen(), /可登录/);
  await page.click('tr[data-account="chen"] button');
  await page.waitForFunction(() => document.querySelector('tr[data-account="chen"]').innerText.includes("已停用"));
  page = null;
  await enter("chen");
  await page.waitForSelector(".trouble");
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes("401")));

  assert.match(run("case", "ls", "--workspace", ws, "-o", "jsonl"), /"stage":"receipt"/);
  run("audit", "verify", "--workspace", ws);
  assert.deepEqual(complaints, [], "the console, or a request of elsewhere");
  console.log("office: all well");
} catch (error) {
  await failed(step, page, pictures, complaints);
  process.exitCode = 1;
  throw error;
} finally {
  await browser.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
