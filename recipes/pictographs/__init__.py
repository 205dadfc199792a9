"""Rebuilds ``probes/pictographs``: ``python -m recipes.pictographs.build``."""
