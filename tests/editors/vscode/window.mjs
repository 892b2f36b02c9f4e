// What a person does in VS Code's window, and what they see there.
import path from "node:path";
import { until, WINDOW } from "./session.mjs";

/** How a finding is seen: "line severity text". */
export const shown = (findings) => findings.map(({ line, severity, text }) => `${line} ${severity} ${text}`);

export class Window {
  constructor(page) {
    this.page = page;
    this.input = page.locator(".quick-input-widget input").first();
    this.editor = page.locator(".editor-instance .monaco-editor").first();
    this.status = page.locator(".statusbar-item", { hasText: "Batten" });
    this.toast = page.locator(".notification-toast");
  }

  picture(name, clip) {
    return this.page.screenshot({ path: path.join(process.env.OUT, `${name}.png`), clip });
  }

  /** What is around a part of the editor, as a picture is to show it. */
  async around(part) {
    const editor = await this.editor.boundingBox();
    const { y, height } = await part.boundingBox({ timeout: 5_000 });
    return { x: editor.x, y: y - 30, width: editor.width, height: height + 175 };
  }

  /**
   * Presses keys until something shows, as a person would: a window that has just started, or a page
   * that is shown beside, may not listen to the first press. Every second press is told.
   */
  async press(keys, wanted) {
    for (let tries = 0; !(await wanted.isVisible()); tries += 1) {
      if (tries === 6) throw new Error(`nothing shows on ${keys.join(" ")}`);
      if (tries > 0) console.log(`pressed again: ${keys.join(" ")}`);
      for (const key of keys) await this.page.keyboard.press(key);
      await wanted.waitFor({ timeout: 10_000 }).catch(() => {});
    }
  }

  /** Opens the list of the quick input, types, and takes the row that has the focus then. */
  async pick(keys, text, row) {
    await this.input.waitFor({ state: "hidden" });
    await this.press(keys, this.input);
    await this.input.fill(text);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: row }).waitFor();
    await this.page.keyboard.press("Enter");
  }

  async open(name) {
    await this.pick(["Control+P"], name, name);
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.focused();
  }

  async goTo(line, column) {
    await this.pick(["Control+G"], `:${line}:${column}`, String(line));
    await this.focused();
    await this.page.locator(".statusbar-item", { hasText: `Ln ${line}, Col ${column}` }).waitFor();
  }

  async focused() {
    await this.input.waitFor({ state: "hidden" });
    await this.page.locator(".editor-instance .monaco-editor.focused").waitFor();
  }

  /** Runs a command of the palette. */
  async run(title) {
    await this.pick(["F1"], `>${title}`, title);
  }

  async save() {
    await this.page.keyboard.press("Control+S");
  }

  /**
   * Has `look(hover)` read the hover at the cursor once it has what is expected; a tall window shows
   * all of it. A hover that goes away meanwhile, as they do, is asked for again. That is told.
   */
  async hover(expected, look) {
    const hover = this.page.locator(".monaco-hover:visible", { hasText: expected }).first();
    const once = async () => {
      await this.press(["Control+K", "Control+I"], hover);
      await look(hover);
    };
    await this.inTallWindow(() =>
      once().catch(async (error) => {
        if (await hover.isVisible()) throw error;
        console.log("the hover went away");
        await once();
      }),
    );
  }

  /** Opens the menu of quick fixes at the cursor; returns its titles. */
  async quickFixes(expected) {
    await this.press(["Control+."], this.#action(expected));
    return this.page.locator(".action-widget .monaco-list-row.action").allInnerTexts();
  }

  #action(title) {
    return this.page.locator(".action-widget .monaco-list-row.action", { hasText: title }).first();
  }

  async choose(title) {
    await this.#action(title).click();
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

  /** Waits until exactly these findings are underlined in the file that is shown. */
  async underlined(findings) {
    const wanted = shown(findings).sort().join("\n");
    let seen = "";
    const look = async () => (seen = await this.#squiggles()) === wanted;
    await this.inTallWindow(() => until("the squiggles", look)).catch((error) => {
      throw new Error(`${error.message}\nwanted:\n${wanted}\nseen:\n${seen}`);
    });
  }

  /** Waits until the status item counts this many. */
  async counted(findings) {
    const told = `Batten: ${findings}`;
    await until(told, async () => (await this.status.innerText()).trim() === told);
  }

  /** Goes back to a file, and closes the page that is shown beside. */
  async closeBeside(name, title) {
    await this.page.locator(".tab", { hasText: name }).click();
    await this.focused();
    await this.run("View: Close Editors in Other Groups");
    await this.page.locator(".tab", { hasText: title }).waitFor({ state: "detached" });
    await this.page.mouse.move(150, WINDOW.height - 150); // away from what tells more when it is pointed at
  }

  /** Waits until a page that is shown beside has this text, and returns all of it. */
  async beside(text) {
    const look = async () => {
      const pages = this.page.frames().map((frame) => frame.locator("body").innerText({ timeout: 2_000 }).catch(() => ""));
      return (await Promise.all(pages)).find((page) => page.includes(text));
    };
    return until(`a page with ${text}`, look);
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
