"""The Board screen: chips for its parts, a table, and what is to be said of the line that is chosen."""
