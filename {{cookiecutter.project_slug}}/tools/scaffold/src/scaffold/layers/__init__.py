"""One module for each file that is written, called like it."""
