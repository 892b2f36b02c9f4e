/** Which documents the server is told of. */

interface Kind {
  readonly scheme: string;
  readonly language: string;
}

/**
 * Files, and what is not saved yet. Not what is shown of other revisions of a file (`git`, `diff`):
 * its findings would stand twice. Cells of notebooks come with their notebook, which the server asks for.
 */
export const DOCUMENTS: readonly Kind[] = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
];
