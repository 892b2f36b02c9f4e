/** What the user is told, and can do, when there is no server to start. */
import * as vscode from "vscode";
import type { Nothing } from "./discovery";
import { canSelectInterpreter } from "./interpreter";

const SELECT = "Select Interpreter";
const SETTINGS = "Open Settings";
const LOGS = "Show Logs";

export async function tellNoServer({ reason }: Nothing, log: vscode.LogOutputChannel): Promise<void> {
  const buttons = canSelectInterpreter() ? [SELECT, SETTINGS, LOGS] : [SETTINGS, LOGS];
  switch (await vscode.window.showErrorMessage(reason, ...buttons)) {
    case SELECT:
      await vscode.commands.executeCommand("python.setInterpreter");
      break;
    case SETTINGS:
      await vscode.commands.executeCommand(openSettings(), { query: "batten.interpreter" });
      break;
    case LOGS:
      log.show();
  }
}

/** The user's own settings do not list those of a remote machine. */
function openSettings(): string {
  const isRemote = vscode.env.remoteName !== undefined;
  return isRemote ? "workbench.action.openRemoteSettings" : "workbench.action.openSettings";
}
