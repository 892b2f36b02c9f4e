"""The whole way in one place: a document or a project in, findings with verified fixes out."""
