"""A learner's side: own copies in `work/`, how far they are, the start page, updates, marks on their own."""
