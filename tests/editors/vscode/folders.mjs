// A workspace of two folders with settings of their own, and a scan of all their files.
import path from "node:path";
import { configure, expected, say, until, withVsCode } from "./session.mjs";
import { Window } from "./window.mjs";

const many = path.join(path.dirname(process.env.WORK), "many", ".vscode", "settings.json");
const without = (left) => expected.findings.filter(({ code }) => code !== left);

configure(many, { "batten.ignore": ["BTN101"] });
await withVsCode(async (page) => {
  const window = new Window(page);
  const scanning = window.toast.filter({ hasText: "Batten scans" });
  const found = window.toast.filter({ hasText: "findings in" });

  await window.open("client.py");
  await window.underlined(expected.findings);
  await window.open("other.py");
  await window.underlined(without("BTN101"));
  await window.picture("folders");
  say("each folder has its settings");

  configure(many, { "batten.ignore": ["BTN102"] });
  await window.underlined(without("BTN102"));
  await window.open("client.py");
  await window.underlined(expected.findings);
  const open = expected.findings.length + without("BTN102").length;
  await window.counted(open);
  say("a setting of one folder changes nothing in the other");

  await window.run("Batten: Scan Workspace");
  await scanning.filter({ hasText: /\d+ of \d+ files/ }).waitFor();
  await scanning.locator(".monaco-button", { hasText: "Cancel" }).click();
  await scanning.waitFor({ state: "hidden" });
  await window.counted(open);
  if (await found.isVisible()) throw new Error("it was cancelled, and told findings");
  say("a scan can be cancelled");

  await window.run("Batten: Scan Workspace");
  await scanning.filter({ hasText: /\d+ of \d+ files/ }).waitFor();
  await window.picture("progress");
  await found.waitFor();
  const told = (await found.innerText()).replaceAll("\n", " ");
  if (!told.includes(expected.scanned)) throw new Error(`not ${expected.scanned}: ${told}`);
  await window.counted(expected.all);
  await window.picture("scanned");
  await found.locator(".monaco-button", { hasText: "Show Problems" }).click();
  await page.locator(".markers-panel .monaco-list-row").first().waitFor();
  await window.picture("problems");
  await until("all are listed", async () => (await page.locator(".part.panel").innerText()).includes(String(expected.all)));
  say(`scanned: ${told}`);
});
