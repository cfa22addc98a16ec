"""Parts of the window that more than one screen or modality uses."""
