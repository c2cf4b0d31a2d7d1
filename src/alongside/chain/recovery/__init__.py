"""Recovery papers: made and signed by two leads, checked before people speak, and the way back where keys are lost. The leads' pen."""
