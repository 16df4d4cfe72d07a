"""Stage 1, map: what the journey is, step by step."""
