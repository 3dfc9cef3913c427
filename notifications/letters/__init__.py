"""What the messages say and how they look: plain values go in, a Letter for e-mail or a text for Zalo comes out."""
