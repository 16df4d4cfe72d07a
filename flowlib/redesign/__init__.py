"""Stage 4, redesign: what would happen if."""
