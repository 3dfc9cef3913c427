"""The mart: the register as one SQLite file a night, open to any tool, comparable night to night."""

from models.mart.differences import difference
from models.mart.publishing import Published, publish
from models.mart.shelf import about, mart_on, marts, prune, shelf_of

__all__ = ["Published", "about", "difference", "mart_on", "marts", "prune", "publish", "shelf_of"]
