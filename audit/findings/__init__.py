"""Estimates and margins in, verdicts and sentences out."""

from audit.findings.certificate import headline
from audit.findings.fingerprint import fingerprint
from audit.findings.interval import relation
from audit.findings.judge import judge
from audit.findings.policy import Policy, load_policy
from audit.findings.statement import statement

__all__ = ["Policy", "fingerprint", "headline", "judge", "load_policy", "relation", "statement"]
