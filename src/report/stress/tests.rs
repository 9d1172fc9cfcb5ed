//! Figures of a stress.
