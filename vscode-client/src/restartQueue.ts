/** Runs restarts one after the other; those asked for meanwhile become one. */
export class RestartQueue {
  readonly #restart: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #closed = false;

  constructor(restart: () => Promise<void>) {
    this.#restart = restart;
  }

  /** Resolves, or rejects, with the first restart that begins after this call. */
  request(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#running === undefined) return this.#run();
    this.#next ??= this.#running
      .catch(() => undefined) // told to those who asked for that one
      .then(() => {
        this.#next = undefined;
        return this.#closed ? undefined : this.#run();
      });
    return this.#next;
  }

  /** Begins no more restarts, and resolves when none is running. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running?.catch(() => undefined);
  }

  #run(): Promise<void> {
    const run = this.#restart().finally(() => {
      this.#running = undefined;
    });
    this.#running = run;
    return run;
  }
}
