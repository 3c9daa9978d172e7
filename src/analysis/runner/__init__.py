"""Running a build: stages in their order, pages in workers, gates before anything is published."""
