// A machine whose only Python is too old: the user is told, and led to the setting.
import { configure, expected, say, starts, until, withVsCode } from "./session.mjs";
import { Window } from "./window.mjs";

await withVsCode(
  async (page, machine) => {
    const window = new Window(page);
    const told = window.toast.filter({ hasText: expected.message });

    await window.open("client.py");
    await told.waitFor();
    await window.status.waitFor();
    await window.picture("told");
    say(`told: ${(await told.innerText()).replaceAll("\n", " ")}`);
    await told.locator(".monaco-button", { hasText: "Open Settings" }).click();
    await page.locator(".settings-editor .setting-item", { hasText: "Batten: Interpreter" }).first().waitFor();
    await window.picture("settings");
    await page.keyboard.press("Escape");
    say("a button leads to the setting");

    configure(machine.settings, { "batten.interpreter": expected.python });
    await until("the server is started", () => starts(machine, "bundled") === 1);
    await window.open("client.py");
    await window.underlined(expected.findings);
    say("with the setting it runs, without being asked to");
  },
  { PATH: expected.path },
);
