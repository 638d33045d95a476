"""`python -m ambiome_cli`, where the script is not on the path."""

from ambiome_cli.main import main

if __name__ == "__main__":
    main()
