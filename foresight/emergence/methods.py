"""The methods that a backtest compares, by name; imports nothing."""

BASELINES = ("size", "last_growth", "vitality", "citations", "random", "no_change")
SCORES = ("composite", "weighted", "learned_linear", "learned_boosting", "learned", "shipped")
METHODS = (*BASELINES, *SCORES)
