/** Batten for VS Code: starts the server and shows how it is. All analysis is the server's. */
import * as vscode from "vscode";
import { MENU, registerCommands } from "./commands";
import { watchInterpreter } from "./interpreter";
import { thisMachine } from "./machine";
import { tellNoServer } from "./noServer";
import { RuleView } from "./ruleView";
import { Session } from "./session";
import { needsRestart } from "./settings";
import { showStatus } from "./status";

let ending: (() => Promise<void>) | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Batten", { log: true });
  const rules = new RuleView(() => session);
  const session: Session = new Session(thisMachine(context.extensionPath), {
    log,
    explain: (rule) => rules.show(rule),
  });
  const adapt = (): void => void session.adapt();
  ending = () => session.end();
  context.subscriptions.push(
    log,
    rules,
    session,
    showStatus(session, MENU),
    registerCommands(session, rules, log),
    session.onDidFindNothing((nothing) => void tellNoServer(nothing, log)),
    vscode.workspace.onDidGrantWorkspaceTrust(adapt),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (needsRestart((setting) => change.affectsConfiguration(setting))) adapt();
    }),
  );
  void watchInterpreter(adapt).then((watching) => {
    if (watching !== undefined) context.subscriptions.push(watching);
  });
  await session.restart();
}

export async function deactivate(): Promise<void> {
  await ending?.();
}
