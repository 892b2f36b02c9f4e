/** What the status item says. */
import type { SessionState } from "./session";

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly isWarning: boolean;
}

/** Returns the text for a state, and for how many findings are shown. */
export function statusText(state: SessionState, findings: number): StatusText {
  switch (state) {
    case "starting":
      return { text: "$(loading~spin) Batten", tooltip: "Batten is starting", isWarning: false };
    case "running": {
      const told = findings === 1 ? "1 finding" : `${findings} findings`;
      return { text: `$(shield) Batten: ${findings}`, tooltip: `Batten is running: ${told}`, isWarning: false };
    }
    case "stopped":
      return { text: "$(debug-disconnect) Batten", tooltip: "Batten has stopped", isWarning: true };
    case "failed":
      return { text: "$(warning) Batten", tooltip: "Batten could not be started", isWarning: true };
  }
}
