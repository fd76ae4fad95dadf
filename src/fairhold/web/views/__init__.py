"""What templates show: pure functions from an order, the moment and the reader to small frozen records of ready text."""
