//! Conditional payments: contracts, timeouts, netting.
