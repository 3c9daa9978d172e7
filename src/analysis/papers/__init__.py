"""Papers: drafts that a data-protection officer goes on with, made from what an edition says about itself."""
