"""Emergence: features of a unit, what they are ranked against, the score and its interval."""
