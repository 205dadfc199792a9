"""``python -m audit`` is ``clip-audit``."""

from audit.cli.main import main

if __name__ == "__main__":
    main()
