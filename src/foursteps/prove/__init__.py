"""Graders that are proved: known answers and mutants of the solution, through the real grading path."""

from foursteps.prove.fault import KINDS, Fault
from foursteps.prove.flow import prove
from foursteps.prove.proof import Proof, broken_proof, stale

__all__ = ["KINDS", "Fault", "Proof", "broken_proof", "prove", "stale"]
