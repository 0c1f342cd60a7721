"""The service: one folder for each feature, `main` to compose them."""
