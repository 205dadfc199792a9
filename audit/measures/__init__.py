"""Arrays in, tidy rows out: what each stimulus gave, before any statistic."""

from audit.measures.association import AssociationRows, associations
from audit.measures.units import UnitResponses, unit_responses

__all__ = ["AssociationRows", "UnitResponses", "associations", "unit_responses"]
