"""Stage 2, measure: demand, capacity, activity, queue, and signals among noise."""
