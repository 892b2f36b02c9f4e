/** The settings that say how to start the server. All others are the server's own. */
import * as path from "node:path";

export const SECTION = "batten";

/** Both are empty where nothing is set. */
export interface StartSettings {
  /** The program `batten`: a path, or a name to be found on the PATH. */
  readonly path: string;
  /** The Python to run the bundled server with. */
  readonly interpreter: string;
}

/** What the variables in a setting stand for. */
export interface Places {
  readonly home: string;
  /** The first folder of the workspace. */
  readonly folder: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const START_KEYS = ["path", "interpreter"] as const;

/** Reads the settings; `get` returns whatever the user wrote under a key of our section. */
export function startSettings(get: (key: string) => unknown, places: Places): StartSettings {
  const read = (key: string): string => {
    const value = get(key);
    return typeof value === "string" ? located(value.trim(), places) : "";
  };
  return { path: read("path"), interpreter: read("interpreter") };
}

/** Whether the server has to be started anew; `affects` says if a setting has changed. */
export function needsRestart(affects: (setting: string) => boolean): boolean {
  return START_KEYS.some((key) => affects(`${SECTION}.${key}`));
}

/** Fills in variables, and makes a path with a folder in it an absolute one. */
function located(value: string, places: Places): string {
  const filled = value
    .replace(/^~(?=$|[\\/])/, () => places.home)
    .replace(/\$\{(workspaceFolder|userHome|env:[^}]+)\}/g, (whole: string, name: string) => {
      if (name === "userHome") return places.home;
      if (name === "workspaceFolder") return places.folder ?? whole;
      return places.environment[name.slice("env:".length)] ?? "";
    });
  const isName = filled === path.basename(filled);
  return isName || places.folder === undefined ? filled : path.resolve(places.folder, filled);
}
