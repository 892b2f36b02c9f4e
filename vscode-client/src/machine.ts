/** What discovery asks, answered by the file system and by running a Python for a moment. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Machine, Python } from "./discovery";

const LONGEST_MS = 15_000;

/** Returns the machine that the extension runs on; `extension` is the folder of the extension. */
export function thisMachine(extension: string): Machine {
  const startScript = path.join(extension, "python", "start.py");
  const checkScript = path.join(extension, "python", "check.py");
  return { startScript, find, ask: (python) => ask(python, checkScript) };
}

function find(program: string): string | undefined {
  if (program !== path.basename(program)) return isProgram(program) ? program : undefined;
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue; // it would depend on the folder that is open
    for (const ending of endings) {
      const file = path.join(folder, program + ending);
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function ask(python: string, script: string): Promise<Python | undefined> {
  return new Promise((resolve) => {
    execFile(python, ["-I", script], { timeout: LONGEST_MS, encoding: "utf8" }, (error, stdout) => {
      resolve(error === null ? answered(stdout) : undefined);
    });
  });
}

function answered(text: string): Python | undefined {
  try {
    return JSON.parse(text) as Python;
  } catch {
    return undefined;
  }
}
