"""Money that comes in and goes back: providers' news, bank transfers, contested chargebacks."""
