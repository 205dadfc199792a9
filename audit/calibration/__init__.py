"""What the tool can and cannot see: models with a planted association of known size, audited hundreds of times."""
