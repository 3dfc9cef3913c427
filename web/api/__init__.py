"""The programming interface: everything the pages do, as JSON, over the same functions."""
