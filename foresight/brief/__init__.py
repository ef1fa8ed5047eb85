"""From a study to a brief: claims, sections, figures, board and portal, rendering."""
