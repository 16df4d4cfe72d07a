"""Stage 5, test change: predict, try, look, learn."""
