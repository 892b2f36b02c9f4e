// A folder that nobody trusts names a program in its settings: it is not run, until it is trusted.
import fs from "node:fs";
import { expected, say, starts, until, withVsCode } from "./session.mjs";
import { Window } from "./window.mjs";

await withVsCode(
  async (page, machine) => {
    const window = new Window(page);
    const ran = () => fs.existsSync(expected.mark);

    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await window.open("client.py");
    await window.underlined(expected.findings);
    await window.picture("restricted");
    if (ran() || starts(machine, "setting") > 0) throw new Error("the program of the folder was run");
    if (starts(machine, "bundled") !== 1) throw new Error("the bundled server was not started");
    say("the bundled server serves, whatever the folder's settings say");

    await window.run("Workspaces: Manage Workspace Trust");
    await page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).click();
    await until("the program of the folder is run", ran);
    await until("the log tells so", () => starts(machine, "setting") === 1);
    await window.open("client.py");
    await window.underlined(expected.findings);
    await window.picture("trusted");
    say("once the folder is trusted, its setting counts");
  },
  { trusted: false },
);
