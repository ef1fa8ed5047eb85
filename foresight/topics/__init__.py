"""Topics: embedding, clustering, telling phrases and labels in two languages."""
