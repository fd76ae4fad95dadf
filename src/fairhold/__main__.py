"""`python -m fairhold`, the same as the `fairhold` command."""

from fairhold.cli.main import main

if __name__ == "__main__":
    main()
