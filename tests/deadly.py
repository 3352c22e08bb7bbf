"""Makings of reports that go wrong in a worker, where a process that begins anew finds them."""

import os
import signal
import time

from xiacheng_nlp.corpora import dataset
from xiacheng_nlp.corpora.tables import Job

MADE = dataset._made


def deadly(data: bytes, job: Job) -> dict[str, bytes]:
    """Makes the tables of a report; of some it kills the process it is in, sleeps, or takes all
    memory."""
    if job.file.startswith("乙县-2013"):
        os.kill(os.getpid(), signal.SIGKILL)
    if job.file.startswith("乙县-2014"):
        time.sleep(600)
    if job.file.startswith("丙市-2013"):
        bytearray(1 << 40)
    return MADE(data, job)
