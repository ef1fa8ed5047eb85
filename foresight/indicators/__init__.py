"""Indicators: pure functions on plain tables and arrays, each with its paper, bias and interval."""
