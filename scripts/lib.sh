# shellcheck shell=bash
# Shared by the scripts beside it: source it, it moves to the root of the tree.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Objects compiled in one copy of the tree serve every other copy of it.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$PWD}"
export CCACHE_NOHASHDIR="${CCACHE_NOHASHDIR:-1}"
export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-include_file_mtime,include_file_ctime}"

say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# step TEXT: a headline with the time passed since the script began.
step() { printf '\n[%3ds] == %s\n' "$SECONDS" "$*"; }

# usage TEXT ARGUMENTS...: prints TEXT and ends when the first argument asks for help.
usage() {
  case "${2-}" in
    -h | --help)
      say "$1"
      exit 0
      ;;
  esac
}

# C++ files of the project, without the generated ones, separated by NUL.
cpp_files() {
  find . \( -name .git -o -name build -o -name run -o -name node_modules \) -prune -o \
    \( -name '*.cc' -o -name '*.h' \) -printf '%P\0' | sort -z
}

# npm_install FOLDER PACKAGE: what FOLDER's lock pins, once; PACKAGE tells whether it is there.
# Not `npm ci`, so that what is there already stays; what the lock lists is checked against it.
npm_install() {
  [ -d "$1/node_modules/$2" ] && return
  say "$(basename "$0"): installing $2 into $1/node_modules"
  npm install --no-save --prefix "$1" --no-audit --no-fund --loglevel=error
}
