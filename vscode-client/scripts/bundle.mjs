// Runs bundle.py with the Python of this checkout, or with that in the variable PYTHON.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const inCheckout = ["../.venv/bin/python", "../.venv/Scripts/python.exe"].find((file) => existsSync(file));
const python = process.env.PYTHON ?? inCheckout ?? "python3";
const { status, error } = spawnSync(python, ["scripts/bundle.py"], { stdio: "inherit" });
if (error) console.error(`${python} cannot be run: run make setup, or set PYTHON`);
process.exit(status ?? 1);
