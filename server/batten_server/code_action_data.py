"""What an action keeps, so that its edit can be found when it is chosen.

It travels through the editor and back as JSON. What comes back may be anything: another
server's, an older version's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

if TYPE_CHECKING:
    from batten.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class OneFix:
    """The fix called `title` of the finding with this fingerprint."""

    kind: ClassVar[str] = "batten.fix"

    uri: str
    fingerprint: str
    title: str

    def written(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class FixAll:
    """The safe fixes of all findings of one rule in a file."""

    kind: ClassVar[str] = "batten.fixAll"

    uri: str
    code: str

    def written(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"kind": self.kind, **asdict(self)}

    def wants(self, finding: Finding) -> bool:
        """Tell whether a finding is one of them."""
        return finding.code == self.code


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """Ignoring a rule in the configuration of a file's project."""

    kind: ClassVar[str] = "batten.ignoreRule"

    uri: str
    code: str

    def written(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"kind": self.kind, **asdict(self)}


Task: TypeAlias = OneFix | FixAll | IgnoreRule


def task_in(data: Any) -> Task | None:
    """Return what an action keeps; None when it is not ours."""
    if not isinstance(data, dict) or not all(isinstance(each, str) for each in data.values()):
        return None
    fields = {key: value for key, value in data.items() if key != "kind"}
    for cls in (OneFix, FixAll, IgnoreRule):
        if data.get("kind") == cls.kind and set(fields) == set(cls.__slots__):
            return cls(**fields)
    return None
