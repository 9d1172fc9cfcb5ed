//! Loans: pools, collateral, interest, recall.
