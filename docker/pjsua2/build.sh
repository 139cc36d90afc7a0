#!/usr/bin/env bash
# The tuned pjsua2:  docker/pjsua2/build.sh [ARCHIVE]
#
# pjproject 2.17 as config_site.h beside this wants it: hundreds of calls in one process, no assertion that ends it.
# ARCHIVE is a .tar.gz or .tar.xz of the release, for machines without internet; left out, it is fetched. Either way the
# files must be upstream's, bit by bit. The result lies beside the packages of the Python that runs minwon, in
# lib/pjsua2-tuned, so the wheel of the package index stays where it is. About three minutes on two cores.
#
#   PYTHON=...  another Python than .venv's       TARGET=...  another folder than that Python's lib/pjsua2-tuned
#   WHEELS=...  keep the wheel in this folder     JOBS=...    compilers at a time
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
readonly here

readonly VERSION=2.17
readonly URL=https://github.com/pjsip/pjproject/archive/refs/tags/$VERSION.tar.gz
# `git write-tree` of upstream's tag: a clone and every archive of it give the same.
readonly TREE=8e0cd5be08dbec86c3be27037e7485341c0480d9
readonly NEEDED_MB=700
readonly STEPS=7

step=0
task=
step_began=$SECONDS
say() { printf '%s\n' "$*"; }
stop() {
    [ -t 1 ] && printf '\r\033[K'
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

# --- one line of progress --------------------------------------------------------------------------------------------

begin() {
    step=$((step + 1))
    task=$1
    step_began=$SECONDS
    [ -t 1 ] || say "[$step/$STEPS] $task"
}

show() {
    [ -t 1 ] || return 0
    printf '\r\033[K[%d/%d] %s  %d:%02d' "$step" "$STEPS" "$task" $((SECONDS / 60)) $((SECONDS % 60))
}

# Run a command with its words in the log, the line moving meanwhile.
run() {
    "$@" >>"$log" 2>&1 &
    local job=$!
    while kill -0 "$job" 2>/dev/null; do
        show
        sleep 0.5
    done
    wait "$job" || failed
}

failed() {
    local space
    space=$(free_mb "$work")
    [ "$space" -ge 20 ] || stop "The disk is full ($work): $NEEDED_MB MB are needed. Set TMPDIR to a folder with more room."
    stop "Step '$task' failed. The last lines of the log:" "" "$(tail -n 12 "$log")" "" "All of it: $log"
}

# --- the machine -----------------------------------------------------------------------------------------------------

free_mb() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
        sudo "$@"
    else
        return 1
    fi
}

find_python() {
    local beside=$here/../../.venv/bin/python
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" || stop "PYTHON=$PYTHON is no program."
    elif [ -x "$beside" ]; then
        say "$beside"
    else
        command -v python3 || stop "No Python here: run scripts/setup demo first, or set PYTHON."
    fi
}

has_header() { echo "#include <$1>" | "${CXX:-g++}" -E -x c++ - >/dev/null 2>&1; }

missing_packages() {
    command -v make >/dev/null || echo make
    command -v git >/dev/null || echo git
    command -v swig >/dev/null || echo swig
    command -v xz >/dev/null || echo xz-utils
    command -v patch >/dev/null || echo patch
    command -v strip >/dev/null || echo binutils
    command -v "${CXX:-g++}" >/dev/null || echo g++
    has_header openssl/ssl.h || echo libssl-dev
    has_header uuid/uuid.h || echo uuid-dev
    has_header opus/opus.h || echo libopus-dev
    [ -e "$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] ||
        "$python" -c 'import sys; print("python%d.%d-dev" % sys.version_info[:2])'
}

install_packages() {
    local by_hand="sudo apt-get update && sudo apt-get install -y $*"
    command -v apt-get >/dev/null || stop "Needed and not found: $*" "Install them in your system's way and run this again."
    as_root true || stop "These Debian packages are missing: $*" "Installing them needs root. Type:" "" "    $by_hand" "" "and run this again."
    run as_root apt-get update -q
    run as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# --- the source ------------------------------------------------------------------------------------------------------

fetch() {
    "$python" - "$URL" "$1" >>"$log" 2>&1 <<'PYTHON' || stop \
        "Cannot fetch $URL: $(tail -n 1 "$log")" \
        "Without internet: fetch it on another machine, bring it here and give its path:  docker/pjsua2/build.sh ARCHIVE"
import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=30) as answer, open(sys.argv[2], "wb") as file:
    shutil.copyfileobj(answer, file)
PYTHON
}

unpack() {
    mkdir "$source_folder"
    tar -xf "$archive" -C "$source_folder" --strip-components=1 >>"$log" 2>&1 ||
        stop "$archive is no archive of pjproject $VERSION (.tar.gz or .tar.xz), or it is broken:" "$(tail -n 1 "$log")"
}

tree_of() (
    cd "$source_folder"
    # Nobody's settings of git may change what is counted.
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
    git init -q && git -c core.autocrlf=false -c core.fileMode=true add -A -f . && git write-tree
    rm -rf .git
)

# --- the build -------------------------------------------------------------------------------------------------------

configure() (
    cd "$source_folder"
    cp "$here/config_site.h" pjlib/include/pj/config_site.h
    cat "$here"/*.patch | patch -p1
    export CFLAGS="-fPIC -O2 -DNDEBUG" CXXFLAGS="-fPIC -O2 -DNDEBUG"
    ./aconfigure --enable-epoll --disable-sound --disable-video --disable-speex-aec --disable-gsm-codec \
        --disable-g7221-codec --disable-speex-codec --disable-ilbc-codec --disable-sdl --disable-ffmpeg --disable-v4l2 \
        --disable-openh264 --disable-bcg729 --disable-libyuv --disable-libwebrtc --disable-upnp --disable-lyra
    make dep
)

compile() { make -C "$source_folder" -j"$jobs" lib; }

# Once to make the module, once more (nothing is left to make) to pack it, stripped.
wrap() (
    cd "$source_folder/pjsip-apps/src/swig/python"
    make PYTHON_EXE="$python" wheel
    find build -name '_pjsua2*.so' -exec strip --strip-unneeded {} +
    rm -rf dist
    make PYTHON_EXE="$python" wheel
)

install_wheel() {
    local new=$target.new.$$ old=$target.old.$$
    mkdir -p "$(dirname "$target")"
    "$python" -m pip install --disable-pip-version-check --no-index --no-deps --no-compile --target "$new" "$wheel"
    PYTHONPATH=$new "$python" "$here/check.py"
    # Running workers keep the files they have open.
    if [ -e "$target" ]; then mv "$target" "$old"; fi
    mv "$new" "$target"
    rm -rf "$old"
}

# ---------------------------------------------------------------------------------------------------------------------

[ $# -le 1 ] || stop "usage: docker/pjsua2/build.sh [ARCHIVE]"
archive=${1:-}
[ -z "$archive" ] || [ -f "$archive" ] || stop "There is no file $archive."
[ -z "$archive" ] || archive=$(realpath "$archive")
python=$(find_python)
target=${TARGET:-$("$python" -c 'import sys; print(sys.prefix)')/lib/pjsua2-tuned}
jobs=${JOBS:-$(nproc)}
work=$(mktemp -d "${TMPDIR:-/tmp}/minwon-pjsua2.XXXXXX")
log=$work/build.log
source_folder=$work/pjproject
trap 'status=$?; [ $status -ne 0 ] || rm -rf "$work"; exit $status' EXIT
trap 'stop "Interrupted; $work can be removed."' INT TERM
[ "$(free_mb "$work")" -ge $NEEDED_MB ] ||
    stop "$(free_mb "$work") MB are free in ${TMPDIR:-/tmp}, $NEEDED_MB are needed: make room, or set TMPDIR to another folder."
: >"$log"

begin "tools"
mapfile -t missing < <(missing_packages)
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
"$python" -c 'import setuptools' 2>/dev/null || stop "$python has no setuptools, which packs the module: scripts/setup demo makes one that has."
begin "source of pjproject $VERSION"
if [ -z "$archive" ]; then
    archive=$work/pjproject.tar.gz
    fetch "$archive"
fi
unpack
begin "is it upstream's?"
found=$(tree_of 2>>"$log") || failed
[ "$found" = "$TREE" ] || stop "${1:-$URL} is not pjproject $VERSION as upstream released it:" "its tree is $found, not $TREE. Nothing was built."
begin "configure"
run configure
begin "compile (the long part)"
run compile
begin "module for Python"
run wrap
wheel=$(find "$source_folder/pjsip-apps/src/swig/python/dist" -name 'pjsua2-*.whl')
begin "install"
run install_wheel
[ -z "${WHEELS:-}" ] || { mkdir -p "$WHEELS" && cp "$wheel" "$WHEELS/"; }
[ ! -t 1 ] || printf '\r\033[K'
say "pjsua2 $VERSION, tuned, in $target ($(du -sm "$target" | cut -f1) MB), after $((SECONDS / 60)) min $((SECONDS % 60)) s."
