"""RabbitMQ's definitions: what there is, who may use it, and nothing beyond."""
