"""A client for the Medusa v2 Admin API. It knows nothing of what it is used for."""
