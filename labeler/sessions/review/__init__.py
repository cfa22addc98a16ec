"""The Review screen without Qt: what is shown, what each key does, and what follows from it."""
