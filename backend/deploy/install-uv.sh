#!/bin/sh
# Put uv, at the version named here, where the shell finds it; an uv that is there already is used as it is.
set -eu
version=0.13.9
command -v uv >/dev/null 2>&1 && exit 0
python3 -m venv .tools/uv
.tools/uv/bin/pip install --disable-pip-version-check "uv==$version"
if [ "$(id -u)" = 0 ]; then bin=/usr/local/bin; else bin="$HOME/.local/bin"; mkdir -p "$bin"; fi
install -m 755 .tools/uv/bin/uv "$bin/uv"
command -v uv >/dev/null 2>&1 || echo "uv is in $bin: add it to PATH to use \`uv run yaohao\` yourself"
