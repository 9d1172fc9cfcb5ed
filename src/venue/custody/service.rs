//! The services that an agent's money can back.

/// A service of the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// The perpetual exchange.
    Trading,
    /// Conditional payments.
    Escrow,
    /// Bets.
    Casino,
    /// Registration and sale of names.
    Domains,
    /// Grants to start with.
    Faucet,
    /// Lending of holdings.
    Lending,
}

impl Service {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// All of them, in the order of their indices.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Trading, Self::Escrow, Self::Casino, Self::Domains, Self::Faucet, Self::Lending];

    /// Its place in [`Service::ALL`].
    #[inline]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its name in scenarios and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trading => "trading",
            Self::Escrow => "escrow",
            Self::Casino => "casino",
            Self::Domains => "domains",
            Self::Faucet => "faucet",
            Self::Lending => "lending",
        }
    }
}

/// A balance of an agent under silo custody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Silo {
    /// The balance of a service.
    Of(Service),
    /// The plain wallet, which backs no service.
    Main,
}

impl Silo {
    /// How many there are.
    pub const COUNT: usize = Service::COUNT + 1;

    /// All of them, in the order of their indices.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Of(Service::Trading),
        Self::Of(Service::Escrow),
        Self::Of(Service::Casino),
        Self::Of(Service::Domains),
        Self::Of(Service::Faucet),
        Self::Of(Service::Lending),
        Self::Main,
    ];

    /// Its name in scenarios and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Of(service) => service.name(),
            Self::Main => "main",
        }
    }

    /// Its index: that of its service; the plain wallet comes last.
    #[inline]
    pub const fn index(self) -> usize {
        match self {
            Self::Of(service) => service.index(),
            Self::Main => Service::COUNT,
        }
    }
}
