//! The exchange against hand calculations.
