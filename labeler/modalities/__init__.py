"""Bytes of a medium to arrays that can be shown or played."""
