"""Checks: their definitions, the evidence they gather, the cards they show."""
