"""Emergence: features of a unit, the reference they are ranked against, the score and its interval."""
