"""Cmd+K: commands and what was opened lately, from memory alone; and a search of the store."""
