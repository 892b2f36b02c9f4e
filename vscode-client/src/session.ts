/** The server as the user knows it: it outlives each run, and has a state. */
import { randomUUID } from "node:crypto";
import * as os from "node:os";
import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  State,
  WorkDoneProgress,
  WorkDoneProgressCancelNotification,
  type LanguageClient,
} from "vscode-languageclient/node";
import { makeClient, type Hooks } from "./client";
import { discover, isSame, type Machine, type Nothing, type Server } from "./discovery";
import { selectedInterpreter } from "./interpreter";
import { RestartQueue } from "./restartQueue";
import { SECTION, startSettings, type StartSettings } from "./settings";

export type SessionState = "starting" | "running" | "stopped" | "failed";

export class Session implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<SessionState>();
  readonly #nothing = new vscode.EventEmitter<Nothing>();
  readonly #queue = new RestartQueue(() => this.#restart());
  readonly #machine: Machine;
  readonly #hooks: Hooks;
  #client: LanguageClient | undefined;
  #server: Server | undefined;

  readonly onDidChangeState = this.#changed.event;
  /** Fires when there is no server that could be started. */
  readonly onDidFindNothing = this.#nothing.event;

  constructor(machine: Machine, hooks: Hooks) {
    this.#machine = machine;
    this.#hooks = hooks;
  }

  /** What was started last. */
  get server(): Server | undefined {
    return this.#server;
  }

  /** Starts the server, or ends it and starts it anew. Never rejects: the state tells. */
  async restart(): Promise<void> {
    try {
      await this.#queue.request();
    } catch (error) {
      this.#hooks.log.error(`The server does not start: ${String(error)}`);
      this.#changed.fire("failed");
    }
  }

  /** Restarts, unless the same server runs and would be started again. Never rejects. */
  async adapt(): Promise<void> {
    const found = await this.#discover();
    const runs = this.#client?.state === State.Running;
    if (runs && this.#server !== undefined && found.origin !== "none" && isSame(found, this.#server)) return;
    await this.restart();
  }

  /** Has the server execute one of its commands. */
  async execute(command: string, ...args: readonly string[]): Promise<unknown> {
    return await this.#running().sendRequest(ExecuteCommandRequest.type, { command, arguments: [...args] });
  }

  /** The same, for a command that tells how far it is. Once cancelled, the answer says so. */
  async executeWithProgress(
    command: string,
    progress: vscode.Progress<{ message?: string; increment: number }>,
    cancelled: vscode.CancellationToken,
  ): Promise<unknown> {
    const client = this.#running();
    const workDoneToken = randomUUID();
    let percentage = 0;
    const told = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind === "end") return;
      const increment = (value.percentage ?? percentage) - percentage;
      percentage += increment;
      progress.report({ increment, ...(value.message !== undefined && { message: value.message }) });
    });
    const cancelling = cancelled.onCancellationRequested(() => {
      void client.sendNotification(WorkDoneProgressCancelNotification.type, { token: workDoneToken });
    });
    try {
      return await client.sendRequest(ExecuteCommandRequest.type, { command, workDoneToken });
    } finally {
      vscode.Disposable.from(told, cancelling).dispose();
    }
  }

  /** Ends the server for good. */
  async end(): Promise<void> {
    await this.#queue.close();
    await this.#stop();
  }

  dispose(): void {
    this.#changed.dispose();
    this.#nothing.dispose();
  }

  #running(): LanguageClient {
    if (this.#client === undefined) throw new Error("the server is not running");
    return this.#client;
  }

  async #restart(): Promise<void> {
    this.#changed.fire("starting");
    await this.#stop();
    const found = await this.#discover();
    if (found.origin === "none") {
      this.#server = undefined;
      this.#hooks.log.error(found.reason);
      this.#changed.fire("failed");
      this.#nothing.fire(found);
      return;
    }
    this.#server = found;
    this.#hooks.log.info(`Starting the server (${found.origin}): ${[found.command, ...found.args].join(" ")}`);
    const client = makeClient(found, this.#hooks);
    client.onDidChangeState(({ newState }) => {
      if (this.#client === client) this.#changed.fire(shown(newState));
    });
    this.#client = client;
    await client.start();
  }

  async #discover(): Promise<Server | Nothing> {
    return discover(settings(), await selectedInterpreter(), this.#machine);
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // It died, or never ran: there is nothing left to end.
      this.#hooks.log.debug(`The server was gone already: ${String(error)}`);
    }
  }
}

function shown(state: State): SessionState {
  if (state === State.Running) return "running";
  return state === State.Starting ? "starting" : "stopped";
}

function settings(): StartSettings {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const configuration = vscode.workspace.getConfiguration(SECTION, folder);
  return startSettings((key) => configuration.get(key), {
    home: os.homedir(),
    folder: folder?.fsPath,
    environment: process.env,
  });
}
