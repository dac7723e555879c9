"""RUNs over public bases: what depends on which shell runs them, and on variables that change.

Each was held against a real image by `python -m tests.e2e`.
"""

from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.image.nodes import Directory
from tests.image.test_build import HOME, described, image_of
from tests.image.test_replay import calls

DASH, BASH, BUSYBOX = "debian:12", "rockylinux:9", "alpine:3.19"
PYTHON = "python:3.11"

ROWS = [
    # (base, commands, path, what is there then)
    (DASH, "mkdir -p {a,b}", "{a,b}", "directory"),
    (DASH, "mkdir -p {a,b}", "a", "missing"),
    (BASH, "mkdir -p {a,b}", "a", "directory"),
    (BUSYBOX, "mkdir -p {a,b}", "{a,b}", "directory"),
    (DASH, "bash -c 'mkdir -p {a,b}'", "a", "directory"),
    (DASH, "bash -c 'mkdir -p {a,b}'", "{a,b}", "missing"),
    (BASH, "sh -c 'mkdir -p {a,b}'", "b", "directory"),
    (DASH, "ln -sf /bin/bash /bin/sh && bash -c true && sh -c 'mkdir {a,b}'", "a", "directory"),
    (DASH, "dpkg-reconfigure dash && sh -c 'mkdir {a,b}'", "a", "unknown"),
    (DASH, "ln -sf /bin/bash /usr/bin/sh && sh -c 'mkdir {a,b}'", "a", "unknown"),
    (DASH, "dpkg-reconfigure tzdata; touch x; sh -c 'mkdir {a,b}'", "{a,b}", "directory"),
    ("me/unknown", "mkdir {a,b}", "a", "unknown"),
    ("me/unknown", "mkdir {a,b}", "{a,b}", "unknown"),
    ("jupyter/base-notebook", "touch a", "a", "0644"),  # its SHELL differs from tag to tag
    ("jupyter/base-notebook", "mkdir {a,b}", "a", "unknown"),
    ("python@sha256:" + "0" * 64, "cp run.sh a", "a", "0644"),
    # the variables of loops and functions
    (DASH, "for f in a b; do touch $f; done", "a", "0644"),
    (DASH, "for f in a b; do touch $f.txt; done", "b.txt", "0644"),
    (DASH, "for f in a b; do touch $f.txt; done", "c.txt", "missing"),
    (DASH, "for f in *.sh; do mv $f $f.bak; done", "run.sh.bak", "0644"),
    (DASH, "for f in *.sh; do chmod +x $f; done", "run.sh", "0755"),
    (DASH, "for f; do touch $f; done", "a", "unknown"),
    (DASH, "i=0; while [ $i -lt 2 ]; do touch w$i; i=$((i+1)); done", "w1", "unknown"),
    (DASH, "while true; do touch x; cd sub; done", "sub/x", "unknown"),
    (DASH, "f() { touch $X; }; X=a; f", "a", "0644"),
    (DASH, "f() { touch $1; chmod +x $1; }; f a", "a", "0755"),
    (DASH, 'f() { touch "${1}.txt"; }; f a; f b', "b.txt", "0644"),
    (DASH, "f() { touch a$2; }; f x", "a", "0644"),
    (DASH, "f() { touch $1; }; f $(cat x)", "a", "unknown"),
    (DASH, "f() { touch $1; }; f a $(cat run.sh)", "a", "0644"),
    (DASH, "f() { touch a$2; }; f b $(cat run.sh)", "a", "unknown"),
    (DASH, "f() { grep x y && touch a; }; f; true", "a", "unknown"),
    (DASH, "f() { touch a; }; grep x y && f; true", "a", "unknown"),
    (DASH, "if true; then for f in a b; do touch $f; done; fi", "b", "0644"),
    (DASH, "while read f; do for g in a b; do touch $g; done; done < run.sh", "a", "unknown"),
    (DASH, "Y=b; for f in $(cat run.sh); do echo x; done; touch $Y", "b", "0644"),
    (DASH, "for f in $(cat run.sh); do echo x; done; touch a", "a", "0644"),
    (DASH, "if grep x y; then cd /tmp; fi; touch a", "a", "unknown"),
    (DASH, "for f in $(cat run.sh); do for g in a b; do touch $g; done; done", "a", "unknown"),
    (DASH, "echo x > $NONE; touch a", "b", "missing"),
    (DASH, "f() { touch $1; }; g() { f b; touch $1; }; g a", "a", "0644"),
    (DASH, "f() { shift; touch $1; }; f x a", "a", "unknown"),
    (DASH, "f() { set -- a; touch $1; }; f x", "a", "unknown"),
    (DASH, "f() { touch $1; }; f a; touch b$1", "b", "unknown"),
    (DASH, calls(limits.FUNCTION_CALLS + 1, "touch a"), "a", "unknown"),
    (DASH, f"{calls(limits.FUNCTION_CALLS + 1, 'X=b')}; rm -f a$X", "a", "unknown"),
    (DASH, f"{calls(limits.FUNCTION_CALLS + 1, 'cd /tmp')}; rm -f a", "a", "unknown"),
    # what is set otherwise than by NAME=value
    (DASH, "read X < run.sh; touch /flywheel/v0/x$X", "xa", "unknown"),
    (DASH, ": ${X:=a}; touch $X", "a", "unknown"),
    (BASH, "printf -v X a; touch $X", "a", "unknown"),
    (BASH, "(( X=1 )); touch x$X", "x1", "unknown"),
    (BASH, "X=a; echo /usr/local/x $X; touch x$X", "xa", "0644"),
    (BASH, "mapfile X < run.sh; touch x$X", "xa", "unknown"),
    (DASH, "X=1; unset X; touch a$X", "a", "0644"),
    (DASH, "unset X; touch b$X", "a", "missing"),
    (DASH, "export X=b; touch $X", "b", "0644"),
    (DASH, "export X=b; touch $X", "a", "missing"),
    (DASH, "X=b; eval X=a; touch $X", "b", "unknown"),
    # files that are sourced
    (DASH, ". /etc/profile; touch a", "b", "missing"),
    (DASH, "X=b; . /etc/profile; touch $X", "b", "unknown"),
    (DASH, "touch x.sh; . ./x.sh", "b", "unknown"),
    (BASH, ". ./none; touch a", "b", "missing"),
    # what starts another program, or none
    ("fedora:40", "sudo -E env -u X A=1 nice -n 5 touch a", "a", "0644"),
    (DASH, "time /usr/bin/env touch a", "a", "0644"),
    (DASH, "env A=1; sudo -i; nohup env A=1; nice", "b", "missing"),
    (DASH, "fd . -exec chmod 700 {} +", "run.sh", "unknown bits"),
    (DASH, "X=1; true && unset X; touch a$X", "a", "unknown"),
    (DASH, "X=1; for i in 1 2; do touch a$X; unset X; done", "a", "unknown"),
    (DASH, "IFS=,; X=a,b; touch $X", "a", "unknown"),
    (BASH, "touch a$UID", "a0", "unknown"),
    (DASH, "printf '%s' X; X=a; touch $X", "a", "0644"),
    (DASH, "touch a$NOTHING", "a", "0644"),
    (DASH, "F=/x/stem; touch ${F##*/}", "stem", "0644"),
    (DASH, "F=a.b.c; touch ${F%.*} ${F%%.*} ${F#*.}", "a.b", "0644"),
    (DASH, "F=a.b.c; touch ${F%.*} ${F%%.*} ${F#*.}", "a", "0644"),
    (DASH, "F=a.b.c; touch ${F%.*} ${F%%.*} ${F#*.}", "b.c", "0644"),
    # permissions
    (DASH, "umask 077; touch a", "a", "unknown bits"),
    (DASH, "umask 077; cp run.sh a", "a", "unknown bits"),
    (DASH, "chmod +x $(cat x)/y", "run.sh", "unknown bits"),
    (DASH, "chmod +x $(cat x)/y", "a", "missing"),
    (DASH, "chmod $(cat x) run.sh", "run.sh", "unknown bits"),
    (DASH, "chmod $(cat x) run.sh", "a", "missing"),
    (DASH, "umask 022; touch a", "a", "0644"),
    (DASH, "umask 077; umask 022; touch a", "a", "0644"),
    (DASH, "umask; touch a", "a", "0644"),
    (DASH, "umask 077; (umask 022); touch a", "a", "unknown bits"),
    (DASH, "sh -c 'umask 077'; touch a", "a", "0644"),
    # what a shell does to itself is gone when it ends
    (DASH, "sh -c '. /etc/profile'; touch a$NOTHING", "a", "0644"),
    (DASH, "X=a; sh -c 'export X=b; cd /tmp'; touch $X", "a", "0644"),
    # files beside those that are named
    (DASH, "sed -i.bak s/a/b/ run.sh", "run.sh.bak", "unknown"),
    (DASH, "sed -i s/a/b/ run.sh", "run.sh", "0644"),
    (DASH, "sed -i'old-*' s/a/b/ run.sh", "old-run.sh", "unknown"),
    (DASH, "sed -i /flywheel/v0/new s/a/b/ run.sh; sed -i/x s/a/b/ run.sh", "x", "unknown"),
    (DASH, "ln -s run.sh l && sed -i s/a/b/ l", "l", "unknown"),
    (DASH, "tar xf run.sh && touch a", "a", "unknown"),
    # directories of unknown names
    (DASH, "cd /tmp; frob /flywheel/v0/run.sh", "a", "missing"),
    (DASH, "cd /tmp; frob /flywheel/v0/none", "a", "unknown"),
    (DASH, "mv run.sh x.tgz; cd /tmp; frob /flywheel/v0/x.tgz", "a", "unknown"),
    (DASH, "cd /tmp; frob -C/flywheel/v0", "a", "unknown"),
    (DASH, "cd /tmp; frob --out=/flywheel/v0/", "a", "unknown"),
    (DASH, "cd /tmp; frob $(cat /x)/a", "a", "unknown"),
    (DASH, "cd /tmp; frob $(cat /x)/a", "b", "missing"),
    (DASH, "mkdir -p $(cat x) && cd made && touch x", "a", "missing"),
    (DASH, "mkdir -p $(cat x)/made; true", "made", "unknown"),
    (DASH, "mkdir -p data $(cat x)/made; true", "data", "unknown"),
    (DASH, "mkdir -p /data $(cat run.sh); touch a", "data", "missing"),
    # operands of unknown names
    (DASH, "touch $(cat x)/b a", "b", "unknown"),
    (DASH, "touch -d$(date); touch b", "b", "0644"),
    (DASH, "cp $(cat x) a", "a", "unknown"),
    (DASH, "cp $(cat x) a", "b", "missing"),
    (DASH, "cp run.sh $(cat x)/; true", "run.sh", "unknown bits"),
    (DASH, "mv run.sh $(cat x)/; true", "run.sh", "unknown"),
    (DASH, "mv $(cat x)/run.sh a; true", "run.sh", "0644"),
    # directories that may have been made
    (DASH, "mkdir -p $(cat x); cp run.sh made/run.sh", "made/run.sh", "unknown"),
    (DASH, "mkdir -p $(cat x) && cp run.sh made", "made/run.sh", "unknown"),
    (DASH, "mkdir -p $(cat x); cp -r made data; true", "data/made", "unknown"),
    (DASH, "mkdir -p $(cat x); cp -r made a; true", "a", "unknown"),
    (DASH, "mkdir -p $(cat x) && ln -s run.sh made/y", "made/y", "unknown"),
    # what cp makes of a link, chown of a set-user-ID bit, and paths that end in a dot
    (DASH, "ln -s run.sh l && cp -a l m", "m", "-> run.sh"),
    (DASH, "ln -s run.sh l && mkdir d && cp -r l d", "d/l", "-> run.sh"),
    (DASH, "ln -s run.sh l && cp l m", "m", "0644"),
    (DASH, "mkdir d && touch d/x && ln -s d l && cp -r l/ e", "e/x", "0644"),
    (DASH, "chmod 4755 run.sh && chown 0 run.sh", "run.sh", "unknown bits"),
    (DASH, "chmod 4755 run.sh && chown -R 0 .", "run.sh", "unknown bits"),
    (DASH, "chmod 4755 run.sh && chown 0 .", "run.sh", "4755"),
    (DASH, "chmod 4755 run.sh && chgrp 0 run.sh", "run.sh", "unknown bits"),
    (DASH, "chmod 1755 run.sh && chown 0 run.sh", "run.sh", "1755"),
    (DASH, "cd $(cat run.sh); chown 0 run.sh; touch /flywheel/v0/a", "a", "0644"),
    (DASH, "ln -s none l && cp -d l m", "m", "-> none"),
    (DASH, "ln -s run.sh l && mv l m", "m", "-> run.sh"),
    (DASH, "ln -s none l && ln -sf run.sh l", "l", "-> run.sh"),
    # what may not be there, or may be a directory
    (DASH, "grep x y && touch b; cp b a; make", "a", "unknown"),
    (DASH, "grep x y && touch b; mv b a || true", "b", "unknown"),
    (DASH, "grep x y && mkdir -p d; cp run.sh d; true", "run.sh", "0644"),
    (DASH, "grep x y && mkdir -p d; cd d; touch a", "a", "unknown"),
    (DASH, "grep x y && mkdir -p d; cd d && touch a", "a", "missing"),
    (DASH, "grep x y && mkdir -p d; mv run.sh d; true", "run.sh", "unknown"),
    (DASH, "cd /; mv a/.. tmp/y; true", "run.sh", "0644"),
    (DASH, "mkdir d; rm -r d/..; true", "run.sh", "0644"),
    (DASH, "grep x y && mkdir -p d; install run.sh d; true", "d", "unknown"),
    (DASH, "cd $(cat run.sh); ln -s run.sh /flywheel/v0/l", "l", "-> run.sh"),
    (DASH, "cd $(name); ln -s run.sh l", "l", "unknown"),
    (DASH, "cp run.sh . || true", "run.sh/x", "missing"),
    (DASH, "mkdir d && (cp run.sh d/. || true)", "d/run.sh", "unknown"),
    # what runs in a shell that nobody looks at, or that may stop
    (DASH, "sh -c 'test -f nothing && touch a' || true", "a", "unknown"),
    (DASH, "sh -ec 'false; touch a' || true", "a", "unknown"),
    (DASH, "sh -c 'touch a; false' || true", "a", "0644"),
    (DASH, "sh -ec 'test -f run.sh; touch a'", "a", "0644"),
    (DASH, "if true; then sh -c 'touch a'; fi", "a", "0644"),
    (DASH, "if grep x y; then sh -c 'touch a'; fi", "a", "unknown"),
    # a shell that may not be started has its own variables and directory, where it is
    (DASH, "grep x y && sh -c 'X=a; touch $X'; true", "a", "unknown"),
    (DASH, "grep x y && sh -c 'X=a; touch $X'; true", "run.sh", "0644"),
    (DASH, "grep x y && sh -c 'export X=a; cd /tmp; touch $X'; true", "a", "missing"),
    (DASH, "grep x y && sh -c 'X=b; unset X; touch a$X'; true", "run.sh", "0644"),
    (DASH, "grep x y && sh -c 'grep a b && X=a; touch $X'; true", "run.sh", "unknown bits"),
    (DASH, "grep x y && sh -c 'grep a b && cd /tmp; touch a'; true", "a", "unknown"),
    (DASH, "X=b; grep x y && sh -c 'X=a'; touch $X", "b", "0644"),
    (DASH, "X=b; grep x y && X=a; touch $X", "b", "unknown"),
    (DASH, "grep x y && cd /tmp; touch a", "a", "unknown"),
    # the home directory of a new user
    (DASH, "useradd -m me\nRUN touch /home/me/a\nRUN cp /home/me/* . || true", "a", "0644"),
    (DASH, "useradd -ms /bin/bash me\nRUN cp /home/me/* . || true", "a", "missing"),
    (BASH, "useradd --create-home -u 1000 me\nRUN cp -r /home/me .", "me/a", "missing"),
    (BASH, "useradd -m me\nRUN cp /home/me/.bashrc .", ".bashrc", "unknown"),
    (BUSYBOX, "adduser -D me\nRUN cp /home/me/* . || true", "a", "missing"),
    # what another user than root does may not be allowed
    (BUSYBOX, "adduser -D me\nUSER me\nRUN touch a || true", "a", "unknown"),
    (DASH, "useradd me\nUSER me\nRUN touch /tmp/b; rm a; true", "run.sh", "0644"),
    # variables that a shell sets
    (DASH, "touch a$UID$RANDOM$BASH_VERSION", "a", "0644"),
    (BASH, "touch a$UID$RANDOM", "a", "unknown"),
    (BUSYBOX, "touch a$RANDOM", "a", "unknown"),
    (BUSYBOX, "touch a$UID$BASH_VERSION", "a", "0644"),
    (BUSYBOX, "touch a$HOSTNAME", "a", "unknown"),
    (DASH, "bash -c 'touch a$UID'", "a", "unknown"),
    (BASH, "dash -c 'touch a$UID'", "a", "0644"),
    (DASH, "touch a$HOSTNAME", "a", "unknown"),
    (DASH, "touch a$OLDPWD", "a", "0644"),
    (DASH, "cd / && touch $OLDPWD/a", "a", "0644"),
    (BUSYBOX, "cd ~ && cd - && touch a", "a", "0644"),
    (DASH, "cd /tmp && cd /opt && cd - && touch a", "a", "missing"),
    (DASH, "(cd /tmp; cd -; touch a); touch $OLDPWD/b", "b", "unknown"),
    (DASH, "grep x y && cd /; touch $OLDPWD/a", "a", "unknown"),
    (DASH, "cd $(name); touch $OLDPWD/a", "a", "unknown"),
    # the branches of an if
    (DASH, "if [ -f run.sh ]; then touch a; else touch b; fi", "a", "0644"),
    (DASH, "if [ -f run.sh ]; then touch a; else touch b; fi", "b", "missing"),
    (DASH, "if [ ! -d lib ]; then mkdir lib; else touch b; fi", "b", "missing"),
    (DASH, "if ! [ -d lib ]; then mkdir lib; else touch b; fi", "lib", "directory"),
    (
        DASH,
        "if test -e x; then touch a; elif [ 2 -gt 1 ]; then touch b; else touch c; fi",
        "b",
        "0644",
    ),
    (
        DASH,
        "if test -e x; then touch a; elif [ 2 -gt 1 ]; then touch b; else touch c; fi",
        "c",
        "missing",
    ),
    (DASH, 'X=1; if [ "$X" = 1 ]; then touch a; fi', "a", "0644"),
    (DASH, "X=1; if [ $X != 1 ]; then touch a; fi", "a", "missing"),
    (DASH, 'if [ -z "$X" ]; then X=a; fi; touch $X', "a", "0644"),
    (DASH, 'if [ -n "$X" ]; then X=b; fi; touch a$X', "a", "0644"),
    (DASH, "ln -s run.sh l; if [ -L l ]; then touch a; fi", "a", "0644"),
    (BASH, "if [[ -f run.sh ]]; then touch a; fi", "a", "0644"),
    (BASH, "if [[ -f none ]]; then touch a; fi", "a", "missing"),
    (DASH, "if [ ! x ]; then touch a; fi", "a", "missing"),
    (DASH, "if [ x ]; then touch a; fi", "a", "0644"),
    (DASH, 'if [ "" ]; then touch a; fi', "a", "missing"),
    (DASH, "if [ ]; then touch a; fi", "a", "missing"),
    (DASH, "if [ ! ]; then touch a; fi", "a", "0644"),
    (DASH, "if test ! -f none; then touch a; fi", "a", "0644"),
    (DASH, "for f in run.sh x.sh; do if [ -f $f ]; then cp $f a-$f; fi; done", "a-run.sh", "0644"),
    (DASH, "for f in run.sh x.sh; do if [ -f $f ]; then cp $f a-$f; fi; done", "a-x.sh", "missing"),
    (DASH, "if false; then touch a; fi", "a", "missing"),
    (DASH, "if false; then if true; then touch a; fi; fi", "a", "missing"),
    (DASH, "if true; then if true; then touch a; fi; fi", "a", "0644"),
    (DASH, "if true; then cd /tmp; fi; touch a", "a", "missing"),
    (DASH, "if : ; then true; touch a; fi", "a", "0644"),
    (DASH, "if true; then grep x y && if true; then touch a; fi; fi", "a", "unknown"),
    (DASH, "if true && grep x y; then touch a; fi", "a", "unknown"),
    (DASH, "if [ -e /etc/x ]; then touch a; fi", "a", "unknown"),
    (DASH, "if [ -r run.sh ]; then touch a; fi", "a", "unknown"),
    (DASH, "if [ $(date) = x ]; then touch a; fi", "a", "unknown"),
    (DASH, "if [ a = a -a b = c ]; then touch a; fi", "a", "unknown"),
    (DASH, "if [ x -eq 1 ]; then touch a; fi || true", "a", "unknown"),
    (DASH, "if [ ! ! -f run.sh ]; then touch a; fi", "a", "unknown"),
    (BASH, "if [[ ab == a* ]]; then touch a; fi", "a", "unknown"),
    (BASH, "if [[ -f x || -f run.sh ]]; then touch a; fi", "a", "unknown"),
    (DASH, "mkdir $(cat x); if [ -d lib ]; then touch a; fi", "a", "unknown"),
    ("me/unknown", "if [ -d /opt/x ]; then touch a; fi", "a", "unknown"),
    (DASH, "for i in 1 2; do grep x y && if true; then touch a; fi; done", "a", "unknown"),
    # a cd that fails, and names that may be anywhere
    # code of the gear, and other code: only the first may write anywhere
    (DASH, "mkdir /work && cd /work && touch x && perl x", "a", "missing"),
    (DASH, "mkdir /work && cd /work && touch x && perl -w x", "a", "missing"),
    (DASH, "mkdir /work && cd /work && touch x && perl -e x", "a", "unknown"),
    (DASH, "mkdir /work && cd /work && touch x && perl", "a", "unknown"),
    (DASH, "mkdir /work && cd /work && perl none || true", "a", "unknown"),
    (DASH, "mkdir /work && cd /work && perl /flywheel/v0/run.sh", "a", "unknown"),
    (DASH, "mkdir /work && cd /work; grep x y && touch x; perl x", "a", "unknown"),
    (PYTHON, "mkdir /work && cd /work && touch x.py && python3 x.py", "a", "missing"),
    (DASH, "mkdir /work && cd /work && make", "../../app", "missing"),
    (DASH, "cd /opt/x && make", "../../app", "missing"),
    (DASH, "cd /opt/x/y && make", "../../app", "missing"),
    (DASH, "mkdir /work && cd /work && touch x && chmod +x x && ./x", "../../app", "missing"),
    (PYTHON, "python3 /opt/x.py", "../../app", "unknown"),
    (DASH, "make", "../../app", "unknown"),
    (DASH, "tar xf /x.tar; cd sub/deep && make", "../../app", "unknown"),
    (DASH, 'sh -c "touch b; $(cat /x)"', "a", "unknown"),
    (DASH, "sh -c || true", "a", "unknown"),
    # a cd that fails, and names that may be anywhere
    (DASH, "cd nowhere; touch a", "a", "0644"),
    (DASH, "cd run.sh; touch a", "a", "0644"),
    (DASH, "mkdir $(cat x); cd nowhere; touch a", "a", "unknown"),
    (DASH, "touch $(cat x)/b; for f in r*.sh; do cp $f a; done", "a", "0644"),
    (DASH, "touch $(cat x)/rx.sh; for f in r*.sh; do cp $f a; done", "a", "unknown"),
    # here-documents
    (DASH, "bash <<'E'\ntouch a\nE\n", "a", "0644"),
    (DASH, "bash -s <<E\ntouch a\nE\n", "a", "0644"),
    (DASH, "sh -s x <<E\ntouch a\nE\n", "a", "0644"),
    (DASH, "sh - <<E\nmkdir {a,b}\nE\n", "{a,b}", "directory"),
    (DASH, "X=a; bash <<E\ntouch $X\nE\n", "a", "unknown"),
    (DASH, "bash <<E <<F\ntouch a\nE\ntouch b\nF\n", "a", "missing"),
    (DASH, "bash <<E <<F\ntouch a\nE\ntouch b\nF\n", "b", "0644"),
    (DASH, "cat <<E > a\n$X\nE\n", "a", "0644"),
    (DASH, "cat > a <<-E\n\ttext\n\tE\n", "a", "0644"),
    (PYTHON, "python3 <<E\nopen('a', 'w')\nE\n", "a", "0644"),
    (PYTHON, "python3 - <<E\nprint(1)\nE\n", "a", "missing"),
    (PYTHON, "python3 - <<E\nmain()\nE\n", "a", "unknown"),
    (DASH, "bash <<< 'touch a'", "a", "unknown"),
    (DASH, "bash -c 'set -e; test -f x; touch a'; true", "a", "unknown"),
    (DASH, "touch $(cat run.sh); cd nowhere; touch a", "nowhere/a", "unknown"),
    # globs below directories that are known
    (DASH, "rm -f /flywheel/v0/r*.sh", "run.sh", "missing"),
    (DASH, "touch $(cat x)/rx.sh; rm r*.sh", "run.sh", "missing"),
    (DASH, "touch $(cat x)/rx.sh; rm r*.sh", "rx.sh", "unknown"),
    (DASH, "touch $(cat x)/y.sh; rm y*.sh; true", "run.sh", "0644"),
    (DASH, "touch $(cat x)/y.sh; chmod 700 y*.sh; true", "y.sh", "unknown"),
    (DASH, "cp run.sh /root/x; cd && cp x /flywheel/v0/a && touch /flywheel/v0/b", "b", "0644"),
    (DASH, "HOME=/flywheel/v0; cd; touch a", "a", "0644"),
    (DASH, "HOME=$(cat x); cd; touch a", "a", "unknown"),
    # the system's own directories
    (DASH, "cp -p run.sh /usr/local/bin/run.sh && cp -p /usr/local/bin/run.sh a", "a", "0644"),
    (DASH, "cp run.sh /usr/local/bin/run.sh && cp -p /usr/local/bin/run.sh a", "a", "0644"),
    (DASH, "cp run.sh /usr/local/bin/a.sh && cp -p /usr/local/bin/a.sh a", "a", "unknown bits"),
    (DASH, "mv run.sh run; cp run /usr/share/run && cp -p /usr/share/run a", "a", "unknown bits"),
    (DASH, "mv run.sh x; cp x /usr/bin/x && cp -p /usr/bin/x a", "a", "unknown bits"),
    ("me/unknown", "cp run.sh /usr/bin/run.sh && cp -p /usr/bin/run.sh a", "a", "unknown"),
    (DASH, "cp run.sh /usr/local/bin/x && cp /usr/local/bin/x a", "a", "unknown bits"),
    (DASH, "ln -s run.sh /usr/local/bin/x", "run.sh", "0644"),
    (DASH, "ln -s run.sh /usr/share/x", "run.sh", "0644"),
    (DASH, "ln -s /flywheel/v0/run.sh /usr/share/x", "run.sh", "unknown bits"),
    ("me/unknown", "ln -s /flywheel/v0/run.sh /usr/local/bin/x", "run.sh", "unknown bits"),
    ("antsx/ants:v2.4.4", "ln -s /flywheel/v0/run.sh /usr/bin/x", "run.sh", "unknown bits"),
    ("antsx/ants:v2.4.4", "ln -s /flywheel/v0/run.sh /usr/bin/run.sh", "run.sh", "0644"),
    ("me/unknown", "ln -s /flywheel/v0/run.sh /usr/bin/run.sh", "run.sh", "unknown bits"),
    (DASH, "cp run.sh ~ && mv ~/run.sh a", "a", "unknown bits"),
    (DASH, "touch /work/a; cp /work/* .", "x", "missing"),
    # what a program does with files of which the names are not known
    (DASH, "dos2unix run.sh", "b", "missing"),
    (DASH, "dos2unix -n run.sh b && mv b a", "a", "0644"),
    (DASH, "chmod 750 run.sh && dos2unix -n run.sh b", "b", "0750"),
    (DASH, "dos2unix -n run.sh b", "c", "missing"),
    (DASH, "gawk -i inplace '{ print $1 }' run.sh && chmod 711 run.sh", "run.sh", "0711"),
    (DASH, "gawk -e '{ print $1 }' run.sh && chmod 711 run.sh", "run.sh", "0711"),
    (DASH, "gawk -i inplace '{ print > $1 }' run.sh", "run.sh", "0644"),
    (DASH, "gawk -i inplace '{ print > \"x\" }' run.sh", "run.sh", "unknown bits"),
    (DASH, "uniq run.sh a", "b", "missing"),
    (DASH, "find . -newer x -exec ls || true", "../../x", "missing"),
    (DASH, "find . -newer x -exec ls {} + ; true", "../../x", "missing"),
    (DASH, "find . -exec || true", "../../x", "unknown"),
    (DASH, "ls | xargs -n 1 echo", "../../x", "missing"),
    (DASH, "ls | xargs -r echo x", "../../x", "missing"),
    (DASH, "ls | xargs", "../../x", "missing"),
    (DASH, "ls | xargs -n 1 frob", "../../x", "unknown"),
    (DASH, "ls | xargs chmod 700", "run.sh", "unknown bits"),
    (DASH, "ls | xargs chmod 700", "../../x", "missing"),
    (DASH, "cat run.sh | xargs mkdir -p && cp run.sh made/x", "made/x", "unknown"),
    (DASH, "gzip /flywheel/v0/$(cat run.sh)", "b", "unknown"),
    (DASH, "gzip $(cat run.sh).nii", "../../x", "missing"),
    (DASH, "cd $(cat run.sh); gzip a; touch /flywheel/v0/b", "b", "0644"),
    (DASH, "umask 077; touch a && gzip a", "a.gz", "unknown bits"),
    (DASH, "sh -c 'touch b$1' x a", "b", "unknown"),
    # what is written to a named file
    (DASH, "sort -o a run.sh", "a", "0644"),
    (DASH, "sort -uo a run.sh", "a", "0644"),
    (DASH, "sort --output=a run.sh", "a", "0644"),
    (DASH, "sort -o $(cat x) run.sh", "a", "unknown"),
    (DASH, "sort -u run.sh", "a", "missing"),
    (BUSYBOX, "touch a && ln -sf a ./a", "a", "-> a"),
]


@pytest.mark.parametrize(
    ("operand", "there"), [("$X", "unknown"), ("/flywheel/$X", "unknown"), ("$X/opt", "missing")]
)
def test_a_directory_of_an_unknown_name_may_be_the_gears(
    operand: str, there: str, tmp_path: Path
) -> None:
    image = image_of(tmp_path, f"FROM {DASH}\nARG X\nRUN mkdir -p {operand}\n")
    assert described(image.files.find(HOME)) == there


OF_SHELL = [
    # (instructions, path, what is there then)
    ('SHELL ["/bin/bash", "-c"]\nRUN mkdir {a,b}', "a", "directory"),
    ('SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN mkdir {a,b}', "a", "directory"),
    ('SHELL ["/usr/bin/python3", "-c"]\nRUN touch a', "b", "unknown"),
    ('SHELL ["/bin/bash"]\nRUN touch a', "b", "unknown"),
    ('SHELL ["/bin/sh", "-c"]\nRUN rm none; touch a', "a", "0644"),
    ('RUN ["/bin/sh", "-c", "rm none; touch a"]', "a", "0644"),
    ('RUN ["sh", "-c", "touch a", "x"]', "a", "0644"),
    ('RUN ["/bin/bash", "-c", "mkdir {a,b}"]', "a", "directory"),
    ('RUN ["/bin/sh", "-c", "mkdir {a,b}"]', "a", "missing"),
    ('RUN ["touch", "a", "{b,c}"]', "{b,c}", "0644"),
]


@pytest.mark.parametrize(("steps", "path", "expected"), OF_SHELL)
def test_which_shell_runs_it(steps: str, path: str, expected: str, tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM {DASH}\nWORKDIR {HOME}\nCOPY run.sh other.sh ./\n{steps}\n")
    assert image.failed_steps == []
    assert described(image.files.find(f"{HOME}/{path}", follow=False)) == expected


@pytest.mark.parametrize(
    "steps",
    [
        'SHELL ["/bin/bash", "-ec"]\nRUN rm none; touch a',
        'SHELL ["/bin/bash", "-e", "-c"]\nRUN rm none; touch a',
        'SHELL ["/bin/bash", "-uc"]\nRUN touch a$NONE',
        'SHELL ["/bin/bash", "-u", "-c"]\nRUN touch a$NONE',
        'RUN ["/bin/sh", "-ec", "rm none; touch a"]',
        'RUN ["rm", "none"]',
    ],
)
def test_a_step_that_its_shell_ends(steps: str, tmp_path: Path) -> None:
    assert len(image_of(tmp_path, f"FROM {DASH}\nWORKDIR {HOME}\n{steps}\n").failed_steps) == 1


SCRIPTS = [
    # (mode of the script, its text, commands, path, what is there then)
    (0o755, "#!/bin/sh\ntouch a\n", "./s", "a", "0644"),
    (0o644, "#!/bin/sh\ntouch a\n", "./s || true", "a", "unknown"),
    (0o644, "#!/bin/sh\ntouch a\n", "sh s || true", "a", "0644"),
    (0o755, "#!/bin/sh\ntouch a\n", "./s || true", "a", "0644"),
    (0o644, "#!/bin/sh\ntouch a\n", "sh -x s || true", "a", "0644"),
    (0o644, "#!/bin/sh\ntouch a\n", "sh --login +e s || true", "a", "0644"),
    (0o644, "#!/bin/sh\ntouch a\n", "bash -c ./s || true", "a", "unknown"),
    (0o755, "#!/bin/bash\nmkdir {a,b}\n", "./s", "a", "directory"),
    (0o755, "#!/bin/sh\nmkdir {a,b}\n", "./s", "a", "missing"),
    (0o755, "#!/bin/bash\nmkdir {a,b}\n", "sh s", "a", "missing"),
    (0o755, "#!/bin/sh -e\ntest -f x\ntouch a\n", "./s; true", "a", "unknown"),
    (0o755, "#!/bin/sh\nset -eu\ntest -f x\ntouch a\n", "./s || true", "a", "unknown"),
    (0o755, "#!/bin/sh\nset -e\ntouch a\n", "./s", "a", "0644"),
    (0o755, "#!/usr/bin/perl\ntouch a\n", "./s", "a", "unknown"),
    (0o755, "#!/bin/sh\nexit 0\n", ". ./s; touch a", "a", "unknown"),
    (0o755, "#!/bin/sh\nset -e\ntest -f x\ntouch a\n", ". ./s; touch b", "a", "unknown"),
    (0o755, "#!/bin/sh\nset -e\ntest -f x\ntouch a\n", ". ./s; touch b", "b", "unknown"),
    (0o755, "#!/bin/sh\ntrue\n", "(. ./s); X=c; touch $X", "c", "0644"),
    (0o755, "#!/bin/sh\nX=a\n", ". ./s && touch $X", "a", "0644"),
    (0o755, "#!/bin/sh\numask 077\n", "./s && touch a", "a", "0644"),
    (0o644, "#!/bin/sh\nX=a\ntouch $X\n", "chmod 700 s && ./s; touch b", "s", "0700"),
    (0o644, "#!/bin/sh\nX=a\ntouch $X\n", "chmod 700 s && ./s; touch b", "a", "unknown"),
    (0o644, "#!/bin/sh\nX=a\n", "X=b; grep x y && . ./s; touch $X", "b", "unknown"),
    (0o644, "#!/bin/sh\nX=a\n", "grep x y && sh -c '. ./s; touch $X'; true", "s", "0644"),
    (
        0o644,
        "#!/bin/sh\nX=a\n",
        "grep x y && sh -c 'grep a || . ./s; touch $X'; true",
        "s",
        "unknown bits",
    ),
    (0o644, "#!/bin/sh\ncd /tmp\n", "grep x y && . ./s; touch a", "a", "unknown"),
    # a script that starts or sources itself
    (0o755, "#!/bin/sh\ntouch a\n./s\n", "./s", "a", "unknown bits"),
    (0o755, "#!/bin/sh\ntouch a\n. ./s\n", ". ./s", "a", "unknown bits"),
    (0o755, "#!/bin/sh\ntrue\n", ". ./s; . ./s; . ./s; . ./s; touch b", "b", "0644"),
    # the functions of a text are its own
    (0o755, "#!/bin/sh\n(f() { touch b; }; f)\n", "f() { touch a; }; ./s; f", "a", "0644"),
    (0o755, "#!/bin/sh\n(f() { touch b; })\n", "./s; f || true", "b", "unknown"),
]


@pytest.mark.parametrize(("mode", "text", "commands", "path", "expected"), SCRIPTS)
def test_scripts_of_the_gear(
    mode: int, text: str, commands: str, path: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "s").write_text(text)
    (tmp_path / "s").chmod(mode)
    steps = f"FROM {DASH}\nWORKDIR {HOME}\nCOPY s .\nRUN {commands}\n"
    image = image_of(tmp_path, steps)
    assert image.failed_steps == []
    assert described(image.files.find(f"{HOME}/{path}", follow=False)) == expected


@pytest.mark.parametrize(
    ("makes_user", "home"),
    [
        ("useradd me", "/home/me"),
        ("useradd -m -s /bin/sh me", "/home/me"),
        ("useradd -d /data me", None),
        ("useradd --home-dir=/data me", None),
        ("useradd -b /data me", None),
        ("useradd", None),
        ("useradd $(cat run.sh)me", None),
    ],
)
def test_home_of_a_user(makes_user: str, home: str | None, tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM {DASH}\nRUN {makes_user}\n")
    assert list(image.homes.values()) == ([home] if home else [])


@pytest.mark.parametrize(
    ("base", "makes_user"),
    [
        (DASH, "useradd me"),
        (DASH, "useradd -m -k /x me"),
        (DASH, "useradd -m -s me"),
        (DASH, "useradd -ms me"),
        (DASH, "useradd -m me || true"),
        (DASH, "mkdir -p /etc/skel && cp other.sh /etc/skel && useradd -m me"),
        (DASH, "./install && useradd -m me"),
        (BUSYBOX, "adduser -H me"),
        (BUSYBOX, "adduser -D -G you me"),
        ("antsx/ants:v2.4.4", "useradd -m me"),
    ],
)
def test_what_may_be_in_the_home_of_a_user(base: str, makes_user: str, tmp_path: Path) -> None:
    steps = f"FROM {base}\nWORKDIR {HOME}\nCOPY run.sh other.sh ./\nRUN {makes_user}\n"
    image = image_of(tmp_path, steps)
    assert described(image.files.find("/home/me/a")) == "unknown"


@pytest.mark.parametrize(("base", "commands", "path", "expected"), ROWS)
def test_known_shells(base: str, commands: str, path: str, expected: str, tmp_path: Path) -> None:
    steps = f"FROM {base}\nWORKDIR {HOME}\nCOPY run.sh other.sh ./\nRUN {commands}\n"
    image = image_of(tmp_path, steps)
    assert image.failed_steps == []
    assert described(image.files.find(f"{HOME}/{path}", follow=False)) == expected
    home = image.files.find(HOME)
    assert isinstance(home, Directory)
    assert "." not in home.entries


@pytest.mark.parametrize(
    ("commands", "is_foreign"),
    [
        ("cp run.sh ~/a", False),
        ("cp run.sh /opt/a/b", False),
        ("cp run.sh /a/b || true", False),
        ("[ -e /x ] && cp run.sh /root; true", False),
        ("[ -e /x ] && cp run.sh /usr; true", True),
        ("cp -u run.sh /", True),
        ("[ -e /x ] && cp -r data /bin; true", True),
        ("ln -s /usr/local/bin /b && [ -e /x ] && cp run.sh /b; true", True),
        ("cp run.sh /usr/lib/a", True),
        ("ln -s /usr/local/bin /b && cp run.sh /b/a", True),
        ("cp run.sh $(name)", True),
    ],
)
def test_what_is_put_elsewhere_is_no_program_of_the_system(
    commands: str, is_foreign: bool, tmp_path: Path
) -> None:
    image = image_of(tmp_path, f"FROM {DASH}\nWORKDIR {HOME}\nCOPY . .\nRUN {commands}\n")
    assert (image.foreign is not None) is is_foreign


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("flywheel/fsl-base:5.0-xenial", "/flywheel", "directory"),
        ("flywheel/fsl-base:5.0-xenial", HOME, "directory"),
        ("flywheel/fsl-base:5.0-xenial", f"{HOME}/run", "missing"),
        ("flywheel/fsl-base:5.0-xenial", "/flywheel/v1", "missing"),
        ("scitran/freesurfer-dev:1.0", HOME, "directory"),
        ("debian:12", "/opt", "directory"),
        ("debian:12", "/opt/a", "unknown"),
        ("debian:12", "/usr/local/bin", "directory"),
        ("debian:12", "/usr/games", "unknown"),
        ("debian:12", "/flywheel", "missing"),
        ("debian:12", "/app", "missing"),
        ("busybox", "/opt", "unknown"),
    ],
)
def test_directories_of_a_base(base: str, path: str, expected: str, tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM {base}\nWORKDIR /srv/x\n")
    assert described(image.files.find(path)) == expected
