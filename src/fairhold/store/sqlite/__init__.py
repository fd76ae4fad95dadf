"""One SQLite file: write-ahead log, every commit synced to the disk, one process that writes, readers that never wait."""
