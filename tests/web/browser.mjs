// What the tests of the page share: a Chromium that asks nobody, a program that serves, and what is wrong on a page.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

const found = [process.env.MEDRING_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = found.find((path) => path && existsSync(path));
assert(executablePath, "no Chromium: install Debian's package chromium, or name one in MEDRING_CHROMIUM");

// Chromium asks its maker's hosts about updates unless told not to; the machines of these tests have no way out.
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
export const launch = (...more) => chromium.launch({ executablePath, args: [...FLAGS, ...more] });

/** Somebody who went through the tour of the demo already. */
export const toured = (context) => context.addInitScript(() => localStorage.setItem("medring.tour", "done"));

/** A program that serves, and where. */
export async function serving(program, words) {
  const server = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
  const base = await new Promise((done, failed) => {
    let text = "";
    server.stderr.on("data", (piece) => {
      text += piece;
      const said = text.match(/https?:\/\/[\d.:]+(?=\/ )/);
      if (said) done(said[0]);
    });
    server.on("exit", (code) => failed(new Error(`${words[0]} ended with ${code}: ${text}`)));
  });
  server.removeAllListeners("exit");
  const stop = async () => {
    const ended = new Promise((done) => server.on("exit", done));
    server.kill("SIGTERM");
    assert.equal(await ended, 0, `${words[0]} did not end well`);
  };
  return { base, stop };
}

/** Notes what the console says and who else is asked. */
export function listen(page, base, complaints) {
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["blob:", "data:"].includes(url.protocol) && url.origin !== base) complaints.push(`a request of elsewhere: ${url}`);
  });
  page.setDefaultTimeout(15_000);
}

/** Nothing grave for people who use a screen reader or see little. */
export async function accessible(page, name) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const grave = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  assert.deepEqual(grave.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`), [], name);
}

/** Says where a test ended before its time; with a picture, where pictures are wanted. */
export async function failed(step, page, pictures, complaints) {
  console.error(`at «${step}», ${page?.url()}`);
  if (pictures) await page?.screenshot({ path: join(pictures, "failed.png") }).catch(() => {});
  console.error(complaints.join("\n"));
}
