"""The team's database that projects sync with."""
