// A person works with the extension in VS Code: looks, fixes, types, saves, scans.
//
// Environment: as session.mjs, and EXPECTED: a file that test_vscode.py wrote, with what is to be seen.
import fs from "node:fs";
import path from "node:path";
import { say, until, withVsCode } from "./session.mjs";
import { Window } from "./window.mjs";

const { WORK, OUT, EXPECTED } = process.env;
const expected = JSON.parse(fs.readFileSync(EXPECTED, "utf8"));

const file = (name) => path.join(WORK, name);
const onDisk = (name) => fs.readFileSync(file(name), "utf8");
const saved = (name, text) => until(`${name} is saved`, () => onDisk(name) === text);

function configure(settings) {
  fs.mkdirSync(file(".vscode"), { recursive: true });
  fs.writeFileSync(file(".vscode/settings.json"), JSON.stringify(settings));
}

const shown = (findings) => findings.map(({ line, severity, text }) => `${line} ${severity} ${text}`);
const moved = (findings, by) => findings.map((finding) => ({ ...finding, line: finding.line + by }));

await withVsCode(async (page, logs) => {
  const window = new Window(page);
  const picture = (name) => page.screenshot({ path: path.join(OUT, `${name}.png`) });
  const status = page.locator(".statusbar-item", { hasText: "Batten" });
  let findings = expected.findings;
  const [first, second] = findings.filter(({ severity }) => severity === "warning");
  const looksRight = () => window.inTallWindow(() => window.underlined(shown(findings)));

  await window.open("client.py");
  await looksRight();
  say("squiggles are exactly under the holes");
  await until("the status counts them", async () => (await status.innerText()).includes(String(findings.length)));

  await window.goTo(first.line, first.column);
  const hover = await window.hover("After the fix");
  for (const part of expected.hover) {
    if (!hover.includes(part)) throw new Error(`the hover does not say ${part}:\n${hover}`);
  }
  await page.waitForTimeout(500); // it scrolls
  await picture("hover");
  await page.keyboard.press("Escape");
  say("the hover shows the witness");

  await window.quickFixes(expected.fix);
  await picture("quick-fix");
  await window.choose(expected.fix);
  findings = findings.filter((finding) => finding !== first);
  await looksRight();
  await window.save();
  await saved("client.py", expected.fixed);
  say("the preferred fix is on the disk");

  await window.goTo(second.line, second.column);
  const suppress = `Ignore ${second.code} on this line`;
  await window.quickFixes(suppress);
  await window.choose(suppress);
  findings = findings.filter(({ line }) => line !== second.line);
  await looksRight();
  if (onDisk("client.py") !== expected.fixed) throw new Error("saved without being asked to");
  await window.save();
  await until("the comment is saved", () => onDisk("client.py").includes(`# batten: ignore[${second.code}]`));
  say("a finding is accepted with a comment");

  await window.goTo(1, 1);
  await page.keyboard.press("Enter");
  findings = moved(findings, 1);
  await looksRight();
  say("findings move with what is typed above them");

  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\ndef half(a, b\n");
  await looksRight();
  say("half a function costs no finding");
  await page.keyboard.press("Control+Z");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Delete");
  findings = moved(findings, -1);
  await looksRight();

  configure({ "batten.ignore": ["BTN102"] });
  const all = findings;
  findings = all.filter(({ code }) => code !== "BTN102");
  await looksRight();
  configure({ "[python]": { "editor.codeActionsOnSave": { "source.fixAll.batten": "explicit" } } });
  findings = all;
  await looksRight();
  say("a setting counts at once, both ways");

  await window.run("Batten: Scan Workspace");
  const told = page.locator(".notification-toast", { hasText: "findings in" });
  await told.waitFor();
  say(`scanned: ${(await told.innerText()).replaceAll("\n", " ")}`);
  await told.locator(".monaco-button", { hasText: "Show Problems" }).click();
  await page.locator(".markers-panel").waitFor();
  await picture("problems");
  await page.keyboard.press("Control+J");
  await page.locator(".markers-panel").waitFor({ state: "hidden" });

  await window.run("Batten: Restart Server");
  await looksRight();
  await until("the log tells of two starts", () => starts(logs) === 2);
  say("started anew");

  await window.run("Batten: Explain Rule");
  await page.locator('.quick-input-widget input[aria-label^="Batten: Explain Rule"]').waitFor();
  await window.input.fill("BTN101");
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText: "BTN101" }).waitFor();
  await page.locator(".tab", { hasText: "client.py" }).click();
  say("a rule is explained beside the code");

  await window.open("placement.py");
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("# the end\n");
  await window.save();
  await saved("placement.py", expected.fixedAll);
  const left = findings.length + expected.leftAfterAll;
  await until(`${left} findings are left`, async () => (await status.innerText()).includes(`: ${left}`));
  await picture("fix-all");
  say("all is fixed on saving");
});

/** How often the bundled server was started, by the log of the extension. */
function starts(logs) {
  const all = fs.readdirSync(logs, { recursive: true }).filter((name) => name.endsWith("Batten.log"));
  const text = all.map((name) => fs.readFileSync(path.join(logs, name), "utf8")).join("");
  return text.split("Starting the server (bundled)").length - 1;
}
