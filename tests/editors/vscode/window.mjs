// What a person does in VS Code's window, and what they see there.
import { until, WINDOW } from "./session.mjs";

export class Window {
  constructor(page) {
    this.page = page;
    this.input = page.locator(".quick-input-widget input").first();
    this.editor = page.locator(".editor-instance .monaco-editor").first();
  }

  async open(name) {
    // A page that is shown beside may have the keys for a while: press again, as a person would.
    for (let tries = 0; tries < 5 && !(await this.input.isVisible()); tries += 1) {
      await this.page.keyboard.press("Control+P");
      await this.input.waitFor({ timeout: 3_000 }).catch(() => console.log("no input yet"));
    }
    await this.input.fill(name);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.focused();
  }

  async goTo(line, column) {
    await this.page.keyboard.press("Control+G");
    await this.input.fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.focused();
  }

  async focused() {
    await this.input.waitFor({ state: "hidden" });
    await this.page.locator(".editor-instance .monaco-editor.focused").waitFor();
  }

  /** Runs a command of the palette. */
  async run(title) {
    await this.page.keyboard.press("F1");
    await this.input.fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  async save() {
    await this.page.keyboard.press("Control+S");
  }

  /** Returns the text of the hover at the cursor. */
  async hover(expected) {
    await this.page.keyboard.press("Control+K");
    await this.page.keyboard.press("Control+I");
    const shown = this.page.locator(".monaco-hover:visible", { hasText: expected }).first();
    await shown.waitFor({ timeout: 15_000 });
    const { x, y, width, height } = await shown.boundingBox();
    await this.page.mouse.move(x + width / 2, y + height / 2);
    for (let turns = 0; turns < 8; turns += 1) await this.page.mouse.wheel(0, 200); // the witness is last
    return shown.innerText();
  }

  /** Opens the menu of quick fixes at the cursor; returns its titles. */
  async quickFixes(expected) {
    const row = this.page.locator(".action-widget .monaco-list-row.action", { hasText: expected }).first();
    // Soon after the start a press may open no menu: providers are still being registered.
    for (let tries = 0; !(await row.isVisible()); tries += 1) {
      if (tries === 5) throw new Error(`no quick fix ${expected}`);
      await this.page.keyboard.press("Control+.");
      await row.waitFor({ timeout: 4_000 }).catch(() => console.log("no menu yet"));
    }
    return this.page.locator(".action-widget .monaco-list-row.action").allInnerTexts();
  }

  async choose(title) {
    await this.page.locator(".action-widget .monaco-list-row.action", { hasText: title }).first().click();
    await this.page.locator(".action-widget .monaco-list-row.action").first().waitFor({ state: "hidden" });
    await this.focused();
  }

  /** Shows the whole file at once, for as long as `look` takes. */
  async inTallWindow(look) {
    await this.page.setViewportSize({ ...WINDOW, height: 3000 });
    try {
      return await look();
    } finally {
      await this.page.setViewportSize(WINDOW);
    }
  }

  /** Waits until exactly these are underlined, given as "line severity text"; the window is tall. */
  async underlined(expected) {
    const wanted = [...expected].sort().join("\n");
    let seen = "";
    await until("the squiggles", async () => (seen = await this.#squiggles()) === wanted, 40_000).catch((error) => {
      throw new Error(`${error.message}\nwanted:\n${wanted}\nseen:\n${seen}`);
    });
  }

  /** Which text is underlined, by the places of letters and squiggles on the screen. */
  async #squiggles() {
    const found = await this.editor.evaluate((editor) => {
      const lines = [...editor.querySelectorAll(".view-line")].map((line) => ({
        line,
        box: line.getBoundingClientRect(),
      }));
      const numbers = [...editor.querySelectorAll(".margin-view-overlays .line-numbers")].map((number) => ({
        number: number.textContent.trim(),
        box: number.getBoundingClientRect(),
      }));
      const letters = (line) => {
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        const all = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          for (let index = 0; index < node.length; index += 1) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + 1);
            const { left, right } = range.getBoundingClientRect();
            all.push({ letter: node.data[index], middle: (left + right) / 2 });
          }
        }
        return all;
      };
      const at = (all, y) => all.find(({ box }) => box.top <= y && y < box.bottom);
      return ["error", "warning", "info"].flatMap((severity) =>
        [...editor.querySelectorAll(`.squiggly-${severity}`)].map((squiggle) => {
          const box = squiggle.getBoundingClientRect();
          const y = (box.top + box.bottom) / 2;
          const under = letters(at(lines, y).line).filter(({ middle }) => box.left < middle && middle < box.right);
          const text = under.map(({ letter }) => letter).join("").replaceAll("\u00a0", " ");
          return `${at(numbers, y)?.number} ${severity} ${text}`;
        }),
      );
    }).catch(() => []); // drawn anew meanwhile
    return found.sort().join("\n");
  }
}
