import assert from "node:assert/strict";
import test from "node:test";
import { discover, isSame, type Machine, type Python, type Server } from "../src/discovery";

const NO_SETTINGS = { path: "", interpreter: "" };

/** A machine with these programs on its PATH; files are known by their whole names too. */
function machine(programs: Record<string, Partial<Python> | "no Python">): Machine & { asked: string[] } {
  const asked: string[] = [];
  const find = (program: string): string | undefined => {
    const file = program.startsWith("/") ? program : `/usr/bin/${program}`;
    return program in programs ? file : undefined;
  };
  const ask = (file: string): Promise<Python | undefined> => {
    asked.push(file);
    const facts = programs[file] ?? programs[file.replace("/usr/bin/", "")];
    const python: Python = { executable: file, version: [3, 12], bundled: false, own: false };
    return Promise.resolve(typeof facts === "object" ? { ...python, ...facts } : undefined);
  };
  return { startScript: "/extension/python/start.py", find, ask, asked };
}

async function found(...args: Parameters<typeof discover>): Promise<Server> {
  const server = await discover(...args);
  if (server.origin === "none") assert.fail(server.reason);
  return server;
}

async function reason(...args: Parameters<typeof discover>): Promise<string> {
  const server = await discover(...args);
  assert.equal(server.origin, "none");
  return "reason" in server ? server.reason : "";
}

test("the setting stands over all else, and no Python is run for it", async () => {
  const here = machine({ "/tools/batten": "no Python", python3: { bundled: true, own: true }, batten: "no Python" });
  const server = await found({ ...NO_SETTINGS, path: "/tools/batten" }, undefined, here);
  assert.deepEqual(server, { origin: "setting", command: "/tools/batten", args: ["server", "--stdio"] });
  assert.deepEqual(here.asked, []);
});

test("a setting that names no program is told, not passed over", async () => {
  const here = machine({ python3: { bundled: true } });
  assert.match(await reason({ ...NO_SETTINGS, path: "/gone/batten" }, undefined, here), /batten\.path names \/gone\/batten/);
});

test("the bundled server comes before an installed one", async () => {
  const here = machine({ python3: { bundled: true, own: true }, batten: "no Python" });
  assert.deepEqual(await found(NO_SETTINGS, undefined, here), {
    origin: "bundled",
    command: "/usr/bin/python3",
    args: ["-I", "/extension/python/start.py", "--stdio"],
  });
});

test("the interpreter that the user has selected comes before those on the PATH", async () => {
  const here = machine({ "/venv/bin/python": { bundled: true }, python3: { bundled: true } });
  assert.equal((await found(NO_SETTINGS, "/venv/bin/python", here)).command, "/venv/bin/python");
});

test("the setting of the interpreter comes before the selected one, and is the only one", async () => {
  const here = machine({ "/a/python": { bundled: true }, "/b/python": { bundled: true }, python3: { bundled: true } });
  assert.equal((await found({ ...NO_SETTINGS, interpreter: "/b/python" }, "/a/python", here)).command, "/b/python");
  assert.deepEqual(here.asked, ["/b/python"]);
});

test("a selected interpreter that is too old gives way to one on the PATH", async () => {
  const here = machine({ "/old/python": { version: [3, 8] }, python3: { bundled: true } });
  assert.equal((await found(NO_SETTINGS, "/old/python", here)).command, "/usr/bin/python3");
});

test("where the bundled libraries do not fit, an interpreter's own Batten serves", async () => {
  const here = machine({ python3: { own: true }, batten: "no Python" });
  assert.deepEqual(await found(NO_SETTINGS, undefined, here), {
    origin: "interpreter",
    command: "/usr/bin/python3",
    args: ["-I", "-m", "batten_server", "--stdio"],
  });
});

test("last comes the Batten on the PATH, also without any Python", async () => {
  const server = { origin: "PATH", command: "/usr/bin/batten", args: ["server", "--stdio"] };
  assert.deepEqual(await found(NO_SETTINGS, undefined, machine({ batten: "no Python" })), server);
  assert.deepEqual(await found(NO_SETTINGS, undefined, machine({ python3: {}, batten: "no Python" })), server);
});

for (const [version, fits] of [[[2, 7], false], [[3, 9], false], [[3, 10], true], [[3, 14], true], [[4, 0], true]] as const) {
  test(`Python ${version.join(".")} is ${fits ? "new enough" : "too old"}`, async () => {
    const server = await discover(NO_SETTINGS, undefined, machine({ python: { version, bundled: true } }));
    assert.equal(server.origin, fits ? "bundled" : "none");
  });
}

test("without any Python the reason says what is needed", async () => {
  assert.match(await reason(NO_SETTINGS, undefined, machine({})), /needs Python 3\.10 or newer, and found none/);
});

test("with only old ones the reason names them", async () => {
  const here = machine({ python3: { version: [3, 7] } });
  assert.match(await reason(NO_SETTINGS, undefined, here), /found only Python 3\.7 \(\/usr\/bin\/python3\)/);
});

test("with a Python that nothing fits the reason says so", async () => {
  assert.match(await reason(NO_SETTINGS, undefined, machine({ python3: { version: [3, 19] } })), /cannot use Python 3\.19/);
});

test("an interpreter in the settings that does not run is named", async () => {
  const here = machine({ "/x/python": "no Python", python3: { bundled: true } });
  assert.match(await reason({ ...NO_SETTINGS, interpreter: "/x/python" }, undefined, here), /names \/x\/python/);
});

test("one file under two names is asked once", async () => {
  const here = machine({ "/usr/bin/python3": { own: true }, python3: { own: true } });
  await found(NO_SETTINGS, "/usr/bin/python3", here);
  assert.deepEqual(here.asked, ["/usr/bin/python3"]);
});

test("a server is the same when the same is started, however it was found", () => {
  const one: Server = { origin: "bundled", command: "/usr/bin/python3", args: ["-I", "start.py"] };
  assert.ok(isSame(one, { ...one, origin: "interpreter" }));
  assert.ok(!isSame(one, { ...one, command: "/usr/bin/python3.12" }));
  assert.ok(!isSame(one, { ...one, args: ["-I"] }));
});
