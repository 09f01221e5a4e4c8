"""What every run over many cases needs: workers, locks, steps."""
