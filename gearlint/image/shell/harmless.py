"""Commands that change nothing, for what is built and for what is started."""

HARMLESS = frozenset((
    ":", "[", "[[", "addgroup", "alias", "arch", "basename", "cat", "chsh", "cmp", "column", "comm",
    "cut", "date", "deluser", "df", "diff", "dirname", "du", "echo", "egrep", "exit", "export",
    "expr", "false", "fc-cache", "fgrep", "file", "fold", "free", "fs_install_mcr", "getent",
    "getopt", "gpgconf", "grep", "groupadd", "groupmod", "hash", "head", "hostname", "id",
    "jq", "kill", "killall", "ldconfig", "ldd", "less", "locale", "ls", "lsb_release", "lscpu",
    "md5sum", "mktemp", "more", "nl", "nproc", "od", "passwd", "paste", "pgrep", "ping", "pkill",
    "printenv", "printf", "ps", "pwd", "readlink", "realpath", "reprozip", "return", "rev", "seq",
    "set", "sha1sum", "sha256sum", "sha512sum", "shasum", "shopt", "sleep", "stat", "strings",
    "stty", "sync", "tac", "tail", "test", "tput", "tr", "true", "type", "ulimit", "umask", "uname",
    "unset", "usermod", "wait", "wc", "whereis", "which", "whoami", "yes",
))  # fmt: skip
"""Commands that change no file that anybody looks at."""
