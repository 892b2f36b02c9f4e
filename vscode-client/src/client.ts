/** The client of one run of the server. */
import { MarkdownString, type Hover, type LogOutputChannel, type ProviderResult } from "vscode";
import {
  LanguageClient,
  RevealOutputChannelOn,
  type ClientCapabilities,
  type LanguageClientOptions,
  type StaticFeature,
} from "vscode-languageclient/node";
import type { Server } from "./discovery";
import { DOCUMENTS } from "./documents";
import { EXPLAIN, linksToPages } from "./ruleLinks";
import { SECTION } from "./settings";

export interface Hooks {
  readonly log: LogOutputChannel;
  /** Shows the page of a rule. */
  readonly explain: (rule: string) => Promise<void>;
}

/** Returns a client that is not started yet. */
export function makeClient(server: Server, hooks: Hooks): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: [...DOCUMENTS],
    outputChannel: hooks.log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      executeCommand: (command, args: unknown[], next): ProviderResult<unknown> => {
        const [rule] = args;
        // The server would have the editor open the page's source.
        if (command === "batten.openDocumentation" && typeof rule === "string") return hooks.explain(rule);
        return next(command, args);
      },
      provideHover: async (document, position, token, next) =>
        withPages(await next(document, position, token)),
    },
  };
  const { command, args } = server;
  const client = new LanguageClient(SECTION, "Batten", { command, args: [...args] }, options);
  client.registerFeature(DECLARATION);
  return client;
}

/** Has the links of a hover show pages; no other command can be run from it. */
function withPages(hover: Hover | null | undefined): Hover | null | undefined {
  for (const content of hover?.contents ?? []) {
    if (!(content instanceof MarkdownString)) continue;
    content.value = linksToPages(content.value);
    content.isTrusted = { enabledCommands: [EXPLAIN] };
  }
  return hover;
}

/** Tells the server what no capability of the protocol tells: diagnostics stand in the hover already. */
const DECLARATION: StaticFeature = {
  fillClientCapabilities: (capabilities: ClientCapabilities): void => {
    capabilities.experimental = { batten: { hoverShowsDiagnostics: true } };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};
