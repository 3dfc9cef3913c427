"""Official papers of the register: what may be written now, its values, and the office's own templates."""
