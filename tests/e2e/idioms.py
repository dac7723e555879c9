"""What the RUNs of real gears do beyond copying files: one function an idiom, the text of a RUN.

Each says what it certainly makes, so that later steps may work on it; the rest is found out by the
comparison. A step that cannot be done in the image at hand has the text "".
"""

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.case import Item

if TYPE_CHECKING:
    from tests.e2e.generator import Generator


def _file(g: "Generator") -> str:
    """A file that is there, as a RUN says it; made where there is none."""
    here = g.files_here()
    if not here:
        g.lines.append("RUN touch here.txt")
        g.there[posixpath.join(g.workdir, "here.txt")] = "file"
        return "here.txt"
    return g.shown(g.random.choice(here))


def _new(g: "Generator", *names: str) -> str:
    """The name of a file that the step makes in the working directory."""
    name = g.pick(*names)
    g.there[posixpath.join(g.workdir, name)] = "file"
    return name


def _with_braces(g: "Generator", text: str) -> str:
    """A text with braces, without them where the bash of the image is busybox in disguise."""
    return text if g.is_imitated else text.replace("{", "").replace("}", "")


def braces(g: "Generator") -> str:
    return g.pick(
        "mkdir -p ./{input,output}",
        f"mkdir -p {g.workdir.rstrip('/')}/{{one,two/deep}}",
        "touch made{1,2}.txt",
        "mkdir -p made && touch made/{a,b}.sh && chmod +x made/{a,b}.sh",
        "mkdir -p '{input,output}' \"x\"{1,}",
    )


def tilde(g: "Generator") -> str:
    if not g.is_imitated:
        return ""
    name = _file(g)
    return g.pick(
        f"mkdir -p ~/conf && cp {name} ~/conf/c.txt && cp ~/conf/c.txt from-home.txt",
        f"cp {name} ~/ && ls -l ~ > listing.txt",
        f"cp {name} ~ && mv ~/{posixpath.basename(name)} back.txt",
        "touch ~/.rc && ln -s ~/.rc rc",
        "cd ~ && touch x && cp x $OLDPWD/x-from-home",
    )


def home(g: "Generator") -> str:
    if not g.is_imitated:
        return ""
    name = _file(g)
    return g.pick(
        f'mkdir -p $HOME/.c && cp {name} "$HOME/.c/c" && cp ${{HOME}}/.c/c home.txt',
        f"cp {name} $HOME/copy && cp $HOME/copy made-of-home",
        "echo x > ${HOME}/.rc2 && chmod 755 $HOME/.rc2 && cp -p $HOME/.rc2 profile.sh",
    )


def pwd(g: "Generator") -> str:
    name = posixpath.basename(_file(g))
    made = _new(g, "of-pwd", "of-pwd.sh")
    return g.pick(
        f"touch $(pwd)/{made}",
        f'touch "$(pwd)/{made}" && chmod 750 $(pwd)/{made}',
        f"touch `pwd`/{made}",
        f"touch $PWD/{made} && chmod +x $PWD/{made}",
        f"D=$(pwd) && cd / && touch $D/{made} {name}",
    )


def sequence(g: "Generator") -> str:
    name, made = _file(g), _new(g, "after", "later.sh")
    return g.pick(
        f"touch {made}; chmod +x {made}",
        f"false; touch {made}",
        f"rm nothing; touch {made}",
        f"chmod +x nothing; touch {made}; chmod 700 {made}",
        f"cd nowhere; touch {made}",
        f"cp nothing {made}; touch {made}",
        f"cat {name} > /dev/null; touch {made}\\\n ; chmod u+x {made}",
    )


def or_else(g: "Generator") -> str:
    name, made = _file(g), _new(g, "perhaps", "perhaps.sh")
    return g.pick(
        f"chmod +x {name} || true",
        f"touch {made} || true",
        f"chmod +x nothing || touch {made}",
        f"mkdir x || true; touch {made}",
        f"(touch {made} && chmod +x {made}) || echo failed",
        f"rm nothing || true && touch {made}",
        f"test -f nothing || touch {made}",
        f"test -f nothing && chmod 600 {name} || touch {made}",
        f"touch {made} && false || true",
    )


def loop(g: "Generator") -> str:
    name = _file(g)
    return g.pick(
        'for f in a.txt b.txt; do touch "$f"; done',
        "for n in 1 2 3; do mkdir -p dir$n; touch dir$n/x.sh; chmod +x dir$n/*.sh; done",
        f'for f in {name}; do chmod +x "$f"; done',
        'for f in *.sh; do [ -f "$f" ] && chmod u+x $f; done; true',
        "for f in $(ls); do echo $f; done > names.txt",
        "i=0; while [ $i -lt 2 ]; do touch w$i; i=$((i+1)); done",
        f"for d in made/x made/y; do mkdir -p $d && cp {name} $d/f; done",
    )


def condition(g: "Generator") -> str:
    name, made = _file(g), _new(g, "cond", "cond.sh")
    return g.pick(
        f"if [ -f {name} ]; then touch {made}; fi",
        f"if [ ! -d no ]; then mkdir -p yes; touch {made}; else chmod 600 {name}; fi",
        f"if true; then chmod 755 {name}; touch {made}; fi",
        f"if false; then rm {name}; fi; touch {made}",
        f"[ -f {name} ] && touch {made}",
        f"case x in x) touch {made} ;; *) rm {name} ;; esac",
    )


def function(g: "Generator") -> str:
    made = _new(g, "of-function", "of-function.sh")
    return g.pick(
        f"make_it() {{ touch $1; chmod +x $1; }}; make_it {made}",
        f"make_it() {{ touch {made}; }} && make_it && chmod 700 {made}",
    )


def suffix(g: "Generator") -> str:
    made = "stem"
    g.there[posixpath.join(g.workdir, made)] = "file"
    return g.pick(
        f"F={made}.txt; touch ${{F%.txt}}",
        f"F={made}.txt && touch ${{F%.*}} && chmod 755 ${{F%.*}}",
        f"F=/x/{made}; touch ${{F##*/}}",
        f"F={made}; touch ${{F:-other}} && G= && touch ${{G:-{made}2}}",
        f"F={made}; export F && sh -c 'touch $F && chmod 711 $F'",
    )


def sed(g: "Generator") -> str:
    name = _file(g)
    return g.pick(
        f"sed -i 's/text/other/' {name}",
        f"sed -i -e 's/a/b/' -e '/x/d' {name}",
        f"sed 's/a/b/' {name} > {_new(g, 'of-sed')}",
        f"sed -i.bak 's/a/b/' {name}",
    )


def tee(g: "Generator") -> str:
    name, made = _file(g), _new(g, "tee.txt", "tee.sh")
    return g.pick(
        f"echo text | tee {made}",
        f"echo text | tee -a {made} > /dev/null",
        f"echo '#!/bin/sh' | tee {made} && chmod +x {made}",
        f"echo a >> {made}; echo b >> {made}",
        f"printf 'a\\n' > {made} && cat {made} {made} > twice.txt",
        f"{{ echo a; echo b; }} > {made}",
        f"cat {name} | sort | head -1 > {made}",
    )


def environment(g: "Generator") -> str:
    made = _new(g, "docker-env.sh", "env.txt")
    is_busybox = g.imitation is None or g.imitation.shell == "busybox"
    print_variables = "env" if is_busybox else "printenv"  # Debian's busybox has no printenv
    return g.pick(
        f'env -u HOSTNAME -u PWD | awk -F = \'{{ print "export " $1 "=" $2 }}\' > {made}',
        f"{print_variables} > {made}",
        f"env > {made} && chmod +x {made}",
        f"env -u HOME touch {made}",
        f"env A=1 B=2 touch {made}",
        f"A=1 sh -c 'echo $A' > {made}",
    )


def awk(g: "Generator") -> str:
    name, made = _file(g), _new(g, "of-awk", "of-awk.sh")
    return g.pick(
        f"awk '{{ print $1 }}' {name} > {made}",
        f"awk -F: '{{print $1}}' /etc/passwd | sort > {made}",
        f"awk 'BEGIN {{ print 1 }}' > {made} && chmod 755 {made}",
    )


def tar(g: "Generator") -> str:
    name = g.make_archive()
    g.lines.append(f"COPY {name} /tmp/")
    z = "" if name.endswith(".tar") else "z"
    directory = g.pick("/opt/unpacked", "unpacked")
    return g.pick(
        f"mkdir -p {directory} && tar -x{z}f /tmp/{name} -C {directory}",
        f"mkdir -p {directory} && tar x{z}vf /tmp/{name} -C {directory} && rm /tmp/{name}",
        f"mkdir -p {directory} && tar -C {directory} -x{z}f /tmp/{name}",
        f"mkdir -p {directory} && cd {directory} && tar -x{z}f /tmp/{name}",
        f"mkdir -p {directory} && tar -x{z}f /tmp/{name} -C {directory}"
        f" && chmod 700 {directory}/packed.sh",
    )


def find(g: "Generator") -> str:
    return g.pick(
        "find . -name '*.sh' -exec chmod +x {} \\;",
        "find . -type f -name '*.txt' -exec chmod 644 {} +",
        f"find {g.workdir} -type f | xargs chmod a+r",
        "find . -name '*.py' | head -3",
        "find . -type d -exec chmod 755 {} \\;",
    )


def python(g: "Generator") -> str:
    if not g.pythons or not g.is_imitated:
        return ""
    made = _new(g, "gear_environ.json", "of-python.txt")
    interpreter = g.pick(*g.pythons)
    code = g.pick(
        f'import os, json; f = open("{made}", "w"); json.dump(dict(os.environ), f); f.close()',
        f'import json, os; json.dump({{}}, open("{posixpath.join(g.workdir, made)}", "w"))',
        f'open("{made}", mode="a").write("x")',
        f'f = open("{made}", "w"); print(1, file=f)',
        f'import sys; print(sys.version); open("{made}", "x")',
    )
    return g.pick(
        f"{interpreter} -c '{code}'",
        f"{interpreter} -c '{code}'",
        f"{interpreter} -c '{code}' && chmod 755 {made}",
        f"{interpreter} -u -c '{code}'",
    )


def venv(g: "Generator") -> str:
    if not g.pythons or not g.is_imitated:
        return ""
    interpreter = g.pick(*g.pythons)
    return g.pick(
        f"{interpreter} -m venv venv",
        f"{interpreter} -m venv /opt/venv && . /opt/venv/bin/activate",
        f"{interpreter} -m venv --system-site-packages .venv && .venv/bin/pip install x",
        f"{interpreter} -m venv /venv && touch {_new(g, 'after-venv')}",
    )


def own_script(g: "Generator") -> str:
    """A script of the gear that is started, or read, while the image is built."""
    name = g.pick("setup.sh", "tools/prepare.sh")
    is_bash = g.shell == "bash" or (g.has_bash and g.chance(0.5))
    g.files[name] = Item(_set_up(g, is_bash=is_bash).encode(), 0o755 if g.chance(0.8) else 0o644)
    target = g.pick(posixpath.basename(name), "/tmp/s.sh")
    g.lines.append(f"COPY {name} {target}")
    started = target if target.startswith("/") else f"./{target}"
    ways = [
        f"chmod +x {started} && {started}",
        f"chmod 755 {started} && {started} ; touch after-setup",
        f"sh {target}", f"sh -e {target} && rm {target}", f". {started}",
        f". {started} && touch $MADE.of", f"cd /tmp && sh -x {posixpath.join(g.workdir, target)}",
    ]  # fmt: skip
    if g.has_bash:
        ways += [f"bash {target}", f"bash -c '{started}' || true", f"/bin/bash -ex {target}"]
    if g.shell != "dash":
        ways.append(f"source {started} && touch $MADE")
    return g.pick(*ways)


def _set_up(g: "Generator", *, is_bash: bool) -> str:
    lines = [g.pick("MADE=made-by-setup", "export MADE=made-by-setup")]
    lines += g.random.sample(
        [
            "mkdir -p of-setup", 'touch "$MADE" && chmod 755 $MADE', "echo x > written.txt",
            "if [ ! -f nothing ]; then touch conditional; fi", "cd /tmp", "touch $HERE/there",
            'for each in 1 2; do touch "for$each"; done', "f() { touch of-f; }\nf",
            "[ -f nothing ] && touch never", _with_braces(g, "mkdir -p {one,two}"),
            "touch ~/of-setup",
            "HERE=$(pwd)", 'touch "$(dirname $0)/beside"', "touch first.sh\nchmod +x first.sh",
        ],
        g.random.randint(1, 4),
    )  # fmt: skip
    lines.append(g.pick("echo done", "true", "touch last"))
    return f"{'#!/bin/bash' if is_bash else '#!/bin/sh'}\n" + "\n".join(lines) + "\n"


def inner_shell(g: "Generator") -> str:
    made = _new(g, "inner", "inner.sh")
    shell = g.pick("sh", "/bin/sh", *(["bash", "bash", "/bin/bash"] if g.has_bash else []))
    text = g.pick(
        f"touch {made} && chmod +x {made}",
        f"cd / && touch {posixpath.join(g.workdir, made)}",
        _with_braces(g, f"mkdir -p inner-{{a,b}} && touch {made}"),
        f"touch {made}; exit 0",
        f"touch {made}; true",
        f"X={made}; touch $X",
    )
    quote = "'" if "$" in text or g.chance(0.7) else '"'
    return f"{shell} {g.pick('-c', '-c', '-ec', '-xc')} {quote}{text}{quote}"


def unset(g: "Generator") -> str:
    name, made = _file(g), _new(g, "unset", "unset.sh")
    return g.pick(
        f"touch {made}$NOTHING",
        f'touch "{made}${{NOTHING}}" && chmod +x {made}',
        f"touch .$NOTHING/{made}",
        f"cp {name} ${{NOTHING:-{made}2}}",
        f"rm -rf $NOTHING/tmp/none && touch {made}",
        "cp $NOTHING x.txt || true",
        f"unset PATH_OF && touch {made}$PATH_OF",
        f"touch {made}$OLDPWD || true",
        f"touch {made}$UID",
        f"touch {made}$SHELL || true",
        f"touch {made}$USER$LOGNAME",
        f"cd $NOTHING . && touch {made} || true",
    )


def user(g: "Generator") -> str:
    """A user that the Dockerfile makes, and that works in a directory of its own."""
    if not g.is_imitated or "USER" in g.features:
        return ""
    g.features.add("USER")
    if g.shell == "busybox":
        g.lines.append("RUN adduser -D me")
    else:
        g.lines.append(g.pick("RUN useradd -m me", "RUN useradd -ms /bin/bash me"))
    g.lines.append("USER me")
    g.lines.append(
        "RUN "
        + g.pick(
            "mkdir -p ~/work && touch ~/work/a.sh && chmod +x $HOME/work/a.sh",
            "cd && touch mine && chmod 700 mine",
            "touch $HOME/mine.txt",
            "echo $HOME > ~/where",
        )
    )
    g.lines.append(g.pick("USER root", "USER 0", "USER 0:0"))
    return g.pick(
        "cp -r /home/me from-me",
        "ls /home/me > listing.txt && chown -R me .",
        "cp /home/me/* . || true",
    )


def packages(g: "Generator") -> str:
    if not g.is_imitated:
        return ""
    made = _new(g, "after-packages")
    if g.shell == "busybox":
        return f"apk add --no-cache {g.pick('curl', 'git', 'jq')} && touch {made}"
    return (
        "apt-get update && apt-get install -y --no-install-recommends curl"
        f" && rm -rf /var/lib/apt/lists/* && touch {made}"
    )


IDIOMS: dict[str, Callable[["Generator"], str]] = {
    "{a,b}": braces, "~": tilde, "$HOME": home, "$(pwd)": pwd, "a; b": sequence, "a || b": or_else,
    "for, while": loop, "if, case": condition, "function": function, "${X%y}": suffix,
    "sed": sed, "tee, >": tee, "env": environment, "awk": awk, "tar": tar, "find": find,
    "python -c": python, "python -m venv": venv, "script of the gear in RUN": own_script,
    "sh -c": inner_shell, "unset variable": unset, "useradd, USER": user, "packages": packages,
}  # fmt: skip
