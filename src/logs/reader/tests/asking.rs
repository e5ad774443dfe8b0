//! What is asked of many lines.

use super::*;

#[test]
fn filters_search_and_finding_agree_with_a_naive_filter() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lines) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::SetView {
        generation: 1,
        chain: chain(&[("ERROR", Way::Keep), ("^1", Way::Drop)]),
        around: None,
    });
    bench.ask(Ask::Search {
        generation: 2,
        test: Some(test("^2")),
        around: None,
    });
    let shown: Vec<&String> = lines
        .iter()
        .filter(|l| l.contains("ERROR") && !l.starts_with('1'))
        .collect();
    let matching = shown.iter().filter(|l| l.starts_with('2')).count() as u64;
    let counted = bench.until(|told| match told {
        Told::Counted {
            generation: 2,
            matches,
            done: true,
        } => Some(*matches),
        _ => None,
    });
    assert_eq!(counted, matching);
    let window = bench.window(Anchor::Visible(3), 3, 6);
    assert_eq!(texts(&window), shown[..10]);
    let marks: Vec<bool> = window.lines.iter().map(|l| l.matched).collect();
    let expected: Vec<bool> = shown[..10].iter().map(|l| l.starts_with('2')).collect();
    assert_eq!(marks, expected);

    // From the last shown line upwards, to the last one that begins with 2, and round.
    let find = |from, backwards, wrap| Ask::Find {
        generation: 3,
        test: test("^2"),
        from,
        here: false,
        backwards,
        wrap,
    };
    let found = |told: &Told| match told {
        Told::Found(found) => Some(Some(found.clone())),
        Told::NotFound { .. } => Some(None),
        _ => None,
    };
    bench.ask(find(LineKey::LAST, true, false));
    let last = bench.until(found).unwrap();
    let place = shown.iter().rposition(|l| l.starts_with('2')).unwrap() as u64;
    assert_eq!((last.visible, last.wrapped), (place, false));
    bench.ask(find(last.key, false, false));
    assert_eq!(bench.until(found), None);
    bench.ask(find(last.key, false, true));
    let first = bench.until(found).unwrap();
    let place = shown.iter().position(|l| l.starts_with('2')).unwrap() as u64;
    assert_eq!((first.visible, first.wrapped), (place, true));

    // The line under the cursor is not shown any more: the next one is.
    bench.ask(Ask::SetView {
        generation: 4,
        chain: chain(&[("^3", Way::Keep)]),
        around: Some(first.key),
    });
    let window = bench.window(Anchor::Line(first.key), 0, 0);
    let number = lines.iter().position(|l| l.starts_with("3000 ")).unwrap() as u64;
    assert_eq!(window.lines[0].number, Some(number));
}

#[test]
fn lines_are_taken_away_as_they_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lines) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::SetView {
        generation: 1,
        chain: chain(&[("ERROR", Way::Keep)]),
        around: None,
    });
    let shown: Vec<String> = lines.into_iter().filter(|l| l.contains("ERROR")).collect();
    let text = shown.join("\n") + "\n";
    let to = folder.path().join("out.log");
    let export = || Ask::Export {
        generation: 2,
        range: Range::VISIBLE,
        format: Arc::new(RawText),
        to: to.clone(),
    };
    bench.ask(export());
    let bytes = bench.until(|told| match told {
        Told::Exported { bytes, .. } => Some(*bytes),
        _ => None,
    });
    assert_eq!(bytes as usize, text.len());
    assert_eq!(fs::read_to_string(&to).unwrap(), text);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&to).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    // Another file is never overwritten.
    bench.ask(export());
    let trouble = bench.until(|told| match told {
        Told::Trouble(trouble) => Some(trouble.what.clone()),
        _ => None,
    });
    assert!(trouble.contains("out.log is there already"), "{trouble}");

    bench.ask(Ask::Copy {
        generation: 3,
        range: Range::VISIBLE,
        format: Arc::new(RawText),
        max_bytes: text.len() - 1,
    });
    let (copied, whole) = bench.until(|told| match told {
        Told::Copied { lines, whole, .. } => Some((*lines, *whole)),
        _ => None,
    });
    assert_eq!((copied as usize, whole), (shown.len() - 1, false));

    let numbers = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&numbers);
    let window = bench.window(Anchor::Visible(1), 0, 1);
    bench.ask(Ask::Visit {
        generation: 4,
        range: Range {
            first: window.lines[0].key,
            last: window.lines[1].key,
            visible: true,
        },
        visitor: Visitor::new(move |line| {
            seen.lock().unwrap().push(line.number);
            ControlFlow::Continue(())
        }),
    });
    bench.until(|told| {
        matches!(
            told,
            Told::Visited {
                whole: true,
                lines: 2,
                ..
            }
        )
        .then_some(())
    });
    assert_eq!(*numbers.lock().unwrap(), [1007, 2007]);
}

#[test]
fn a_histogram_counts_lines_and_marks() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::Histogram {
        generation: 1,
        buckets: 6,
        marked: Some(test("ERROR")),
    });
    let histogram = bench.until(|told| match told {
        Told::Histogram(histogram) if histogram.done => Some(histogram.clone()),
        _ => None,
    });
    // Lines are a millisecond apart, every thousandth is an error.
    let counts: Vec<_> = histogram
        .buckets
        .iter()
        .map(|b| (b.lines, b.marked))
        .collect();
    assert_eq!(counts, [(10_000, 10); 6]);
}
