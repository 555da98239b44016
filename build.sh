#!/usr/bin/env bash
# Every task of the repository: ./build.sh [build|test|quickstart|bench [area]|docs|pack|reproduce|clean]
# Needs the .NET SDK named in global.json and, for the helper, a C toolchain. The tasks themselves are written once, in build/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v dotnet >/dev/null 2>&1; then
    echo "FAILED: 'dotnet' is not on PATH. Install the .NET SDK 10.0 (https://dot.net) and run this again." >&2
    exit 1
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
exec dotnet run --project build/AgentOps.Build.csproj -c Release -v quiet -- "$@"
