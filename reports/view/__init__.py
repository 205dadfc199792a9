"""From a run to what is printed: text, figures as data, and nothing left to format."""

from reports.view.report import ReportView, build_view

__all__ = ["ReportView", "build_view"]
