"""Roll-ups by content, source, state, target, commune, unit and month, each figure added up in two ways."""

from models.rollups.rolled import Rollups, read_cutoff, rollups
from models.rollups.rows import rows_behind
from models.rollups.showing import rollup_by
from states.rollups import By, Step

__all__ = ["By", "Rollups", "Step", "read_cutoff", "rollup_by", "rollups", "rows_behind"]
