"""A service that cannot start."""

import sys

if __name__ == "__main__":
    sys.exit("PROFILES_DIR: leuven.yaml, line 3: no such calendar")
