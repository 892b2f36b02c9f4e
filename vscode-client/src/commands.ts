/** What the user can ask for. The server's own commands have other names: the client registers those. */
import * as vscode from "vscode";
import { fixWorkspace } from "./fixWorkspace";
import { EXPLAIN } from "./ruleLinks";
import type { RuleView } from "./ruleView";
import { scanWorkspace } from "./scanWorkspace";
import type { Session } from "./session";
import { SECTION } from "./settings";

export const MENU = "batten.client.menu";

const FIX_ALL = vscode.CodeActionKind.Source.append("fixAll.batten").value;

interface Command {
  readonly title: string;
  readonly run: (argument: unknown) => Promise<void> | void;
}

export function registerCommands(session: Session, rules: RuleView, log: vscode.LogOutputChannel): vscode.Disposable {
  const commands: Record<string, Command> = {
    "batten.client.scanWorkspace": { title: "Scan Workspace", run: () => scanWorkspace(session) },
    "batten.client.fixAll": { title: "Fix All in File", run: fixAll },
    "batten.client.fixWorkspace": { title: "Fix All in Workspace", run: () => fixWorkspace(session) },
    [EXPLAIN]: { title: "Explain Rule", run: (rule) => explainRule(rules, rule) },
    "batten.client.restart": { title: "Restart Server", run: () => session.restart() },
    "batten.client.showLogs": {
      title: "Show Logs",
      run: () => {
        log.show();
      },
    },
    "batten.client.showDebugInformation": {
      title: "Show Debug Information",
      run: () => showDebugInformation(session),
    },
  };
  const registered = Object.entries(commands).map(([id, { run }]) =>
    vscode.commands.registerCommand(id, (argument: unknown) => telling(() => run(argument))),
  );
  const menu = vscode.commands.registerCommand(MENU, () => showMenu(commands));
  return vscode.Disposable.from(menu, ...registered);
}

async function telling(run: () => Promise<void> | void): Promise<void> {
  try {
    await run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showWarningMessage(`Batten: ${reason}`);
  }
}

async function showMenu(commands: Readonly<Record<string, Command>>): Promise<void> {
  const items = Object.entries(commands).map(([id, { title }]) => ({ label: title, id }));
  const chosen = await vscode.window.showQuickPick(items, { title: "Batten" });
  if (chosen !== undefined) await vscode.commands.executeCommand(chosen.id);
}

async function fixAll(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "python") throw new Error("no Python file is shown");
  const { document } = editor;
  const { version } = document;
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    whole,
    FIX_ALL,
  );
  const edit = actions.find(({ kind }) => kind?.value === FIX_ALL)?.edit;
  if (edit === undefined) {
    void vscode.window.showInformationMessage("Batten: there is nothing to fix in this file.");
  } else if (document.version === version) {
    await vscode.workspace.applyEdit(edit);
  }
}

/** Shows the page of the rule that a link names, or asks which. */
async function explainRule(rules: RuleView, named: unknown): Promise<void> {
  const rule =
    typeof named === "string"
      ? named
      : await vscode.window.showInputBox({
          title: "Batten: Explain Rule",
          prompt: "A code, a name or an alias of a rule",
          value: ruleAtCursor() ?? "BTN101",
        });
  if (rule !== undefined && rule.trim() !== "") await rules.show(rule);
}

function ruleAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const ours = vscode.languages.getDiagnostics(editor.document.uri).filter(({ source }) => source === SECTION);
  const here = ours.find(({ range }) => range.contains(editor.selection.active));
  const code = (here ?? ours[0])?.code;
  return String(typeof code === "object" ? code.value : (code ?? "")) || undefined;
}

async function showDebugInformation(session: Session): Promise<void> {
  const server = await session.execute("batten.showDebugInformation").catch(String);
  const information = { client: { editor: vscode.version, started: session.server ?? null }, server };
  const content = JSON.stringify(information, undefined, 2);
  const document = await vscode.workspace.openTextDocument({ language: "json", content });
  await vscode.window.showTextDocument(document);
}
