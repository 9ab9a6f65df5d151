"""The integration in a real Home Assistant, spoken to from outside only."""
