"""The yearly plan: candidates and their figures, ranking, the steps of a plan's life, and its kept versions."""
