"""Makes DVC repositories from seeds and asks the real `dvc` about them.

    python dvc_cases.py FOLDER SEED...

For each seed FOLDER/SEED/repo is a repository that nobody has asked anything, and a line of JSON is printed for each
question: the folder to stand in, the arguments, the answer and the exit code of `dvc`. The questions are put to
copies, because `dvc status` removes damaged objects from the cache.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CLOCK = 1_700_000_000


def settle(folder):
    """No user's or machine's settings, no questions asked of the world."""
    os.environ.update(
        HOME=str(folder), TZ="UTC", LC_ALL="C.UTF-8", DVC_NO_ANALYTICS="1", DVC_TEST="1",
        DVC_SITE_CACHE_DIR=str(folder / "site"), DVC_SYSTEM_CONFIG_DIR=str(folder / "none"),
        DVC_GLOBAL_CONFIG_DIR=str(folder / "none"), GIT_CONFIG_NOSYSTEM="1",
        GIT_AUTHOR_NAME="Ada", GIT_AUTHOR_EMAIL="ada@example.com",
        GIT_COMMITTER_NAME="Ada", GIT_COMMITTER_EMAIL="ada@example.com",
        GIT_AUTHOR_DATE=f"{CLOCK} +0000", GIT_COMMITTER_DATE=f"{CLOCK} +0000",
    )


def call(cwd, out, err, args):
    from dvc.cli import main

    os.chdir(cwd)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    code = main(list(args))
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def dvc(cwd, *args):
    """In a child process that has everything imported already: (exit code, output, complaints)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            code = 255
            try:
                code = call(cwd, out, err, args)
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), out.read().decode(), err.read().decode()


def warm_up(folder):
    """Imports what children would import each for themselves: most of a second."""
    repo = folder / "warm"
    repo.mkdir()
    git(repo, "init", "-q")
    write(repo / "raw/x", "1\n")
    write(repo / "dvc.yaml", "stages: {a: {cmd: echo 1 > out, outs: [out], params: [p]}}\n")
    write(repo / "params.yaml", "p: 1\n")
    before, kept = os.getcwd(), (os.dup(1), os.dup(2))
    with tempfile.TemporaryFile() as said:
        lines = ["init", "add raw", "repro", "status --json", "status -c --json", "data status --granular --json"]
        for line in [*lines, "list . -R --json", "import-url raw/x y"]:
            call(repo, said, said, line.split())
        git(repo, "add", "-A")
        git(repo, "commit", "-qm", "one")
        write(repo / "raw/x", "2\n")
        for line in ["diff --json", "list . --rev HEAD --json", "remote add -d r ../remote", "push"]:
            call(repo, said, said, line.split())
    os.chdir(before)
    os.dup2(kept[0], 1)
    os.dup2(kept[1], 2)


def must(cwd, *args):
    code, _, said = dvc(cwd, *args)
    if code != 0:
        raise SystemExit(f"dvc {' '.join(args)} in {cwd}: {code}\n{said}")


def git(cwd, *args):
    subprocess.run(["git", *args], cwd=cwd, check=True, capture_output=True)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.exists():
        path.unlink()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


class Maker:
    def __init__(self, folder, seed):
        self.dice = random.Random(seed)
        self.root = folder / "repo"
        self.remote = folder / "remote"
        self.root.mkdir(parents=True)

    def text(self, lines=4):
        return "".join(f"{self.dice.random()},{self.dice.randrange(5)}\n" for _ in range(lines))

    def commit(self, tag):
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", tag)
        git(self.root, "tag", tag)

    def make(self):
        root, dice = self.root, self.dice
        git(root, "init", "-q", "-b", "main")
        must(root, "init")
        must(root, "remote", "add", "-d", "store", str(self.remote))
        write(root / "data/raw.csv", self.text())
        write(root / "data/größe 1.csv", self.text(2))
        for name in ["a.txt", "b.txt", "deep/c.txt", "deep/er/d.txt", 'qu"ote.txt', "ünï/名.txt"]:
            write(root / "images" / name, self.text(1) if dice.random() < 0.8 else "same\n")
        must(root, "add", "data/raw.csv", "data/größe 1.csv", "images")
        write(root / "params.yaml", self.params())
        write(root / "sub/more.json", json.dumps({"n": dice.randrange(9), "deep": {"x": [1, 2.5, None]}}))
        write(root / "sub/conf.toml", f"[opt]\nlr = 0.{dice.randrange(1, 9)}\nname = 'x'\n")
        write(root / "sub/conf.py", f"RATE = {dice.randrange(9)}\n\nclass Net:\n    layers = (1, 2)\n")
        write(root / "dvc.yaml", self.pipeline())
        write(root / "sub/dvc.yaml", SUB)
        must(root, "repro", "--all-pipelines")
        self.commit("v1")
        must(root, "push")
        for _ in range(3):
            dice.choice([self.new_raw, self.new_image, self.new_params, self.no_label])()
        must(root, "add", "data/raw.csv", "images")
        must(root, "repro", "--all-pipelines")
        self.commit("v2")
        if dice.random() < 0.6:
            must(root, "push")
            self.lose(self.remote, dice.randrange(3))

    def params(self):
        dice = self.dice
        return (
            f"train:\n  lr: {dice.choice(['1e-3', '0.1', '1'])}\n  epochs: {dice.randrange(9)}\n"
            f"  name: {dice.choice(['yes', 'on', 'plain', '0777'])}\nflags: {{deep: true, width: {dice.randrange(9)}}}\n"
            "models: [us, uk]\ngrid: {a: {k: 1}, b: {k: 2}}\n"
        )

    def pipeline(self):
        options = self.dice.choice(["", "    always_changed: true\n"])
        return PIPELINE.replace("#options\n", options)

    def new_raw(self):
        write(self.root / "data/raw.csv", self.text(3))

    def new_image(self):
        names = ["deep/new.txt", "a.txt", "z.txt"]
        write(self.root / "images" / self.dice.choice(names), self.text(1))

    def new_params(self):
        write(self.root / "params.yaml", self.params())

    def no_label(self):
        (self.root / "images/b.txt").unlink(missing_ok=True)

    def lose(self, store, count):
        objects = sorted(p for p in store.glob("files/md5/??/*") if p.is_file())
        for path in self.dice.sample(objects, min(count, len(objects))):
            path.unlink()

    # What happens to a working tree.

    def change_a_file(self):
        write(self.root / "images/deep/c.txt", self.text(1))

    def rename_in_directory(self):
        if (self.root / "images/a.txt").exists():
            (self.root / "images/a.txt").rename(self.root / "images/deep/moved.txt")

    def rename_directory(self):
        if (self.root / "images").is_dir():
            shutil.copytree(self.root / "images", self.root / "pictures")
            must(self.root, "add", "pictures")

    def empty_directory(self):
        shutil.rmtree(self.root / "images")
        (self.root / "images").mkdir()

    def directory_to_file(self):
        shutil.rmtree(self.root / "images")
        write(self.root / "images", "no longer a directory\n")

    def file_to_directory(self):
        (self.root / "data/raw.csv").unlink(missing_ok=True)
        write(self.root / "data/raw.csv/part", "1\n")

    def inner_file_to_directory(self):
        (self.root / "images/b.txt").unlink(missing_ok=True)
        write(self.root / "images/b.txt/inner", "1\n")

    def lose_data(self):
        (self.root / "data/größe 1.csv").unlink(missing_ok=True)

    def only_touch(self):
        os.utime(self.root / "data/größe 1.csv", (CLOCK, CLOCK))

    def link_in_directory(self):
        (self.root / "images/link.txt").symlink_to("../data/gone-or-not")
        write(self.root / "data/gone-or-not", "here\n")
        (self.root / "images/linked").symlink_to("deep")

    def lose_objects(self):
        self.lose(self.root / ".dvc/cache", 2)

    def lose_listing(self):
        for path in (self.root / ".dvc/cache").glob("files/md5/??/*.dir"):
            path.unlink()

    def damage_object(self):
        objects = sorted((self.root / ".dvc/cache").glob("files/md5/??/*"))
        for path, mode in zip(self.dice.sample(objects, 2), [0o644, 0o444]):
            path.unlink()
            path.write_text("damaged")
            path.chmod(mode)

    def unprotect_object(self):
        for path in sorted((self.root / ".dvc/cache").glob("files/md5/??/*"))[:3]:
            path.chmod(0o644)

    def change_command(self):
        self.edit("dvc.yaml", "echo trained", "echo 'trained again'")

    def freeze(self):
        self.edit("dvc.yaml", "  train:\n", "  train:\n    frozen: true\n")

    def change_dependency(self):
        self.edit("dvc.yaml", "deps: [data/raw.csv, images]", "deps: [data/raw.csv, params.yaml]")

    def new_stage(self):
        extra = "  never:\n    cmd: echo 1 > never.txt\n    deps: [nothing.txt]\n    outs: [never.txt]\n"
        extra += "  callback:\n    cmd: echo hello\n"
        self.edit("dvc.yaml", "stages:\n", "stages:\n" + extra)

    def drop_lock(self):
        (self.root / "sub/dvc.lock").unlink(missing_ok=True)

    def drop_param(self):
        self.edit("params.yaml", "  epochs:", "  rounds:")

    def other_types(self):
        self.edit("params.yaml", "width: ", "width: 0.0000000001, was: ")

    def drop_params(self):
        (self.root / "sub/more.json").unlink(missing_ok=True)

    def old_file(self):
        """As DVC 2 wrote it: the hash is of the text with Unix line ends."""
        write(self.root / "old.txt", "line1\r\nline2\r\n")
        write(self.root / "old.txt.dvc", "outs:\n- md5: 4fcc82a88ee38e0aa16c17f512c685c9\n  size: 14\n  path: old.txt\n")

    def odd_files(self):
        """Extras that DVC's schema allows, and options of outputs."""
        path = self.root / "data/raw.csv.dvc"
        path.write_text(path.read_text() + "  push: false\n  desc: raw\n  labels: [x]\nmeta: {a: 1}\nfrozen: true\n")

    def ignore(self):
        write(self.root / ".dvcignore", "*.tmp\n/images/deep/er\n!keep.tmp\n")
        write(self.root / "images/x.tmp", "1\n")
        write(self.root / "images/keep.tmp", "1\n")

    def ignored_by_git(self):
        write(self.root / "left/out.dvc", "outs: [{path: x}]\n")
        write(self.root / "left/.gitignore", "out.dvc\n")

    def untracked(self):
        write(self.root / "notes/new.txt", "1\n")
        write(self.root / "new.txt", "1\n")

    def subrepository(self):
        write(self.root / "inner/.dvc/config", "")
        write(self.root / "inner/x.dvc", "outs: [{md5: 4fcc82a88ee38e0aa16c17f512c685c9, hash: md5, path: x}]\n")

    def import_url(self):
        write(self.root.parent / "outside/labels.csv", self.text(1))
        must(self.root, "import-url", str(self.root.parent / "outside/labels.csv"), "labels.csv")
        if self.dice.random() < 0.5:
            self.edit("labels.csv.dvc", "frozen: true\n", "")
            write(self.root.parent / "outside/labels.csv", self.text(1))

    def damage(self):
        path = self.dice.choice(["dvc.lock", "dvc.yaml", "images.dvc", "params.yaml"])
        text = (self.root / path).read_text()
        cut = self.dice.choice([text[: len(text) * 2 // 3] + "\n  - ]", "<<<<<<< HEAD\n" + text, text + text])
        write(self.root / path, cut)

    def edit(self, path, old, new):
        path = self.root / path
        if path.exists():
            write(path, path.read_text().replace(old, new, 1))

    def change(self):
        changes = [
            self.change_a_file, self.rename_in_directory, self.rename_directory, self.lose_data, self.only_touch,
            self.new_raw, self.new_image, self.no_label, self.new_params, self.lose_objects, self.lose_listing,
            self.damage_object, self.unprotect_object, self.change_command, self.freeze, self.change_dependency, self.new_stage,
            self.drop_lock, self.drop_param, self.other_types, self.drop_params, self.old_file, self.odd_files,
            self.ignore, self.ignored_by_git, self.untracked, self.subrepository, self.import_url,
            self.link_in_directory,
        ]
        for change in self.dice.sample(changes, self.dice.randrange(2, 8)):
            change()
        last = [
            self.empty_directory, self.directory_to_file, self.file_to_directory, self.inner_file_to_directory,
            self.damage,
        ]
        if self.dice.random() < 0.35:
            self.dice.choice(last)()


PIPELINE = """\
vars:
- sub/more.json:n
- out: made
stages:
  prepare:
    cmd: mkdir -p ${out} && cp data/raw.csv ${out}/train.csv && cp images/a.txt ${out}/t.csv 2>/dev/null || true
    deps: [data/raw.csv, images]
    params: [train.name]
    outs: ['${out}']
  train:
    cmd:
    - cat made/train.csv params.yaml > model.bin
    - echo trained ${train.lr} > log.txt
    - 'echo "{\\"acc\\": 1}" > metrics.json'
    deps: [made]
    params: [train.lr, train.epochs, {sub/more.json: null}, {sub/conf.py: [RATE, Net.layers]}]
    outs: [model.bin, log.txt: {cache: false}]
    metrics: [metrics.json: {cache: false}]
#options
  each:
    foreach: ${models}
    do:
      cmd: echo ${item} > each-${item}.txt
      deps: [data/raw.csv]
      outs: ['each-${item}.txt']
  map:
    foreach: ${grid}
    do: {cmd: 'echo ${key} ${item.k} > map-${key}.txt', outs: ['map-${key}.txt'], params: [flags.width]}
  all:
    matrix: {m: '${models}', n: [1, {x: 2}]}
    cmd: echo ${item.m} ${flags} > all-${key}.txt
    outs: ['all-${key}.txt']
"""

SUB = """\
stages:
  inside:
    wdir: ..
    cmd: echo 1 > sub/in.txt
    deps: [sub/conf.toml]
    params: [sub/conf.toml: [opt.lr, opt.name]]
    outs: [sub/in.txt]
  here:
    cmd: mkdir -p plots && echo 2 > plots/p.csv
    deps: [in.txt]
    plots: [plots]
"""

QUESTIONS = [
    ("", "status"), ("sub", "status"), ("data", "status"),
    ("", "status prepare train"), ("", "status images/deep"), ("", "status sub/dvc.yaml:here -d"),
    ("", "status -R data"), ("", "status each"), ("", "status nothing-like-it"),
    ("", "status -c"), ("sub", "status -c -A"), ("", "status -c images"),
    ("", "data status"), ("", "data status --granular --unchanged"), ("", "data status --untracked-files"),
    ("", "data status --not-in-remote --granular"), ("", "data status images --granular"),
    ("", "diff --show-hash"), ("", "diff v1 v2 --show-hash"), ("", "diff v2 v1"), ("", "diff HEAD~1"),
    ("data", "diff --hide-missing"), ("", "diff --targets images"), ("", "diff v1 nowhere"),
    ("", "list ."), ("", "list . -R"), ("", "list . -R --dvc-only"), ("", "list . --rev v1 -R"),
    ("", "list . images"), ("sub", "list . ../data"), ("sub", "list ."),
    ("", "metrics show"), ("sub", "metrics show -A"), ("", "metrics show -a"), ("", "metrics show metrics.json none.json"),
    ("", "metrics diff v1"), ("sub", "metrics diff v1 v2 --all"), ("", "metrics diff v1 nowhere"),
    ("", "params diff v1"), ("sub", "params diff v1 v2 --all"), ("", "params diff v1 v2 --deps"),
    ("", "params diff v1 --targets sub/conf.toml"), ("", "exp show"), ("sub", "exp show -n 2 --sha"),
    ("", "exp diff v1"), ("", "exp diff v1 v2 --all"), ("", "exp diff nowhere"),
]


def ask(folder, seed):
    pristine, asked = folder / "repo", folder / "asked/repo"
    for at, (cwd, question) in enumerate(QUESTIONS):
        if asked.exists():
            shutil.rmtree(asked)
        shutil.copytree(pristine, asked, symlinks=True)
        args = [*question.split(), "--json"]
        code, out, said = dvc(asked / cwd, *args)
        # Where dvc itself breaks there is nothing to agree with.
        if "unexpected error" in said:
            continue
        answer = None
        if code == 0:
            # The copy lies one folder deeper, which shows in paths out of it.
            here = out.replace(str(asked), str(pristine)).replace('"../../outside/', '"../outside/')
            answer = json.loads(here)
        print(json.dumps({"seed": seed, "cwd": str(pristine / cwd), "args": args, "code": code, "answer": answer,
                          "said": re.sub(r"\s+", " ", said)[:300]}), flush=True)


def main():
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settle(folder)
    warm_up(folder)
    for seed in map(int, sys.argv[2:]):
        home = folder / str(seed)
        maker = Maker(home, seed)
        maker.make()
        maker.change()
        ask(home, seed)


main()
