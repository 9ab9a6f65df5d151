"""Tests of the Acupressure Mat integration."""
