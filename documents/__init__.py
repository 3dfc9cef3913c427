"""Paper: plain values in, files out, and back. This room knows formats, not projects."""
