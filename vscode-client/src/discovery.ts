/** Which server to start: the setting, the bundled one, an interpreter's own, or that on the PATH. */
import type { StartSettings } from "./settings";

/** What a Python said about itself. */
export interface Python {
  readonly executable: string;
  readonly version: readonly [major: number, minor: number];
  /** It can load the libraries that come with the extension. */
  readonly bundled: boolean;
  /** Batten is installed in it. */
  readonly own: boolean;
}

/** What discovery asks the machine. */
export interface Machine {
  /** The script that serves with the bundled libraries. */
  readonly startScript: string;
  /** The file of a program, given as a path or as a name on the PATH. */
  find(program: string): string | undefined;
  /** Runs a Python, given by its file, and asks; undefined when it is none that runs. */
  ask(python: string): Promise<Python | undefined>;
}

export type Origin = "setting" | "bundled" | "interpreter" | "PATH";

export interface Server {
  readonly origin: Origin;
  readonly command: string;
  readonly args: readonly string[];
}

export interface Nothing {
  readonly origin: "none";
  /** A sentence for the user. */
  readonly reason: string;
}

/** Whether starting the one is starting the other. */
export function isSame(one: Server, other: Server): boolean {
  const [first, second] = [one, other].map(({ command, args }) => JSON.stringify([command, ...args]));
  return first === second;
}

const OLDEST = [3, 10] as const;
const NAMES = ["python3", "python", "py"];

/**
 * Finds the server. `selected` is the interpreter that another extension has the user choose;
 * the setting stands over it. No program of the workspace is run but these two.
 */
export async function discover(
  settings: StartSettings,
  selected: string | undefined,
  machine: Machine,
): Promise<Server | Nothing> {
  if (settings.path !== "") {
    const command = machine.find(settings.path);
    if (command === undefined) {
      return { origin: "none", reason: `The setting batten.path names ${settings.path}, which is no program.` };
    }
    return { origin: "setting", command, args: ["server", "--stdio"] };
  }
  const looked = await pythons(settings, selected, machine);
  const recent = looked.filter(isRecent);
  const bundled = recent.find((python) => python.bundled);
  if (bundled !== undefined) {
    // -I: neither the environment nor the folder of the project decides what is loaded.
    return { origin: "bundled", command: bundled.executable, args: ["-I", machine.startScript, "--stdio"] };
  }
  const own = recent.find((python) => python.own);
  if (own !== undefined) {
    return { origin: "interpreter", command: own.executable, args: ["-I", "-m", "batten_server", "--stdio"] };
  }
  const command = machine.find("batten");
  if (command !== undefined) return { origin: "PATH", command, args: ["server", "--stdio"] };
  return { origin: "none", reason: reason(settings, looked) };
}

async function pythons(
  settings: StartSettings,
  selected: string | undefined,
  machine: Machine,
): Promise<readonly Python[]> {
  const wanted = settings.interpreter === "" ? [selected, ...NAMES] : [settings.interpreter];
  const files = new Set(wanted.flatMap((each) => (each === undefined ? [] : (machine.find(each) ?? []))));
  const answers = await Promise.all([...files].map((file) => machine.ask(file)));
  return answers.filter((answer) => answer !== undefined);
}

function isRecent({ version: [major, minor] }: Python): boolean {
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function reason(settings: StartSettings, looked: readonly Python[]): string {
  const needed = OLDEST.join(".");
  if (looked.some(isRecent)) {
    return `Batten cannot use ${listed(looked)}: neither the bundled libraries nor an installed Batten fit.`;
  }
  if (looked.length > 0) return `Batten needs Python ${needed} or newer, and found only ${listed(looked)}.`;
  if (settings.interpreter !== "") {
    return `The setting batten.interpreter names ${settings.interpreter}, which is no Python that runs.`;
  }
  return `Batten needs Python ${needed} or newer, and found none.`;
}

function listed(pythons: readonly Python[]): string {
  return pythons.map(({ executable, version }) => `Python ${version.join(".")} (${executable})`).join(", ");
}
