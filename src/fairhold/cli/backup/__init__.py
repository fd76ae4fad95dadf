"""`fairhold backup` and `fairhold restore`: an installation as a folder of files, taken while it runs, and put back."""
