"""What the team moves: one flow a module, independent of each other."""
