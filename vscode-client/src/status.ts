/** The item in the status bar: whether the server runs, and how many findings are shown. */
import * as vscode from "vscode";
import type { Session, SessionState } from "./session";
import { SECTION } from "./settings";
import { statusText } from "./statusText";

/** Shows the item until it is disposed of; a click runs `command`. */
export function showStatus(session: Session, command: string): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("batten.status", vscode.StatusBarAlignment.Right, 50);
  item.name = "Batten";
  item.command = command;
  let state: SessionState = "starting";
  const update = (): void => {
    const { text, tooltip, isWarning } = statusText(state, countFindings());
    item.text = text;
    item.tooltip = tooltip;
    item.backgroundColor = isWarning ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  };
  update();
  item.show();
  return vscode.Disposable.from(
    item,
    vscode.languages.onDidChangeDiagnostics(update),
    session.onDidChangeState((now) => {
      state = now;
      update();
    }),
  );
}

function countFindings(): number {
  const all = vscode.languages.getDiagnostics().flatMap(([, diagnostics]) => diagnostics);
  return all.filter(({ source }) => source === SECTION).length;
}
