//! Which columns fit, and how wide each one is. Values that change move nothing: columns are dropped by the room
//! alone, and grow in coarse steps by the longest text of the whole list, seen or not.

use crate::store::table::Column;

/// A column that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place among all columns.
    pub index: usize,
    /// From the left edge of the table.
    pub x: u16,
    pub width: u16,
}

/// Columns as expendable as this go before names are cut short.
const LITTLE_MISSED: u8 = 3;

/// Drops the most expendable columns until the rest fits, and shares what is left over: each column grows up to
/// what it `wants`, the indispensable ones first.
pub fn place(columns: &[Column], wants: &[u16], room: u16) -> Vec<Placed> {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let need = |kept: &[usize]| -> u16 {
        let widths: u16 = kept.iter().map(|&i| columns[i].min).sum();
        widths + kept.len().saturating_sub(1) as u16
    };
    // Names that are cut to nothing help nobody: what is least missed makes room for half as much again.
    let comfort = |kept: &[usize]| -> u16 {
        let more: u16 = kept
            .iter()
            .filter(|&&i| columns[i].expendable == 0)
            .map(|&i| {
                let Column { min, max, .. } = columns[i];
                let want = wants
                    .get(i)
                    .copied()
                    .unwrap_or(max)
                    .clamp(min, max.max(min));
                want.min(min * 3 / 2) - min
            })
            .sum();
        need(kept) + more
    };
    while comfort(&kept) > room {
        let Some(worst) = kept
            .iter()
            .copied()
            .filter(|&i| columns[i].expendable >= LITTLE_MISSED)
            .max_by_key(|&i| columns[i].expendable)
        else {
            break;
        };
        kept.retain(|&i| i != worst);
    }
    while need(&kept) > room {
        let Some(worst) = kept
            .iter()
            .copied()
            .filter(|&i| columns[i].expendable > 0)
            .max_by_key(|&i| columns[i].expendable)
        else {
            break;
        };
        kept.retain(|&i| i != worst);
    }
    let mut widths: Vec<u16> = kept.iter().map(|&i| columns[i].min).collect();
    let mut needed = need(&kept);
    // Not even the indispensable ones fit: the widest gives way, the others stay readable.
    while needed > room {
        let Some(widest) = (0..widths.len()).max_by_key(|&i| widths[i]) else {
            break;
        };
        if widths[widest] <= 4 {
            break;
        }
        widths[widest] -= 1;
        needed -= 1;
    }
    let mut spare = room.saturating_sub(needed);
    // Two cells between columns read better than one.
    let gaps = kept.len().saturating_sub(1) as u16;
    let gap = if gaps > 0 && spare >= gaps {
        spare -= gaps;
        2
    } else {
        1
    };
    let want = |place: usize| {
        let column = &columns[kept[place]];
        let want = wants.get(kept[place]).copied().unwrap_or(column.max);
        want.clamp(column.min, column.max.max(column.min))
    };
    // The indispensable ones grow first; those of one rank grow together.
    let mut ranks: Vec<u8> = kept.iter().map(|&i| columns[i].expendable).collect();
    ranks.sort_unstable();
    ranks.dedup();
    for rank in ranks {
        let mut growing: Vec<usize> = (0..kept.len())
            .filter(|&place| columns[kept[place]].expendable == rank)
            .collect();
        while spare > 0 && !growing.is_empty() {
            growing.retain(|&place| widths[place] < want(place));
            for &place in &growing {
                let step = spare.min(1);
                widths[place] += step;
                spare -= step;
            }
        }
    }
    let mut x = 0;
    kept.into_iter()
        .zip(widths)
        .map(|(index, width)| {
            let placed = Placed { index, x, width };
            x += width + gap;
            placed
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::table::Align;

    const fn column(min: u16, max: u16, expendable: u8) -> Column {
        Column {
            key: "k",
            title: "t",
            align: Align::Left,
            min,
            max,
            expendable,
        }
    }

    fn shown(columns: &[Column], room: u16) -> Vec<(usize, u16)> {
        let wants: Vec<u16> = columns.iter().map(|c| c.max).collect();
        place(columns, &wants, room)
            .iter()
            .map(|p| (p.index, p.width))
            .collect()
    }

    #[test]
    fn the_expendable_go_first_and_the_rest_share_the_room() {
        let columns = [column(10, 30, 0), column(5, 5, 2), column(8, 28, 1)];
        assert_eq!(shown(&columns, 25), [(0, 10), (1, 5), (2, 8)]);
        assert_eq!(shown(&columns, 24), [(0, 14), (2, 8)]);
        assert_eq!(shown(&columns, 12), [(0, 12)]);
        assert_eq!(shown(&columns, 200), [(0, 30), (1, 5), (2, 28)]);
    }

    #[test]
    fn names_come_before_what_is_little_missed() {
        let columns = [column(10, 30, 0), column(5, 5, 3)];
        assert_eq!(shown(&columns, 21), [(0, 14), (1, 5)]);
        assert_eq!(shown(&columns, 20), [(0, 20)]);
    }

    #[test]
    fn too_narrow_for_the_indispensable_shrinks_the_widest() {
        let columns = [column(10, 30, 0), column(5, 5, 0)];
        assert_eq!(shown(&columns, 12), [(0, 6), (1, 5)]);
        assert_eq!(shown(&columns, 0), [(0, 4), (1, 4)]);
        assert!(shown(&[], 10).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn columns_never_overlap(room in 0u16..300) {
            for columns in [
                crate::store::tables::runs::COLUMNS,
                crate::store::tables::endpoints::COLUMNS,
                crate::store::tables::versions::DATA_COLUMNS,
            ] {
                let wants: Vec<u16> = columns.iter().map(|c| c.max).collect();
                let placed = place(columns, &wants, room);
                for pair in placed.windows(2) {
                    proptest::prop_assert!(pair[0].x + pair[0].width < pair[1].x);
                }
                if let Some(last) = placed.last() && room > 80 {
                    proptest::prop_assert!(last.x + last.width <= room);
                }
            }
        }
    }
}
