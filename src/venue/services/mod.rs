//! What other services do with the wallet: flows with their own random streams.
