"""The screens without Qt: what is shown, what each key does, and when it may."""
