"""What the employer does to keep and develop its staff, counted: parts of Underlag and of the organisation's page."""
