//! Data to start with, as `--seed FILE` reads it.
