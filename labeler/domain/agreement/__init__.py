"""How far people agree beyond chance, on each question and in each cut."""
