"""Stage 3, diagnose: where and why the flow is held back."""
