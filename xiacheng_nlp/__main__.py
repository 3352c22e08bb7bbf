"""`python -m xiacheng_nlp` is the command `xiacheng-nlp`."""

import sys

from xiacheng_nlp.cli import main

sys.exit(main())
