"""Pictures on the screen: panes, overlays, what is marked and drawn on them."""
