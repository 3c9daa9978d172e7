"""Need: what volumes, posts and workload ask for."""
