//! No code of its own: the stories are in `it/`.
