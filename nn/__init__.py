"""Small networks on scalar Values."""
