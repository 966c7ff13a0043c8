"""The contract as documents: JSON Schemas, AsyncAPI and OpenAPI, made from the code and committed beside it."""
