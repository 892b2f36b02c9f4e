"""Writing a suppression: the edit that puts the comment where it counts.

Inside a string, or before a backslash at the end of a line, there is no room for a comment; it
goes to the end of the row then. A backslash that ends the last line leaves no room at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.project.rows import rows_of
from batten.project.suppressions import suppressions
from batten.rewrite.edit import Edit
from batten.syntax.text import Span

if TYPE_CHECKING:
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText


def ignored(source: SourceText, finding: Finding) -> Edit:
    """Return the edit that suppresses a finding on its line.

    A comment of ours that is there already takes the code in.
    """
    row = rows_of(source).at(finding.span.end)
    for there in suppressions(source):
        if (
            there.is_ours
            and there.named
            and row.span.contains(there.span)
            and there.covered == row.span
        ):
            end = there.named[-1].span.end
            return Edit(Span(end, end), f", {finding.code}")
    comment = f"# batten: ignore[{finding.code}]"
    end = row.comment.end if row.comment is not None else row.span.end
    end = row.span.start + len(source.data[row.span.start : end].rstrip(b" \t\f"))
    return Edit(Span(end, end), f"  {comment}")
