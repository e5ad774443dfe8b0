//! Files and pipes, as they grow.

use super::*;

#[test]
fn the_end_of_a_file_is_shown_before_its_lines_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (path, lines) = big_file(&folder);
    let mut bench = Bench::files(&[path]);
    bench.ask(Ask::Window {
        generation: 5,
        anchor: Anchor::End,
        before: 1,
        after: 0,
    });
    bench.pass(0);
    let Some(Told::Window(early)) = bench.told.iter().find(|t| matches!(t, Told::Window(_))) else {
        panic!("an answer at once");
    };
    assert_eq!(texts(early), lines[59_998..].iter().collect::<Vec<_>>());
    assert_eq!((early.lines[1].number, early.settled), (None, false));
    let key = early.lines[1].key;
    let window = bench.until(|told| match told {
        Told::Window(window) if window.settled => Some(window.clone()),
        _ => None,
    });
    let last = &window.lines[1];
    assert_eq!((last.key, last.number), (key, Some(59_999)));
    assert_eq!(last.at_ms, Some(59_999));
    let window = bench.window(Anchor::AtTime(31_234), 0, 0);
    assert_eq!(window.lines[0].number, Some(31_234));
}

#[test]
fn a_file_that_grows_and_is_cut_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, "1 one\n2 tw").unwrap();
    let mut bench = Bench::files(std::slice::from_ref(&path));
    bench.ask(Ask::SetView {
        generation: 1,
        chain: chain(&[("o", Way::Keep)]),
        around: None,
    });
    assert_eq!(texts(&bench.window(Anchor::End, 9, 0)), ["1 one"]);
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"o\n3 three\n4 four\n").unwrap();
    bench.desk.take(Mail::Changed);
    let changed = |told: &Told| match told {
        Told::Window(window) => Some(window.clone()),
        _ => None,
    };
    let window = bench.until(changed);
    assert_eq!(texts(&window), ["1 one", "2 two", "4 four"]);
    fs::write(&path, "so\n").unwrap();
    bench.desk.take(Mail::Changed);
    let window = bench.until(changed);
    assert_eq!(texts(&window), ["so"]);
    let gap = window.lines[0].gap_before.as_ref().unwrap();
    assert!(gap.why.contains("truncated"));
}

#[test]
fn a_pipe_ends() {
    let mut document = Document::new(Bound::new(64 << 20, None));
    let intake = pipe::Intake::new(&mut document);
    let (empty, _held) = channel();
    let mut bench = Bench::new(document, Intake::Pipe { intake, empty });
    bench
        .desk
        .take(Mail::Piped(pipe::Piped::Bytes(b"1\n2".to_vec())));
    bench.desk.take(Mail::Piped(pipe::Piped::End));
    let progress = bench.until(|told| match told {
        Told::Progress(progress) => Some(progress.clone()),
        _ => None,
    });
    assert_eq!(
        (progress.lines, progress.growing, progress.done),
        (2, false, true)
    );
}

#[test]
fn it_runs_on_a_thread_of_its_own_and_is_told_of_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, "1\n").unwrap();
    let (sender, told) = channel();
    let input = Input::Files(vec![path.clone()]);
    let reader = Reader::start(input, Settings::default(), move |message| {
        let _ = sender.send(message);
    });
    let reader = reader.unwrap();
    reader.ask(Ask::Window {
        generation: 1,
        anchor: Anchor::End,
        before: 0,
        after: 0,
    });
    let wait_for = |text: &str| loop {
        let message = told.recv_timeout(Duration::from_secs(20)).unwrap();
        if let Told::Window(window) = message
            && texts(&window) == [text]
        {
            break;
        }
    };
    wait_for("1");
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"2\n").unwrap();
    wait_for("2");
    drop(reader);
    // The thread ends and lets go of the channel.
    while told.recv_timeout(Duration::from_secs(20)).is_ok() {}
}
