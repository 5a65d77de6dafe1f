//! Capítulo 5.
