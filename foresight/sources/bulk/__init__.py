"""Readers of whole data sets: streamed, so that memory does not grow with the files."""
