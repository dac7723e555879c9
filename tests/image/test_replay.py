"""What `install` and hard links do to the model, held against what they do here to real files."""

import subprocess
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.image.nodes import Directory, File
from gearlint.image.state import Image
from tests.image.test_build import FILES, HOME, STEPS, described, image_of


def calls(functions: int, last: str) -> str:
    """So many functions, each of which calls the next; the last one does what is given."""
    chain = "".join(f"f{number}() {{ f{number + 1}; }}; " for number in range(1, functions))
    return f"{chain}f{functions}() {{ {last}; }}; f1"


KNOWN = [
    # (commands, path, what is there then)
    ("install run.sh a", "a", "0755"),
    ("install -m 644 other.sh a", "a", "0644"),
    ("install -m700 run.sh a", "a", "0700"),
    ("install --mode=500 run.sh a", "a", "0500"),
    ("install run.sh data/one.txt data/deep", "data/deep/run.sh", "0755"),
    ("install run.sh data/one.txt data/deep", "data/deep/one.txt", "0755"),
    ("install -m 600 run.sh other.sh", "other.sh", "0600"),
    ("install -v run.sh a && chmod 711 a", "run.sh", "0644"),
    ("install -D -m 640 run.sh new/er/a", "new/er/a", "0640"),
    ("install -D run.sh new/er/a", "new/er", "directory"),
    ("install -d new new/er", "new/er", "directory"),
    ("install -d data", "data/one.txt", "0664"),
    ("ln run.sh a", "a", "0644"),
    ("ln run.sh a && chmod 755 a", "run.sh", "0755"),
    ("ln run.sh a && chmod 755 run.sh", "a", "0755"),
    ("ln run.sh a && rm run.sh", "a", "0644"),
    ("ln run.sh a && rm run.sh", "run.sh", "missing"),
    ("ln other.sh data", "data/other.sh", "0755"),
    ("ln -f other.sh run.sh", "run.sh", "0755"),
    ("install -d run.sh || true", "run.sh", "0644"),
    ("install run.sh none/a || true", "none", "missing"),
    ("install -D run.sh none/a/ || true", "none/a", "missing"),
    ("ln run.sh other.sh || true", "other.sh", "0755"),
    ("ln -s none l && ln l m", "m", "missing"),  # a link like the first, which leads nowhere
    ("ln -s data d && ln -s ../run.sh d", "data/run.sh", "0644"),
    ("ln -s data d && ln -sfn other.sh d", "d", "0755"),
    ("ln -s none d && ln -sf other.sh d", "d", "0755"),
    ("ln -s deep/ data/x", "data/x/two.txt", "0600"),
    ("ln -s data/deep/ . && rm -r data", "deep", "missing"),
    # cp and mv, of which a part fails
    ("cp data a || true", "a", "missing"),
    ("cp data one.txt other.sh data || true", "data/other.sh", "0755"),
    ("cp none run.sh data || true", "data/run.sh", "0644"),
    ("mv none run.sh data || true", "data/run.sh", "0644"),
    ("mv none run.sh data || true", "run.sh", "missing"),
    ("cp run.sh none/a || true", "none", "missing"),
    ("cp run.sh other.sh a || true", "a", "missing"),
    ("cp run.sh a/ || true", "a", "missing"),
    ("cp run.sh || true", "run.sh", "0644"),
    ("mv || true; touch a", "a", "0644"),
    ("cp -r data a/", "a/one.txt", "0644"),
    ("cp run.sh data/one.txt", "data/one.txt", "0664"),
    ("ln -s run.sh data/l && cp -L run.sh a", "a", "0644"),
    # loops over known words, functions, commands that may fail
    ("for f in run.sh data/one.txt; do chmod 711 $f; done", "data/one.txt", "0711"),
    ('for f in *.sh; do chmod 700 "$f"; done', "other.sh", "0700"),
    ("for d in p q; do for e in r s; do mkdir -p $d/$e; done; done", "q/s", "directory"),
    ("mkdir x && for f in a b; do touch x/$f; done", "x/b", "0644"),
    ("for f in; do touch $f; done; touch z", "f", "missing"),
    ("made() { touch $NAME.txt; }; NAME=a; made; NAME=b; made", "b.txt", "0644"),
    ("made() { touch a; }; true", "a", "missing"),
    ("touch a; touch b", "a", "0644"),
    ("cp run.sh a || true", "a", "0644"),
    # words
    ("X=data/one.txt; cp run.sh ${X%.txt}.sh", "data/one.sh", "0644"),
    ("X=data/one.txt; touch ${X##*/}", "one.txt", "0644"),
    ('X=a/b; touch "${X%%/*}"', "a", "0644"),
    ("cp run.sh $(pwd)/a", "a", "0644"),
    ("cp run.sh `pwd`/data", "data/run.sh", "0644"),
    ("cp -- run.sh a", "a", "0644"),
    ("cp run.sh -", "-", "0644"),
    # text tools
    ("sed -i s/a/b/ other.sh", "other.sh", "0755"),
    ("echo a | tee a > /dev/null", "data/one.txt", "0664"),
    ("env -u HOSTNAME | sort | awk -F = '{ print $1 }' > a", "other.sh", "0755"),
    ("find . -name '*.sh' -exec cat {} +; touch a", "run.sh", "0644"),
    ("ls | xargs echo; touch a", "other.sh", "0755"),
    # programs that read files, and compress them
    ("mkdir x && cp other.sh x/a && gzip x/a", "x/a.gz", "0755"),
    ("mkdir x && cp other.sh x/a && gzip x/a", "x/a", "missing"),
    ("mkdir x && cp other.sh x/a && gzip -9k x/a", "x/a", "0755"),
    ("mkdir x && cp other.sh x/a && gzip -k x/a && gzip -kf x/a", "x/a.gz", "0755"),
    ("mkdir x && cp other.sh x/a && gzip x/a && gunzip x/a.gz", "x/a", "0755"),
    ("mkdir x && gzip -c other.sh > x/a.gz && gunzip --force x/a.gz", "x/a", "0644"),
    ("mkdir x && gzip -c other.sh > x/a.tgz && gzip -d x/a.tgz", "x/a.tar", "0644"),
    ("cat run.sh | gzip > /dev/null", "other.sh", "0755"),
    ("cat none | head -n 1 > a; touch b", "b", "0644"),
    ("cat none || touch a", "run.sh", "0644"),
    ("ls none || true", "none", "missing"),
    ("uniq run.sh a && chmod 711 a", "a", "0711"),
    ("cat - < run.sh > a && cut -d , -f 1 run.sh && tail -n 1 a", "a", "0644"),
    ("cat /proc/self/status > a", "a", "0644"),
    ("awk 'BEGIN { print 1 }' none > a", "a", "0644"),
    ("awk -F , -v x=1 '{ print x }' y=2 run.sh > a", "a", "0644"),
    ("sed -n -e s/a/b/ -e p run.sh && sed -i.before s/a/b/ run.sh", "other.sh", "0755"),
    ("grep -c '' run.sh || grep -e sh -e none run.sh || true", "other.sh", "0755"),
    ("grep none run.sh || true", "other.sh", "0755"),
    ("sha256sum run.sh > a && sha256sum -c a", "a", "0644"),
    # what find finds
    ("find . -name '*.sh' -exec chmod 711 {} +", "run.sh", "0711"),
    ("find . -name '*.sh' -exec chmod 711 {} \\;", "data/one.txt", "0664"),
    ("find data -type f -exec chmod a+x {} +", "data/deep/two.txt", "0711"),
    ("find data -maxdepth 1 -type f -exec chmod 711 {} +", "data/deep/two.txt", "0600"),
    ("find -mindepth 2 -name '*.txt' | xargs chmod 711", "data/one.txt", "0711"),
    ("find . -mindepth 2 -name '*.sh' | xargs -r chmod 711", "run.sh", "0644"),
    ("find $PWD/data/ -type f -print0 | xargs -0 -n 1 chmod 711", "data/one.txt", "0711"),
    ("find . -type f -name '[!r]*.sh' | xargs rm", "other.sh", "missing"),
    ("find . -type f -name '[!r]*.sh' | xargs rm", "run.sh", "0644"),
    ("ln -s run.sh a && find . -type l | xargs rm", "a", "missing"),
    ("ln -s run.sh a && find . -type l -exec chmod 711 {} +", "run.sh", "0711"),
    ("find . -type f | xargs sed -i s/a/b/ && touch a", "run.sh", "0644"),
    ("mkdir x && find x -type f -exec chmod 711 {} +", "run.sh", "0644"),
    ("find data -type f | xargs -r -n1 chmod 711 && touch a", "a", "0644"),
    ("mkdir x && find x -type f | xargs echo", "x", "directory"),
    ("find none | xargs -r chmod 711; touch a", "a", "0644"),
    ("mkdir x && find x -type f | xargs -r chmod 711 && touch a", "a", "0644"),
    ("find data -maxdepth 1 -type f -exec chmod 711 {} +", "data/one.txt", "0711"),
    ("find . -maxdepth 2 -name '*.txt' | xargs chmod 711", "data/one.txt", "0711"),
    ("find . -maxdepth 2 -name '*.txt' | xargs chmod 711", "data/deep/two.txt", "0600"),
    ("find run.sh -mindepth 1 | xargs -r chmod 711", "run.sh", "0644"),
    ("find . -name 'o*.sh' -exec rm {} +", "other.sh", "missing"),
    ("find . -name '*.sh' | xargs; touch a", "run.sh", "0644"),
    # copies of the shell
    ("(cd data && chmod 711 one.txt)", "data/one.txt", "0711"),
    ("(cd data; (cd deep; touch a); touch b) && touch c", "data/deep/a", "0644"),
    ("(cd data; (cd deep; touch a); touch b) && touch c", "data/b", "0644"),
    ("(cd data; (cd deep; touch a); touch b) && touch c", "c", "0644"),
    ("(cd data; echo | (cd deep; touch a))", "data/deep/a", "0644"),
    ("echo | { cd data; touch a; }; touch b", "data/a", "0644"),
    ("echo | { cd data; touch a; }; touch b", "b", "0644"),
    ("(touch a) && (chmod 700 a)", "a", "0700"),
    ("(exit 0; touch a); touch b", "b", "0644"),
    ("(umask 077; touch a); rm a; touch b", "a", "missing"),
    ("f() { (cd data; touch a); }; f; touch b", "b", "0644"),
    ("for d in data deep; do cd $d; (touch a); done", "data/deep/a", "0644"),
    ("f() { (touch a); }; f; cd data; f", "data/a", "0644"),
    (calls(limits.FUNCTION_CALLS, "touch a"), "a", "0644"),
    ("if [ ! -f run.sh ]; then touch a; fi", "a", "missing"),
    (f"if [ {'9' * 18} -gt 20 ]; then touch a; fi", "a", "0644"),
    (f"find . -maxdepth {'0' * 17}1 -name '*.sh' -exec chmod 700 {{}} +", "run.sh", "0700"),
    (f"{calls(limits.FUNCTION_CALLS, 'touch a')}; f1; touch b", "b", "0644"),
    ("for f in a b; do (touch $f); done", "b", "0644"),
    # the last part of a pipeline
    ("echo text | tee a", "a", "0644"),
    ("echo text | tee a > /dev/null && chmod 711 a", "a", "0711"),
    ("cat run.sh | sort | head -n 1 > a", "a", "0644"),
    ("echo | { touch a && chmod 700 a; }", "a", "0700"),
    # set -u
    ("set -u; touch a${NONE:-} b${NONE-}", "a", "0644"),
    ("set -u; NONE=1; touch a$NONE", "a1", "0644"),
    ("set -u; set +u; touch a$NONE", "a", "0644"),
    ("set -euo noglob; set +o nounset; touch a$NONE", "a", "0644"),
    ("(set -u); touch a$NONE", "a", "0644"),
    ("set -u; (touch $NONE) || true", "run.sh", "0644"),
    ("sh -c 'set -u; touch $NONE' || true", "run.sh", "0644"),
    ("sh -c 'set -u; exit 0; touch $NONE'", "run.sh", "0644"),
    ("sh -c 'set -u'; touch a$NONE", "a", "0644"),
    ("set -u; touch '$NONE'", "$NONE", "0644"),
    ("chmod 645 run.sh && chmod a+X run.sh", "run.sh", "0755"),
    ("chmod 622 run.sh && chmod a+X run.sh", "run.sh", "0622"),
    # what is not there, or is there already
    ("rm -f none; touch a", "a", "0644"),
    ("touch run.sh", "run.sh", "0644"),
    ("touch d*/none || true", "data/none", "missing"),
    ("touch d*/one.txt && chmod 700 */one.txt", "data/one.txt", "0700"),
    ("ln -s l l && ln -s l m; touch a", "a", "0644"),
    ("chmod 755 || true", "run.sh", "0644"),
    ("chmod -f 755 none || true", "none", "missing"),
    ("chmod -v 711 run.sh", "run.sh", "0711"),
    ("chmod --recursive 700 data", "data/deep/two.txt", "0700"),
    ("chmod 700 data", "data/deep/two.txt", "0600"),
    ("ln -s none l && chown -h 0 l", "l", "missing"),
    ("chown 0 run.sh other.sh", "other.sh", "0755"),
    ("mkdir -p data", "data/one.txt", "0664"),
    ("mkdir x && rm -d x", "x", "missing"),
    ("cat run.sh > /dev/null; touch a", "a", "0644"),
    ("echo text >&2 2>&1; touch a", "2", "missing"),
    ("sort -u run.sh; touch a$NONE", "a", "0644"),
    ("echo a > /dev/null; touch a", "a", "0644"),
    ("echo a > data || true", "data/one.txt", "0664"),
    ("(cd data); touch a", "a", "0644"),
    ("(cd data); touch a", "data/a", "missing"),
    # scripts
    ("bash -c 'touch a && chmod 700 a'", "a", "0700"),
    ("bash -c 'shopt -s nullglob; touch a; chmod 700 a'", "a", "0700"),
    ("echo 'shopt -s nullglob' > a; chmod 700 run.sh", "run.sh", "0700"),
    # what a program is given
    ('sh -c \'sh -c "sh -c \\"touch a\\""\'', "a", "0644"),
    ("X=a sh -c 'touch $X'", "a", "0644"),
    ("X=a sh -c 'set -u; touch $X'", "a", "0644"),
    ("export X=a; sh -c 'touch $X'", "a", "0644"),
    ("export X; X=a; sh -c 'touch $X'", "a", "0644"),
    ("X=a touch b$X", "b", "0644"),
    ("X=b; X=a sh -c 'touch $X'; touch a$X", "ab", "0644"),
    ("X=a sh -c true; touch b$X", "b", "0644"),
    ("sh -c 'cd data; chmod 700 one.txt'; touch a", "data/one.txt", "0700"),
    ("(cd data && chmod 700 one.txt); touch a", "a", "0644"),
]
FAILING = [
    ("install none a", "install of"),
    ("ln none a", "ln of"),
    ("install run.sh none/a", "install to"),
    ("install run.sh a/", "install to"),
    ("ln -s none l && ln -s run.sh l", "ln makes"),
    ("ln -s none/a l && cp l a", "cp of"),
    ("ln -s none l && cp -r l/ a", "cp of"),
    ("cp none run.sh data", "cp of"),
    ("cp run.sh a/", "cp to"),
    ("mv run.sh other.sh a", "mv to"),
    ("cp -r run.sh $NONE", "cp needs a source and a target"),
    ("mv", "mv needs a source and a target"),
    ("rm none", "rm of"),
    ("rm data", "which is a directory"),
    ("mkdir data", "which is there already"),
    ("mkdir run.sh", "which is there already"),
    ("mkdir -p run.sh/a", "where a file is"),
    ("mkdir none/a", "mkdir in"),
    ("touch none/a", "touch in"),
    ("chmod 700 none", "chmod of"),
    ("chmod 700 *.none", "chmod of"),
    ("chown 0 none", "chown of"),
    ("cat run.sh none > a", "cat of"),
    ("ls -l none", "ls of"),
    ("head -n 2 none", "head of"),
    ("gzip -c none > a", "gzip of"),
    ("awk '{ print $1 }' none > a", "awk of"),
    ("sed s/a/b/ none > a", "sed of"),
    ("sed -i -e s/a/b/ none", "sed of"),
    ("sed -i.before s/a/b/ none", "sed of"),
    ("grep -q x none", "grep of"),
    ("tar xf none", "tar reads"),
    ("tar -C data -xf one.txt", "tar reads"),
    ("tar xf data", "which is a directory"),
    ("cat *.none > a", "cat of"),
    ("cat none/*.sh > a", "cat of"),
    ("cat run.sh/*.sh > a", "cat of"),
    ("md5sum none", "md5sum of"),
    ("set -u; touch $NONE/a || true", "$NONE is not set"),
    ("set -e -ux && A=1 && B=$NONE$A", "$NONE is not set"),
    ("set -o nounset; touch a > $NONE", "$NONE is not set"),
    ("set -u && touch ${NONE%.x}", "$NONE is not set"),
    ("set -u && touch ${NONE##*/}a", "$NONE is not set"),
    ("sh -c 'set -u; touch $NONE/a; true'", "$NONE is not set"),
    ("ln run.sh none/a", "ln in"),
    ("mkdir x && find x -type f | xargs chmod a+r", "xargs starts chmod without a file"),
    ("mkdir x && find x -name '*.sh' -print0 | xargs -0 chown root", "xargs starts chown"),
    ("cat run.sh | cat none", "cat of"),
    ("echo | cp none a", "cp of"),
    ("(cd data && rm run.sh)", "rm of"),
    ("ln run.sh other.sh", "which is there already"),
]
UNKNOWN = [
    ("cp -n other.sh run.sh || true", "run.sh"),
    ("install -m u+x run.sh a", "a"),
    ("install -g staff run.sh", "run.sh"),
    ("cp -n run.sh data/run.sh", "data/run.sh"),
    ("ln --relative -s run.sh a", "a"),
    ("install run.sh data/one.txt other.sh || true", "other.sh"),
    ("install run.sh || true", "run.sh"),
    ("install data a || true", "a"),
    ("install run.sh other.sh a || true", "a"),  # with busybox it is the last of them
    ("ln -L run.sh a", "a"),
    ("ln -t data run.sh", "data"),
    ("ln -sr run.sh data/a", "data/a"),
    ("ln -s run.sh data/a && cp -rL data d", "d"),
    ("install $(flags) run.sh a", "a"),
    ("ln $X a", "a"),
    ("gzip run.sh || true", "run.sh"),
    ("gzip data/one.txt", "data/one.txt.gz"),  # busybox asks the umask, GNU does not
    ("gzip $(name)", "a"),
    ("gunzip --name-of-it a", "b"),
    ("touch a a.gz && gzip a || true", "a.gz"),
    ("gzip other.sh", "other.sh.gz"),  # which may be made before the build
    ("ln data a", "a"),
    ("for f in $(ls); do chmod 700 $f; done", "run.sh"),
    ("for f in run.sh; do if test -r /x; then chmod 700 $f; fi; done", "run.sh"),
    ("while read f; do chmod 700 $f; done < data/one.txt", "run.sh"),
    ("for f in a b; do touch $f; break; done", "b"),
    ("if test -e /proc/x; then touch a; fi", "a"),
    ("f() { if test -e /x; then touch a; fi; }; f", "a"),
    ("find . -newer other.sh -exec chmod 700 {} +", "run.sh"),
    ("find . -name | xargs -r chmod 700", "run.sh"),
    ("find . -mindepth x -exec chmod 700 {} +", "run.sh"),
    ("find . -maxdepth x -exec chmod 700 {} +", "run.sh"),
    (f"find . -mindepth {'1' * 5000} -exec chmod 700 {{}} +", "run.sh"),
    (f"find . -maxdepth {'1' * 5000} -exec chmod 700 {{}} +", "run.sh"),
    (f"if [ {'1' * 5000} -gt 1 ]; then touch a; fi", "a"),
    (f"if [ 1 -lt {'1' * 5000} ]; then touch a; fi", "a"),
    ("find . -type 1 -exec chmod 700 {} +", "run.sh"),
    ("find . -name '*.sh' | xargs -L1 chmod 700", "run.sh"),
    ("find . -name '*.sh' -exec echo {} + | xargs chmod 700", "run.sh"),
    ("find . -name '*.sh' | xargs frob", "../../x"),
    ("find . -name '*.sh' -exec frob {} +", "../../x"),
    ("find . -name '*.sh' -exec cp {} {} +", "../../x"),
    ("find . -name '*.sh' -delete", "../../x"),
    ("find . -name a -o -name '*.sh' | xargs chmod 700", "run.sh"),
    ("find . -name '[' -name ']' -exec chmod 700 {} +", "run.sh"),
    ("find $(list) -name '*.sh' -exec chmod 700 {} +", "run.sh"),
    ("find . -name *.sh | xargs chmod 700", "run.sh"),
    ("find . -name '*.sh' | sort | xargs chmod 700", "run.sh"),
    ("find . -name '*.sh' | xargs -I X chmod 700 X", "run.sh"),
    ("find . -name '*.sh' -print0 | xargs chmod 700", "run.sh"),
    ("touch 'a b' && find . -type f | xargs chmod 700", "run.sh"),
    ("ln -s data d && find d -exec chmod 700 {} +", "run.sh"),
    ("ls | xargs chmod 700", "run.sh"),
    ("touch list && xargs rm < list", "b"),
    ("bash -c 'shopt -s dotglob; touch .x; rm -rf *'", ".x"),
    ("bash -c 'shopt -s nocaseglob; chmod 700 *.sh'", "run.sh"),
    ("bash -c 'shopt -s nullglob; for f in *.none; do chmod 700 run.sh; done'", "run.sh"),
    ("bash -c 'shopt -s nocasematch; if [[ a == A ]]; then chmod 700 run.sh; fi'", "run.sh"),
    ("bash -c 'shopt -s extglob; X=\"@(run).sh\"; chmod 700 $X'", "run.sh"),
    ("shopt -s nullglob; bash -c 'true; true'; chmod 700 *.sh", "run.sh"),
    ("(exit 0; touch a); touch b", "a"),
    ("(set -e; false; touch a); true", "a"),
    ("(cd none; touch a) || true", "a"),
    ("X=b; (export X=a); touch $X", "b"),
    ("X=b; (X=a); touch $X", "b"),
    ("umask 077; (umask 022; touch a); touch b", "b"),
    ("for d in data data/deep; do (cd $d; touch a); done", "data/a"),
    ("f() { (cd $1; touch a); }; f data; f data/deep", "data/a"),
    ("(cd $(name); touch a)", "a"),
    ("X=a; sh -c 'touch b$X'", "b"),
    ("env X=a sh -c 'touch $X'", "a"),
    ("env X=a sh -c 'set -u; touch $X'", "a"),
    ("sh -c 'export X=a'; X=b; sh -c 'touch c$X'", "c"),
    ("X=a sh -c true; X=b; sh -c 'touch c$X'", "c"),
    ("awk '{ print > \"a\" }' run.sh", "a"),
    ("sed -n 'w a' run.sh", "a"),
]


def image_after(directory: Path, commands: str) -> Image:
    return image_of(directory, f"{STEPS}RUN {commands}\n")


def really(directory: Path, commands: str) -> subprocess.CompletedProcess[bytes]:
    """What becomes of the same files in a directory when the commands are run."""
    for name, mode in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).touch()
        (directory / name).chmod(mode)
    return subprocess.run(
        ["sh", "-ec", f"umask 022; {commands}"], cwd=directory, check=False, capture_output=True
    )


@pytest.mark.parametrize(("commands", "path", "expected"), KNOWN)
def test_known(commands: str, path: str, expected: str, tmp_path: Path) -> None:
    image = image_after(tmp_path / "context", commands)
    assert image.failed_steps == []
    assert described(image.files.find(f"{HOME}/{path}")) == expected
    assert really(tmp_path / "real", commands).returncode == 0
    real = tmp_path / "real" / path
    if real.is_dir():
        assert expected == "directory"
    else:
        mode = f"{real.stat().st_mode & 0o7777:04o}" if real.exists() else "missing"
        assert expected == mode


@pytest.mark.parametrize(("commands", "reported"), FAILING)
def test_failing(commands: str, reported: str, tmp_path: Path) -> None:
    image = image_after(tmp_path / "context", commands)
    assert [reported in failure.message for failure in image.failed_steps] == [True]
    assert really(tmp_path / "real", commands).returncode != 0


@pytest.mark.parametrize(("commands", "path"), UNKNOWN)
def test_what_is_not_understood_is_unknown(commands: str, path: str, tmp_path: Path) -> None:
    image = image_after(tmp_path / "context", commands)
    assert image.failed_steps == []
    node = image.files.find(f"{HOME}/{path}")
    assert node is not None
    assert not isinstance(node, Directory)
    assert not isinstance(node, File) or node.mode is None or node.origin is None
