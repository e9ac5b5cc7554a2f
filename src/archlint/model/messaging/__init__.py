"""Brokers, topics and queues: what declares them, who sends to them and who receives from them."""
