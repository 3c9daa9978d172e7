"""The attacker at every build: what a reader of the finished pages computes. He shares no code with the protection."""
