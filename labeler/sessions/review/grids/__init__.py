"""Tables and values of two outputs, side by side."""
