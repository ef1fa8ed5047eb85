"""The backtest in words: what a brief says of it, and its own report."""
