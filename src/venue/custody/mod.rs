//! Wallets and holds: one balance behind all services, or one each.
