//! bancada
