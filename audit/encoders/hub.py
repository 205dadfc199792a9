"""What is said when a model cannot be downloaded."""

from __future__ import annotations

from audit.errors import ModelError


def not_downloaded(spec: str, tried: str, error: Exception, hint: str) -> ModelError:
    """One line: the model, what was tried, and what the network or the hub answered; ``hint`` says what to do."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = lines[0] if lines else type(error).__name__
    # open_clip puts the hub's answer behind its own words, which repeat what was tried.
    reason = reason.rpartition("Last error: ")[2].removeprefix("Got: ")
    if "ConnectError" in reason or "Name or service not known" in reason or "urlopen error" in reason:
        reason = f"the network or the server cannot be reached: {reason}"
    return ModelError(f"{spec}: could not be downloaded from {tried} ({reason.rstrip('.')})", hint=hint)
