"""Working papers of the register as PDF: the proof of a deadline, the dossier of a project, the programme report."""
