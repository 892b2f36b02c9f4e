// A person works with the extension in VS Code: looks, fixes, types, saves.
import path from "node:path";
import { configure, expected, onDisk, saved, say, starts, until, withVsCode } from "./session.mjs";
import { Window } from "./window.mjs";

const settings = path.join(process.env.WORK, ".vscode/settings.json");

const moved = (findings, from, by) =>
  findings.map((finding) => (finding.line < from ? finding : { ...finding, line: finding.line + by }));

configure(settings, {});
await withVsCode(async (page, machine) => {
  const window = new Window(page);
  let findings = expected.findings;
  const [first, second] = findings.filter(({ severity }) => severity === "warning");

  await window.open("client.py");
  await window.underlined(findings);
  await window.counted(findings.length);
  say("squiggles are exactly under the holes");

  await window.goTo(first.line, first.column);
  await window.hover("after the fix", async (hover) => {
    const text = await hover.innerText({ timeout: 5_000 });
    for (const part of [first.code, ...expected.hover]) {
      if (!text.includes(part)) throw new Error(`the hover does not say ${part}:\n${text}`);
    }
    if (text.split(expected.message).length !== 2) throw new Error(`the message is not said once:\n${text}`);
    await window.picture("hover", await window.around(hover));
    say("the hover shows the witness, and says the message once");
    await hover.locator("a", { hasText: expected.rule.title }).click({ timeout: 5_000 });
  });
  await window.beside(expected.rule.words);
  await window.closeBeside("client.py", expected.rule.code);
  say("the link in the hover opens the page of the rule");

  await window.goTo(first.line, first.column);
  await window.quickFixes(expected.fix);
  await window.picture("quick-fix");
  await window.choose(expected.fix);
  findings = findings.filter((finding) => finding !== first);
  await window.underlined(findings);
  await window.save();
  await saved("client.py", expected.fixed);
  say("the preferred fix is on the disk");

  await window.goTo(second.line, second.column);
  const suppress = `Ignore ${second.code} on this line`;
  await window.quickFixes(suppress);
  await window.choose(suppress);
  findings = findings.filter(({ line }) => line !== second.line);
  await window.underlined(findings);
  if (onDisk("client.py") !== expected.fixed) throw new Error("saved without being asked to");
  await window.save();
  await saved("client.py", expected.suppressed);
  await window.picture("suppressed");
  say("a finding is accepted with a comment");

  await window.goTo(1, 1);
  await page.keyboard.press("Enter");
  await window.underlined(moved(findings, 0, 1));
  await window.picture("moved");
  await window.goTo(1, 1);
  await page.keyboard.press("Delete");
  await window.underlined(findings);
  say("findings move with what is typed above them");

  await window.goTo(expected.gap, 1);
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.insertText("    def half(self, name");
  await window.underlined(moved(findings, expected.gap, 1));
  await window.picture("half");
  await window.goTo(expected.gap, 1);
  for (const key of ["Shift+ArrowDown", "Delete"]) await page.keyboard.press(key);
  await window.underlined(findings);
  await window.save();
  await page.locator(".tab.dirty").waitFor({ state: "detached" });
  await saved("client.py", expected.suppressed);
  say("half a function costs no finding, and all is as it was");

  configure(settings, { "batten.ignore": [second.code] });
  await window.underlined(findings.filter(({ code }) => code !== second.code));
  await window.picture("setting");
  configure(settings, { "[python]": { "editor.codeActionsOnSave": { "source.fixAll.batten": "explicit" } } });
  await window.underlined(findings);
  say("a setting counts at once, both ways");

  await window.run("Batten: Restart Server");
  await until("the log tells of two starts", () => starts(machine, "bundled") === 2);
  await window.counted(findings.length);
  await window.underlined(findings);
  say("started anew");

  await window.run("Batten: Explain Rule");
  await page.locator('.quick-input-widget input[aria-label^="Batten: Explain Rule"]').waitFor();
  await window.input.fill(expected.rule.code);
  await page.keyboard.press("Enter");
  const explained = await window.beside(expected.rule.words);
  if (!explained.includes(expected.rule.title)) throw new Error(`no page of ${expected.rule.code}:\n${explained}`);
  await window.picture("explained");
  await window.closeBeside("client.py", expected.rule.code);
  say("a rule is explained beside the code");

  await window.open("placement.py");
  await window.underlined(expected.other);
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("# the end\n");
  await window.save();
  await saved("placement.py", expected.fixedAll);
  await window.counted(findings.length + expected.leftAfterAll);
  await window.picture("fix-all");
  if (onDisk("client.py") !== expected.suppressed) throw new Error("a file was saved that nobody saved");
  say("all is fixed on saving");
});
