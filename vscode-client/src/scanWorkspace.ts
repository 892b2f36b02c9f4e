/** Scans all files of the open folders, with progress that can be cancelled, and tells what was found. */
import * as vscode from "vscode";
import type { Session } from "./session";

interface Outcome {
  readonly cancelled: boolean;
  readonly files?: number;
  readonly findings?: number;
}

const PROBLEMS = "Show Problems";

export async function scanWorkspace(session: Session): Promise<void> {
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Batten scans", cancellable: true },
    async (progress, cancelled) =>
      (await session.executeWithProgress("batten.scanWorkspace", progress, cancelled)) as Outcome,
  );
  if (outcome.cancelled) return;
  const told = `Batten: ${outcome.findings ?? 0} findings in ${outcome.files ?? 0} files.`;
  // The command is done; whether the message is answered is another matter.
  void vscode.window.showInformationMessage(told, PROBLEMS).then((answer) => {
    if (answer === PROBLEMS) void vscode.commands.executeCommand("workbench.actions.view.problems");
  });
}
