"""The navigation report: claims, chapters and figures."""
