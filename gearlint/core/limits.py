"""Every limit on what is read, followed, tried or shown: each with what happens beyond it.

Whatever a stranger's file holds, the time and memory that it takes stay within these. A limit is
far above what real gears have. What is counted down while it is done is counted by a `Budget`.
"""

# core: files and messages

FILE_BYTES = 16 * 1024 * 1024  # a larger file is not read (GL007)
KEPT_BYTES = 1_000_000  # of a file that is named; a larger one is read again when its turn comes
UNCOLLECTED_BYTES = 16 * 1024 * 1024  # of files that were read; then garbage is collected
QUOTED_CHARACTERS = 60  # of a value in a message; it is cut there
MESSAGE_CHARACTERS = 500  # a message is cut there
EXTRACT_CHARACTERS = 500  # of a line before and after a finding, that are kept to be shown

# syntax: JSON, Dockerfile, shell, patterns, versions, ignore files

JSON_FAULTS = 50  # faults of a text; no more are reported, they would be noise
JSON_FAULTS_OF_A_KIND = 5  # that are reported one by one; more are one finding
JSON_REPAIRED_BYTES = 100_000  # of a text whose mistakes are taken apart; else the first counts
JSON_REPAIRS = 10  # mistakes of a text that are taken apart; what comes after them is not reported
JSON_ODD_BRACKETS = 10  # by the indentation, that are tried; others are not reported by it
JSON_INDENTED_CHARACTERS = 500_000  # that are compared with it, up to 3 us each; as above
JSON_JOINED_LINES = 50  # of one string that has line breaks in it; it is not closed otherwise
JSON_REPAIR_CHARACTERS = 10_000_000  # that are parsed to find them, 10 ns each; as above
JSON_ESCAPES = 500_000  # backslashes; a manifest with more is not looked at (GL004)
JSON_LEVELS = 1000  # objects and arrays in one another; a text with a fault is read no further

DOCKERFILE_LINES = 10_000  # a longer Dockerfile is not read (GL007); public ones have some hundred
DOCKERFILE_BYTES = 1_000_000  # a larger Dockerfile is not read (GL007); public ones have 10 kB
DOCKERFILE_LINE_BYTES = 65535  # without the LF; BuildKit refuses a longer line
DOCKERFILE_WORDS = 30_000  # arguments and variables; a Dockerfile with more is not read (GL007)
SWALLOWED_INSTRUCTIONS = 50  # names of instructions in one instruction that are looked at
MISREAD_INSTRUCTIONS = 50  # that Docker reads otherwise than meant; no more are known
DOCKERFILE_FAULTS = 50  # faults of a Dockerfile; no more are reported, they would be noise
SUBSTITUTION_LEVELS = 50  # `${a:-${b:-...}}`; the value of deeper ones is unknown
SUBSTITUTED_CHARACTERS = 8192  # that variables bring into one word; a longer word is unknown
SUBSTITUTION_STEPS = 100_000  # of matching one `${a#pattern}`; its value is unknown

SHELL_CHARACTERS = 50_000  # a longer command line or script is not parsed, 2 to 10 us for each
PARSED_SHELL_CHARACTERS = 150_000  # of what was parsed last, which is kept; the rest is forgotten
MISREAD_CHARACTERS = 20_000  # of an instruction; a longer one is read as it is written
SHELL_LEVELS = 30  # lists, quotes and expansions in one another; a deeper text is unknown
TRIMMED_CHARACTERS = 500  # of a value in `${X%pattern}`, and the pattern; longer is unknown
BRACE_WORDS = 1000  # that one word with braces becomes; more are unknown

PATTERN_CHARACTERS = 5_000  # of a regular expression, or a text to match; longer ones are unknown
PATTERN_WIDE_RANGES = 10  # beyond Latin-1, 10 ms each in `re`; a pattern with more is unknown
PATTERN_COPIES = 20_000  # `regex` writes out `+` and `{n}`, 400 bytes an item; larger is unknown
PATTERN_SECONDS = 0.1  # of matching one text; whether it matches is unknown
PATTERN_STATES = 100  # of a pattern that may be slow, ten times as many to prove it; not reported
PATTERN_STEPS = 40_000  # of analysing one pattern, 0.05 s; it is not reported as slow

IMAGE_REFERENCE_CHARACTERS = 4096  # a longer one is not taken apart: it is not valid
VERSION_CHARACTERS = 100  # by the gear specification (GL105); no fix and no bump makes a longer one
COMPARED_CHARACTERS = 1000  # of a version; the order of longer ones is unknown

IGNORE_FILE_CHARACTERS = 100_000  # what a longer .gitignore or .dockerignore leaves out is unknown
IGNORE_LINE_CHARACTERS = 300  # what a file with a longer line leaves out is unknown
GIT_INDEX_PACKED_BYTES = 200_000  # of an index of version 4, 2 ms; of a larger one none is known
GIT_INDEX_PATH_BYTES = 50_000_000  # of all paths of an index; of one with more none is known
GITIGNORE_STEPS = 50_000_000  # of matching, 10 ns each; whether a path is ignored is unknown
GITIGNORE_STEPS_A_MANIFEST = 200_000  # that each manifest found adds to those, 2 ms

# image: the build context, the build, what is started

DIRECTORY_ENTRIES = 50_000  # of a directory of the context; what is in a larger one is unknown
DIRECTORY_LEVELS = 100  # directories in one another; what is deeper is unknown
CONTEXT_TRIES = 5_000_000  # of ignore lines on paths, 0.1 µs each; what is ignored is unknown
CONTEXT_SOURCES = 100  # of COPY and ADD by which the context is found; others do not count
CONTEXT_DIRECTORIES = 100  # above the Dockerfile that may be the context; others are not looked at
GLOB_CHARACTERS = 1000  # of one part of a glob; what a longer one matches is unknown

ARCHIVE_BYTES = 20_000_000  # unpacked, of an archive; what is in a larger one is unknown
ARCHIVE_MEMBERS = 5_000  # of an archive; what is in one with more is unknown

SUBMODULES = 100  # of a repository; in one with more, any file may be in one
BUILD_FILES = 200  # Makefiles and CI files that are read; others are not
SOURCES_SEARCHED = 20_000  # names in a repository; beyond it, anything may be compiled from one
BUILD_FILE_BYTES = 500_000  # of a Makefile or CI file; a larger one is not read
BUILD_FILE_BYTES_SEARCHED = 500_000_000  # for names; any name may then be in the build files

IMAGE_VISITS = 400_000  # of files, and steps from one to the next; then all is unknown
REFUSED_REQUIREMENTS = 50  # of one command or file that are reported; the next are later
REQUIREMENTS_FILES = 20  # of an image that are read; what pip refuses in others is not reported
IMAGE_SHELL_CHARACTERS = 60_000  # that are more than plain words; what a RUN does is unknown
IMAGE_VALUE_CHARACTERS = 1_000_000  # of variables that are read; their values are unknown
LINKS = 40  # on the way to a file; the system follows no more either
ORIGINS = 50  # directories that were copied into one; what is missing in it is unknown
BUILD_SCRIPTS = 3  # also of `sh -c`, that start one another in a RUN; what others do is unknown
FUNCTION_CALLS = 30  # of functions of a RUN in one another; what deeper ones do is unknown
FORGOTTEN_PLACES = 100  # that commands made unknown; the reasons of others are not kept
LOOP_TURNS = 100  # of one `for` in a RUN; what a longer one does is unknown
PYTHON_CODE_CHARACTERS = 20_000  # of `python -c`; what longer code does is unknown

STARTED_VALUE_CHARACTERS = 200_000  # of variables in one command line; their values are unknown
STARTED_COMMANDS = 1_000  # of one command line; what later ones start is unknown
STARTED_PROGRAMS = 10  # that start one another; what later ones start is unknown
STARTED_SCRIPTS = 20  # that start one another; what others start is unknown
STARTED_SCRIPT_CHARACTERS = 70_000  # of those for a shell; what others start is unknown
PATH_DIRECTORIES = 100  # of a PATH; what is found on a longer one is unknown

# python: what a gear's own Python reads and imports

PYTHON_MODULES = 200  # of a gear that are read; what others do is unknown
PYTHON_CHARACTERS = 2_000_000  # of modules that are parsed, a second a million; others are unknown
PYTHON_STEPS = 200_000  # of evaluating expressions, a second; the values of others are unknown
PYTHON_LEVELS = 40  # of expressions that depend on one another; the values of others are unknown
PYTHON_BINDINGS = 100  # of one name that may hold at a place; with more its value is unknown
PYTHON_VALUES = 50  # that one expression may have; with more they are unknown
PYTHON_TEXT_CHARACTERS = 1000  # of a string that is followed; longer ones are unknown
WALKED_NODES = 50_000  # of an image, for a module that is elsewhere; then it may be
SEARCHED_FILES = 500  # of a gear, for a name that none mentions; with more, all are mentioned
SEARCHED_CHARACTERS = 5_000_000  # of those; with more, all are mentioned
UNSET_CHARACTERS = 1_000_000  # before what functions have first of their variables; then silent
PYTHON_WORDS = 200  # of options in a text, and places of each, before its syntax tree is looked at
PYTHON_READS = 1000  # of a gear, by kind; others are not looked at

# gear: manifest, script, suppressions, edits

MANIFEST_LEVELS = 20  # a deeper manifest is not looked at (GL004); real ones have six
MANIFEST_VALUES = 10_000  # a manifest with more is not looked at (GL004); real ones have 400
LOADED_VALUES = 1_000_000  # a manifest with more is not even parsed, and counts as JSON
INTEGER_DIGITS = 4_000  # of an integer; further ones are dropped
SNIPPET_STEPS = 50_000  # of judging the values of a manifest, half a second; others count as right
SNIPPET_PATTERN_STEPS = 200_000  # of analysing its patterns, a second; others count as right
SCRIPT_BYTES = 200_000  # a larger script is not looked at
PARSO_CHARACTERS = 60_000  # of a script that this Python refuses; parso takes 15 µs for each
PARSO_STEPS = 5_000_000  # of parso from one error to the next, some 20 ns each
SCRIPT_NAME_PARTS = 1000  # of `a.b.c`; a script with a longer name is not parsed, it takes n² steps
GEAR_FILES = 1000  # of a gear that are searched for keys; others are not
GEAR_BYTES = 20_000_000  # of all of them; others are not searched
GEAR_FILE_BYTES = 2_000_000  # of one file; a larger one is not searched
SUPPRESSION_CHARACTERS = 10_000  # of one, in which codes are looked for
SUPPRESSIONS = 200  # of one file; one with more has none, as each is tried on each finding

TRIED_PLACES = 20  # for an instruction; fewer in a file of over 2 kB, none in one of over 40 kB
TRIED_PLACES_BYTES = 40_000  # places times the bytes of the Dockerfile; others are not tried
TRIED_FIXES = 4  # of one rule that have to be tried; others are offered in a later round
FAILED_STEPS = 50  # of a build; with more, none is moved
JSON_FIXES = 1_000  # places that are not JSON; a manifest with more is not fixed
REWRITTEN_CHARACTERS = 50_000  # of a string of the manifest; no fix rewrites a longer one
COPIED_SPACES = 200  # bytes; longer runs of spaces are not taken over as the style of the file

# rules

ENVIRONMENT_FIX_BYTES = 500_000  # of the fixes of all findings, which share one; others have none
SEARCHED_DIRECTORIES = 200  # for a file that is started and not where it is looked for
NAMED_SOURCES = 1000  # of COPY and ADD that are looked for in the index of git; others are not
PATH_ENDS = 20  # of a path, by the names from which on one begins, that are looked for
NEAR_SOURCES = 20  # of COPY and ADD that are missing, and get a suggestion
NEAR_STEPS = 2_000_000  # names times the squared length of one that none is, 50 ns each or less;
# others get no suggestion
NEAR_NAMES = 1000  # among which one is looked for; of more, none is
EXTENSIONS = 100  # of bash in a command line that are looked at
UNSET_USES = 2000  # of variables that no instruction has set; more are not looked at
UNSET_VARIABLES = 100  # of a Dockerfile that are reported
UNDEFINED_NAMES = 50  # of a module; where there are more, something else gives them to it
MISSPELT_KEYS = 50  # of an option or input; of one with more, none is looked at
NEAR_VARIABLES = 200  # among which the one that is meant is looked for; of more, none is
MISSPELT_CHARACTERS = 5  # of a variable; a shorter one may be another
VARIABLES_SET = 1000  # of a file that are compared with well-known ones
WRONG_PATHS = 1000  # of a file that are reported, each with another name
NAMES_LISTED = 3  # in a message; others are counted
KEYS_REPORTED = 20  # of one file; others are not reported

# release

TAGS = 20_000  # of a repository; `check` knows nothing of the tags of one with more
GEAR_DIRECTORIES = 20_000  # in which other gears are looked for; in a repository with more, no
# tag of a gear below its root is known
GIT_READ_SECONDS = 60.0  # of a git that only reads, or asks a remote; it is ended, exit code 2
GIT_STATUS_SECONDS = 300.0  # of one that looks at all files, or undoes, without hooks; likewise
GIT_RUN_SECONDS = 1800.0  # of a commit, a tag or a push, with their hooks; likewise
GIT_OUTPUT_BYTES = 100_000  # from the end, that an error quotes; what is before is dropped
BUMP_TEXT_CHARACTERS = 10_000  # of a text of the settings or a message; a longer one is refused
BUMP_BYTES = FILE_BYTES  # that `bump.files` searches and writes; more are refused
BUMP_CHECKED_BYTES = 1_000_000  # of files of `bump.files` that `check` compares; others are left
TAG_NAME_CHARACTERS = 1000  # of a gear's name in a tag; further ones do not count

# engine: settings, fixing, processes

MANIFESTS_NAMED = 10  # that are not a gear's, where no gear is found; others are counted
EXPLAINED_CHARACTERS = 78  # of a line of the Dockerfile that `explain` shows; it is cut there
SETTINGS_CHARACTERS = 200_000  # a longer settings file is refused
SETTINGS_LINE_DOTS = 300  # a settings file with more dots in one line is refused
SETTINGS_KEY_PARTS = 30  # of `a.b.c`; a settings file with a longer key is refused
SETTINGS_ITEMS = 200  # a list with more strings is refused
SETTINGS_ITEM_CHARACTERS = 300  # a list with a longer string is refused
SETTINGS_PATH_CHARACTERS = 4096  # a longer path is refused
SETTINGS_TAG_CHARACTERS = 200  # a longer `tag-format` is refused
SETTINGS_BUMP_FILES = 100  # a `bump.files` with more entries is refused
SETTINGS_GLOB_STEPS = 1_000_000_000  # characters of globs times those of paths, a second; refused
STANDSTILLS = 200  # rounds of fixes without fewer findings, of up to 50 each; they have no end
JOBS = 61  # processes; Windows cannot wait for more

# report

DIFF_STEPS = 5_000_000  # of difflib; a file that takes more is shown as one change
SHOWN_LINE_COLUMNS = 100  # of a source line, where the terminal is unknown; it is cut there
SUMMARY_BYTES = 900_000  # of the Markdown report, GitHub takes 1 MiB; further lines are counted
