"""Figures as hand-written SVG, laid out for a wide page, a narrow screen or print."""

from reports.figures.activation_range import ActivationRange, RangeBar, draw_activation_range
from reports.figures.forest import Forest, ForestGroup, ForestRow, draw_forest
from reports.figures.groups import Strips, draw_strips
from reports.figures.lane import Lane, draw_lane, draw_ruler
from reports.figures.paper import NARROW, PRINT, WIDE, Paper
from reports.figures.ranked import Ranked, RankedRow, draw_ranked
from reports.figures.shapes import draw_mark
from reports.figures.shares import Shares, SharesGroup, SharesRow, draw_shares

__all__ = [
    "NARROW",
    "PRINT",
    "WIDE",
    "ActivationRange",
    "Forest",
    "ForestGroup",
    "ForestRow",
    "Lane",
    "Paper",
    "RangeBar",
    "Ranked",
    "RankedRow",
    "Shares",
    "SharesGroup",
    "SharesRow",
    "Strips",
    "draw_activation_range",
    "draw_forest",
    "draw_lane",
    "draw_mark",
    "draw_ranked",
    "draw_ruler",
    "draw_shares",
    "draw_strips",
]
