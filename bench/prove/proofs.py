"""The list of proofs: a row of the table for each, on each engine."""

from .database import DATABASE
from .disorder import DISORDER
from .faults import FAULTS
from .hostile import HOSTILE
from .kill import KILL
from .leaks import LEAKS
from .pause import PAUSE
from .proof import Proof
from .replicas import REPLICAS
from .soak import SOAK
from .year import YEAR

PROOFS: tuple[Proof, ...] = (KILL, FAULTS, DISORDER, PAUSE, DATABASE, HOSTILE, LEAKS, YEAR, REPLICAS, SOAK)
