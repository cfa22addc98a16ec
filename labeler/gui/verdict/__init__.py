"""The right side of Review: one module a part, top to bottom in the order in which one decides."""
