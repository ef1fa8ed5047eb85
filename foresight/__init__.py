"""Foresight: where technology is about to rise, how sure that is, and what to do about it."""

__version__ = "0.1.0"
