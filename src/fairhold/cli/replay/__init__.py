"""`fairhold replay`: a history of real orders through the engine, on a virtual clock."""
