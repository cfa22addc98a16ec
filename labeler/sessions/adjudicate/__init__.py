"""The Adjudicate screen without Qt."""
