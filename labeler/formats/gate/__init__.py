"""What the gate reads, and every form of its answer."""
