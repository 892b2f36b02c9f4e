// The interpreter that is selected in the Python extension is the one that serves; then each command.
import { expected, onDisk, saved, say, starts, until, WINDOW, withVsCode } from "./session.mjs";
import { Window } from "./window.mjs";

await withVsCode(
  async (page, machine) => {
    const window = new Window(page);

    await window.open("client.py");
    const missing = window.toast.filter({ hasText: expected.message });
    await missing.locator(".monaco-button", { hasText: "Select Interpreter" }).click();
    await until("the server is started", () => starts(machine, "bundled") === 1);
    await window.open("client.py");
    await window.underlined(expected.findings);
    say("the selected interpreter serves");

    await window.run("Batten: Show Logs");
    await page.locator(".part.panel .view-line", { hasText: "Starting the server (bundled)" }).first().waitFor();
    await window.picture("logs");
    await window.run("View: Hide Panel");
    await page.locator(".part.panel").waitFor({ state: "hidden" });
    say("the log is shown");

    await window.status.click();
    const menu = page.locator(".quick-input-list .monaco-list-row");
    await menu.filter({ hasText: "Show Debug Information" }).waitFor();
    await window.picture("menu");
    await menu.filter({ hasText: "Show Debug Information" }).click();
    await page.locator(".tab.active", { hasText: "Untitled" }).waitFor();
    await page.locator(".view-line", { hasText: '"origin": "bundled"' }).waitFor();
    await window.picture("debug-information");
    say("the status item lists the commands, and one tells about the server");

    await window.open("client.py");
    await window.run("Batten: Fix All in File");
    await window.counted(expected.left);
    await page.locator(".tab.active.dirty", { hasText: "client.py" }).waitFor();
    await window.picture("fixed-all");
    say("all in the file is fixed, and not saved");

    await page.keyboard.press("Control+Z");
    await window.underlined(expected.findings);
    const { told, files } = expected.workspace;
    const changed = Object.keys(files).filter((name) => files[name] !== onDisk(name));
    await window.run("Batten: Fix All in Workspace");
    await window.toast.filter({ hasText: told }).waitFor();
    for (const name of changed) await page.locator(".tab.dirty", { hasText: name }).waitFor(); // only tabs are saved
    await window.picture("fixed-workspace");
    if (changed.some((name) => files[name] === onDisk(name))) throw new Error("saved without being asked to");
    await window.run("File: Save All Files");
    for (const name of Object.keys(files)) await saved(name, files[name]);
    await window.picture("saved-workspace");
    say(`all in the workspace is fixed: ${told}`);

    await page.setViewportSize({ ...WINDOW, width: 1600 }); // a narrow window has no room for its picture
    await window.run("Welcome: Open Walkthrough...");
    await menu.filter({ hasText: "Get started with Batten" }).click();
    const step = (title) => page.locator(".gettingStartedContainer .step-title", { hasText: title });
    await step("See the hole").waitFor();
    for (let tries = 0; !(await soon(() => shownPicture(page))); tries++) {
      // A window that was laid out while it opened forgets the picture of the step that it opens with.
      if (tries === 5) throw new Error("the walkthrough shows no picture");
      say("the steps are chosen again");
      await step("Fix it").click();
      await step("See the hole").click();
    }
    await window.picture("walkthrough");
    say("the walkthrough is there");
  },
  { PATH: expected.path },
);

function soon(look) {
  return until("seen", look, 10_000).catch(() => false);
}

async function shownPicture(page) {
  const widths = page.frames().map((frame) =>
    frame.evaluate(() => Math.max(0, ...[...document.images].map(({ naturalWidth }) => naturalWidth))).catch(() => 0),
  );
  return (await Promise.all(widths)).some((width) => width > 300);
}
