"""What decides and writes: the queue, the batch, the outbox that it fills, and the sweeper that fires what is due."""
