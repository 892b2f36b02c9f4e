/** The interpreter that the user has chosen in the Python extension, where there is one. */
import * as vscode from "vscode";

/** The part of that extension's interface that is used here. */
interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

const ID = "ms-python.python";
const LONGEST_MS = 10_000;

/** Returns the file of the chosen interpreter; undefined without that extension or a choice. */
export async function selectedInterpreter(): Promise<string | undefined> {
  // What it would find in a workspace that is not trusted must not be run.
  if (!vscode.workspace.isTrusted) return undefined;
  try {
    const python = await pythonExtension();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const active = python?.environments.getActiveEnvironmentPath(folder);
    if (python === undefined || active === undefined) return undefined;
    return (await python.environments.resolveEnvironment(active))?.executable.uri?.fsPath;
  } catch {
    return undefined; // whatever another extension does, the server can start without it
  }
}

/** Calls `changed` when the user chooses another interpreter. */
export async function watchInterpreter(changed: () => void): Promise<vscode.Disposable | undefined> {
  try {
    return (await pythonExtension())?.environments.onDidChangeActiveEnvironmentPath(changed);
  } catch {
    return undefined; // as above
  }
}

/** Whether the user can choose an interpreter. */
export function canSelectInterpreter(): boolean {
  return vscode.extensions.getExtension(ID) !== undefined;
}

async function pythonExtension(): Promise<PythonExtension | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>(ID);
  if (extension === undefined) return undefined;
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, LONGEST_MS, undefined));
  return Promise.race([extension.activate(), late]);
}
