//! Double entry: every change of a balance is a transfer between two accounts of one asset.
//!
//! Nothing here knows of markets. [`Ledger::conservation`] is the public promise that no unit
//! is ever made or lost.

use crate::units::Amount;

/// An account's place in its ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId(u32);

impl AccountId {
    /// Accounts are numbered from 0 in the order of opening.
    #[inline]
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An asset's place in the list that the ledger was opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssetId(pub u16);

/// USDC: the asset of margin, always the ledger's first.
pub const USDC: AssetId = AssetId(0);

/// One posting: `amount` went from one account to another, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Debited account.
    pub from: AccountId,
    /// Credited account.
    pub to: AccountId,
    /// Amount moved, above zero.
    pub amount: Amount,
    /// What it was for, e.g. `"liquidation penalty"`.
    pub reason: &'static str,
}

/// The sum over all accounts of one asset is not zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger does not balance: accounts of asset {asset} sum to {sum} smallest units")]
pub struct Imbalance {
    /// The asset.
    pub asset: u16,
    /// What its accounts sum to.
    pub sum: i128,
}

#[derive(Clone, Debug)]
struct Account {
    asset: AssetId,
    name: String,
}

/// Accounts with their balances and holds.
///
/// A *hold* marks part of a balance as backing an obligation without moving it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    accounts: Vec<Account>,
    balances: Vec<Amount>,
    holds: Vec<Amount>,
    /// Accounts whose balance or hold has changed, each once, and whether each is among them.
    changed: Vec<AccountId>,
    is_changed: Vec<bool>,
    journal: Option<Vec<Posting>>,
}

impl Ledger {
    /// Opens an account with nothing on it.
    pub fn open(&mut self, name: impl Into<String>, asset: AssetId) -> AccountId {
        let id = AccountId(u32::try_from(self.accounts.len()).expect("fewer than 2^32 accounts"));
        self.accounts.push(Account { asset, name: name.into() });
        self.balances.push(Amount::ZERO);
        self.holds.push(Amount::ZERO);
        self.is_changed.push(false);
        id
    }

    /// Sets every balance and hold to nothing and empties the journal, keeping the accounts.
    pub fn reset(&mut self) {
        self.balances.fill(Amount::ZERO);
        self.holds.fill(Amount::ZERO);
        self.changed.clear();
        self.is_changed.fill(false);
        if let Some(journal) = &mut self.journal {
            journal.clear();
        }
    }

    /// As another of the same accounts is; postings are left as they are.
    pub fn return_to(&mut self, start: &Self) {
        self.balances.copy_from_slice(&start.balances);
        self.holds.copy_from_slice(&start.holds);
        self.changed.clone_from(&start.changed);
        self.is_changed.copy_from_slice(&start.is_changed);
    }

    /// From now on keeps every posting (`on`), or none.
    pub fn keep_journal(&mut self, on: bool) {
        self.journal = on.then(Vec::new);
    }

    /// The postings kept so far.
    pub fn journal(&self) -> &[Posting] {
        self.journal.as_deref().unwrap_or(&[])
    }

    /// What is on an account; below zero where the account may owe.
    #[inline]
    pub fn balance(&self, account: AccountId) -> Amount {
        self.balances[account.index()]
    }

    /// How much of a balance backs obligations.
    #[inline]
    pub fn held(&self, account: AccountId) -> Amount {
        self.holds[account.index()]
    }

    /// Every account, in the order of opening.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        (0..self.accounts.len() as u32).map(AccountId)
    }

    /// The asset of an account.
    pub fn asset(&self, account: AccountId) -> AssetId {
        self.accounts[account.index()].asset
    }

    /// The name that an account was opened with.
    pub fn name(&self, account: AccountId) -> &str {
        &self.accounts[account.index()].name
    }

    /// Moves `amount` (not below zero) between two accounts of one asset. Nothing moves when it
    /// is zero.
    #[inline]
    pub fn transfer(
        &mut self,
        from: AccountId,
        to: AccountId,
        amount: Amount,
        reason: &'static str,
    ) {
        assert!(!amount.is_negative(), "a transfer of {amount} ({reason}) runs backwards");
        assert_eq!(
            self.accounts[from.index()].asset,
            self.accounts[to.index()].asset,
            "a transfer ({reason}) between two assets"
        );
        if amount == Amount::ZERO {
            return;
        }
        self.balances[from.index()] -= amount;
        self.balances[to.index()] += amount;
        self.note_change(from);
        self.note_change(to);
        if let Some(journal) = &mut self.journal {
            journal.push(Posting { from, to, amount, reason });
        }
    }

    /// Moves a signed amount: from `a` to `b` when above zero, from `b` to `a` when below.
    #[inline]
    pub fn settle(&mut self, a: AccountId, b: AccountId, amount: Amount, reason: &'static str) {
        if amount.is_negative() {
            self.transfer(b, a, -amount, reason);
        } else {
            self.transfer(a, b, amount, reason);
        }
    }

    /// Holds `amount` more of an account's balance; refused (false) when less than that is free.
    #[must_use]
    pub fn hold(&mut self, account: AccountId, amount: Amount) -> bool {
        assert!(!amount.is_negative(), "a hold of {amount} runs backwards");
        let held = self.held(account) + amount;
        let fits = held <= self.balance(account);
        if fits {
            self.holds[account.index()] = held;
            self.note_change(account);
        }
        fits
    }

    /// Releases `amount` of what is held.
    pub fn release(&mut self, account: AccountId, amount: Amount) {
        assert!(
            !amount.is_negative() && amount <= self.held(account),
            "released more than is held"
        );
        self.holds[account.index()] -= amount;
        self.note_change(account);
    }

    #[inline]
    fn note_change(&mut self, account: AccountId) {
        if !std::mem::replace(&mut self.is_changed[account.index()], true) {
            self.changed.push(account);
        }
    }

    /// An account whose balance or hold has changed since it was last named here, as long as there
    /// is one.
    #[inline]
    pub fn next_changed(&mut self) -> Option<AccountId> {
        let account = self.changed.pop()?;
        self.is_changed[account.index()] = false;
        Some(account)
    }

    /// Whether the accounts of each asset sum to exactly zero.
    pub fn conservation(&self) -> Result<(), Imbalance> {
        let assets = self.accounts.iter().map(|account| account.asset.0).max().unwrap_or(0);
        for asset in 0..=assets {
            let sum: i128 = (self.accounts.iter().zip(&self.balances))
                .filter(|(account, _)| account.asset.0 == asset)
                .map(|(_, balance)| i128::from(balance.micro()))
                .sum();
            if sum != 0 {
                return Err(Imbalance { asset, sum });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_wallets() -> (Ledger, AccountId, AccountId) {
        let mut ledger = Ledger::default();
        let market = ledger.open("market", USDC);
        let wallet = ledger.open("wallet", USDC);
        (ledger, market, wallet)
    }

    #[test]
    fn a_transfer_moves_and_is_written_down() {
        let (mut ledger, market, wallet) = two_wallets();
        ledger.keep_journal(true);
        ledger.transfer(market, wallet, Amount::from_micro(100), "deposit");
        ledger.settle(wallet, market, Amount::from_micro(-7), "profit");
        ledger.transfer(market, wallet, Amount::ZERO, "nothing");
        assert_eq!(ledger.balance(wallet).micro(), 107);
        assert_eq!(ledger.balance(market).micro(), -107);
        assert_eq!(ledger.conservation(), Ok(()));
        let reasons: Vec<_> = ledger.journal().iter().map(|posting| posting.reason).collect();
        assert_eq!(reasons, ["deposit", "profit"]);
    }

    #[test]
    fn every_change_is_named_once() {
        let (mut ledger, market, wallet) = two_wallets();
        let mut named = |work: &dyn Fn(&mut Ledger)| {
            work(&mut ledger);
            let mut ids: Vec<_> = std::iter::from_fn(|| ledger.next_changed()).collect();
            ids.sort_unstable();
            ids
        };
        let amount = Amount::from_micro(10);
        assert_eq!(named(&|_| {}), []);
        let twice = |ledger: &mut Ledger| {
            ledger.transfer(market, wallet, amount, "deposit");
            ledger.transfer(market, wallet, amount, "deposit");
        };
        assert_eq!(named(&twice), [market, wallet]);
        assert_eq!(named(&|ledger| assert!(ledger.hold(wallet, amount))), [wallet]);
        assert_eq!(named(&|ledger| assert!(!ledger.hold(wallet, amount + amount))), []);
        assert_eq!(named(&|ledger| ledger.release(wallet, amount)), [wallet]);
        assert_eq!(named(&|ledger| ledger.transfer(wallet, market, Amount::ZERO, "none")), []);
    }

    #[test]
    fn a_hold_cannot_exceed_what_backs_it() {
        let (mut ledger, market, wallet) = two_wallets();
        ledger.transfer(market, wallet, Amount::from_micro(10), "deposit");
        assert!(ledger.hold(wallet, Amount::from_micro(6)));
        assert!(!ledger.hold(wallet, Amount::from_micro(5)));
        ledger.release(wallet, Amount::from_micro(2));
        assert!(ledger.hold(wallet, Amount::from_micro(6)));
        assert_eq!(ledger.held(wallet).micro(), 10);
        assert_eq!(ledger.balance(wallet).micro(), 10);
    }

    #[test]
    fn an_imbalance_is_found() {
        let (mut ledger, _, wallet) = two_wallets();
        ledger.balances[wallet.index()] = Amount::from_micro(1);
        assert_eq!(ledger.conservation(), Err(Imbalance { asset: 0, sum: 1 }));
    }

    #[test]
    #[should_panic(expected = "runs backwards")]
    fn a_negative_transfer_is_impossible() {
        let (mut ledger, market, wallet) = two_wallets();
        ledger.transfer(market, wallet, Amount::from_micro(-1), "deposit");
    }
}
