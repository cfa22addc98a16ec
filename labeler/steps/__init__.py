"""What the program does, one module a step. A step is one transaction and one answer to "what changed?"."""
