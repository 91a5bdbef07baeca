"""Keheng 科衡: public services of a city's science and technology commission, and the proof of what they did."""

__version__ = "0.1.0"
