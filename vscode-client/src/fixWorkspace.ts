/** Makes all safe fixes of the open folders, with progress that can be cancelled, and tells how many. */
import * as vscode from "vscode";
import type { Session } from "./session";

interface Outcome {
  readonly cancelled: boolean;
  readonly files?: number;
  readonly fixed?: number;
}

export async function fixWorkspace(session: Session): Promise<void> {
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Batten fixes", cancellable: true },
    async (progress, cancelled) =>
      (await session.executeWithProgress("batten.fixWorkspace", progress, cancelled)) as Outcome,
  );
  if (outcome.cancelled) return;
  const fixed = outcome.fixed ?? 0;
  const told = fixed === 0 ? "nothing was fixed." : `${fixed} findings fixed in ${outcome.files ?? 0} files.`;
  void vscode.window.showInformationMessage(`Batten: ${told}`);
}
