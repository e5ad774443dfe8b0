//! What is kept of an event beside its text.

/// What is known of an event besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    pub at_ms: i64,
    /// Order of arrival among the events of the same millisecond.
    pub seq: i32,
    /// Hash of the event id, where there is one.
    pub id: Option<u64>,
    /// Kept as a distance from `at_ms`; one of more than 24 days is not kept.
    pub ingested_ms: Option<i64>,
    pub source: u16,
    /// Came after lines that stand behind it.
    pub late: bool,
    /// Live Tail brought it, without an id.
    pub tailed: bool,
}

pub(super) const ROW: usize = 27;
const LATE: u8 = 1;
const TAILED: u8 = 2;
const HAS_ID: u8 = 4;
const NOT_INGESTED: i32 = i32::MIN;

/// A [`Meta`] in 27 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row(pub [u8; ROW]);

impl Row {
    pub fn pack(meta: &Meta) -> Self {
        let delay = meta
            .ingested_ms
            .and_then(|at| i32::try_from(at.checked_sub(meta.at_ms)?).ok())
            .unwrap_or(NOT_INGESTED);
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags =
            flag(meta.late, LATE) | flag(meta.tailed, TAILED) | flag(meta.id.is_some(), HAS_ID);
        let mut row = [0; ROW];
        row[..8].copy_from_slice(&meta.at_ms.to_le_bytes());
        row[8..16].copy_from_slice(&meta.id.unwrap_or_default().to_le_bytes());
        row[16..20].copy_from_slice(&meta.seq.to_le_bytes());
        row[20..24].copy_from_slice(&delay.to_le_bytes());
        row[24..26].copy_from_slice(&meta.source.to_le_bytes());
        row[26] = flags;
        Self(row)
    }

    fn bytes<const N: usize>(&self, from: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.0[from..from + N]);
        bytes
    }

    pub fn at_ms(&self) -> i64 {
        i64::from_le_bytes(self.bytes(0))
    }

    pub fn seq(&self) -> i32 {
        i32::from_le_bytes(self.bytes(16))
    }

    pub fn unpack(&self) -> Meta {
        let flags = self.0[26];
        let at_ms = self.at_ms();
        let delay = i32::from_le_bytes(self.bytes(20));
        Meta {
            at_ms,
            seq: self.seq(),
            id: (flags & HAS_ID != 0).then(|| u64::from_le_bytes(self.bytes(8))),
            ingested_ms: (delay != NOT_INGESTED).then(|| at_ms.saturating_add(delay.into())),
            source: u16::from_le_bytes(self.bytes(24)),
            late: flags & LATE != 0,
            tailed: flags & TAILED != 0,
        }
    }
}
