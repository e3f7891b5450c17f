"""foursteps: watch, run, reproduce, apply elsewhere."""
