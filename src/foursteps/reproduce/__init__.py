"""Results that reproduce: lectures and solutions run over seeds, held against measured bands."""

from foursteps.reproduce.crew import Event
from foursteps.reproduce.finding import Finding, exit_code
from foursteps.reproduce.flow import executed_lecture, own_seed, reproduce, run_seeds, shard

__all__ = ["Event", "Finding", "executed_lecture", "exit_code", "own_seed", "reproduce", "run_seeds", "shard"]
