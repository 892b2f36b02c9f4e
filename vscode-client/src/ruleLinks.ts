/** Links to the pages of rules: the server's lead to files, ours to the view beside the code. */

/** The command that shows the page of the rule that it is given. */
export const EXPLAIN = "batten.client.explainRule";

const LINK = /\]\(file:[^()\s]*\/(BTN\d+)\.md\)/g;

/** Returns Markdown of the server with links that VS Code opens as pages, not as their source. */
export function linksToPages(markdown: string): string {
  return markdown.replace(LINK, (_link, code: string) => {
    const argument = encodeURIComponent(JSON.stringify([code]));
    return `](command:${EXPLAIN}?${argument})`;
  });
}
