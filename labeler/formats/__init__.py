"""The files that users bring and take away, one module a format."""
