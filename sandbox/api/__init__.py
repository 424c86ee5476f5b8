"""The Web API: one module a family of methods, and one table of them all (`sandbox.api.table`)."""
