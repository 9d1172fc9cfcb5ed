//! Buying and selling a holding.
