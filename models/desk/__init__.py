"""What the desk in the browser asks of memory: who is signed in, what was denied, what was remarked."""
