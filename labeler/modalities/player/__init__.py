"""Sound: what is to be played, the player's own process, and the device."""
