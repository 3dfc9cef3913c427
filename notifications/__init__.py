"""POST OFFICE: knows addresses and words, not projects; a message goes in, a delivery outcome comes out."""
