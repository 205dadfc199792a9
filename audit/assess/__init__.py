"""Probes to measurements: what a suite asks, measured by `audit.measures` and estimated by `audit.stats`."""

from audit.assess.assessment import Assessed, Assessment

__all__ = ["Assessed", "Assessment"]
