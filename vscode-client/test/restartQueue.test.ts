import assert from "node:assert/strict";
import test from "node:test";
import { RestartQueue } from "../src/restartQueue";

/** Restarts that end when they are told to. */
class Restarts {
  begun = 0;
  readonly #ends: ((error?: Error) => void)[] = [];

  readonly run = (): Promise<void> => {
    this.begun += 1;
    return new Promise((resolve, reject) => {
      this.#ends.push((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  };

  async end(error?: Error): Promise<void> {
    this.#ends.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a request begins a restart at once", async () => {
  const restarts = new Restarts();
  const queue = new RestartQueue(restarts.run);
  const asked = queue.request();
  assert.equal(restarts.begun, 1);
  await restarts.end();
  await asked;
});

test("requests during a restart become one more, after it", async () => {
  const restarts = new Restarts();
  const queue = new RestartQueue(restarts.run);
  const asked = [queue.request(), queue.request(), queue.request(), queue.request()];
  assert.equal(restarts.begun, 1);
  await restarts.end();
  assert.equal(restarts.begun, 2);
  await restarts.end();
  await Promise.all(asked);
  assert.equal(restarts.begun, 2);
});

test("a request is answered by a restart that began after it", async () => {
  const restarts = new Restarts();
  const queue = new RestartQueue(restarts.run);
  void queue.request();
  let answered = false;
  void queue.request().then(() => (answered = true));
  await restarts.end();
  assert.equal(answered, false);
  await restarts.end();
  assert.equal(answered, true);
});

test("a restart that fails tells those who asked for it, and stops no other", async () => {
  const restarts = new Restarts();
  const queue = new RestartQueue(restarts.run);
  const first = queue.request();
  const second = queue.request();
  const told = assert.rejects(first, /broken/);
  await restarts.end(new Error("broken"));
  await told;
  assert.equal(restarts.begun, 2);
  await restarts.end();
  await second;
});

test("a request after all is done begins anew", async () => {
  const restarts = new Restarts();
  const queue = new RestartQueue(restarts.run);
  for (const count of [1, 2, 3]) {
    const asked = queue.request();
    assert.equal(restarts.begun, count);
    await restarts.end();
    await asked;
  }
});

test("a closed queue waits for what runs, and begins no more", async () => {
  const restarts = new Restarts();
  const queue = new RestartQueue(restarts.run);
  void queue.request();
  void queue.request();
  let closed = false;
  const closing = queue.close().then(() => (closed = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(closed, false);
  await restarts.end();
  await closing;
  await queue.request();
  assert.equal(restarts.begun, 1);
});
