"""clip-audit."""
