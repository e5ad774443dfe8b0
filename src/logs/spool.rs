//! A file without a name that holds what does not fit in memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::positioned;

/// Space is given out in pieces of this size, so that a block that grew a little fits where another one left.
const PIECE: u64 = 64 << 10;

/// Belongs to this process alone: it has no name (on Unix), is readable by its owner only, and is gone when closed.
#[derive(Debug)]
pub struct Spool {
    file: File,
    space: Mutex<Space>,
}

#[derive(Debug, Default)]
struct Space {
    end: u64,
    /// Offset and length of what was given back; neighbours are joined.
    free: BTreeMap<u64, u64>,
}

/// A stretch of the spool; given back when it is dropped.
#[derive(Debug)]
pub struct Extent {
    spool: Arc<Spool>,
    offset: u64,
    /// A multiple of [`PIECE`].
    room: u64,
    len: usize,
}

impl Spool {
    /// Makes the folder too where it is missing.
    pub fn create(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            file: tempfile::tempfile_in(folder)?,
            space: Mutex::default(),
        })
    }

    pub fn write(self: &Arc<Self>, bytes: &[u8]) -> io::Result<Extent> {
        let room = (bytes.len() as u64).next_multiple_of(PIECE).max(PIECE);
        let extent = Extent {
            spool: Arc::clone(self),
            offset: self.space().take(room),
            room,
            len: bytes.len(),
        };
        // When this fails, dropping the extent gives the space back.
        positioned::write_all_at(&self.file, bytes, extent.offset)?;
        Ok(extent)
    }

    fn space(&self) -> MutexGuard<'_, Space> {
        self.space.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Space {
    fn take(&mut self, room: u64) -> u64 {
        let fitting = self.free.iter().find(|(_, len)| **len >= room);
        if let Some((&offset, &len)) = fitting {
            self.free.remove(&offset);
            if len > room {
                self.free.insert(offset + room, len - room);
            }
            return offset;
        }
        let offset = self.end;
        self.end += room;
        offset
    }

    fn give_back(&mut self, mut offset: u64, mut room: u64) {
        if let Some((&before, &len)) = self.free.range(..offset).next_back()
            && before + len == offset
        {
            self.free.remove(&before);
            offset = before;
            room += len;
        }
        if let Some(len) = self.free.remove(&(offset + room)) {
            room += len;
        }
        if offset + room == self.end {
            self.end = offset;
        } else {
            self.free.insert(offset, room);
        }
    }
}

impl Extent {
    pub fn read(&self, buffer: &mut Vec<u8>) -> io::Result<()> {
        positioned::read_into(&self.spool.file, buffer, self.offset, self.len)?;
        if buffer.len() < self.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    pub fn bytes(&self) -> usize {
        self.len
    }
}

impl Drop for Extent {
    fn drop(&mut self) {
        self.spool.space().give_back(self.offset, self.room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spool() -> (tempfile::TempDir, Arc<Spool>) {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::create(&folder.path().join("logs")).unwrap();
        (folder, Arc::new(spool))
    }

    #[test]
    fn what_is_written_is_read_and_nothing_is_seen_in_the_folder() {
        let (folder, spool) = spool();
        let one = spool.write(b"one").unwrap();
        let two = spool.write(&[7; 100_000]).unwrap();
        let mut buffer = Vec::new();
        one.read(&mut buffer).unwrap();
        assert_eq!(buffer, b"one");
        two.read(&mut buffer).unwrap();
        assert_eq!(buffer, [7; 100_000]);
        if cfg!(unix) {
            let names = std::fs::read_dir(folder.path().join("logs")).unwrap();
            assert_eq!(names.count(), 0);
        }
    }

    #[test]
    fn space_is_used_again() {
        let (_folder, spool) = spool();
        let extents: Vec<_> = (0..4)
            .map(|_| spool.write(&[1; 64 << 10]).unwrap())
            .collect();
        let [a, b, c, d] = <[Extent; 4]>::try_from(extents).unwrap();
        drop(b);
        drop(c);
        let wide = spool.write(&[2; 128 << 10]).unwrap();
        assert_eq!(wide.offset, PIECE);
        drop((wide, a, d));
        assert_eq!(spool.space().end, 0);
        assert!(spool.space().free.is_empty());
    }
}
