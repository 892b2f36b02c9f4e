/** The page of a rule, in a view beside the code. The server has the pages; no network is needed. */
import * as vscode from "vscode";
import type { Session } from "./session";

const SCHEME = "batten-rule";

export class RuleView implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #session: () => Session;
  readonly #registration: vscode.Disposable;

  constructor(session: () => Session) {
    this.#session = session;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Shows the page of a rule, named by code, name or alias. */
  async show(rule: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${rule.trim()}.md` });
    try {
      await vscode.workspace.openTextDocument(uri);
    } catch (error) {
      void vscode.window.showWarningMessage(`Batten: there is no page for ${rule}. ${String(error)}`);
      return;
    }
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.slice(1, -".md".length);
    return String(await this.#session().execute("batten.explainRule", rule));
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
