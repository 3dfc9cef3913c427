"""DESK: the command `dean`, for people and scripts at a terminal."""
