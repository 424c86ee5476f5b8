"""What somebody keeps of another's words: by a reaction or a form, and with whose consent."""
