"""Claims: what a lecture says it reaches, the band it must stay in, and the ledger that keeps both."""

from foursteps.claims.record import Claim, record

__all__ = ["Claim", "record"]
