"""What is special to one modality on the screen."""
