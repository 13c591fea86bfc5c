"""``python -m seloste`` is the same as the ``seloste`` command."""

from seloste.cli import main

if __name__ == "__main__":
    main()
