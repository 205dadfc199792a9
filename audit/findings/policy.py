"""What a gate requires, read from a policy file."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from audit.records import Severity

Allowance = Literal["allow", "inconclusive"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Require(_Part):
    """Which findings must pass."""

    severity: Literal["low", "medium", "high", "critical"] = "low"
    """Findings of this severity and above must pass. Controls are required at any severity."""


class NotApplicable(_Part):
    """What a required finding that could not be measured does to the verdict."""

    model: Allowance = "allow"
    """When the model lacks the form, e.g. a text-only model asked about pictures."""
    stimuli: Allowance = "inconclusive"
    """When the stimuli were not given."""


class Policy(_Part):
    """A policy: it decides which findings count, and never what was measured."""

    policy: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """Id of the policy, in kebab-case."""
    require: Require = Require()
    """Which findings must pass."""
    not_applicable: NotApplicable = Field(default=NotApplicable(), alias="not-applicable")
    """What a required finding that could not be measured does to the verdict."""

    @property
    def severity(self) -> Severity:
        """The lowest severity whose findings must pass."""
        return Severity(self.require.severity)

    @property
    def digest(self) -> str:
        """sha256 of what the policy says, defaults included; comments and layout do not count."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()

    @property
    def identity(self) -> str:
        """``id@digest``, as the manifest of a run names its policy."""
        return f"{self.policy}@{self.digest}"


def load_policy(path: str | Path | None = None) -> Policy:
    """The policy in a YAML file, or the one that ships with the tool.

    Raises `DocumentError` with every problem at its line and column, and `UsageError` when there is no such file.
    """
    from audit.suite import bundled_root, load_document  # here, as a report needs no YAML

    policy, _ = load_document(Path(path) if path is not None else bundled_root() / "policies" / "default.yaml", Policy)
    return policy
