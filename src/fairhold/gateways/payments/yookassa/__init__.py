"""YooKassa's «Safe deal»: it holds what the buyer paid, pays it to the seller or gives it back. Its API is version 3."""
