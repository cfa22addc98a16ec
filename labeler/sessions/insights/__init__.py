"""The Insights screen without Qt: what it shows, what its keys do, which items stand behind which mark."""
