"""RULES: what the law and the office say, as pure functions and tables; no clock, database or network."""
