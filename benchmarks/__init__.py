"""Benchmarks of the engine: `python -m benchmarks [NAME ...]`, a JSON line each.

Compare only what one line holds: ratios within one run survive a busy machine.
"""
