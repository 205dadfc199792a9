"""Sentences of the report. They claim no more than was measured: a model associates, it does not believe."""
