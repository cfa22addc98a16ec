"""The commands: each parses its call, calls one step and prints what that answers."""
