"""What OmniCart costs, against what people use instead: `python -m benchmarks`."""
