"""A page of insights in every form that it can be written to."""
